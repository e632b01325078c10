/**
 * Main on XS: a bare ping-pong of two workers with Atomics.wait and notify, which carries nothing.
 * Nothing that passes messages between VMs can need less.
 */
import config from "mc/config";
import NativeWorker from "xs/worker";
import { exit } from "xs";
import type { PingPong } from "./ping-pong.js";
import { MARK } from "./results.js";

const CREATION = { static: 0, chunk: { initial: 8_192 }, heap: { initial: 1_024 }, stack: 256 };

const { rounds } = config["floor"] as { rounds: number };
const words = new Int32Array(new SharedArrayBuffer(8));
const found: unknown[] = [];
// Kept: a worker that nobody refers to is collected.
const workers = [0, 1].map((side) => {
  const worker = new NativeWorker("ping-pong", CREATION);
  worker.onmessage = (cost: unknown): void => {
    if (found.push(cost) < workers.length) return;
    trace(`${MARK}${JSON.stringify(found)}\n`);
    exit(0);
  };
  worker.postMessage({ side, rounds, words } satisfies PingPong);
  return worker;
});
