/**
 * The guardian's thread: looks whether the main thread's count goes on. It counts looks, not time:
 * a computer that sleeps stops both.
 */
import { writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";

export interface GuardianStart {
  /** Grows while the main thread runs. */
  readonly word: Int32Array;
  readonly patience_ms: number;
}

/** What it tells the main thread, which hears it when it runs again. */
export interface Stall {
  readonly reason: string;
}

/** Looks in the time that the main thread may stand still. */
const LOOKS = 8;
/** File descriptor of standard error: Node's own stream waits for the main thread. */
const STDERR = 2;

const { word, patience_ms } = workerData as GuardianStart;
/** Nobody ever rings here: it is for sleeping. */
const pillow = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

let seen = Atomics.load(word, 0);
let misses = 0;
for (;;) {
  Atomics.wait(pillow, 0, 0, patience_ms / LOOKS);
  const now = Atomics.load(word, 0);
  misses = now === seen ? misses + 1 : 0;
  seen = now;
  if (misses !== LOOKS) continue;
  const reason = `the main VM stood still for ${patience_ms} ms`;
  writeSync(STDERR, `reattach: ${reason}: the board restarts when it runs again\n`);
  parentPort?.postMessage({ reason } satisfies Stall);
}
