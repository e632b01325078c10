/**
 * The floor of restart.ts: a worker thread that tells that it runs.
 */
import { parentPort } from "node:worker_threads";

parentPort.postMessage("running");
