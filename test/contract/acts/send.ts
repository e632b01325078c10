/**
 * Acts that send under a time limit: the limit runs from TimerTimeout on, so nothing may come
 * between the two.
 */
import { delay, MsgReceive, MsgSend, TimerTimeout } from "reattach";

export const sendActs = {
  /** TimerTimeout, then MsgSend. */
  sendWithin(
    states: number,
    ms: number,
    coid: number,
    smsg: Uint8Array | null,
    sbytes: number,
    rmsg: Uint8Array | null,
    rbytes: number,
  ): number {
    TimerTimeout(states, ms);
    return MsgSend(coid, smsg, sbytes, rmsg, rbytes);
  },

  /** TimerTimeout, then MsgReceive. */
  receiveWithin(states: number, ms: number, chid: number, msg: Uint8Array): number {
    TimerTimeout(states, ms);
    return MsgReceive(chid, msg, msg.length, null);
  },

  /** The result of the `count`-th of so many sends in a row, or the first that failed. */
  sendMany(count: number, coid: number, smsg: Uint8Array, rmsg: Uint8Array): number {
    let status = 0;
    for (let i = 0; i < count && status >= 0; i++) {
      status = MsgSend(coid, smsg, smsg.length, rmsg, rmsg.length);
    }
    return status;
  },

  /** delay() until the suite has seen the puppet busy and done with it. */
  pause(ms: number): number {
    return delay(ms);
  },
};
