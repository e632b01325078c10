/**
 * What stands for src/arena/atomic.ts where a life writes a record of its trace: no scheduling
 * points, so a run is the same with and without a trace. A life ends at points alone, and its rings
 * are read when it does not run: a record is always whole.
 */

/** As Atomics.store. */
export function store(words: Int32Array, at: number, value: number): number {
  words[at] = value;
  return value;
}
