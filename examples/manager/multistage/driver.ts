/**
 * The driver of a network: it needs a while to open its service. Its first life ends by itself,
 * each later one soon after somebody has begun to use it.
 */
import { delay, stableCommit, stableRead } from "reattach";
import { Server } from "reattach/service";
import { Socket } from "./socket.js";

const OPENING_MS = 100;
const LIFE_MS = 500;

export function main(): void {
  const isFirst = stableRead(new Uint8Array(1)) === 0;
  stableCommit(Uint8Array.of(1), 1);
  delay(OPENING_MS);
  const socket = new Server(Socket, { mount: (_request, _reply, server) => server.stop() });
  if (!isFirst) socket.run();
  delay(LIFE_MS);
  throw new Error("the driver has crashed");
}
