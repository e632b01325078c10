/**
 * Sequences of hostile operations, as data: fast-check makes them, and makes a failing one small.
 */
import * as fc from "fast-check";
import { describe, HOSTILES, type Operation, OPERATIONS, World } from "./world.js";

/** Operations of a sequence. */
const LENGTH_MAX = 200;

const operation = fc.tuple(
  fc.nat(HOSTILES - 1),
  fc.nat(OPERATIONS - 1),
  fc.nat(0xffff_ffff),
) as fc.Arbitrary<Operation>;

const sequence = fc.array(operation, { minLength: 1, maxLength: LENGTH_MAX, size: "max" });

/** Goes through one sequence. Returns its calls; throws what is wrong, and after what. */
function play(operations: readonly Operation[], mayScribble: boolean): number {
  const world = new World(mayScribble);
  for (const each of operations) {
    try {
      world.act(each);
    } catch (error) {
      throw new Error(`after ${describe(each)}: ${String(error)}`, { cause: error });
    }
  }
  world.end();
  return world.calls;
}

const seed = Number(process.env["KERNEL_SEED"] ?? Date.now() % 1_000_000_000);
const path = process.env["KERNEL_PATH"];

/** Only one small case is played. */
export const isReplay = path !== undefined;

/** How to play it again: KERNEL_PATH, of the failure's report, goes straight to the small case. */
export function seeded(title: string): string {
  return `${title} (KERNEL_SEED=${seed})`;
}

/**
 * Plays sequences until there have been so many calls. Throws with the smallest that fails. `shift`
 * makes the sequences others than those of the same seed without it.
 */
export function playMany(calls: number, mayScribble: boolean, shift = 0): number {
  const played = { calls: 0 };
  const property = fc.property(sequence, (operations) => {
    played.calls += play(operations, mayScribble);
  });
  const replay = path === undefined ? {} : { path };
  for (let round = 0; played.calls < calls; round++) {
    fc.assert(property, { seed: seed + shift + round, numRuns: 100, ...replay });
    if (path !== undefined) break;
  }
  return played.calls;
}
