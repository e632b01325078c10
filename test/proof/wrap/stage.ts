/**
 * The stage: a small system with a clock of its own, all in one thread. A call that would block is
 * gone on with by a hook: when it looks at the clock the other side acts.
 */
import * as L from "../../../src/arena/layout.js";
import type { Vm } from "../../../src/arena/vm.js";
import { channelAt, entryAt } from "../../../src/arena/address.js";
import { _NTO_CHF_DISCONNECT, ChannelCreate } from "../../../src/kernel/channel/channel.js";
import { ConnectAttach } from "../../../src/kernel/connection/connect-attach.js";
import { nameAt } from "../../../src/kernel/channel/name-record.js";
import { as, Bench, portOf, slotOf } from "../../unit/kernel/vms.js";

/** Places of the tasks. */
export const SERVER = 1;
export const CLIENT = 2;
/** Cells of a channel: full after so many pulses. */
export const PULSES = 3;
export const CHANNELS = 3;
const LIMITS = { tasks: 3, channels: CHANNELS, connections: 4, names: 2, pulses: PULSES, trace: 8 };

/** A clock that goes on by itself: each look at it takes so long. */
const LOOK_MS = 0.25;

export class Stage {
  readonly bench: Bench;
  readonly main: Vm;
  now_ms: number;
  server!: Vm;
  client!: Vm;
  chid = 0;
  coid = 0;

  constructor(boot_ms = 1_000) {
    this.now_ms = boot_ms;
    this.bench = new Bench(LIMITS, () => (this.now_ms += LOOK_MS));
    this.main = this.bench.main;
  }

  get words(): Int32Array {
    return this.main.words;
  }

  /** A task that may block; its slices take no time. */
  start(place: number, priority = 10): Vm {
    const vm = this.bench.start(place, priority, true);
    portOf(vm).sliceMin_ms = 0;
    return vm;
  }

  startAll(): void {
    this.server = this.start(SERVER);
    this.client = this.start(CLIENT);
  }

  connect(): void {
    this.chid = as(this.server, () => ChannelCreate(_NTO_CHF_DISCONNECT));
    this.coid = as(this.client, () => ConnectAttach(0, this.server.pid, this.chid, 0, 0));
  }

  /** A word of a task's record, or slot. */
  task(place: number, field: number): number {
    return L.TASKS_AT + (place << L.TASK_SHIFT) + field;
  }

  channel(field: number): number {
    return as(this.main, () => channelAt(0)) + field;
  }

  entry(index: number, field: number): number {
    return as(this.main, () => entryAt(index)) + field;
  }

  name(index: number, field: number): number {
    return as(this.main, () => nameAt(index)) + field;
  }

  /** Acts as the client; whenever its message waits, the server does the next of these. */
  meanwhile(act: () => number, ...answers: (() => void)[]): number | null {
    const port = portOf(this.client);
    const next = (): void => {
      port.atNow = next;
      // It may look at the clock before it has sent.
      if (slotOf(this.client) !== L.SLOT_SEND) return;
      const answer = answers.shift();
      if (answer !== undefined) as(this.server, answer);
    };
    port.atNow = next;
    try {
      return as(this.client, act);
    } catch (error) {
      if (error !== KILLED) throw error;
      return null;
    } finally {
      port.atNow = null;
    }
  }
}

/** Thrown by the other side when the client has been killed: its call does not come back. */
export const KILLED = Object.freeze({ name: "Killed" });

/** Throws unless it holds: a conversation is a program that has to come to its end. */
export function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

export function expectEqual(found: unknown, expected: unknown, what: string): void {
  expect(
    Object.is(found, expected),
    `${what}: found ${String(found)}, expected ${String(expected)}`,
  );
}
