/**
 * Fingerprints of states: numbers of 53 bits, so that two different states of one search hardly
 * ever have the same. With a million states the chance that any two collide is about one in ten
 * thousand.
 */

const LOW = 0x1_0000_0000;
const HIGH_MASK = 0x1f_ffff;

function scramble(word: number): number {
  let x = Math.imul(word ^ (word >>> 16), 0x7feb_352d);
  x = Math.imul(x ^ (x >>> 15), 0x846c_a68b);
  return x ^ (x >>> 16);
}

/** A 32-bit number that depends on both. */
export function mix(a: number, b: number): number {
  return scramble(Math.imul(a, 0x9e37_79b1) + b + 0x165_667b1);
}

/** A 53-bit number that depends on all of them. */
export function fingerprint(sum: number, a: number, b: number, c: number): number {
  const low = mix(mix(mix(sum | 0, a), b), c);
  const high = mix(mix(mix((sum / LOW) | 0, c + 1), a + 2), b + 3) ^ Math.imul(low, 0x85eb_ca6b);
  return (high & HIGH_MASK) * LOW + (low >>> 0);
}
