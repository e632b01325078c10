/**
 * The atomic operations on arena words, except waiting (doorbell.ts).
 *
 * One place, so that a test build can put a scheduler under every operation, and so that XS calls
 * a constant instead of looking a property up. All of them are sequentially consistent; the
 * kernel's reasoning about races rests on that order.
 */

/** Reads a word. */
export const load: (words: Int32Array, at: number) => number = Atomics.load;
/** Writes a word; returns the value written. */
export const store: (words: Int32Array, at: number, value: number) => number = Atomics.store;
/** Writes `value` if the word is `expected`; returns what the word was. */
export const cas: (words: Int32Array, at: number, expected: number, value: number) => number =
  Atomics.compareExchange;
/** Adds to a word; returns what it was. */
export const add: (words: Int32Array, at: number, value: number) => number = Atomics.add;
/** Clears the bits that are not in `value`; returns what the word was. */
export const and: (words: Int32Array, at: number, value: number) => number = Atomics.and;
/** Sets the bits of `value`; returns what the word was. */
export const or: (words: Int32Array, at: number, value: number) => number = Atomics.or;
