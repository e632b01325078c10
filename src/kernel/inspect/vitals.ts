/**
 * Signs of life: what a task shows its manager, read by the main VM and written by nobody but the
 * task. Only the heartbeat is for that purpose; the others are words that it keeps anyway.
 */
import { channelIn } from "../../arena/address.js";
import { add, load } from "../../arena/atomic.js";
import { serverOf } from "../channel/channel.js";
import * as L from "../../arena/layout.js";
import { requireAttached } from "../../arena/vm.js";
import { aliveTask, pidAt } from "../task/task.js";

/** A look at one task. Made once and filled again and again. */
export interface Vitals {
  /** Heartbeats so far; may start again at 0. */
  beats: number;
  /** Grows whenever the task passes through the kernel: it sent, received or went to sleep. */
  passes: number;
  /** pid of the server that its message waits for; 0 while it waits for nobody's answer. */
  waitsFor: number;
  /** Differs from message to message. */
  message: number;
}

/** A record for lookAt(). */
export function createVitals(): Vitals {
  return { beats: 0, passes: 0, waitsFor: 0, message: 0 };
}

/** Looks at the task with this pid. False, and nothing is filled, when it is not alive. */
export function lookAt(pid: number, into: Vitals): boolean {
  const task = aliveTask(pid);
  if (task === 0) return false;
  const slot = load($words, task + L.SLOT_STATE);
  const state = slot & L.SLOT_STATE_MASK;
  const isWaiting = state !== L.SLOT_IDLE && state < L.SLOT_DONE;
  into.beats = load($words, task + L.TASK_STAGE) >>> L.STAGE_BITS;
  into.passes =
    ((slot >>> L.SLOT_STATE_BITS) + $words[task + L.TASK_RECEIVED] + $words[task + L.TASK_SLEEPS]) |
    0;
  const channel = isWaiting ? channelIn($words[task + L.SLOT_CHANNEL]) : 0;
  into.waitsFor = channel !== 0 ? pidAt(serverOf(channel)) : 0;
  into.message = slot >>> L.SLOT_STATE_BITS;
  return true;
}

/** Raises the own heartbeat. */
export function beat(): void {
  requireAttached();
  add($own, L.TASK_STAGE, 1 << L.STAGE_BITS);
}
