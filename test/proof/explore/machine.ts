/**
 * The machine that explored code runs on: one arena, threads that are generators, and the meaning
 * of every operation on shared memory.
 *
 * A thread stops before each operation that another could notice; the search decides who performs
 * his next. What only one thread ever touches needs no stop: the machine notes which words two
 * threads touch, one of them writing, and only those are points of decision. A killed thread is one
 * that is never resumed, so its death is exactly between two operations.
 *
 * The rewritten modules (generators.ts) reach the machine as the global `$x`. Every operation's
 * method says whether the thread has to stop first; its result is then what it is resumed with,
 * otherwise `$x.result`.
 */
import { fingerprint, mix } from "./fingerprint.js";
import { isWrite, operate } from "./operations.js";
import {
  isProgram,
  type Operation,
  type Program,
  see,
  STATE_NUMBERS,
  type Thread,
} from "./thread.js";

/** Who touches a word: a bit a thread, readers and above them writers. */
const WRITER_SHIFT = 16;
const READERS = 0xffff;

/** How waiting behaves. */
export interface Weather {
  /** As XS 8.2.3: a notify between the comparison and the queue is lost. */
  readonly isLossy: boolean;
  /** Plain reads and writes of words are points of decision too, not only atomic ones. */
  readonly isFine: boolean;
}

/** What may be recorded of each step, for a replay. */
export type Observer = (thread: Thread, operation: Operation, result: unknown) => void;

/** Thrown when a search has gone further than any run should. */
export class Endless extends Error {}

/** More operations than any scenario needs by a factor of ten. */
const STEPS_MAX = 20_000;

export class Machine {
  words: Int32Array = new Int32Array(0);
  /** Words that two threads touch, one of them writing: learned while searching. */
  shared = new Uint8Array(0);
  /** Set when a run has shown another such word: what was searched so far was too coarse. */
  hasLearned = false;
  threads: Thread[] = [];
  clock = 0;
  /** Whether the clock can jump while threads run, so that looking at it is a point of decision. */
  isClockShared = false;
  /** Every operation is a point of decision: for a replay, which has learned nothing. */
  stopsAlways = false;
  observer: Observer | null = null;
  /** Of the operation that needed no stop. */
  result: unknown = 0;
  readonly #weather: Weather;
  #touched = new Int32Array(0);
  #newlyShared: number[] = [];
  #current: Thread | null = null;
  #memory = 0;
  #memory2 = 0;
  #steps = 0;

  constructor(weather: Weather) {
    this.#weather = weather;
  }

  /** Adopts an arena. What was learned of it stays. */
  adopt(words: Int32Array): void {
    if (this.shared.length !== words.length) {
      this.shared = new Uint8Array(words.length);
      this.#touched = new Int32Array(words.length);
    }
    this.words = words;
  }

  /** Begins a run. */
  begin(threads: Thread[]): void {
    this.threads = threads;
    this.clock = 0;
    this.#memory = 0;
    this.#memory2 = 0;
    this.#steps = 0;
  }

