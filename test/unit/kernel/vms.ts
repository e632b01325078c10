/**
 * Several VMs in one thread: each is an attachment to one arena, and as() makes one of them
 * current.
 *
 * They may not block, like the main VM, so a message goes by sendAsync and every receive polls: an
 * interleaving is the order of the lines. What happens INSIDE a call is reached through its port:
 * the kernel asks it for the time and has it copy bytes, and a test can let another VM act there.
 */
import { pollSend, sendAsync } from "../../../src/ha/async.js";
import type { HostPort, ManagerPort } from "../../../src/host.js";
import { attachArena } from "../../../src/arena/arena.js";
import { ChannelCreate } from "../../../src/kernel/channel/channel.js";
import { DEFAULT_LIMITS, type Limits } from "../../../src/arena/limits.js";
import { ConnectAttach } from "../../../src/kernel/connection/connect-attach.js";
import { reportDeath } from "../../../src/kernel/death/death.js";
import * as L from "../../../src/arena/layout.js";
import { MsgReceive } from "../../../src/kernel/message/receive.js";
import { use, type Vm } from "../../../src/arena/vm.js";
import { claimTask } from "../../../src/kernel/task/task.js";
import { createArena } from "../../../src/kernel/task/boot.js";

/** A port that a test can hook into. */
export interface TestPort extends HostPort {
  mayBlock: boolean;
  spinMax: number;
  sliceMin_ms: number;
  /** Called once, at the next look at the clock. */
  atNow: (() => void) | null;
  /** Called once, after the next copy: inside a claim, or between a copy and its check. */
  atCopy: (() => void) | null;
  /** Added to the clock. */
  ahead_ms: number;
  manager: ManagerPort | null;
  readonly logged: string[];
}

function isWithin(array: Uint8Array, start: number, count: number): boolean {
  return start >= 0 && count >= 0 && start + count <= array.length;
}

type Clock = () => number;
/** The computer's. */
const COMPUTER: Clock = () => performance.now();

export function createTestPort(mayBlock: boolean, clock = COMPUTER): TestPort {
  const port: TestPort = {
    mayBlock,
    spinMax: 0,
    sliceMin_ms: 2,
    atNow: null,
    atCopy: null,
    ahead_ms: 0,
    manager: null,
    logged: [],
    now() {
      const hook = port.atNow;
      port.atNow = null;
      hook?.();
      return clock() + port.ahead_ms;
    },
    copy(target, targetStart, source, sourceStart, count) {
      // A host's copy never throws. Here a range that was not checked is an error of the kernel.
      if (!isWithin(target, targetStart, count) || !isWithin(source, sourceStart, count)) {
        throw new RangeError(`copy: ${count} bytes from ${sourceStart} to ${targetStart}`);
      }
      target.set(source.subarray(sourceStart, sourceStart + count), targetStart);
      const hook = port.atCopy;
      port.atCopy = null;
      hook?.();
    },
    log: (text) => port.logged.push(text),
  };
  return port;
}

let current: Vm | null = null;

/** Acts as one of the VMs, and goes back to the one before: may be nested. */
export function as<Result>(vm: Vm, act: () => Result): Result {
  const before = current;
  current = vm;
  use(vm);
  try {
    return act();
  } finally {
    current = before;
    if (before !== null) use(before);
  }
}

/** A word of a VM's own task record, or slot. */
export function own(vm: Vm, field: number): number {
  return vm.words[vm.me + field]!;
}

/** SLOT_ state of a VM's message. */
export function slotOf(vm: Vm): number {
  return own(vm, L.SLOT_STATE) & L.SLOT_STATE_MASK;
}

/** A send that is under way, or has ended. */
export interface Posted {
  /** What sendAsync returned. */
  readonly error: number;
  /** What done was given; null while it has not been called. */
  status: number | null;
  readonly reply: Uint8Array;
}

/** An arena, its main VM and its tasks. */
export class Bench {
  readonly main: Vm;
  readonly #now: Clock;

  /** `now`: the clock of all its VMs. */
  constructor(limits: Partial<Limits> = {}, now: Clock = COMPUTER) {
    this.#now = now;
    this.main = createArena({ ...DEFAULT_LIMITS, ...limits }, createTestPort(false, now));
  }

  /** Starts a task in a place. */
  start(index: number, priority = 10, mayBlock = false): Vm {
    const pid = as(this.main, () => claimTask(index, priority));
    if (pid < 0) throw new Error(`start: claimTask returned ${pid}`);
    const port = createTestPort(mayBlock, this.#now);
    return attachArena(this.main.words.buffer as SharedArrayBuffer, port, pid);
  }

  /** Reports a task's death, as the main VM does. */
  bury(vm: Vm): void {
    as(this.main, () => reportDeath(vm.pid));
  }
}

export const portOf = (vm: Vm): TestPort => vm.port as TestPort;

/** Lets others act while a VM is in a call: one hook at each of its next looks at the clock. */
export function atNows(vm: Vm, ...hooks: (() => void)[]): void {
  const [first, ...rest] = hooks;
  portOf(vm).atNow =
    first === undefined
      ? null
      : () => {
          first();
          atNows(vm, ...rest);
        };
}

/** The server makes a channel and the client connects to it. */
export function connect(server: Vm, client: Vm, flags = 0): { chid: number; coid: number } {
  const chid = as(server, () => ChannelCreate(flags));
  return { chid, coid: as(client, () => ConnectAttach(0, server.pid, chid, 0, 0)) };
}

/** Starts a send of `bytes` with as many bytes of room for the reply. */
export function post(client: Vm, coid: number, bytes = new Uint8Array(4)): Posted {
  const reply = new Uint8Array(bytes.length);
  const posted: Posted = {
    error: as(client, () =>
      sendAsync(coid, bytes, bytes.length, reply, reply.length, (status) => {
        posted.status = status;
      }),
    ),
    status: null,
    reply,
  };
  return posted;
}

/** Lets the client see whether its send has ended. */
export function settle(client: Vm): void {
  as(client, pollSend);
}

/** Receives what is there: an rcvid, 0 or an error. */
export function take(server: Vm, chid: number, message = new Uint8Array(64)): number {
  return as(server, () => MsgReceive(chid, message, message.length, null));
}
