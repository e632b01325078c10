/**
 * Pairs of threads that send BYTES there and back, each in the way of one library: the client is
 * this thread, the server a worker. What each sends is a Uint8Array of its own, as a user would.
 */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { type Remote, wrap } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { Piscina } from "piscina";
import { createSyncFn } from "synckit";
import { Tinypool } from "tinypool";
import { here } from "../measure.js";
import { BYTES } from "../server.js";

/** A pair that is ready: what it does once, and how it ends. */
export interface Pair {
  /** One round trip. */
  once(): unknown;
  stop(): unknown;
}

/** How a pair is started, by the name of what it uses. */
export type Peer = readonly [name: string, start: () => Promise<Pair>];

const message = new Uint8Array(BYTES);

function server(file: string, workerData: unknown = null): Worker {
  return new Worker(here(`peers/${file}.mjs`), { workerData, execArgv: [] });
}

async function startPost(): Promise<Pair> {
  const worker = server("echo-post");
  await once(worker, "online");
  const roundTrip = (): Promise<unknown> => {
    const answer = new Promise((resolve) => worker.once("message", resolve));
    worker.postMessage(message);
    return answer;
  };
  return { once: roundTrip, stop: () => worker.terminate() };
}

async function startSocket(): Promise<Pair> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const path = join(folder, "echo.sock");
  const worker = server("echo-socket", path);
  await once(worker, "message");
  const socket = connect(path);
  await once(socket, "connect");
  const roundTrip = async (): Promise<void> => {
    socket.write(message);
    let left = BYTES;
    while (left > 0) left -= ((await once(socket, "data")) as [Uint8Array])[0].length;
  };
  const stop = async (): Promise<void> => {
    socket.destroy();
    await worker.terminate();
    rmSync(folder, { recursive: true });
  };
  return { once: roundTrip, stop };
}

function startSynckit(): Promise<Pair> {
  const echo = createSyncFn<(bytes: Uint8Array) => Promise<Uint8Array>>(
    here("peers/echo-synckit.mjs"),
  );
  // Its worker has no handle to end it by; it keeps no process alive.
  return Promise.resolve({ once: () => echo(message), stop: () => undefined });
}

function startComlink(): Promise<Pair> {
  const worker = server("echo-comlink");
  const remote: Remote<{ echo(bytes: Uint8Array): Uint8Array }> = wrap(nodeEndpoint(worker));
  return Promise.resolve({ once: () => remote.echo(message), stop: () => worker.terminate() });
}

/** One thread, kept for ever: a pair, and no pool. */
const POOL = { filename: here("peers/echo-pool.mjs"), minThreads: 1, maxThreads: 1 };

function startPool(Pool: typeof Piscina | typeof Tinypool): Promise<Pair> {
  const pool = new Pool(POOL);
  return Promise.resolve({ once: () => pool.run(message), stop: () => pool.destroy() });
}

export const PEERS: readonly Peer[] = [
  ["synckit", startSynckit],
  ["postMessage", startPost],
  ["Unix socket", startSocket],
  ["piscina", () => startPool(Piscina)],
  ["comlink", startComlink],
  ["tinypool", () => startPool(Tinypool)],
];