  /** Ends a run, and marks what it has shown to be shared. */
  end(): void {
    this.#current = null;
    this.hasLearned = this.#newlyShared.length > 0;
    for (const at of this.#newlyShared) this.shared[at] = 1;
    this.#newlyShared = [];
  }

  /** Starts a thread's program: it comes to its first point of decision. */
  start(thread: Thread, program: Program): void {
    thread.program = program;
    thread.state = "ready";
    this.#resume(thread, undefined);
  }

  /** Performs the operation that a thread stands before, and lets it run to the next. */
  step(thread: Thread): void {
    if (++this.#steps > STEPS_MAX) throw new Endless(`no end after ${STEPS_MAX} operations`);
    const { next } = thread;
    // It is one operation further, even where that has changed and shown nothing.
    see(thread, 0);
    let result: unknown = thread.outcome;
    if (thread.outcome === "") result = this.#perform(thread, next);
    else see(thread, thread.outcome.length);
    thread.outcome = "";
    this.observer?.(thread, next, thread.state === "asleep" ? "asleep" : result);
    if (thread.state !== "asleep") this.#resume(thread, result);
  }

  kill(thread: Thread): void {
    thread.state = "killed";
    thread.program = null;
  }

  /** Ends a sleep. */
  wake(thread: Thread, outcome: string): void {
    thread.state = "ready";
    thread.outcome = outcome;
  }

  /** Moves the clock, and ends the sleeps whose time is over. */
  advance(ms: number): void {
    this.clock = ms;
    for (const thread of this.threads) {
      if (thread.state === "asleep" && thread.until <= ms) this.wake(thread, "timed-out");
    }
  }

  /** A number that tells states of the whole machine apart. */
  state(last: number, faults: number): number {
    let sum = fingerprint(this.#memory, this.#memory2, this.clock, mix(last, faults));
    for (const { state, history, history2, bell, until, outcome } of this.threads) {
      const sleep = state === "asleep" ? mix(bell, until) : outcome.length;
      sum = fingerprint(sum, history, history2, mix(STATE_NUMBERS[state], sleep));
    }
    return sum;
  }

  // --- What rewritten code calls.

  load(words: Int32Array, at: number): boolean {
    return this.#operate("load", words, at, 0, 0);
  }
  peek(words: Int32Array, at: number): boolean {
    return this.#operate("peek", words, at, 0, 0);
  }
  store(words: Int32Array, at: number, value: number): boolean {
    return this.#operate("store", words, at, value, 0);
  }
  poke(words: Int32Array, at: number, value: number): boolean {
    return this.#operate("poke", words, at, value, 0);
  }
  cas(words: Int32Array, at: number, expected: number, value: number): boolean {
    return this.#operate("cas", words, at, expected, value);
  }
  add(words: Int32Array, at: number, value: number): boolean {
    return this.#operate("add", words, at, value, 0);
  }
  and(words: Int32Array, at: number, value: number): boolean {
    return this.#operate("and", words, at, value, 0);
  }
  or(words: Int32Array, at: number, value: number): boolean {
    return this.#operate("or", words, at, value, 0);
  }
  notify(words: Int32Array, at: number): boolean {
    return this.#operate("notify", words, at, 0, 0);
  }

  /** Atomics.wait: one operation, or two where wake-ups can be lost between them. */
  *wait(words: Int32Array, at: number, value: number, ms: number): Program {
    if (!this.#weather.isLossy) {
      return this.#operate("wait", words, at, value, ms) ? yield : this.result;
    }
    const isEqual = this.#operate("compare", words, at, value, 0) ? yield : this.result;
    if (isEqual === false) return "not-equal";
    return this.#operate("sleep", words, at, 0, ms) ? yield : this.result;
  }

  now(): boolean {
    if (this.isClockShared && this.#current !== null) {
      this.#current.count++;
      return this.#stop("now", -1, 0, 0);
    }
    this.result = this.#look();
    return false;
  }

  /** The host's copy, a word of the arena at a time: a reader may see half of it. */
  *copy(
    target: Uint8Array,
    targetStart: number,
    source: Uint8Array,
    sourceStart: number,
    count: number,
  ): Program {
    const isOut = source.buffer === this.words.buffer;
    const from = isOut ? source.byteOffset + sourceStart : target.byteOffset + targetStart;
    const isArena = isOut || target.buffer === this.words.buffer;
    for (let done = 0; done < count;) {
      const at = (from + done) >> 2;
      const some = isArena ? Math.min(count - done, ((at + 1) << 2) - from - done) : count;
      if (isArena && this.#touch(at, !isOut) && this.#stop("copy", at, done, some)) yield;
      const before = this.words[at]!;
      const begin = sourceStart + done;
      target.set(source.subarray(begin, begin + some), targetStart + done);
      if (isArena) this.#noteCopy(at, before, isOut);
      done += some;
    }
    return undefined;
  }

  /** Runs on what a call returned when that is a rewritten function under way. */
  *finish(value: unknown): Program {
    return isProgram(value) ? yield* value : value;
  }

  /** Runs rewritten code to its end at once. */
  run(value: unknown): unknown {
    if (!isProgram(value)) return value;
    const before = this.#current;
    this.#current = null;
    try {
      for (let next = value.next(); ; next = value.next(this.result)) {
        if (next.done === true) return next.value;
      }
    } finally {
      this.#current = before;
    }
  }

  /** Performs the operation that a constructor was to stop before. */
  force(): unknown {
    const thread = this.#current;
    if (thread === null) return this.result;
    return this.#perform(thread, thread.next);
  }

  // --- How it is done.

  #resume(thread: Thread, result: unknown): void {
    this.#current = thread;
    thread.enter();
    const { done } = thread.program!.next(result);
    this.#current = null;
    if (done === true) {
      thread.state = "over";
      thread.count++;
      thread.program = null;
    }
  }

  /** True when the thread has to stop before this operation; else it has been performed. */
  #operate(kind: string, words: Int32Array, at: number, a: number, b: number): boolean {
    if (this.#current !== null) {
      const inner = this.#addressOf(words, at);
      const isWaiting = kind === "wait" || kind === "sleep" || kind === "notify";
      if (inner >= 0 && (this.#touch(inner, isWrite(kind)) || isWaiting)) {
        const isPlain = kind === "peek" || kind === "poke";
        if (!isPlain || this.#weather.isFine) return this.#stop(kind, inner, a, b);
        this.result = this.#perform(this.#current, { kind, at: inner, a, b });
        return false;
      }
    }
    this.result = operate(kind, words, at, a, b);
    return false;
  }

  #stop(kind: string, at: number, a: number, b: number): boolean {
    const { next } = this.#current!;
    next.kind = kind;
    next.at = at;
    next.a = a;
    next.b = b;
    return true;
  }

  /** The arena's address of a word of one of its views; -1 for other memory. */
  #addressOf(words: Int32Array, at: number): number {
    if (words === globalThis.$words) return at;
    if (words === globalThis.$own) return globalThis.$me + at;
    if (words.buffer === this.words.buffer) return (words.byteOffset >> 2) + at;
    return -1;
  }

  /** Notes who touches a word; true when it is a point of decision. */
  #touch(at: number, isWriting: boolean): boolean {
    const thread = this.#current;
    if (thread === null || !(at >= 0 && at < this.shared.length)) return false;
    thread.count++;
    if (this.stopsAlways) return true;
    if (this.shared[at] === 1) return true;
    const bit = 1 << thread.id;
    const before = this.#touched[at]!;
    const now = before | bit | (isWriting ? bit << WRITER_SHIFT : 0);
    if (now === before) return false;
    this.#touched[at] = now;
    const all = (now & READERS) | (now >>> WRITER_SHIFT);
    const isShared = now >>> WRITER_SHIFT !== 0 && (all & (all - 1)) !== 0;
    if (isShared && !this.#newlyShared.includes(at)) this.#newlyShared.push(at);
    return false;
  }

  #look(): number {
    const thread = this.#current;
    if (thread !== null) see(thread, this.clock);
    return this.clock;
  }

  #perform(thread: Thread, { kind, at, a, b }: Operation): unknown {
    switch (kind) {
      case "now":
        see(thread, this.clock);
        return this.clock;
      case "copy":
        return undefined;
      case "wait":
        if (this.words[at] !== a) return this.#saw(thread, 1, "not-equal");
        return this.#sleep(thread, at, b);
      case "sleep":
        return this.#sleep(thread, at, b);
      case "compare":
        return this.#saw(thread, 2, this.words[at] === a);
      case "notify":
        return this.#notify(thread, at);
    }
    const before = this.words[at]!;
    const result = operate(kind, this.words, at, a, b);
    const after = this.words[at]!;
    if (after !== before) this.#wrote(at, before, after);
    see(thread, at);
    see(thread, result);
    return result;
  }

  #saw<Result>(thread: Thread, what: number, result: Result): Result {
    see(thread, result === false ? -what : what);
    return result;
  }

  #sleep(thread: Thread, at: number, ms: number): string {
    thread.state = "asleep";
    // A schedule tells who sleeps from who is about to.
    thread.count++;
    thread.bell = at;
    thread.until = this.clock + ms;
    see(thread, 3);
    return "";
  }

  #notify(thread: Thread, at: number): number {
    let woken = 0;
    for (const other of this.threads) {
      if (other.state !== "asleep" || other.bell !== at) continue;
      this.wake(other, "ok");
      woken = 1;
      break;
    }
    see(thread, 16 + woken);
    return woken;
  }

  #noteCopy(at: number, before: number, isOut: boolean): void {
    const thread = this.#current;
    if (thread === null) return;
    const after = this.words[at]!;
    if (isOut) see(thread, after);
    else if (after !== before) this.#wrote(at, before, after);
  }

  #wrote(at: number, before: number, after: number): void {
    this.#memory ^= mix(at, before) ^ mix(at, after);
    this.#memory2 ^= mix(after, ~at) ^ mix(before, ~at);
  }
}
