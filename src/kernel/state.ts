/**
 * What one VM knows of the arena it is attached to.
 *
 * QNX's calls are plain functions, so the kernel needs one place to find its arena: these module
 * variables, the only ones of the kernel. They are written by use() alone. On XS a preloaded
 * module's `let` costs four bytes of RAM a VM, and reading one is cheaper than any property.
 */
import type { HostPort } from "../host.js";
import { TASK_SHIFT } from "./layout.js";
import type { Layout } from "./regions.js";
import { createPulse, type Pulse, type Recovery } from "./records.js";

/** One VM's attachment to one arena. A host keeps it and makes it current with use(). */
export interface Vm {
  readonly words: Int32Array;
  readonly bytes: Uint8Array;
  readonly layout: Layout;
  readonly port: HostPort;
  readonly pid: number;
  /** Address of its task record. */
  readonly me: number;
  /**
   * Connection numbers -> addresses of their entries, 0 for free; side channels in the second half.
   */
  readonly coids: Int32Array;
  /** The pulse that was received last. */
  readonly pulse: Pulse;
  /** Views of the shared buffers, made once. */
  readonly sharedViews: readonly Uint8Array[];
  /** The send that does not block (async.ts), on the main VM. */
  readonly outbox: Outbox;
  /** Recovery functions by coid (src/ha). */
  readonly recoveries: Map<number, Recovery>;
}

/** The send under way on the main VM; `done` is null when there is none. */
export interface Outbox {
  coid: number;
  smsg: Uint8Array | null;
  sbytes: number;
  rmsg: Uint8Array | null;
  rbytes: number;
  states: number;
  until: number;
  /**
   * EBADF or ESRCH with LOST (negative): its connection is lost, and recovery is to come, for the
   * first time or again. 0 while it is under way.
   */
  lost: number;
  done: ((status: number) => void) | null;
}

/** The arena as words. */
export let words: Int32Array;
/** The same as bytes. */
export let bytes: Uint8Array;
export let layout: Layout;
export let port: HostPort;
/** This VM's pid; 0 before it is attached. */
export let pid = 0;
/** Address of this VM's task record; 0 before it is attached. */
export let me = 0;
export let coids: Int32Array;
export let pulse: Pulse;
export let sharedViews: readonly Uint8Array[];
export let outbox: Outbox;
export let recoveries: Map<number, Recovery>;

// Copies of layout fields that the message path reads: a variable is cheaper than a property.
export let tasksAt = 0;
export let messageBytes = 0;
let buffersAtByte = 0;
export let bufferStride = 0;
/** Byte offsets of this VM's own send and reply buffer. */
export let sendAtByte = 0;
export let replyAtByte = 0;
/** False on the main VM. */
export let mayBlock = false;

/** The chid that this VM received on last (NaN, which equals nothing, for none) and its channel. */
export let lastChid = NaN;
export let lastChannel = 0;

/** Notes which channel a chid of this VM means. */
export function rememberChannel(chid: number, channel: number): void {
  lastChid = chid;
  lastChannel = channel;
}

/** Makes a VM's attachment the one that all calls work on. A task does this once. */
export function use(vm: Vm): void {
  words = vm.words;
  bytes = vm.bytes;
  layout = vm.layout;
  port = vm.port;
  pid = vm.pid;
  me = vm.me;
  coids = vm.coids;
  pulse = vm.pulse;
  sharedViews = vm.sharedViews;
  outbox = vm.outbox;
  recoveries = vm.recoveries;
  tasksAt = layout.tasksAt;
  messageBytes = layout.limits.messageBytes;
  buffersAtByte = layout.buffersAtByte;
  bufferStride = layout.bufferStride;
  mayBlock = port.mayBlock;
  rememberChannel(NaN, 0);
  sendAtByte = sendBufferAt(me);
  replyAtByte = sendAtByte + bufferStride;
}

/** Throws unless this VM is attached: the code runs outside a Reattach task. */
export function requireAttached(call: string): void {
  if (me === 0) throw new Error(`${call}: this code does not run in a Reattach task`);
}

/** Byte offset of a task's send buffer; its reply buffer follows after bufferStride bytes. */
export function sendBufferAt(task: number): number {
  return buffersAtByte + ((task - tasksAt) >> TASK_SHIFT) * 2 * bufferStride;
}

/** A new attachment's parts that do not depend on the host. */
export function createVm(
  arena: SharedArrayBuffer,
  ofLayout: Layout,
  ofPort: HostPort,
  ofPid: number,
  address: number,
): Vm {
  const { limits, sharedAtByte, sharedStride } = ofLayout;
  const views: Uint8Array[] = [];
  for (let i = 0; i < limits.sharedBuffers; i++) {
    views.push(new Uint8Array(arena, sharedAtByte + i * sharedStride, limits.sharedBytes));
  }
  return {
    words: new Int32Array(arena),
    bytes: new Uint8Array(arena),
    layout: ofLayout,
    port: ofPort,
    pid: ofPid,
    me: address,
    coids: new Int32Array(2 * limits.connections),
    pulse: createPulse(),
    sharedViews: views,
    outbox: createOutbox(),
    recoveries: new Map(),
  };
}

function createOutbox(): Outbox {
  return {
    coid: 0,
    smsg: null,
    sbytes: 0,
    rmsg: null,
    rbytes: 0,
    states: 0,
    until: 0,
    lost: 0,
    done: null,
  };
}
