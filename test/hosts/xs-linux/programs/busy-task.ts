/**
 * A task on the chip: answers, or asks so many times and tells how long the processor has worked
 * for all tasks and the manager together.
 */
import Time from "time";
import * as reattach from "reattach";
import { busy, exit } from "xs";
import { MARK } from "./results.js";

const NAME = "echo";
const BYTES = 64;
/** The first rounds fill what is filled once. */
const WARM_ROUNDS = 50;

/** What a task does. */
export interface BusyArgs {
  readonly role: "server" | "rests" | "sends" | "sends covered" | "pulses" | "waits";
  readonly rounds?: number;
  /** Of `waits`: so many outages. */
  readonly outages?: number;
}

function serve(): void {
  const chid = reattach.name_attach(null, NAME, 0);
  if (chid < 0) throw new Error(`name_attach: ${chid}`);
  const message = new Uint8Array(BYTES);
  const answer = new Int32Array(BYTES / 4);
  const bytes = new Uint8Array(answer.buffer);
  answer[0] = reattach.getpid();
  for (;;) {
    const rcvid = reattach.MsgReceive(chid, message, BYTES, null);
    if (rcvid > 0) reattach.MsgReply(rcvid, 0, bytes, BYTES);
  }
}

/** Receives what never comes. */
function rest(): void {
  const chid = reattach.ChannelCreate(0);
  for (;;) reattach.MsgReceive(chid, null, 0, null);
}

/** Waits for the server: every other call would poll. */
function open(): number {
  return reattach.waitForName(NAME, 10_000) === 0 ? reattach.name_open(NAME, 0) : -1;
}

function tell(round: () => number, rounds: number): void {
  let wrong = 0;
  for (let i = 0; i < WARM_ROUNDS; i++) if (round() !== 0) wrong++;
  const before = busy();
  for (let i = 0; i < rounds; i++) if (round() !== 0) wrong++;
  const after = busy();
  trace(`${MARK}${JSON.stringify({ busy_ns: after - before, wrong })}\n`);
  exit(0);
}

function send(rounds: number, isCovered: boolean): void {
  const coid = open();
  if (isCovered) reattach.ha_attach(coid, reattach.restartRecovery(NAME), null, 0);
  const request = new Uint8Array(BYTES);
  const reply = new Uint8Array(BYTES);
  tell(() => reattach.MsgSend(coid, request, BYTES, reply, BYTES), rounds);
}

function pulse(rounds: number): void {
  const chid = reattach.ChannelCreate(0);
  const coid = reattach.ConnectAttach(0, 0, chid, reattach._NTO_SIDE_CHANNEL, 0);
  const message = new Uint8Array(BYTES);
  tell(() => {
    const status = reattach.MsgSendPulse(coid, -1, 1, 2);
    return status !== 0 ? status : reattach.MsgReceivePulse(chid, message, BYTES, null);
  }, rounds);
}

/** Asks all the time, and tells how long each first answer of a new server took. */
function wait(outages: number): void {
  const coid = open();
  reattach.ha_attach(coid, reattach.restartRecovery(NAME), null, 0);
  const request = new Uint8Array(BYTES);
  const answer = new Int32Array(BYTES / 4);
  const reply = new Uint8Array(answer.buffer);
  const seen: number[] = [];
  let wrong = 0;
  let pid = 0;
  while (seen.length < outages) {
    const start = Time.microseconds!;
    if (reattach.MsgSend(coid, request, BYTES, reply, BYTES) !== 0) wrong++;
    const us = Time.microseconds! - start;
    if (pid !== 0 && answer[0] !== pid) seen.push(us);
    pid = answer[0]!;
  }
  trace(`${MARK}${JSON.stringify({ outages_us: seen, wrong })}\n`);
  exit(0);
}

export function main({ role, rounds = 0, outages = 0 }: BusyArgs): void {
  if (role === "server") serve();
  else if (role === "rests") rest();
  else if (role === "pulses") pulse(rounds);
  else if (role === "waits") wait(outages);
  else send(rounds, role === "sends covered");
}
