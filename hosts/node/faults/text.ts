/**
 * The fault plan: which tasks the simulator kills or hangs, which parts of the simulated board
 * fail, and how often.
 *
 * A fault is written `kind:task:every`, such as `kill:sensor:2s`, or `kind:part:every`, such as
 * `nack:i2c.0x48:2s`. A part has a dot in its name, and a task has none. Each fault has its delays
 * from a stream of its own, so that a run can be replayed from its seed however the tasks
 * interleave, and adding a fault leaves the schedule of the others as it was.
 */
import { readDuration } from "../system/duration.js";
import { seededRandom } from "../../../src/manager/supervise/random.js";
import { type PartFault, partName, whyNoFault } from "../hardware/board/parts.js";
import { allowedNames } from "../../../src/manifest/suggest.js";
import { UsageError } from "../input-error.js";

/** kill: the task ends at an arbitrary point. hang: it never comes back from the kernel. */
const FAULT_KINDS = ["kill", "hang"] as const;

/** Of a task. */
export interface TaskFault {
  readonly kind: (typeof FAULT_KINDS)[number];
  readonly task: string;
  /** Mean time between two of these faults. */
  readonly every_ms: number;
}

/** Of a part of the simulated board. */
export interface HardwareFault {
  readonly kind: PartFault;
  readonly part: string;
  readonly every_ms: number;
}

/** One line of the plan. */
export type Fault = TaskFault | HardwareFault;

/** Apart enough that neighbouring faults have unrelated streams: 2^32 over the golden ratio. */
const STREAM_STEP = 0x9e37_79b9;

function readPartFault(
  text: string,
  [kindText, partText, every]: readonly [string, string, string],
  parts: readonly string[],
): HardwareFault {
  const part = partName(partText);
  if (!parts.includes(part)) {
    const allowed =
      parts.length === 0
        ? "but no board is described in config.reattach.hardware"
        : allowedNames(part, parts);
    throw new UsageError(`--fault ${text}: found part "${partText}", ${allowed}`);
  }
  const why = whyNoFault(kindText, part);
  if (why !== "") throw new UsageError(`--fault ${text}: ${why}`);
  const every_ms = readDuration(every, `--fault ${text}`);
  return { kind: kindText as PartFault, part, every_ms };
}

function readFault(text: string, tasks: readonly string[], parts: readonly string[]): Fault {
  const [kindText, task, every, ...rest] = text.split(":");
  if (kindText === undefined || task === undefined || every === undefined || rest.length > 0) {
    throw new UsageError(
      `--fault: found "${text}", allowed is kind:task:every, such as kill:sensor:2s`,
    );
  }
  if (task.includes(".")) return readPartFault(text, [kindText, task, every], parts);
  const kind = FAULT_KINDS.find((candidate) => candidate === kindText);
  if (kind === undefined) {
    throw new UsageError(
      `--fault ${text}: found kind "${kindText}", ${allowedNames(kindText, FAULT_KINDS)}`,
    );
  }
  if (!tasks.includes(task)) {
    throw new UsageError(`--fault ${text}: found task "${task}", ${allowedNames(task, tasks)}`);
  }
  return { kind, task, every_ms: readDuration(every, `--fault ${text}`) };
}

/**
 * Reads all `--fault` options of a run. `tasks` are the names of the tasks there are, `parts` those
 * of the simulated board's parts. Throws a UsageError for the first that is wrong.
 */
export function readFaultPlan(
  texts: readonly string[],
  tasks: readonly string[],
  parts: readonly string[] = [],
): Fault[] {
  return texts.map((text) => readFault(text, tasks, parts));
}

/**
 * The delays before each next occurrence of a fault, in milliseconds: uniform from half to one and
 * a half times its `every_ms`. `index` is the fault's place in its plan.
 */
export function faultDelays(fault: Fault, index: number, seed: number): () => number {
  const random = seededRandom(seed + index * STREAM_STEP);
  return () => (0.5 + random()) * fault.every_ms;
}
