/**
 * Random numbers that can be replayed from their seed: the jitter of restarts, and the schedule of
 * injected faults, are the same in every run with the same seed.
 */

/** mulberry32: numbers from 0 up to but not including 1, 2^32 of them before it repeats. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
