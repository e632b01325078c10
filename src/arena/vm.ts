/**
 * What one VM knows of the arena it is attached to.
 *
 * QNX's calls are plain functions, so the kernel needs one place to find its arena. A preloaded
 * module of XS lies in flash and cannot hold what changes: the linker warns of every variable of a
 * module that is not constant. So it is four properties of the VM's global object, written by
 * use() alone; "$" says so wherever one is read. XS finds a global as fast as a variable of a
 * module, and a property of $vm with one bytecode more.
 *
 * What all VMs have in common, the limits and where everything is, lies in the arena's header, and
 * costs no VM any memory: `$words[L.HEAD_NAMES]`.
 */
import type { HostMessages, HostPort } from "../host.js";
import * as L from "./layout.js";
import { createPulse, type Pulse } from "./records.js";

declare global {
  /** The arena as words. */
  // oxlint-disable-next-line no-var
  var $words: Int32Array;
  /** The same, of this VM's own task record: `$own[L.TASK_BELL]`. */
  // oxlint-disable-next-line no-var
  var $own: Int32Array;
  /** Address of this VM's task record. */
  // oxlint-disable-next-line no-var
  var $me: number;
  /** Everything else that this VM knows. */
  // oxlint-disable-next-line no-var
  var $vm: Vm;
  /**
   * Of the tracing build alone: the ring of this VM; undefined before it is a task, and after it
   * has been one.
   */
  // oxlint-disable-next-line no-var
  var $ring: Int32Array | undefined;
  /** Its clock, where records are not written in C: microseconds, which all VMs count alike. */
  // oxlint-disable-next-line no-var
  var $clock: () => number;
}

/** What connects a VM with its arena; it never changes. */
interface Attachment {
  /** The host's own common case of messages; null where it has none. */
  readonly messages: HostMessages | null;
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly port: HostPort;
  readonly pid: number;
  /** The VM's own task record, and its address. */
  readonly own: Int32Array;
  readonly me: number;
  /** Byte offset of the own send buffer; the reply buffer follows it. */
  readonly sendAtByte: number;
  /** The own bit in the pending bitmaps, and its word, as an offset into a channel's record. */
  readonly pendingBit: number;
  readonly pendingWord: number;
  /**
   * Connection numbers -> 1 + the index of their entry, 0 for free; side channels in the second
   * half.
   */
  readonly coids: Uint16Array;
  /** Views of the shared buffers, made once. */
  readonly sharedViews: readonly Uint8Array[];
}

/** What was looked up last, so that the next call need not; each can be looked up again. */
interface Caches {
  /** The coid this VM sent on last (NaN for none) and its entry; connect-attach.ts forgets it. */
  lastCoid: number;
  lastEntry: number;
  /** The chid it received on last (NaN, which equals nothing, for none) and its channel. */
  lastChid: number;
  lastChannel: number;
  /** The life of the channel that a name led to last (name.ts). */
  foundLife: number;
  /** Names this VM has used, as words (name-text.ts); null before the first. */
  names: Map<string, Int32Array> | null;
  /** Where a reply in parts is gathered (copy.ts); null before the first. */
  scratch: Uint8Array | null;
  /** How much of which messages was received (partial.ts); null before the first. */
  parts: Float64Array | null;
  /** The pulse that was received last. */
  readonly pulse: Pulse;
}

/** How long the next blocking call may take (timeout.ts). */
interface TimeLimit {
  /** What TimerTimeout() has armed for the next call: states (0 for none), and until when. */
  armedStates: number;
  armedUntil: number;
  /** What arming starts from: 0 and never, but the limit of the call that is being recovered. */
  limitStates: number;
  limitUntil: number;
}

/** What the layers above hang on a VM; null before they have anything. Their types are theirs. */
interface Extensions {
  /** Client recovery (src/ha). */
  recovery: object | null;
  /** The connection to the manager (src/ham). */
  manager: object | null;
}

/** One VM's attachment to one arena. A host keeps it and makes it current with use(). */
export interface Vm extends Attachment, Caches, TimeLimit, Extensions {
  /** The send that does not block (outbox.ts), on the main VM. */
  readonly outbox: Outbox;
}

