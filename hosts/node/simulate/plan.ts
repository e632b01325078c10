/**
 * The faults of a simulation: of which kinds, and when each strikes whom. A plan is made from the
 * seed, or given (faults/text.ts); the time of a fault is that of the phases with faults alone,
 * without the rests between them, so it means the same when another fault is left out.
 */
import { seededRandom } from "../../../src/manager/supervise/random.js";
import { allowedNames } from "../../../src/manifest/suggest.js";
import {
  type AtMoment,
  type AtPoint,
  type AtRate,
  faultDelays,
  type PlannedFault,
  readFault,
  type Subjects,
} from "../faults/text.js";
import { PART_FAULTS, whyNoFault } from "../hardware/board/parts.js";
import { InputError, UsageError } from "../input-error.js";

/** What can strike, as `--faults` names it. */
export const FAULT_KINDS = [
  /** A task ends at an arbitrary point of the kernel. */
  "kill",
  /** A task that has a heartbeat never comes back from the kernel. */
  "hang",
  /** A task stands still for half a second. */
  "hold",
  /** For a second, a task waits whenever it comes to the kernel. */
  "slow",
  /** A task ends for want of memory. */
  "memory",
  /** An error is thrown at a task's next call of the kernel. */
  "throw",
  /** A task is killed, and its next start fails. */
  "start",
  /** The board restarts. */
  "reboot",
  /** A part of the simulated board fails. */
  "bus",
  /** Wake-ups get lost, all the time. */
  "lost-wakeups",
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault with its time: milliseconds of the phases with faults. */
export type TimedFault = PlannedFault & { readonly when: AtMoment };

/** One that strikes at a message. */
export type MessageFault = PlannedFault & { readonly when: AtPoint };

/** What there is to be struck. */
export interface Targets extends Subjects {
  /** Those whose hanging is noticed. */
  readonly watched: readonly string[];
  readonly parts: readonly string[];
  /** First words of the requests that a task serves, by the names of its calls. */
  readonly tagsOf: (task: string) => ReadonlyMap<string, number>;
}

/** Kinds that each have their time and target. */
type Striking = Exclude<FaultKind, "lost-wakeups">;

/** Mean times between two faults: each run has one of them. */
const EVERY_MS = [6_000, 20_000, 60_000] as const;
/**
 * One restart of the board, or one failure of a part, comes to so many faults of each other kind.
 */
const RARE = 10;

function targetsOf(kind: Striking, { tasks, watched, parts }: Targets): readonly string[] {
  if (kind === "reboot") return ["board"];
  if (kind === "bus") return parts;
  return kind === "hang" ? watched : tasks;
}

/** Reads `--faults`. Throws a UsageError for a kind that there is not. */
export function readKinds(text: string): FaultKind[] {
  return text.split(",").map((word) => {
    const kind = FAULT_KINDS.find((known) => known === word);
    if (kind !== undefined) return kind;
    throw new UsageError(`--faults: found "${word}", ${allowedNames(word, FAULT_KINDS)}`);
  });
}

/**
 * Without the tasks and parts that an application relies on. Throws an InputError for a name that
 * there is not; `where` says who names it.
 */
export function sparing(targets: Targets, spared: readonly string[], where: string): Targets {
  const { tasks, watched, parts } = targets;
  const known = [...tasks, ...parts];
  for (const name of spared) {
    if (known.includes(name)) continue;
    const text = `${where}: spared: found "${name}", ${allowedNames(name, known)}`;
    throw new InputError(text, [text]);
  }
  const struck = (names: readonly string[]): string[] =>
    names.filter((name) => !spared.includes(name));
  return { ...targets, tasks: struck(tasks), watched: struck(watched), parts: struck(parts) };
}

/** The faults that follow from a seed, one after the other, for ever. */
export function* faultsOf(
  seed: number,
  kinds: readonly FaultKind[],
  targets: Targets,
): Generator<TimedFault, void, void> {
  const random = seededRandom(seed);
  const pick = <Value>(values: readonly Value[]): Value =>
    values[Math.floor(random() * values.length)]!;
  const every_ms = pick(EVERY_MS);
  const striking = kinds
    .filter((kind): kind is Striking => kind !== "lost-wakeups")
    .filter((kind) => targetsOf(kind, targets).length > 0)
    .flatMap((kind) => Array<Striking>(kind === "reboot" || kind === "bus" ? 1 : RARE).fill(kind));
  if (striking.length === 0) return;
  for (let at_ms = 0; ;) {
    at_ms += (0.5 + random()) * every_ms;
    const kind = pick(striking);
    const target = pick(targetsOf(kind, targets));
    const possible = PART_FAULTS.filter((fault) => whyNoFault(fault, target) === "");
    yield timed(kind === "bus" ? pick(possible) : kind, target, at_ms, targets);
  }
}

/** A fault of this kind ("slow=10ms,1s") at a time. */
function timed(kind: string, target: string, at_ms: number, targets: Subjects): TimedFault {
  // As it is written: the same when it is read again.
  return readFault(`${kind}:${target}@${Number(at_ms.toFixed(3))}ms`, targets) as TimedFault;
}

/** Of a fault that strikes again and again, one strike after the other. */
function* strikesOf(
  { text, when }: PlannedFault,
  index: number,
  seed: number,
  targets: Subjects,
): Generator<TimedFault, void, void> {
  const [kind = "", target = ""] = text.split(":");
  const nextDelay_ms = faultDelays(when as AtRate, index, seed);
  for (let at_ms = nextDelay_ms(); ; at_ms += nextDelay_ms()) {
    yield timed(kind, target, at_ms, targets);
  }
}

/** The faults of a plan that have a time, one after the other; for ever, if one comes again. */
export function* timeline(
  plan: readonly PlannedFault[],
  seed: number,
  targets: Subjects,
): Generator<TimedFault, void, void> {
  const streams = plan.flatMap((fault, index): Iterator<TimedFault, void>[] => {
    if ("at_ms" in fault.when) return [[fault as TimedFault].values()];
    return "every_ms" in fault.when ? [strikesOf(fault, index, seed, targets)] : [];
  });
  const next = streams.map((stream) => stream.next().value);
  for (;;) {
    let first = -1;
    for (const [index, fault] of next.entries()) {
      if (fault === undefined) continue;
      if (first < 0 || fault.when.at_ms < next[first]!.when.at_ms) first = index;
    }
    if (first < 0) return;
    yield next[first]!;
    next[first] = streams[first]!.next().value;
  }
}

/** Those that strike at a message. */
export function messageFaults(plan: readonly PlannedFault[]): MessageFault[] {
  return plan.filter((fault): fault is MessageFault => "point" in fault.when);
}
