/** Answers a message of postMessage with its own bytes. */
import { parentPort } from "node:worker_threads";

parentPort.on("message", (bytes) => parentPort.postMessage(bytes));
