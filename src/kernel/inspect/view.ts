/**
 * What is going on, read from the arena by a watcher: who waits on whom, and since when.
 *
 * Everything is derived from words that the tasks keep anyway, so being watched costs them nothing;
 * each row is a moment's look and rows need not belong to the same moment.
 */
import { channelAt, channelIn, entryAt } from "../../arena/address.js";
import { serverOf } from "../channel/channel.js";
import * as L from "../../arena/layout.js";
import { sentBy } from "../message/rcvid.js";
import { pidAt } from "../task/task.js";
import { timeSince } from "../../arena/clock.js";
import { nameLost, nameOf, namesOf } from "./names.js";

/** A task's state, with QNX's names. */
export type TaskState =
  /** In its own code: it works, or it loops. */
  | "RUNNING"
  /** Its main() has returned, or awaits: in its event loop. */
  | "IDLE"
  /** In delay(). */
  | "NANOSLEEP"
  /** In a recovery function, as a server of its is gone. */
  | "RECOVERING"
  /** Its message has not been received. */
  | "SEND"
  /** Its message has not been answered. */
  | "REPLY"
  /** Waits for a message. */
  | "RECEIVE"
  /** It was made to hang, and does so from its next pass through the kernel on. */
  | "HUNG"
  /** A debugger holds it. */
  | "PAUSED"
  /** Its thread is starting: the program is being loaded. */
  | "STARTING"
  /** Dead, and to be started again. */
  | "DEAD"
  /** Dead, and not to be started again until somebody releases it. */
  | "HELD"
  /** It was to be ended, and its thread cannot be: it does not come back from native code. */
  | "STUCK"
  /** Ended, or stopped on purpose. */
  | "STOPPED";

/** Whom a task waits for. */
export interface WaitsFor {
  /** pid of the server, and its name when it has registered one. */
  readonly pid: number;
  readonly name: string;
  /** For how long already, in milliseconds; 0 for less than one slice of sleep (up to 100 ms). */
  readonly ms: number;
}

/** Counts since the start of the incarnation; each begins again at 0 after 2^32, `sent` later. */
export interface TaskCounters {
  /** Messages sent. */
  readonly sent: number;
  /** Messages and pulses received. */
  readonly received: number;
  /** Times it went to sleep. */
  readonly sleeps: number;
  /** Lost wake-ups: a waker found nobody and gave up, and only the backstop ended the sleep. */
  readonly saves: number;
  /** Notifies that were repeated to wake it. */
  readonly renotifies: number;
  /** Connections it recovered. */
  readonly recoveries: number;
}

/** One place of the arena, looked at. */
export interface PlaceView {
  readonly pid: number;
  readonly generation: number;
  readonly isAlive: boolean;
  readonly state: TaskState;
  readonly waitsFor: WaitsFor | null;
  /** The service whose loss it recovers from, "" when that is not known; null while it does not. */
  readonly recovers: string | null;
  /** The names that it has registered. */
  readonly services: readonly string[];
  /** The one it runs at: its own, or that of a client that waits for it. */
  readonly priority: number;
  /** The one it was started with. */
  readonly basePriority: number;
  /** Another one whenever the task passes through the kernel: it sent, received or slept. */
  readonly heartbeat: number;
  readonly counters: TaskCounters;
}

/** Looks at the task with this index. The system must be the one in use (vm.ts). */
export function viewPlace(index: number): PlaceView {
  const task = L.TASKS_AT + (index << L.TASK_SHIFT);
  const life = $words[task + L.TASK_LIFE];
  const isAlive = (life & L.LIFE_MASK) === L.LIFE_ALIVE;
  const pid = pidAt(task);
  const state = isAlive ? stateOf(task, pid) : "DEAD";
  const isSending = state === "SEND" || state === "REPLY";
  const counters = countersOf(task);
  return {
    pid,
    generation: life >>> L.LIFE_BITS,
    isAlive,
    state,
    waitsFor: isSending ? waitsFor(task) : null,
    recovers: isAlive ? recovers(task) : null,
    services: isAlive ? namesOf(pid) : [],
    priority: $words[task + L.TASK_PRIORITY],
    basePriority: $words[task + L.TASK_BASE_PRIORITY] & L.BASE_PRIORITY_MASK,
    heartbeat: counters.sent + counters.received + counters.sleeps,
    counters,
  };
}

function stateOf(task: number, pid: number): TaskState {
  const order = $words[task + L.TASK_POISON];
  if (order === L.POISON_HANG || order === L.POISON_HOLD) return "HUNG";
  const wait = waitIn(task);
  if (wait !== null) return wait;
  if (recoveringIn(task) !== 0) return "RECOVERING";
  for (let i = 0; i < $words[L.HEAD_CHANNELS]; i++) {
    const channel = channelAt(i);
    if ($words[channel + L.CHANNEL_OWNER] !== pid) continue;
    if ($words[channel + L.CHANNEL_WAITING] !== L.WAITING_NONE) return "RECEIVE";
  }
  // Main always says that it is asleep, so that it is notified.
  if (task === L.TASKS_AT) return "RUNNING";
  // Asleep, or between two slices of a long sleep: all other sleeps are told above.
  if ($words[task + L.TASK_SLEEP] !== 0 || $words[task + L.TASK_SINCE] !== 0) return "NANOSLEEP";
  return ($words[task + L.TASK_STAGE] & L.STAGE_LOOP) !== 0 ? "IDLE" : "RUNNING";
}

/** The wait of a task's message: not received, or not answered yet; null while it has none. */
export function waitIn(task: number): "SEND" | "REPLY" | null {
  const slot = $words[task + L.SLOT_STATE] & L.SLOT_STATE_MASK;
  if (slot === L.SLOT_SEND) return "SEND";
  return slot === L.SLOT_REPLY || slot === L.SLOT_CLAIMED ? "REPLY" : null;
}

function waitsFor(task: number): WaitsFor {
  const channel = channelIn($words[task + L.SLOT_CHANNEL]);
  const since = $words[task + L.TASK_SINCE];
  return {
    pid: channel === 0 ? 0 : pidAt(serverOf(channel)),
    name: channel === 0 ? "" : nameOf(channel),
    ms: since === 0 ? 0 : timeSince(since),
  };
}

/** The connection that a task recovers, counted from 1; 0 while it does not. */
export function recoveringIn(task: number): number {
  return ($words[task + L.TASK_STAGE] >>> L.RECOVERING_SHIFT) & L.RECOVERING_MASK;
}

/** By what the connection led to: its name has gone with its owner, but stands there still. */
function recovers(task: number): string | null {
  const recovering = recoveringIn(task);
  if (recovering === 0) return null;
  return recovering > $words[L.HEAD_CONNECTIONS] ? "" : nameLost(entryAt(recovering - 1));
}

/** What the incarnation in this place has counted, or the last that was there. */
export function countersOf(task: number): TaskCounters {
  return {
    sent: sentBy(task),
    received: $words[task + L.TASK_RECEIVED] >>> 0,
    sleeps: $words[task + L.TASK_SLEEPS] >>> 0,
    saves: $words[task + L.TASK_SAVES] >>> 0,
    renotifies: $words[task + L.TASK_RENOTIFIES] >>> 0,
    recoveries: $words[task + L.TASK_RECOVERIES] >>> 0,
  };
}
