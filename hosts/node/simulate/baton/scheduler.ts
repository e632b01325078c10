/**
 * The baton: exactly one thread of a simulation runs, and whoever runs picks its successor.
 *
 * A scheduling point is a countdown: the number of points until this thread looks up is known when
 * it gets the baton. It is the shortest of: the next preemption, which the seed draws; its own
 * death; the next deadline of somebody who sleeps. Time is virtual: a point takes a microsecond,
 * and when all sleep the clock jumps to the first deadline.
 *
 * The state of the module is that of this thread. In a task's life it is outside of the context
 * that the program runs in.
 */
import { begin as beginChance, mix, random } from "./chance.js";
import * as C from "./control.js";
import { doubles, open, words } from "./state.js";

/** How a thread ends what it runs. Neither returns. */
export interface Ways {
  /** Ends the life that it runs. */
  leave(): never;
  /** Ends the thread. */
  exit(): never;
}

/** What a point takes of virtual time. */
const POINT_MS = 0.001;
/** Points until a thread looks up in any case: half a second of real time, at most. */
const STRETCH_MAX = 1_000_000;
/** Virtual time begins here: a machine that has been up for a while. */
export const BEGIN_MS = 1_000_000;
/** How often the main VM looks, in real time, whether anybody still passes points. */
const LOOK_MS = 1_000;

/** A thread has run for long without a point: it keeps the baton, and nothing goes on. */
export class Stalled extends Error {
  /** Who has the baton. */
  readonly participant: number;

  constructor(participant: number) {
    super("a task runs without passing through the kernel");
    this.participant = participant;
  }

  override get name(): string {
    return "Stalled";
  }
}

/** The participant that this thread is, and its seat. */
let me = -1;
export let seat = 0;
/** Points of the present stretch, and how many of them are left. */
let stretch = 0;
let left = 0;
let ways: Ways;
/** The life is over, and what V8 has not ended yet of it runs: its next point ends that, too. */
let isGhost = false;
/** How long the main VM waits, in real time, for a thread that passes no point. */
let patience_ms = Infinity;

/** How a simulation begins. */
export interface Beginning {
  readonly seed: number;
  /** Mean number of points between two preemptions; 0 for none. */
  readonly preemption: number;
  /** How long a thread may run without a point, in real milliseconds. */
  readonly patience_ms: number;
}

/** This thread is the main VM, and has the baton. */
export function openMain(memory: SharedArrayBuffer, beginning: Beginning): void {
  C.clearControl(open(memory));
  me = C.MAIN;
  seat = 0;
  ({ patience_ms } = beginning);
  beginChance(beginning.seed);
  words[C.PREEMPTION] = beginning.preemption;
  words[C.COUNT] = 1;
  doubles[C.NOW] = BEGIN_MS;
  words[C.wordsOf(C.MAIN) + C.STATE] = C.RUNNABLE;
  begin();
}

/** Another thread: sleeps until it has the baton for the first time. Returns who it is. */
export function openSeat(memory: SharedArrayBuffer, itsSeat: number, itsWays: Ways): number {
  open(memory);
  seat = itsSeat;
  ways = itsWays;
  me = -1;
  sleepAtGate();
  isGhost = false;
  me = words[C.CURRENT]!;
  begin();
  return me;
}

// ---------------------------------------------------------------------------------------------
// Points.

/** A scheduling point: stands before each operation that others can see. */
export function point(): void {
  if (--left <= 0) pause();
}

/** Virtual milliseconds. A point. */
export function now(): number {
  if (--left <= 0) pause();
  return moment();
}

/** The same for who only notes when something was: no point, so the run goes on as without it. */
export function moment(): number {
  return doubles[C.NOW]! + (stretch - left) * POINT_MS;
}

/** Books what has passed of the stretch. */
export function settle(): void {
  const passed = stretch - left;
  stretch = left;
  words[C.SIGNS]!++;
  doubles[C.POINTS]! += passed;
  doubles[C.NOW]! += passed * POINT_MS;
  const at = C.wordsOf(me) + C.FUSE;
  const fuse = words[at]!;
  if (fuse > 0) words[at] = fuse > passed ? fuse - passed : -1;
}

