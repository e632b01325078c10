/**
 * Counts what a VM uses while it goes through its rounds, exactly.
 */
import { bytecodes, chunkBytes, collect, collections, slots, stackPeak } from "xs";
import { RING_LAST } from "../../../../../src/kernel/trace/ring.js";
import type { Cost } from "../results.js";
import type { Loop, Round } from "./scenario.js";

/** The first rounds fill what is filled once: property caches, the names that were looked up. */
const WARM_ROUNDS = 100;

/** How many rounds the other side has to go through too. */
export function roundsInAll(rounds: number): number {
  return WARM_ROUNDS + rounds;
}

interface Notes {
  slots: number;
  chunkBytes: number;
  collections: number;
  bytecodes: number;
  records: number;
}

const NOTHING: Readonly<Notes> = {
  slots: 0,
  chunkBytes: 0,
  collections: 0,
  bytecodes: 0,
  records: 0,
};

/** In the tracing build: how many records this VM has written. */
function records(): number {
  return globalThis.$ring === undefined ? 0 : $ring![RING_LAST]!;
}

function note(into: Notes): void {
  into.slots = slots();
  into.chunkBytes = chunkBytes();
  into.collections = collections();
  into.records = records();
  into.bytecodes = bytecodes();
}

function difference(before: Notes, after: Notes, rounds: number): Cost {
  return {
    rounds,
    slots: after.slots - before.slots,
    chunkBytes: after.chunkBytes - before.chunkBytes,
    collections: after.collections - before.collections,
    bytecodes: after.bytecodes - before.bytecodes,
    records: after.records - before.records,
    stackSlots: stackPeak(),
  };
}

/** For rounds that an event loop makes: counts them, and measures all but the first. */
export class Meter {
  readonly #rounds: number;
  readonly #before: Notes = { ...NOTHING };
  readonly #after: Notes = { ...NOTHING };
  #counted = 0;

  constructor(rounds: number) {
    this.#rounds = rounds;
  }

  /** A round is over. */
  count(): void {
    this.#counted++;
    if (this.#counted === WARM_ROUNDS) {
      collect();
      // Twice: only the second one is known to cost nothing itself.
      note(this.#before);
      note(this.#before);
    }
    if (this.isOver) note(this.#after);
  }

  get isOver(): boolean {
    return this.#counted === roundsInAll(this.#rounds);
  }

  get cost(): Cost {
    return difference(this.#before, this.#after, this.#rounds);
  }
}

/** Bytecodes of a call of count(). */
function costOfCount(count: () => boolean, times: number): number {
  const start = bytecodes();
  for (let i = 0; i < times; i++) continue;
  const between = bytecodes();
  for (let i = 0; i < times; i++) count();
  const end = bytecodes();
  return Math.round((end - between - (between - start)) / times);
}

/** Lets a loop run through all rounds and measures the last `rounds` of them. */
export function measureLoop({ run }: Loop, rounds: number): Cost {
  const counter = (meter: Meter) => (): boolean => {
    meter.count();
    return meter.isOver;
  };
  const meter = new Meter(rounds);
  run(counter(meter));
  const { cost } = meter;
  const counting = costOfCount(counter(new Meter(Infinity)), WARM_ROUNDS) * rounds;
  return { ...cost, bytecodes: cost.bytecodes - counting };
}

/** Goes through all rounds and measures the last `rounds` of them. */
export function measure(round: Round, rounds: number): Cost {
  for (let i = 0; i < WARM_ROUNDS; i++) round();
  collect();
  const before: Notes = { ...NOTHING };
  const after: Notes = { ...NOTHING };
  // Twice: only the second one is known to cost nothing itself.
  note(before);
  note(before);
  for (let i = 0; i < rounds; i++) round();
  note(after);
  return difference(before, after, rounds);
}
