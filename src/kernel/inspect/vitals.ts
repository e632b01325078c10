/**
 * Signs of life: what a task shows its manager, read by the main VM and written by nobody but the
 * task. Only heartbeats and answered nudges are for that purpose; the others are words that it
 * keeps anyway.
 */
import { channelIn, entryIndex } from "../../arena/address.js";
import { add, load, or } from "../../arena/atomic.js";
import * as L from "../../arena/layout.js";
import { requireAttached } from "../../arena/vm.js";
import { serverOf } from "../channel/channel.js";
import { aliveTask, pidAt } from "../task/task.js";

/** In Vitals.recovery: recoveries so far, above RECOVERING_MASK. */
const RECOVERIES_SHIFT = 13;

/** A look at one task. Made once and filled again and again. */
export interface Vitals {
  /** Heartbeats so far, modulo 2^14; may start again at 0. */
  beats: number;
  /** Grows whenever the task passes through the kernel, or comes round in its event loop. */
  passes: number;
  /** Messages and pulses received. */
  received: number;
  /** pid of the server that its message waits for; 0 while it waits for nobody's answer. */
  waitsFor: number;
  /** Differs from message to message. */
  message: number;
  /** The server has received the message. */
  isReceived: boolean;
  /** The wait ends by itself: its TimerTimeout() is still to come. */
  isLimited: boolean;
  /** Its main() has returned, or awaits. */
  isInLoop: boolean;
  /** Turns at each nudge that its event loop has answered. */
  isNudged: boolean;
  /** Not 0 while it recovers a connection: stands for which one, and how many came before. */
  recovery: number;
}

/** A record for lookAt(). */
export function createVitals(): Vitals {
  return {
    beats: 0,
    passes: 0,
    received: 0,
    waitsFor: 0,
    message: 0,
    isReceived: false,
    isLimited: false,
    isInLoop: false,
    isNudged: false,
    recovery: 0,
  };
}

/** Looks at the task with this pid. False, and nothing is filled, when it is not alive. */
export function lookAt(pid: number, into: Vitals): boolean {
  const task = aliveTask(pid);
  if (task === 0) return false;
  const slot = load($words, task + L.SLOT_STATE);
  const kind = slot & L.SLOT_STATE_MASK;
  const isWaiting = kind !== L.SLOT_IDLE && kind < L.SLOT_DONE;
  into.received = $words[task + L.TASK_RECEIVED];
  into.passes = ((slot >>> L.SLOT_STATE_BITS) + into.received + $words[task + L.TASK_SLEEPS]) | 0;
  // After the passes: who enters its event loop now is seen there, or passes once more.
  const stage = load($words, task + L.TASK_STAGE);
  const recovering = (stage >>> L.RECOVERING_SHIFT) & L.RECOVERING_MASK;
  into.beats = stage >>> L.BEATS_SHIFT;
  const channel = isWaiting ? channelIn($words[task + L.SLOT_CHANNEL]) : 0;
  into.waitsFor = channel !== 0 ? pidAt(serverOf(channel)) : 0;
  into.message = slot >>> L.SLOT_STATE_BITS;
  into.isReceived = kind !== L.SLOT_SEND;
  into.isLimited = isLimited(kind, $words[task + L.SLOT_FLAGS]);
  into.isInLoop = (stage & L.STAGE_LOOP) !== 0;
  into.isNudged = (stage & L.STAGE_NUDGED) !== 0;
  const before = $words[task + L.TASK_RECOVERIES] << RECOVERIES_SHIFT;
  into.recovery = recovering === 0 ? 0 : recovering | before;
  return true;
}

/** A SEND limit ends the wait for a server to come, a REPLY limit that for its answer. */
function isLimited(kind: number, flags: number): boolean {
  if (kind === L.SLOT_SEND) return (flags & L.SLOT_FLAG_SEND_TIMED) !== 0;
  // Over, and the server has been asked to let it go: that may never come.
  return (flags & L.SLOT_FLAG_TIMED) !== 0 && (flags & L.SLOT_FLAG_UNBLOCK) === 0;
}

/** Raises the own heartbeat. */
export function beat(): void {
  requireAttached();
  add($own, L.TASK_STAGE, 1 << L.BEATS_SHIFT);
}

/**
 * The own main() has returned, or awaits: the VM is in its event loop. A pass, so that the task
 * lives until it is nudged: said after the stage, as lookAt() counts passes before it reads that.
 */
export function enterLoop(): void {
  or($own, L.TASK_STAGE, L.STAGE_LOOP);
  $own[L.TASK_SLEEPS]++;
}

/** The own event loop has come round: the answer to a nudge. Only this VM writes the word. */
export function answerNudge(): void {
  $own[L.TASK_SLEEPS]++;
  $own[L.TASK_STAGE] ^= L.STAGE_NUDGED;
}

/**
 * Shows which connection this VM recovers, by its entry's address, 0 for one that is detached.
 * Returns what was shown before: to be shown again when the recovery has ended.
 */
export function beginRecovering(entry: number): number {
  const shown = entry === 0 ? L.RECOVERING_NONE : entryIndex(entry) + 1;
  return showRecovering(shown);
}

/** Shows a RECOVERING_ value; returns the one before. */
export function showRecovering(value: number): number {
  const stage = $own[L.TASK_STAGE];
  const bits = L.RECOVERING_MASK << L.RECOVERING_SHIFT;
  $own[L.TASK_STAGE] = (stage & ~bits) | (value << L.RECOVERING_SHIFT);
  return (stage >>> L.RECOVERING_SHIFT) & L.RECOVERING_MASK;
}
