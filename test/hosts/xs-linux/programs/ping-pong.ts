/**
 * One side of the bare ping-pong: waits for the other's word, answers with its own.
 */
import { measure, roundsInAll } from "./costs/meter.js";

export interface PingPong {
  readonly side: number;
  readonly rounds: number;
  /** A word for each side: how often it was called. */
  readonly words: Int32Array;
}

self.onmessage = ({ side, rounds, words }: PingPong): void => {
  const other = 1 - side;
  let count = 0;
  const round = (): void => {
    if (side === 0) call(words, other);
    while (Atomics.load(words, side) === count) Atomics.wait(words, side, count);
    count++;
    if (side === 1) call(words, other);
  };
  self.postMessage(measure(round, rounds));
  if (count !== roundsInAll(rounds)) throw new Error(`counted ${count}`);
};

function call(words: Int32Array, side: number): void {
  Atomics.add(words, side, 1);
  Atomics.notify(words, side, 1);
}
