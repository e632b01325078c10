/**
 * What the main VM does with other participants; it has the baton.
 */
import * as C from "./control.js";
import { GONE, KILLED, lookUp, now, ORDER_LOOK, settle, turn } from "./scheduler.js";
import { doubles, words } from "./state.js";

/** A life may begin: on this seat. */
export function admit(participant: number, itsSeat: number): void {
  const at = C.wordsOf(participant);
  words.fill(0, at, C.wordsOf(participant + 1));
  words[at + C.SEAT] = itsSeat;
  if (participant >= words[C.COUNT]!) words[C.COUNT] = participant + 1;
  doubles[C.ADDRESSES_AT + participant] = C.NOWHERE;
  words[at + C.STATE] = C.RUNNABLE;
  lookUp();
}

/**
 * Ends a life where it stands. One that has just died by itself is on its way out: its thread may
 * wait for the next life already, which an order at its gate would end.
 */
export function strike(participant: number): void {
  const at = C.wordsOf(participant);
  if (words[at + C.STATE] === C.DEAD) return;
  words[at + C.STATE] = C.DEAD;
  words[at + C.EVENTS]! |= KILLED | GONE;
  words[C.NEWS] = 1;
  turn(words[at + C.SEAT]!, C.GATE_DIE);
}

/** The participant's number can be given to another life. */
export function dismiss(participant: number): void {
  words.fill(0, C.wordsOf(participant), C.wordsOf(participant + 1));
}

/**
 * Keeps one that could run from it for so long; returns false for one that could not. What it
 * sleeps for, and what it does, is as before: only others are faster.
 */
export function slow(participant: number, ms: number): boolean {
  const at = C.wordsOf(participant);
  if (words[at + C.STATE] !== C.RUNNABLE) return false;
  words[at + C.STATE] = C.SLOWED;
  doubles[C.DEADLINES_AT + participant] = now() + ms;
  return true;
}

/**
 * Wakes those who sleep on a word of the arena that is not what it was: somebody has rung whose
 * kernel is not that of the simulation, in the thread of the main VM.
 */
export function wakeRung(arena: Int32Array): void {
  for (let other = 1; other < words[C.COUNT]!; other++) {
    const at = C.wordsOf(other);
    const address = doubles[C.ADDRESSES_AT + other]!;
    if (words[at + C.STATE] !== C.WAITING || address < 0) continue;
    const word = address / Int32Array.BYTES_PER_ELEMENT;
    if (word >= arena.length || arena[word] === words[at + C.EXPECTED]) continue;
    words[at + C.STATE] = C.RUNNABLE;
  }
}

/** It dies at its nth point from now. */
export function setFuse(participant: number, points: number): void {
  words[C.wordsOf(participant) + C.FUSE] = points;
}

/** Has its event loop do something. */
export function order(participant: number, bits: number): void {
  const at = C.wordsOf(participant);
  words[at + C.ORDERS]! |= bits;
  // One that sleeps in the kernel sees it there, or when it comes back to its event loop.
  const isIdle = doubles[C.ADDRESSES_AT + participant] === C.IDLE;
  if (words[at + C.STATE] === C.WAITING && isIdle) words[at + C.STATE] = C.RUNNABLE;
  lookUp();
}

/** Calls one that stands by. */
export function call(participant: number, pid: number): void {
  words[C.wordsOf(participant) + C.CALLED] = pid;
  order(participant, ORDER_LOOK);
}

/** What a participant has told since the last time. */
export function takeEvents(participant: number): number {
  const at = C.wordsOf(participant) + C.EVENTS;
  const events = words[at]!;
  words[at] = 0;
  return events;
}

/** Has anybody told something since the last time? */
export function takeNews(): boolean {
  const isNews = words[C.NEWS] !== 0;
  words[C.NEWS] = 0;
  return isNews;
}

/** One wake-up of so many is lost from now on; 0 for none. */
export function loseWakeUps(rate: number): void {
  words[C.LOST_WAKE_UPS] = rate;
}

/** Figures of the simulation so far. */
export interface BatonFigures {
  readonly points: number;
  readonly switches: number;
  readonly preemptions: number;
}

export function figures(): BatonFigures {
  settle();
  return {
    points: doubles[C.POINTS]!,
    switches: words[C.SWITCHES]! >>> 0,
    preemptions: words[C.PREEMPTIONS]! >>> 0,
  };
}
