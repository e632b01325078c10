/**
 * The fault plan: which tasks the simulator kills or hangs, and how often.
 *
 * A fault is written `kind:task:every`, such as `kill:sensor:2s`. Its delays are drawn from a
 * stream of its own, so that a run can be replayed from its seed however the tasks interleave, and
 * adding a fault leaves the schedule of the others as it was.
 */
import { readDuration } from "./duration.js";
import { seededRandom } from "../../../src/manager/supervise/random.js";
import { allowedNames } from "../../../src/manifest/suggest.js";
import { UsageError } from "../input-error.js";

/** kill: the task ends at an arbitrary point. hang: it never comes back from the kernel. */
const FAULT_KINDS = ["kill", "hang"] as const;

/** One line of the plan. */
export interface Fault {
  readonly kind: (typeof FAULT_KINDS)[number];
  readonly task: string;
  /** Mean time between two of these faults. */
  readonly every_ms: number;
}

/** Apart enough that neighbouring faults have unrelated streams: 2^32 over the golden ratio. */
const STREAM_STEP = 0x9e37_79b9;

function readFault(text: string, tasks: readonly string[]): Fault {
  const [kindText, task, every, ...rest] = text.split(":");
  if (kindText === undefined || task === undefined || every === undefined || rest.length > 0) {
    throw new UsageError(
      `--fault: found "${text}", allowed is kind:task:every, such as kill:sensor:2s`,
    );
  }
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
 * Reads all `--fault` options of a run. `tasks` are the names of the tasks there are.
 * Throws a UsageError for the first that is wrong.
 */
export function readFaultPlan(texts: readonly string[], tasks: readonly string[]): Fault[] {
  return texts.map((text) => readFault(text, tasks));
}

/**
 * The delays before each next occurrence of a fault, in milliseconds: uniform from half to one and
 * a half times its `every_ms`. `index` is the fault's place in its plan.
 */
export function faultDelays(fault: Fault, index: number, seed: number): () => number {
  const random = seededRandom(seed + index * STREAM_STEP);
  return () => (0.5 + random()) * fault.every_ms;
}
