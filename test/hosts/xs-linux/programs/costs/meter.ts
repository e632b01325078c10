/**
 * Counts what a VM uses while it goes through its rounds, exactly.
 */
import { bytecodes, chunkBytes, collect, collections, slots, stackPeak } from "xs";
import type { Cost } from "../results.js";
import type { Round } from "./scenario.js";

/** The first rounds fill what is filled once: property caches, the names that were looked up. */
const WARM_ROUNDS = 100;

/** How many rounds the other side has to go through too. */
export function roundsInAll(rounds: number): number {
  return WARM_ROUNDS + rounds;
}

/** Goes through all rounds and measures the last `rounds` of them. */
export function measure(round: Round, rounds: number): Cost {
  for (let i = 0; i < WARM_ROUNDS; i++) round();
  collect();
  const before = { slots: 0, chunkBytes: 0, collections: 0, bytecodes: 0 };
  const after = { slots: 0, chunkBytes: 0, collections: 0, bytecodes: 0 };
  // Twice: only the second one is known to cost nothing itself.
  note(before);
  note(before);
  for (let i = 0; i < rounds; i++) round();
  note(after);
  return {
    rounds,
    slots: after.slots - before.slots,
    chunkBytes: after.chunkBytes - before.chunkBytes,
    collections: after.collections - before.collections,
    bytecodes: after.bytecodes - before.bytecodes,
    stackSlots: stackPeak(),
  };
}

function note(into: {
  -readonly [Key in keyof Omit<Cost, "rounds" | "stackSlots">]: number;
}): void {
  into.slots = slots();
  into.chunkBytes = chunkBytes();
  into.collections = collections();
  into.bytecodes = bytecodes();
}
