/**
 * Seeds: words, as the generators have them that follow from them.
 */

/** The largest one. */
export const SEED_MAX = 0xffff_ffff;

/** Is it a whole number that a generator can begin with? */
export function isSeed(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= SEED_MAX;
}
