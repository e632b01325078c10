/**
 * What a trace has beside the records of tasks: their names, and what no task can say of itself.
 */
import * as L from "../../../src/arena/layout.js";
import type { TaskDeath } from "../../../src/manager/supervise/supervisor-events.js";
import type { AppManifest } from "../manifest/read.js";
import type { MessageLog } from "./messages.js";
import type { Timeline } from "./timeline.js";

/** Names by place, also of places that no task of the manifest has. */
export function namesOf({ tasks, limits }: AppManifest): string[] {
  const names = ["main", ...tasks.map(({ name }) => name)];
  while (names.length <= limits.tasks) names.push(`task ${names.length}`);
  return names;
}

/** What a death is called. */
export function whyDied({ cause, text }: Pick<TaskDeath, "cause" | "text">): string {
  return text === "" ? cause : `${cause}: ${text}`;
}

/** Something that happened: is told when the records before it have been. */
export type Note = (timeline: Timeline, messages: MessageLog, at_us: number) => void;

/** Who tells what happens on a board. */
interface BoardNews {
  on(event: "ready" | "end", hear: (name: string, pid: number) => void): unknown;
  on(event: "death", hear: (death: TaskDeath) => void): unknown;
  on(event: "reboot", hear: (reason: string) => void): unknown;
  on(event: "deadlock", hear: (names: readonly string[]) => void): unknown;
}

function placeOf(pid: number): number {
  return pid & L.PID_INDEX_MASK;
}

/** Notes what happens on this board from now on, at once. */
export function noteEvents(board: BoardNews, note: (note: Note) => void): void {
  const gone = (pid: number, text: string): void =>
    note((timeline, messages, at_us) => {
      timeline.died(placeOf(pid), at_us, pid, text);
      messages.died(placeOf(pid), at_us);
    });
  board.on("ready", (_name, pid) =>
    note((timeline, _messages, at_us) => timeline.ready(placeOf(pid), at_us, pid)),
  );
  board.on("death", (death) => gone(death.pid, whyDied(death)));
  board.on("end", (_name, pid) => gone(pid, "it has ended"));
  board.on("reboot", (reason) =>
    note((timeline, _messages, at_us) => timeline.rebooted(at_us, reason)),
  );
  board.on("deadlock", (names) =>
    note((timeline, _messages, at_us) => timeline.note(at_us, `deadlock: ${names.join(", ")}`)),
  );
}
