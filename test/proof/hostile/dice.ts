/**
 * Choices of a hostile call, all of them from one number, so that a case is data and shrinks: 0
 * chooses the tamest of everything.
 */

export class Dice {
  #state: number;
  readonly #isLoaded: boolean;

  constructor(seed: number) {
    this.#state = seed >>> 0;
    this.#isLoaded = seed === 0;
  }

  /** A whole number from 0 to sides - 1. */
  roll(sides: number): number {
    if (this.#isLoaded) return 0;
    // SplitMix32: neighbouring seeds have nothing in common.
    this.#state = (this.#state + 0x9e37_79b9) | 0;
    let mixed = this.#state ^ (this.#state >>> 16);
    mixed = Math.imul(mixed, 0x21f0_aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a_2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) % sides;
  }

  /** One of these. */
  pick<Value>(values: readonly Value[]): Value {
    return values[this.roll(values.length)] as Value;
  }

  /** True once in so many times. */
  once(times: number): boolean {
    return this.roll(times) === times - 1;
  }
}