/** This thread looks up at its next point. */
export function lookUp(): void {
  settle();
  stretch = left = 0;
}

/** How long this thread may go on without looking up. */
function begin(): void {
  let most = STRETCH_MAX;
  const mean = words[C.PREEMPTION]!;
  if (mean > 0) most = 1 + Math.floor(-Math.log(1 - random()) * mean);
  const fuse = words[C.wordsOf(me) + C.FUSE]!;
  if (fuse > 0 && fuse < most) most = fuse;
  let next = Infinity;
  for (let other = 0; other < words[C.COUNT]!; other++) {
    if (!isUntil(words[C.wordsOf(other) + C.STATE]!)) continue;
    const deadline = doubles[C.DEADLINES_AT + other]!;
    if (deadline < next) next = deadline;
  }
  const until = Math.ceil((next - doubles[C.NOW]!) / POINT_MS);
  if (until < most) most = until > 1 ? until : 1;
  stretch = left = most;
}

function pause(): void {
  if (isGhost) return ways.leave();
  settle();
  if (words[C.wordsOf(me) + C.FUSE] === -1) return die();
  const next = choose();
  if (next !== me) {
    words[C.PREEMPTIONS]!++;
    pass(next);
    sleepAtGate();
  }
  begin();
}

/** Does somebody in this state go on at a deadline? */
function isUntil(state: number): boolean {
  return state === C.WAITING || state === C.SLOWED;
}

/** Somebody who can run, by the seed; time jumps when nobody can. */
function choose(): number {
  for (;;) {
    const time = doubles[C.NOW]!;
    let count = 0;
    let next = Infinity;
    for (let other = 0; other < words[C.COUNT]!; other++) {
      const at = C.wordsOf(other);
      if (isUntil(words[at + C.STATE]!)) {
        const deadline = doubles[C.DEADLINES_AT + other]!;
        if (deadline <= time) {
          if (words[at + C.STATE] === C.WAITING) words[at + C.TIMED_OUT] = 1;
          words[at + C.STATE] = C.RUNNABLE;
        } else if (deadline < next) next = deadline;
      }
      if (words[at + C.STATE] === C.RUNNABLE) count++;
    }
    if (count > 0) return nthRunnable(count === 1 ? 0 : Math.floor(random() * count));
    // The main VM never sleeps for ever.
    if (next === Infinity) throw new Error("simulate: everybody sleeps for ever");
    doubles[C.NOW] = next;
  }
}

function nthRunnable(nth: number): number {
  let before = nth;
  for (let other = 0; ; other++) {
    if (words[C.wordsOf(other) + C.STATE] === C.RUNNABLE && before-- === 0) return other;
  }
}

/** Gives the baton away. */
function pass(next: number): void {
  words[C.CURRENT] = next;
  words[C.SWITCHES]!++;
  mix(next);
  mix(doubles[C.POINTS]! | 0);
  mix((doubles[C.NOW]! * 1000) | 0);
  turn(words[C.wordsOf(next) + C.SEAT]!, C.GATE_GO);
}

export function turn(itsSeat: number, order: number): void {
  Atomics.store(words, C.gateOf(itsSeat), order);
  Atomics.notify(words, C.gateOf(itsSeat));
}

function sleepAtGate(): void {
  const gate = C.gateOf(seat);
  for (;;) {
    const order = Atomics.load(words, gate);
    if (order === C.GATE_GO) break;
    if (order === C.GATE_EXIT) return ways.exit();
    if (order === C.GATE_DIE) return vanish();
    if (me === C.MAIN) waitPatiently(gate);
    else Atomics.wait(words, gate, C.GATE_SHUT);
  }
  Atomics.store(words, gate, C.GATE_SHUT);
}

/** Throws when nobody has passed a point for too long. Reads without the baton: only signs. */
function waitPatiently(gate: number): void {
  let signs = words[C.SIGNS];
  let silent_ms = 0;
  while (Atomics.wait(words, gate, C.GATE_SHUT, LOOK_MS) === "timed-out") {
    silent_ms = words[C.SIGNS] === signs ? silent_ms + LOOK_MS : 0;
    signs = words[C.SIGNS];
    if (silent_ms >= patience_ms) throw new Stalled(words[C.CURRENT]!);
  }
}

