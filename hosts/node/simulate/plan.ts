/**
 * The faults of a simulation: of which kinds, and when each strikes whom. A plan is made from the
 * seed, or given; the time of a fault is that of the phases with faults alone, without the rests
 * between them, so it means the same when another fault is left out.
 */
import { seededRandom } from "../../../src/manager/supervise/random.js";
import { allowedNames } from "../../../src/manifest/suggest.js";
import { PART_FAULTS, type PartFault, whyNoFault } from "../hardware/board/parts.js";
import { UsageError } from "../input-error.js";

/** What can strike, as `--faults` names it. */
export const FAULT_KINDS = [
  /** A task ends at an arbitrary point of the kernel. */
  "kill",
  /** A task that has a heartbeat never comes back from the kernel. */
  "hang",
  /** A task is not run for a while, though it could be. */
  "slow",
  /** A task ends for want of memory. */
  "memory",
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

/** One fault. */
export interface PlannedFault {
  readonly kind: Exclude<FaultKind, "bus" | "lost-wakeups"> | PartFault;
  /** A task, or a part of the board; "board" for a restart of it. */
  readonly target: string;
  /** Milliseconds of the phases with faults. */
  readonly at_ms: number;
}

/** What there is to be struck. */
export interface Targets {
  readonly tasks: readonly string[];
  /** Those whose hanging is noticed. */
  readonly watched: readonly string[];
  readonly parts: readonly string[];
}

/** Kinds that each have their time and target. */
type Striking = Exclude<FaultKind, "lost-wakeups">;

/** Mean times between two faults: each run has one of them. */
const EVERY_MS = [2_000, 10_000, 60_000] as const;
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

/** The faults that follow from a seed, one after the other, for ever. */
export function* faultsOf(
  seed: number,
  kinds: readonly FaultKind[],
  targets: Targets,
): Generator<PlannedFault, void, void> {
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
    const time = Number(at_ms.toFixed(3));
    if (kind !== "bus") yield { kind, target, at_ms: time };
    else {
      const possible = PART_FAULTS.filter((fault) => whyNoFault(fault, target) === "");
      yield { kind: pick(possible), target, at_ms: time };
    }
  }
}

/** "kill:store@1234.5" */
export function faultText({ kind, target, at_ms }: PlannedFault): string {
  return `${kind}:${target}@${at_ms}`;
}

/** Reads `--fault`. Throws a UsageError. */
export function readFault(text: string, targets: Targets): PlannedFault {
  const [, kind = "", target = "", time = ""] =
    /^([\w-]+):([^@]+)@(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (kind === "") {
    throw new UsageError(
      `--fault: found "${text}", allowed is kind:target@ms, such as kill:store@1500`,
    );
  }
  const isPart = target.includes(".");
  const kinds = isPart ? PART_FAULTS : FAULT_KINDS.filter((each) => !NOT_OF_TASKS.includes(each));
  if (!kinds.some((known) => known === kind)) {
    throw new UsageError(`--fault ${text}: found kind "${kind}", ${allowedNames(kind, kinds)}`);
  }
  const known = isPart ? targets.parts : kind === "reboot" ? ["board"] : targets.tasks;
  if (!known.includes(target)) {
    throw new UsageError(`--fault ${text}: found "${target}", ${allowedNames(target, known)}`);
  }
  const why = isPart ? whyNoFault(kind, target) : "";
  if (why !== "") throw new UsageError(`--fault ${text}: ${why}`);
  return { kind: kind as PlannedFault["kind"], target, at_ms: Number(time) };
}

const NOT_OF_TASKS: readonly string[] = ["bus", "lost-wakeups"];
