/**
 * Main on XS: posts 64 bytes to a worker, which posts them back. What a device has without
 * Reattach: structured clones, and queues of event loops.
 */
import config from "mc/config";
import NativeWorker from "xs/worker";
import { exit } from "xs";
import { Meter } from "./costs/meter.js";
import { MARK } from "./results.js";

const CREATION = { static: 0, chunk: { initial: 8_192 }, heap: { initial: 1_024 }, stack: 256 };

const { rounds } = config["peers"] as { rounds: number };
const meter = new Meter(rounds);
const message = new Uint8Array(64);
// Kept: a worker that nobody refers to is collected.
const worker = new NativeWorker("post-echo", CREATION);
worker.onmessage = (answer: unknown): void => {
  if (answer instanceof Uint8Array) {
    meter.count();
    worker.postMessage(meter.isOver ? 0 : message);
  } else {
    trace(`${MARK}${JSON.stringify([meter.cost, answer])}\n`);
    exit(0);
  }
};
worker.postMessage(rounds);
worker.postMessage(message);
