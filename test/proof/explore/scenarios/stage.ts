/**
 * The stage of a scenario: a small arena, its main VM and its tasks, and what is common to all.
 */
import type { HostPort } from "../../../../src/host.js";
import { attachArena } from "../../../../src/arena/arena.js";
import { DEFAULT_LIMITS, type Limits } from "../../../../src/arena/limits.js";
import { ConnectAttach, ConnectDetach } from "../../../../src/kernel/connection/connect-attach.js";
import { ChannelCreate } from "../../../../src/kernel/channel/channel.js";
import { coidAt } from "../../../../src/kernel/connection/connection.js";
import { reportDeath } from "../../../../src/kernel/death/death.js";
import { MsgReceive } from "../../../../src/kernel/message/receive.js";
import { MsgReply } from "../../../../src/kernel/message/reply.js";
import * as L from "../../../../src/arena/layout.js";
import {
  _PULSE_CODE_DISCONNECT,
  PULSE_BYTES,
  readPulse,
} from "../../../../src/kernel/pulse/pulse.js";
import { createPulse } from "../../../../src/arena/records.js";
import { createVm, use, type Vm } from "../../../../src/arena/vm.js";
import { claimTask, MAIN_PID } from "../../../../src/kernel/task/task.js";
import { _NTO_TIMEOUT_RECEIVE, TimerTimeout } from "../../../../src/kernel/time/timeout.js";
import { viewUsage } from "../../../../src/kernel/inspect/usage.js";
import { createArena } from "../../../../src/kernel/task/boot.js";

/** Few of everything: a search is as long as the tables that a death goes through. */
const LIMITS: Limits = {
  ...DEFAULT_LIMITS,
  tasks: 3,
  channels: 2,
  connections: 3,
  names: 2,
  messageBytes: 8,
  pulses: 2,
  trace: 1,
  stableBytes: 8,
};

/** Bytes of every message here: two words, so that it can be torn. */
export const BYTES = 8;
const WORD_BYTES = 4;
/** Room for a pulse too. */
export const PULSE_ROOM = PULSE_BYTES;

let stage: Vm;
/** Arenas as they were when they were new: each run begins with one, and a search has many. */
const pristine = new Map<string, { readonly words: Int32Array; readonly copy: Int32Array }>();
/** Whoever was started, with the number of its incarnations. */
let pids: number[] = [];

function createPort(mayBlock: boolean): HostPort {
  return {
    mayBlock,
    spinMax: 0,
    sliceMin_ms: 10,
    // The machine has the clock and the copy: it never comes here.
    now: () => 0,
    copy: () => undefined,
    log: () => undefined,
    manager: null,
  };
}

/** A new arena: its main VM. */
export function open(limits: Partial<Limits> = {}): Vm {
  pids = [];
  const key = JSON.stringify(limits);
  const known = pristine.get(key);
  if (known === undefined) {
    stage = createArena({ ...LIMITS, ...limits }, createPort(false));
    pristine.set(key, { words: stage.words, copy: stage.words.slice() });
  } else {
    known.words.set(known.copy);
    stage = createVm(known.words, createPort(false), MAIN_PID);
    use(stage);
  }
  return stage;
}

/** A new incarnation of the task in a place: its pid. Called by the main VM. */
export function claim(index: number): number {
  const pid = claimTask(index, 10);
  expect(pid > 0, `claimTask(${index}) returned ${pid}`);
  pids.push(pid);
  return pid;
}

/** The same where the place may not be free yet: -EAGAIN. */
export function tryClaim(index: number): number {
  const pid = claimTask(index, 10);
  if (pid > 0) pids.push(pid);
  return pid;
}

/** True when whoever had the place last has left nothing behind. */
export function isPlaceFree(index: number): boolean {
  const life = stage.words[L.TASKS_AT + (index << L.TASK_SHIFT) + L.TASK_LIFE]!;
  return (life & L.LIFE_MASK) === L.LIFE_FREE;
}

/** The VM of a task that has been claimed. */
export function attach(pid: number): Vm {
  return attachArena(stage.words.buffer as SharedArrayBuffer, createPort(true), pid);
}

