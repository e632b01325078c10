/**
 * Steps on transfer slots that both halves of a message share.
 *
 * Writes SLOT_STATE (by compare-exchange) and SLOT_WRITTEN of the own slot.
 */
import { entryIn } from "../../arena/address.js";
import { cas } from "../../arena/atomic.js";
import { chidOf } from "../channel/channel.js";
import { coidOf, scoidOf } from "../connection/connection.js";
import { ESRCH, ETIMEDOUT, LOST } from "../errno.js";
import * as L from "../../arena/layout.js";
import { _NTO_MI_UNBLOCK_REQ, type MessageInfo } from "../../arena/records.js";
import { pidAt, priorityOf } from "../task/task.js";

const LOST_ESRCH = -(LOST + ESRCH);

/**
 * Takes the message back when it is still in exactly this state; false when somebody was faster.
 */
export function takeBack(state: number): boolean {
  const idle = (state & ~L.SLOT_STATE_MASK) | L.SLOT_IDLE;
  if (cas($own, L.SLOT_STATE, state, idle) !== state) return false;
  // What the server has written so far is no reply.
  $own[L.SLOT_WRITTEN] = 0;
  $own[L.TASK_SINCE] = 0;
  return true;
}

/**
 * SLOT_FIRST of the next transmission of a message that was just lost, and that a server may have
 * seen; `first` is that of this one.
 */
export function nextFirst(first: number): number {
  if (first === 0) {
    const low = $own[L.SLOT_STATE] >>> L.SLOT_STATE_BITS;
    return (low << L.SLOT_FIRST_BITS) | 1;
  }
  return (first & L.SLOT_FIRST_MASK) === L.SLOT_FIRST_MASK ? first : first + 1;
}

/** What a message that has ended returns to its sender. */
export function endStatus(state: number): number {
  const kind = state & L.SLOT_STATE_MASK;
  if (kind === L.SLOT_DONE) return $own[L.SLOT_STATUS];
  $own[L.SLOT_WRITTEN] = 0;
  return kind === L.SLOT_GONE ? LOST_ESRCH : -ETIMEDOUT;
}

/**
 * Fills MsgInfo from the slot of a client of this own channel: `sent` bytes, of which `count` were
 * received. Whatever the client has written there, each field is a number of its kind.
 */
export function fillInfo(
  info: MessageInfo,
  task: number,
  channel: number,
  sent: number,
  count: number,
): void {
  const entry = entryIn($words[task + L.SLOT_CONNECTION]);
  const flags = $words[task + L.SLOT_FLAGS] & L.SLOT_FLAG_UNBLOCK;
  info.nd = 0;
  info.srcnd = 0;
  info.pid = pidAt(task);
  info.tid = 1;
  info.chid = chidOf(channel, $words[channel + L.CHANNEL_LIFE]);
  info.scoid = scoidOf(entry === 0 ? 0 : $words[entry + L.CONNECTION_ROOT]);
  info.coid = entry === 0 ? -1 : coidOf(entry);
  info.msglen = count;
  info.srcmsglen = sent;
  info.dstmsglen = $words[task + L.SLOT_ROOM] >>> 0;
  info.priority = priorityOf(task);
  info.flags = flags !== 0 ? _NTO_MI_UNBLOCK_REQ : 0;
  const first = $words[task + L.SLOT_FIRST];
  let low = $words[task + L.SLOT_STATE] >>> L.SLOT_STATE_BITS;
  let high = $words[task + L.SLOT_SEQ_HIGH] & L.SEQ_HIGH_MASK;
  if (first !== 0) {
    const firstLow = first >>> L.SLOT_FIRST_BITS;
    if (firstLow > low) high = (high - 1) & L.SEQ_HIGH_MASK;
    low = firstLow;
  }
  info.number = high * L.SEQ_LOW_RANGE + low;
  info.attempt = (first & L.SLOT_FIRST_MASK) + 1;
}
