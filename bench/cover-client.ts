/**
 * The client of cover.ts: sends with MsgSend on an HA-aware connection, or with the kernel's plain
 * call underneath, which knows nothing of recovery.
 */
import { MsgReceive, MsgReply, name_attach, name_open, uptime, waitForName } from "reattach";
import { ha_attach } from "../src/ha/attach.js";
import { MsgSend } from "../src/ha/cover.js";
import { restartRecovery } from "../src/ha/restart.js";
import { send } from "../src/kernel/message/send.js";
import { BYTES } from "./server.js";

/** What it is told to send with. */
export const COVERED = 0;
export const PLAIN = 1;

const message = new Uint8Array(BYTES);
const reply = new Uint8Array(BYTES);

function openEcho(): number {
  let coid = name_open("echo", 0);
  while (coid < 0) {
    waitForName("echo", Infinity);
    coid = name_open("echo", 0);
  }
  return coid;
}

function check(status: number): void {
  if (status !== 0) throw new Error(`send: ${status}`);
}

/** MsgSend as it would be without recovery. */
function sendPlain(coid: number): number {
  return send(coid, message, BYTES, reply, BYTES);
}

function runPlain(coid: number, rounds: number): void {
  for (let i = 0; i < rounds; i++) check(sendPlain(coid));
}

function runCovered(coid: number, rounds: number): void {
  for (let i = 0; i < rounds; i++) check(MsgSend(coid, message, BYTES, reply, BYTES));
}

export function main(): void {
  const chid = name_attach(null, "client", 0);
  const coid = openEcho();
  ha_attach(coid, restartRecovery("echo"), null, 0);
  const order = new Int32Array(2);
  const orderBytes = new Uint8Array(order.buffer);
  for (;;) {
    const rcvid = MsgReceive(chid, orderBytes, orderBytes.length, null);
    if (rcvid <= 0) continue;
    const start = uptime();
    if (order[1] === PLAIN) runPlain(coid, order[0]!);
    else runCovered(coid, order[0]!);
    MsgReply(rcvid, Math.round((uptime() - start) * 1000), null, 0);
  }
}
