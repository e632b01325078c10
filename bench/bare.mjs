/**
 * The floor: two threads that wake each other through one word each, with nothing in between.
 */
import { parentPort, workerData } from "node:worker_threads";

const { shared, isServer } = workerData;
const words = new Int32Array(shared);
/** Rounds asked for, rounds answered; each side sleeps on the other's. */
const ASKED = 0;
const ANSWERED = 1;

if (isServer) {
  for (let seen = 0; ; seen++) {
    while (Atomics.load(words, ASKED) === seen) Atomics.wait(words, ASKED, seen);
    Atomics.add(words, ANSWERED, 1);
    Atomics.notify(words, ANSWERED, 1);
  }
}

parentPort.on("message", (rounds) => {
  const start = performance.now();
  for (let i = 0; i < rounds; i++) {
    const seen = Atomics.load(words, ANSWERED);
    Atomics.add(words, ASKED, 1);
    Atomics.notify(words, ASKED, 1);
    while (Atomics.load(words, ANSWERED) === seen) Atomics.wait(words, ANSWERED, seen);
  }
  parentPort.postMessage(performance.now() - start);
});
