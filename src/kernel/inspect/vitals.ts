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
import { pidAt } from "../task/task.js";

/** In Vitals.recovery: recoveries so far, above RECOVERING_MASK. */
const RECOVERIES_SHIFT = 13;
/** In TASK_STAGE: some connection is being recovered. */
const RECOVERING = L.RECOVERING_MASK << L.RECOVERING_SHIFT;

/** The last of the states in which a message is outstanding, from the first on. */
const WAITING_LAST = L.SLOT_CLAIMED - L.SLOT_SEND;

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

/**
 * Looks at the task with this pid. False, and nothing is filled, when it is not alive. Most tasks
 * wait for nobody, and main looks at all of them: that is the short way.
 */
export function lookAt(pid: number, into: Vitals): boolean {
  const index = pid & L.PID_INDEX_MASK;
  const task = L.TASKS_AT + (index << L.TASK_SHIFT);
  const alive = ((pid >>> L.PID_INDEX_BITS) << L.LIFE_BITS) | L.LIFE_ALIVE;
  const words = $words;
  if (index >= words[L.HEAD_PLACES] || load(words, task + L.TASK_LIFE) !== alive) return false;
  const slot = load(words, task + L.SLOT_STATE);
  const kind = slot & L.SLOT_STATE_MASK;
  const received = words[task + L.TASK_RECEIVED];
  into.received = received;
  into.message = slot >>> L.SLOT_STATE_BITS;
  into.passes = (into.message + received + words[task + L.TASK_SLEEPS]) | 0;
  // After the passes: who enters its event loop now is seen there, or passes once more.
  const stage = load(words, task + L.TASK_STAGE);
  const recovering = (stage >>> L.RECOVERING_SHIFT) & L.RECOVERING_MASK;
  into.beats = stage >>> L.BEATS_SHIFT;
  into.isInLoop = (stage & L.STAGE_LOOP) !== 0;
  into.isNudged = (stage & L.STAGE_NUDGED) !== 0;
  const before = words[task + L.TASK_RECOVERIES] << RECOVERIES_SHIFT;
  into.recovery = recovering === 0 ? 0 : recovering | before;
  into.isReceived = kind !== L.SLOT_SEND;
  into.waitsFor = 0;
  into.isLimited = false;
  if (kind === L.SLOT_IDLE || kind >= L.SLOT_DONE) return true;
  const channel = channelIn(words[task + L.SLOT_CHANNEL]);
  if (channel !== 0) into.waitsFor = pidAt(serverOf(channel));
  into.isLimited = isLimited(kind, words[task + L.SLOT_FLAGS]);
  return true;
}

/**
 * Is there nothing to see: no task waits for an answer, or recovers? What a task without a VM has
 * left in its place counts too.
 */
export function isCalm(): boolean {
  const words = $words;
  const end = L.TASKS_AT + (words[L.HEAD_PLACES] << L.TASK_SHIFT);
  for (let task = L.TASKS_AT; task < end; task += L.TASK_WORDS) {
    // SEND, REPLY and CLAIMED are 1, 2 and 3.
    if (((words[task + L.SLOT_STATE] - L.SLOT_SEND) & L.SLOT_STATE_MASK) <= WAITING_LAST)
      return false;
    if ((words[task + L.TASK_STAGE] & RECOVERING) !== 0) return false;
  }
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
