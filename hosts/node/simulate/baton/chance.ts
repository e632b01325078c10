/**
 * The one source of chance of a simulation, and the hash of all that has happened in it.
 */
import * as C from "./control.js";
import { words } from "./state.js";

/** Begins with a seed. */
export function begin(seed: number): void {
  words[C.CHANCE] = Math.imul(seed + 1, 0x9e37_79b1) || 1;
  for (let i = 0; i < 8; i++) random();
  words[C.HASH_A] = 0x811c_9dc5;
  words[C.HASH_B] = seed;
}

/** From 0 up to 1: xorshift32, the only source of chance, shared by all. */
export function random(): number {
  let x = words[C.CHANCE]!;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  words[C.CHANCE] = x;
  return (x >>> 0) / 0x1_0000_0000;
}

/** Makes a number part of the hash. */
export function mix(value: number): void {
  const a = Math.imul(words[C.HASH_A]! ^ value, 0x0100_0193);
  words[C.HASH_A] = a;
  words[C.HASH_B] = Math.imul(words[C.HASH_B]! ^ (a >>> 15) ^ value, 0x85eb_ca6b);
}

/** Makes a text part of the hash. */
export function mixText(text: string): void {
  mix(text.length);
  for (let i = 0; i < text.length; i++) mix(text.charCodeAt(i));
}

/** The hash of all that has happened: 16 hexadecimal digits. */
export function hash(): string {
  const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, "0");
  return hex(words[C.HASH_A]!) + hex(words[C.HASH_B]!);
}
