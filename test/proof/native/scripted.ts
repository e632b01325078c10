/**
 * Atomics that are scripted and traced, for the kernel in TypeScript: load this before anything of
 * src. What harness.c does for C.
 */
import type { Request, Step, Write } from "./wire.js";

/** Thrown out of a wait when the script is at its end. */
export class Endless extends Error {}

/** The most operations of one call. */
const TRACED_MAX = 4_096;
const FNV = 16_777_619;

/** What others do meanwhile. */
export type Script = Pick<Request, "steps" | "notifies" | "interruptAt" | "interrupt">;

/** What is played and traced at the moment. */
class Stage {
  words: Int32Array = new Int32Array(0);
  /** Address of the own record, and where the buffers of the first places are. */
  own = 0;
  buffersAt = 0;
  buffersEnd = 0;
  ticks = 0;
  now_us = 0;
  steps: readonly Step[] = [];
  notifies = 0;
  interruptAt = -1;
  interrupt: readonly Write[] = [];
  stepsPlayed = 0;
  notified = 0;
  trace: number[] = [];

  begin({ steps, notifies, interruptAt, interrupt }: Script): void {
    this.steps = steps;
    this.notifies = notifies;
    this.interruptAt = interruptAt;
    this.interrupt = interrupt;
    this.stepsPlayed = 0;
    this.notified = 0;
    this.trace = [];
  }

  play(writes: readonly Write[]): void {
    for (const [at, value] of writes) this.words[at] = value;
  }

  note(kind: string, at: number, more = 0): void {
    if (this.trace.length >= TRACED_MAX * 3) throw new Endless("a call without an end");
    const from = at & ~31;
    const to = from + 32 < this.words.length ? from + 32 : this.words.length;
    let digest = this.#digest(-2_128_831_035, this.own, this.own + 32);
    digest = this.#digest(digest, from, to);
    digest = this.#digest(digest, this.buffersAt, this.buffersEnd);
    this.trace.push(kind.charCodeAt(0), at, (digest + more) | 0);
    // Others write between any two operations.
    if (this.trace.length / 3 - 1 === this.interruptAt) this.play(this.interrupt);
  }

  #digest(digest: number, from: number, to: number): number {
    const { words } = this;
    let value = digest;
    for (let i = from; i < to; i++) value = Math.imul(value ^ words[i]!, FNV);
    return value;
  }
}

export const script = new Stage();

const real = Atomics;

function addressIn(array: Int32Array, at: number): number {
  return array.byteOffset / 4 + at;
}

type Operation = (array: Int32Array, at: number, ...values: number[]) => number;

function traced(kind: string, operation: Operation): Operation {
  return (array, at, ...values) => {
    script.note(kind, addressIn(array, at));
    return operation(array, at, ...values);
  };
}

function wait(array: Int32Array, at: number, value: number, ms: number): string {
  script.note("w", addressIn(array, at), ms);
  if (array[at] !== value) return "not-equal";
  const step = script.steps[script.stepsPlayed];
  if (step === undefined) throw new Endless("the script is at its end");
  script.stepsPlayed++;
  script.play(step.writes);
  return step.isOver ? "timed-out" : "ok";
}

function notify(array: Int32Array, at: number): number {
  const which = script.notified++;
  script.note("n", addressIn(array, at));
  return which < 31 ? (script.notifies >> which) & 1 : 1;
}

Object.defineProperty(globalThis, "Atomics", {
  value: {
    load: traced("l", (array, at) => real.load(array, at)),
    store: traced("s", (array, at, value) => real.store(array, at, value!)),
    add: traced("+", (array, at, value) => real.add(array, at, value!)),
    or: traced("|", (array, at, value) => real.or(array, at, value!)),
    and: traced("&", (array, at, value) => real.and(array, at, value!)),
    compareExchange: traced("?", (array, at, expected, value) =>
      real.compareExchange(array, at, expected!, value!),
    ),
    wait,
    notify,
  },
});
