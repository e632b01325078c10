/**
 * What stands for `Atomics` in the kernel of a simulation: each operation is a scheduling point,
 * and only one thread runs, so the operation itself is a plain one. The build puts this in front of
 * every module that says `Atomics` (rollup.config.mjs).
 */
import { MEMORY_ROOM, NOWHERE } from "./control.js";
import { now, point, sleep, wake } from "./baton.js";

export function load(words: Int32Array, at: number): number {
  point();
  return words[at]!;
}

export function store(words: Int32Array, at: number, value: number): number {
  point();
  words[at] = value;
  return value;
}

export function compareExchange(
  words: Int32Array,
  at: number,
  expected: number,
  value: number,
): number {
  point();
  const was = words[at]!;
  if (was === expected) words[at] = value;
  return was;
}

export function add(words: Int32Array, at: number, value: number): number {
  point();
  const was = words[at]!;
  words[at] = was + value;
  return was;
}

export function and(words: Int32Array, at: number, value: number): number {
  point();
  const was = words[at]!;
  words[at] = was & value;
  return was;
}

export function or(words: Int32Array, at: number, value: number): number {
  point();
  const was = words[at]!;
  words[at] = was | value;
  return was;
}

/** Memory that several participants know, and where its addresses begin. */
const shared = new WeakMap<ArrayBufferLike, number>();

/** Numbers of memory: the arena's, that of the board's bell, and the first seat's at the board. */
export const ARENA = 0;
export const BELL = 1;
export const FIRST_SEAT = 2;

/** From now on this thread knows the memory under this number, as the others do. */
export function share(memory: SharedArrayBuffer, number: number): void {
  shared.set(memory, number * MEMORY_ROOM);
}

/** Where one can sleep on a word: NOWHERE in memory that nobody else has. */
export function addressOf(words: Int32Array, at: number): number {
  const base = shared.get(words.buffer);
  return base === undefined ? NOWHERE : base + words.byteOffset + at * 4;
}

export function wait(
  words: Int32Array,
  at: number,
  value: number,
  ms = Infinity,
): "ok" | "not-equal" | "timed-out" {
  const time_ms = now();
  if (words[at] !== value) return "not-equal";
  return sleep(addressOf(words, at), time_ms + ms, value) ? "ok" : "timed-out";
}

export function notify(words: Int32Array, at: number, count = Infinity): number {
  point();
  const address = addressOf(words, at);
  return address === NOWHERE ? 0 : wake(address, count);
}
