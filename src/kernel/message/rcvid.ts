/**
 * rcvids: how a server names a message it holds. Task index and the 44-bit sequence of the message,
 * so a stale rcvid never hits a newer message of the same client (in QNX it can).
 */
import { isInteger } from "../argument.js";
import { channelIn, taskIndex } from "../../arena/address.js";
import { load } from "../../arena/atomic.js";
import * as L from "../../arena/layout.js";
import { aliveTask, firstHighOf } from "../task/task.js";

/** Sequences there are: 2^44. */
const SEQUENCE_RANGE = (L.SEQ_HIGH_MASK + 1) * L.SEQ_LOW_RANGE;
const HIGH_RANGE = L.SEQ_LOW_RANGE * L.RCVID_INDEX_RANGE;

/** The rcvid of the message that a task's slot holds in this state. */
export function rcvidOf(task: number, state: number): number {
  const low = state >>> L.SLOT_STATE_BITS;
  const high = $words[task + L.SLOT_SEQ_HIGH] & L.SEQ_HIGH_MASK;
  return high * HIGH_RANGE + low * L.RCVID_INDEX_RANGE + taskIndex(task);
}

/** SLOT_STATE of a message with this rcvid while its client is REPLY-blocked. */
export function replyState(rcvid: number): number {
  const low = (rcvid / L.RCVID_INDEX_RANGE) & L.SEQ_LOW_MASK;
  return (low << L.SLOT_STATE_BITS) | L.SLOT_REPLY;
}

/**
 * Address of the client whose message this is, if it is REPLY-blocked on a channel of the calling
 * task; else 0: answered, given up, dead, another server's, or never an rcvid.
 */
export function receivedFrom(rcvid: number): number {
  if (!isInteger(rcvid)) return 0;
  const index = rcvid & L.PID_INDEX_MASK;
  if (index >= $words[L.HEAD_PLACES]) return 0;
  const task = L.TASKS_AT + (index << L.TASK_SHIFT);
  // A plain look; what is done about it is decided by a compare-exchange, or by a second look.
  if ($words[task + L.SLOT_STATE] !== replyState(rcvid)) return 0;
  if ($words[task + L.SLOT_SEQ_HIGH] !== ((rcvid / HIGH_RANGE) | 0)) return 0;
  const channel = channelIn($words[task + L.SLOT_CHANNEL]);
  return channel !== 0 && $words[channel + L.CHANNEL_OWNER] === $vm.pid ? task : 0;
}

/**
 * pid of the client that sent the message with this rcvid, whether or not it still waits; 0 when
 * that incarnation of the client is gone. For events that are delivered after the reply.
 */
export function senderOf(rcvid: number): number {
  if (!isInteger(rcvid)) return 0;
  const index = rcvid & L.PID_INDEX_MASK;
  if (index >= $words[L.HEAD_PLACES]) return 0;
  const task = L.TASKS_AT + (index << L.TASK_SHIFT);
  const number = distance(firstSequenceOf(task), Math.floor(rcvid / L.RCVID_INDEX_RANGE));
  if (!(number > 0 && number <= sentBy(task))) return 0;
  const client = (($words[task + L.TASK_LIFE] >>> L.LIFE_BITS) << L.PID_INDEX_BITS) | index;
  return aliveTask(client) === 0 ? 0 : client;
}

/** How many messages this incarnation of a task has sent. */
export function sentBy(task: number): number {
  const high = $words[task + L.SLOT_SEQ_HIGH] & L.SEQ_HIGH_MASK;
  const low = load($words, task + L.SLOT_STATE) >>> L.SLOT_STATE_BITS;
  return distance(firstSequenceOf(task), high * L.SEQ_LOW_RANGE + low);
}

function firstSequenceOf(task: number): number {
  return firstHighOf(task) * L.SEQ_LOW_RANGE + $words[task + L.TASK_FIRST_SEQ];
}

/** From one sequence to a later one, also over the wrap. */
function distance(from: number, to: number): number {
  return to >= from ? to - from : to - from + SEQUENCE_RANGE;
}