/** The send under way on the main VM; `done` is null when there is none. */
export interface Outbox {
  coid: number;
  smsg: Uint8Array | null;
  sbytes: number;
  rmsg: Uint8Array | null;
  rbytes: number;
  /** What the server is told of that: more, for a client whose buffer is on another board. */
  room: number;
  states: number;
  until: number;
  /**
   * EBADF or ESRCH with LOST (negative): its connection is lost, and recovery is to come, for the
   * first time or again. 0 while it is under way.
   */
  lostStatus: number;
  /** What its first transmission returned when that was lost: the original error; else 0. */
  first: number;
  /** It has been transmitted, and a server may have seen it. */
  isPublished: boolean;
  /** Nobody looks for its end any more: the board is stopped, or restarts. */
  isClosed: boolean;
  done: ((status: number) => void) | null;
  /** Who waits until it is empty: src/service/queue.ts. */
  queue: { next(): void } | null;
}

/** Of a VM that may block: it never sends this way. */
const NO_OUTBOX: Outbox = Object.freeze({
  coid: 0,
  smsg: null,
  sbytes: 0,
  rmsg: null,
  rbytes: 0,
  room: 0,
  states: 0,
  until: 0,
  lostStatus: 0,
  first: 0,
  isPublished: false,
  isClosed: false,
  done: null,
  queue: null,
});

/** Notes which channel a chid of this VM means; NaN: none any more. */
export function rememberChannel(chid: number, channel: number): void {
  $vm.lastChid = chid;
  $vm.lastChannel = channel;
}

/** Makes a VM's attachment the one that all calls work on. A task does this once. */
export function use(vm: Vm): void {
  globalThis.$words = vm.words;
  globalThis.$own = vm.own;
  globalThis.$me = vm.me;
  globalThis.$vm = vm;
}

/**
 * Throws unless this VM is attached: the code runs outside a Reattach task. Which call it was says
 * the stack: a name to hand over would be 5 bytecodes more in most calls.
 */
export function requireAttached(): void {
  if (globalThis.$vm === undefined) throw new Error("this code does not run in a Reattach task");
}

/** Byte offset of a task's send buffer; its reply buffer follows after HEAD_BUFFER_STRIDE bytes. */
export function sendBufferAt(task: number): number {
  const index = (task - L.TASKS_AT) >> L.TASK_SHIFT;
  return $words[L.HEAD_BUFFERS_AT_BYTE] + index * 2 * $words[L.HEAD_BUFFER_STRIDE];
}

/** A VM's attachment to an arena whose header has been written. */
export function createVm(words: Int32Array, port: HostPort, pid: number): Vm {
  const index = pid & L.PID_INDEX_MASK;
  const stride = words[L.HEAD_BUFFER_STRIDE];
  const me = L.TASKS_AT + (index << L.TASK_SHIFT);
  const coids = new Uint16Array(2 * words[L.HEAD_CONNECTIONS]);
  // XS looks for a property from the first one on: those of the message path come first.
  return {
    messages: port.createMessages?.(words, coids, pid) ?? null,
    bytes: new Uint8Array(words.buffer),
    port,
    coids,
    lastCoid: NaN,
    lastEntry: 0,
    sendAtByte: words[L.HEAD_BUFFERS_AT_BYTE] + index * 2 * stride,
    pid,
    pendingBit: 1 << (index & 31),
    pendingWord: L.CHANNEL_PENDING + (index >> 5),
    lastChid: NaN,
    lastChannel: 0,
    armedStates: 0,
    armedUntil: Infinity,
    limitStates: 0,
    limitUntil: Infinity,
    pulse: createPulse(),
    sharedViews: viewShared(words),
    foundLife: 0,
    names: null,
    outbox: port.mayBlock ? NO_OUTBOX : { ...NO_OUTBOX },
    words,
    own: words.subarray(me, me + L.TASK_WORDS),
    me,
    recovery: null,
    manager: null,
    scratch: null,
    parts: null,
  };
}

/** Most systems have none: then nothing is made for it. */
const NO_VIEWS: readonly Uint8Array[] = Object.freeze([]);

function viewShared(words: Int32Array): readonly Uint8Array[] {
  if (words[L.HEAD_SHARED_BUFFERS] === 0) return NO_VIEWS;
  const views: Uint8Array[] = [];
  for (let i = 0; i < words[L.HEAD_SHARED_BUFFERS]; i++) {
    const at = words[L.HEAD_SHARED_AT_BYTE] + i * words[L.HEAD_SHARED_STRIDE];
    views.push(new Uint8Array(words.buffer, at, words[L.HEAD_SHARED_BYTES]));
  }
  return views;
}