/** A task that is there from the beginning. */
export function start(index: number): Vm {
  use(stage);
  return attach(claim(index));
}

/** Acts as a VM, while the stage is set up. */
export function as<Result>(vm: Vm, act: () => Result): Result {
  use(vm);
  return act();
}

/** A channel of `server` and a connection to it. */
export function connect(server: Vm, client: Vm, flags = 0): { chid: number; coid: number } {
  const chid = as(server, () => ChannelCreate(flags));
  return { chid, coid: as(client, () => ConnectAttach(0, server.pid, chid, 0, 0)) };
}

/** Another connection to a channel. */
export function connectTo(chid: number, server: Vm, client: Vm): number {
  return as(client, () => ConnectAttach(0, server.pid, chid, 0, 0));
}

/** Two words that belong together: what half of one and half of another would not be. */
export function message(number: number): Uint8Array {
  return new Uint8Array(new Int32Array([number, ~number]).buffer);
}

/** The number in a message; NaN for one that is torn. */
export function numberIn(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, BYTES);
  const number = view.getInt32(0, true);
  return number === ~view.getInt32(WORD_BYTES, true) ? number : NaN;
}

/** Half of one message and half of another: no server may ever see that. */
export const isTorn = (number: number): boolean => Number.isNaN(number);

/** What a server answers. */
export const answerTo = (number: number): number => number + 1_000;

/** Receives once, in vain: only the next receives on this channel go the fast way. */
export function warmUp(chid: number): void {
  TimerTimeout(_NTO_TIMEOUT_RECEIVE, 0);
  MsgReceive(chid, new Uint8Array(BYTES), BYTES, null);
}

/** Receives `count` messages or pulses and answers each message; what came, as numbers. */
export function serve(chid: number, count: number): number[] {
  const came: number[] = [];
  const bytes = new Uint8Array(PULSE_ROOM);
  for (let i = 0; i < count; i++) {
    const rcvid = MsgReceive(chid, bytes, PULSE_ROOM, null);
    if (rcvid <= 0) {
      came.push(rcvid);
      continue;
    }
    const number = numberIn(bytes.slice(0, BYTES));
    came.push(number);
    MsgReply(rcvid, 0, message(answerTo(number)), BYTES);
  }
  return came;
}

/** Receives `count` pulses: their values; a disconnect pulse as its scoid, below 0. */
export function takePulses(chid: number, count: number): number[] {
  const bytes = new Uint8Array(PULSE_ROOM);
  const pulse = createPulse();
  const came: number[] = [];
  while (came.length < count) {
    if (MsgReceive(chid, bytes, PULSE_ROOM, null) !== 0) continue;
    readPulse(bytes, pulse);
    came.push(pulse.code === _PULSE_CODE_DISCONNECT ? -pulse.scoid : pulse.value);
  }
  return came;
}

export function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** `status` is one of these. */
export function expectOneOf(status: number, allowed: readonly number[], what: string): void {
  expect(allowed.includes(status), `${what}: found ${status}, allowed ${allowed.join(", ")}`);
}

/** A send that came back with 0 has the answer to its own message. */
export function expectAnswer(status: number, reply: Uint8Array, number: number): void {
  if (status !== 0) return;
  const found = numberIn(reply);
  expect(found === answerTo(number), `answer to ${number}: found ${found}`);
}

/** Reports the end of every task, and looks whether anything is left behind. */
export function strike(): void {
  use(stage);
  for (let place = 0; place < stage.coids.length; place++) {
    if (stage.coids[place] !== 0) ConnectDetach(coidAt(place));
  }
  for (const pid of pids) reportDeath(pid);
  const { channels, connections, names, pulses, sharedBuffers } = viewUsage();
  expect(channels.used === 0, `${channels.used} channels are left`);
  expect(connections.used === 0, `${connections.used} connections are left`);
  expect(names.used === 0, `${names.used} names are left`);
  expect(pulses.used === 0, `${pulses.used} pulse cells are left`);
  expect(sharedBuffers.used === 0, `${sharedBuffers.used} shared buffers are left`);
  for (let index = 1; index <= LIMITS.tasks; index++) {
    expect(isPlaceFree(index), `place ${index} is not free`);
  }
}
