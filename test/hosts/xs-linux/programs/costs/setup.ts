/**
 * What scenarios begin with.
 */
import { createMsgInfo, ENOENT, MsgReceive, name_attach, name_open, waitForName } from "reattach";
import { BYTES, SERVER } from "./scenario.js";

export const OK = 0;

/** The server's channel. */
export function serverChannel(): number {
  const chid = name_attach(null, SERVER, 0);
  if (chid < 0) throw new Error(`name_attach: ${chid}`);
  return chid;
}

/** A connection to the server, once it is there. */
export function openServer(): number {
  let coid = name_open(SERVER, 0);
  while (coid === -ENOENT) {
    waitForName(SERVER, Infinity);
    coid = name_open(SERVER, 0);
  }
  if (coid < 0) throw new Error(`name_open: ${coid}`);
  return coid;
}

/** Receives messages into one buffer: the rcvid. */
export function receiver(chid: number): () => number {
  const message = new Uint8Array(BYTES);
  const info = createMsgInfo();
  return () => MsgReceive(chid, message, BYTES, info);
}