// ---------------------------------------------------------------------------------------------
// Deaths.

/** From here on this thread is nobody. */
function vanish(): never {
  isGhost = true;
  stretch = left = 0;
  return ways.leave();
}

/** The fuse has burnt down. */
function die(): never {
  return finish(KILLED);
}

/** The last thing that a life does in the virtual world. */
export function finish(event: number): never {
  if (isGhost) return ways.leave();
  settle();
  words[C.wordsOf(me) + C.STATE] = C.DEAD;
  emit(event | GONE);
  pass(choose());
  return vanish();
}

/** Tells the main VM something about this life. */
export function emit(event: number): void {
  words[C.wordsOf(me) + C.EVENTS]! |= event;
  words[C.NEWS] = 1;
  const main = C.wordsOf(C.MAIN);
  if (words[main + C.STATE] === C.WAITING) words[main + C.STATE] = C.RUNNABLE;
}

// Events of a life.

/** Its program is loaded. */
export const LOADED = 1;
/** It has written something: there are messages. */
export const TOLD = 2;
/** It has obeyed the order to stop. */
export const STOPPED = 4;
/** It has thrown, or has ended with an exit code, as a message says: its program runs no more. */
export const THREW = 8;
/** Its main() has returned, and nothing is to come. */
export const ENDED = 16;
/** It was killed. */
export const KILLED = 32;
/** It has no more part in the simulation: whoever plays it can play another life. */
export const GONE = 64;

// ---------------------------------------------------------------------------------------------
// Sleeping.

/** Sleeps on an address until then; the word is `expected` there. True when it was woken before. */
export function sleep(address: number, until_ms: number, expected = 0): boolean {
  if (isGhost) return ways.leave();
  settle();
  const at = C.wordsOf(me);
  if (words[at + C.FUSE] === -1) return die();
  words[at + C.STATE] = C.WAITING;
  words[at + C.TIMED_OUT] = 0;
  words[at + C.EXPECTED] = expected;
  doubles[C.ADDRESSES_AT + me] = address;
  doubles[C.DEADLINES_AT + me] = until_ms;
  const next = choose();
  if (next !== me) {
    pass(next);
    sleepAtGate();
  }
  doubles[C.ADDRESSES_AT + me] = C.NOWHERE;
  begin();
  return words[at + C.TIMED_OUT] === 0;
}

/**
 * Can a wake-up there be lost? The kernel promises to do without: it looks again after a while. The
 * simulated board stands for hardware, and who waits for that waits for ever.
 */
function isInArena(address: number): boolean {
  return address < C.MEMORY_ROOM;
}

/** Wakes up to `count` of those who sleep on an address. Returns how many. */
export function wake(address: number, count: number): number {
  let woken = 0;
  for (let other = 0; other < words[C.COUNT]! && woken < count; other++) {
    const at = C.wordsOf(other);
    if (words[at + C.STATE] !== C.WAITING) continue;
    if (doubles[C.ADDRESSES_AT + other] !== address) continue;
    // Whoever wakes it cannot tell: one that is lost counts.
    woken++;
    const rate = words[C.LOST_WAKE_UPS]!;
    if (rate > 0 && isInArena(address) && other !== C.MAIN && random() * rate < 1) continue;
    words[at + C.STATE] = C.RUNNABLE;
  }
  return woken;
}

/** What the event loop of this life is to do: bits of ORDER_. Takes them. */
export function takeOrders(): number {
  const at = C.wordsOf(me) + C.ORDERS;
  const orders = words[at]!;
  words[at] = 0;
  return orders;
}

/** Leave. */
export const ORDER_STOP = 1;
/** Show that the event loop goes round. */
export const ORDER_NUDGE = 2;
/** There is a message. */
export const ORDER_LOOK = 4;

/** The pid with which this life, which stands by, was called; 0 as long as it was not. */
export function calledPid(): number {
  return words[C.wordsOf(me) + C.CALLED]!;
}
