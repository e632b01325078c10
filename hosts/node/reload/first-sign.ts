/**
 * When does a new incarnation answer its first message? Seen from outside: it has received more
 * messages than there are tasks that wait for it. A pulse needs no answer, and counts as one.
 */
import type { TaskDeath } from "../../../src/manager/supervise/supervisor-events.js";
import type { System } from "../system/system.js";
import type { ReplacedSince } from "./news.js";

const LOOK_MS = 1;
/** Whom nobody has asked for so long nobody asks. */
const ASKED_WITHIN_MS = 1_000;

/** What has come of a new incarnation, and when, as Date.now() has it. */
export interface FirstSign {
  readonly since: ReplacedSince;
  readonly at_ms: number;
}

function hasAnswered(system: System, pid: number): boolean {
  const rows = system.view();
  const received = rows.find((row) => row.pid === pid)?.counters.received ?? 0;
  // Messages that are not received yet count too: the rows are not of one moment.
  return received > rows.filter(({ waitsFor }) => waitsFor?.pid === pid).length;
}

function servesSomebody(system: System, pid: number): boolean {
  return system.ps().some((row) => row.pid === pid && row.services.length > 0);
}

/**
 * Resolves when the incarnation of a task that is started next has answered, is ready and nobody
 * asks it, or is gone; to null when `signal` has called it off.
 */
export function firstSign(
  system: System,
  name: string,
  signal: AbortSignal,
): Promise<FirstSign | null> {
  return new Promise((resolve) => {
    let pid = 0;
    let ready_ms = 0;
    let looking: NodeJS.Timeout | undefined;
    const end = (sign: FirstSign | null): void => {
      clearInterval(looking);
      system.off("start", begin).off("ready", note).off("death", die).off("end", leave);
      signal.removeEventListener("abort", giveUp);
      resolve(sign);
    };
    const look = (): void => {
      const now = Date.now();
      if (hasAnswered(system, pid)) return end({ since: "answer", at_ms: now });
      if (ready_ms === 0) return;
      const isAsked = now - ready_ms < ASKED_WITHIN_MS && servesSomebody(system, pid);
      if (!isAsked) end({ since: "ready", at_ms: ready_ms });
    };
    const begin = (started: string, its: number): void => {
      if (started !== name || pid !== 0) return;
      pid = its;
      looking = setInterval(look, LOOK_MS);
    };
    const note = (_ready: string, its: number): void => {
      if (its === pid && ready_ms === 0) ready_ms = Date.now();
    };
    const die = (death: TaskDeath): void => {
      if (death.name === name && death.pid === pid) end({ since: "death", at_ms: Date.now() });
    };
    // One whose main() has returned has been ready.
    const leave = (_ended: string, its: number): void => {
      if (its === pid) end({ since: "ready", at_ms: ready_ms === 0 ? Date.now() : ready_ms });
    };
    const giveUp = (): void => end(null);
    system.on("start", begin).on("ready", note).on("death", die).on("end", leave);
    signal.addEventListener("abort", giveUp);
  });
}
