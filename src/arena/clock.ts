/**
 * Arena time: milliseconds since the arena was made, which all its VMs count alike.
 *
 * A word of the arena holds 32 bits of them and a device's own clock has no more, so both begin
 * again after 49.7 days. How often that has happened is one word, HEAD_HALVES, which the main VM
 * keeps: it looks many times a second. Written by keepTime() alone.
 */
import { load, store } from "./atomic.js";
import * as L from "./layout.js";

/** Half of what a word can count: here its sign changes. */
const HALF_MS = 0x8000_0000;
const RANGE_MS = 0x1_0000_0000;

/** Arena time as a signed 32-bit number; 0 is kept for "not set". */
export function arenaTime(): number {
  return ($vm.port.now() - $words[L.HEAD_BOOT_MS]) | 0 || 1;
}

/** Milliseconds from an arena time until now: right for 49.7 days. */
export function timeSince(then: number): number {
  return (arenaTime() - then) >>> 0;
}

/**
 * Milliseconds, with fractions, since the arena was made; right for any time and in any VM. The
 * word that main keeps is even while the lower half of a round goes by. Where it does not fit, a
 * half has just begun, and main has not looked yet; or main has, and this VM's clock is a little
 * behind.
 */
export function timeSinceBoot(): number {
  let halves = load($words, L.HEAD_HALVES) >>> 0;
  let ms = $vm.port.now() - $words[L.HEAD_BOOT_MS];
  ms -= Math.floor(ms / RANGE_MS) * RANGE_MS;
  const isUpper = ms >= HALF_MS;
  if (isUpper) ms -= HALF_MS;
  if (isUpper !== (halves % 2 === 1)) halves += ms < HALF_MS / 2 ? 1 : -1;
  return halves * HALF_MS + ms;
}

/** Notes that half a round is over. Main VM only; hosts call it, through pollSend, at each tick. */
export function keepTime(): void {
  const halves = $words[L.HEAD_HALVES];
  const isLower = (($vm.port.now() - $words[L.HEAD_BOOT_MS]) | 0) >= 0;
  const isEven = (halves & 1) === 0;
  if (isLower !== isEven) store($words, L.HEAD_HALVES, halves + 1);
}
