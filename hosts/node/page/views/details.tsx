/**
 * One task: what can be done to it, everything that is known of it, and what the manager watches
 * for.
 */
import { grouped, shownBytes, shownSpan } from "../model/format.js";
import type { TaskMoment } from "../model/moment.js";
import { STATES } from "../model/states.js";
import { frozen_ms, linkState, moment, order, subject } from "../store.js";
import type { Action } from "../../watch/protocol.js";
import { Connections } from "./connections.js";
import { HamTree } from "./ham.js";

function Actions({ task }: { task: TaskMoment }) {
  const actions: readonly (readonly [Action, string])[] = [
    ["kill", "Kill"],
    ["hang", "Hang"],
    task.row.isHeld ? ["release", "Release"] : ["hold", "Hold"],
    ["restart", "Restart"],
  ];
  const isDeaf = task.name === "main" || linkState.value !== "live" || frozen_ms.value !== null;
  return (
    <div class="acts" role="group" aria-label={`Actions on ${task.name}`}>
      {actions.map(([call, word]) => (
        <button
          key={call}
          type="button"
          data-act={call}
          disabled={isDeaf}
          onClick={() => void order({ call, task: task.name })}
        >
          {word}
        </button>
      ))}
    </div>
  );
}

function heap({ row }: TaskMoment): string {
  if (row.heapBytes === null) return "–";
  if (row.heapBytesMax === null) return shownBytes(row.heapBytes);
  return `${shownBytes(row.heapBytes)} of ${shownBytes(row.heapBytesMax)}`;
}

function heartbeat({ row }: TaskMoment): string {
  if (row.watch === null) return "–";
  const { period_ms, missed } = row.watch;
  return `${shownSpan(period_ms)}, missed ${missed}`;
}

function queued(name: string): string {
  const channels = (moment.value?.frame.channels ?? []).filter(({ server }) => server === name);
  if (channels.length === 0) return "–";
  const messages = channels.reduce((sum, channel) => sum + channel.queued, 0);
  const pulses = channels.reduce((sum, channel) => sum + channel.pulses, 0);
  return `${messages}, pulses ${pulses}`;
}

function factsOf(task: TaskMoment): readonly (readonly [string, string])[] {
  const { row, spec, name } = task;
  const own = spec !== null && spec.priority !== row.priority ? ` (own ${spec.priority})` : "";
  return [
    ["pid", row.pid === 0 ? "–" : String(row.pid)],
    ["generation", String(row.generation)],
    ["priority", `${row.priority}${own}`],
    ["sent", grouped(row.counters.sent)],
    ["received", grouped(row.counters.received)],
    ["queued", queued(name)],
    ["recoveries", grouped(row.counters.recoveries)],
    ["sleeps", grouped(row.counters.sleeps)],
    ["heartbeat", heartbeat(task)],
    ["heap", heap(task)],
    ["stable", shownBytes(row.stableBytes)],
    ["standby", row.standby],
    ["services", row.services.join(" ") || "–"],
    ["depends on", spec?.dependsOn.join(" ") || "–"],
    ["step", row.step],
  ];
}

export function Details() {
  const task = subject.value;
  if (task === null) return null;
  const { says } = STATES[task.shown];
  return (
    <div class="details">
      <div class="who">
        <h3>
          {task.name}: {task.name === "main" ? "the main VM supervises the tasks" : says}
        </h3>
        <Actions task={task} />
      </div>
      <dl>
        {factsOf(task).map(([what, value]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd title={value}>{value}</dd>
          </div>
        ))}
      </dl>
      <Connections name={task.name} />
      <HamTree key={task.name} name={task.name} />
    </div>
  );
}
