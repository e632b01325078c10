/**
 * `--expect`: what the end of a run may look like, and must, beside "every task is up or has ended
 * well".
 *
 *     --expect held:thermo,stopped:logger,reboots:1
 */
import { allowedNames } from "../../../src/manifest/suggest.js";
import { UsageError } from "../input-error.js";

/** Conditions of a task. */
const CONDITIONS = ["held", "stopped", "stuck"] as const;
/** What is counted over the whole run. */
const COUNTS = ["reboots", "deadlocks"] as const;

/** How a task is at the end, when it is neither up nor has ended well. */
export type Condition = (typeof CONDITIONS)[number];
export type Counted = (typeof COUNTS)[number];

/** What `--expect` says. */
export interface Expectations {
  /** By task. */
  readonly conditions: ReadonlyMap<string, Condition>;
  readonly counts: ReadonlyMap<Counted, number>;
}

const SHAPE =
  `allowed are ${CONDITIONS.map((name) => `${name}:<task>`).join(", ")}, ` +
  `${COUNTS.map((name) => `${name}:<number>`).join(", ")}, with commas between them`;

function isOneOf<T extends string>(names: readonly T[], name: string): name is T {
  return (names as readonly string[]).includes(name);
}

/**
 * Reads all `--expect` options of a run. `tasks` are the names of the tasks there are. Throws a
 * UsageError for the first that is wrong, or that contradicts one before it.
 */
export function readExpectations(texts: readonly string[], tasks: readonly string[]): Expectations {
  const conditions = new Map<string, Condition>();
  const counts = new Map<Counted, number>();
  for (const text of texts.flatMap((each) => each.split(","))) {
    const [kind = "", what, ...rest] = text.trim().split(":");
    if (what === undefined || rest.length > 0) {
      throw new UsageError(`--expect: found "${text}", ${SHAPE}`);
    }
    if (isOneOf(CONDITIONS, kind)) {
      if (!tasks.includes(what)) {
        throw new UsageError(
          `--expect ${text}: found task "${what}", ${allowedNames(what, tasks)}`,
        );
      }
      const before = conditions.get(what) ?? kind;
      if (before !== kind) {
        throw new UsageError(`--expect ${text}: found ${before}:${what} too, allowed is one`);
      }
      conditions.set(what, kind);
    } else if (isOneOf(COUNTS, kind)) {
      if (!/^\d{1,9}$/.test(what)) {
        throw new UsageError(`--expect ${text}: found "${what}", allowed is a whole number`);
      }
      if (counts.has(kind)) {
        throw new UsageError(`--expect ${text}: found ${kind} before, allowed is one`);
      }
      counts.set(kind, Number(what));
    } else {
      const names = [...CONDITIONS, ...COUNTS];
      throw new UsageError(`--expect: found "${text}", ${SHAPE}${hint(kind, names)}`);
    }
  }
  return { conditions, counts };
}

/** " (did you mean …?)", where there is something near. */
function hint(word: string, names: readonly string[]): string {
  return /( \(did you mean .*\))$/.exec(allowedNames(word, names))?.[1] ?? "";
}
