/**
 * Acts with shared buffers: their views are memory of the arena and cannot travel to the suite.
 */
import { type Iov, MsgRead, MsgReceive, MsgReply, MsgSend, MsgSendv, sharedView } from "reattach";

const whole: Uint8Array = new Uint8Array(0);

function view(index: number): Uint8Array {
  return sharedView(index) ?? whole;
}

export const sharedActs = {
  /** Length of a view; -1 when there is none. The view is always the same array. */
  viewLength(index: number): number {
    const array = sharedView(index);
    if (array !== sharedView(index)) return -2;
    return array === null ? -1 : array.length;
  },

  /** Fills a view with one byte. */
  fillShared(index: number, byte: number): number {
    view(index).fill(byte);
    return 0;
  },

  /** Writes into a view. */
  writeShared(index: number, at: number, bytes: Uint8Array): number {
    view(index).set(bytes, at);
    return 0;
  },

  /** Copies from a view. */
  readShared(index: number, at: number, into: Uint8Array): number {
    into.set(view(index).slice(at, at + into.length));
    return 0;
  },

  /** The sum of a view's first bytes. */
  sumShared(index: number, count: number): number {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += view(index)[i] as number;
    return sum;
  },

  /** Sends a view; the reply goes to another (or the same) view. */
  sendShared(coid: number, send: number, sbytes: number, reply: number, rbytes: number): number {
    return MsgSend(coid, view(send), sbytes, view(reply), rbytes);
  },

  /** Sends a view in as many parts; the reply goes to `rmsg`. */
  sendSharedv(coid: number, send: number, sbytes: number, parts: number): number {
    const iov: Iov[] = [{ base: view(send), length: sbytes }];
    if (parts === 2) iov.push({ base: new Uint8Array(1), length: 1 });
    return MsgSendv(coid, iov, parts, null, 0);
  },

  /** Sends a view and has the reply in an array. */
  sendSharedSimple(coid: number, send: number, sbytes: number, rmsg: Uint8Array): number {
    return MsgSend(coid, view(send), sbytes, rmsg, rmsg.length);
  },

  /** Sends a part of a view that is no view itself. */
  sendSubarray(coid: number, send: number, from: number, sbytes: number): number {
    return MsgSend(coid, view(send).subarray(from), sbytes, null, 0);
  },

  /** Replies with a view. */
  replyShared(rcvid: number, status: number, index: number, bytes: number): number {
    return MsgReply(rcvid, status, view(index), bytes);
  },

  /** Answers so many messages in a row with their own sum, which it reads in place. */
  serveSums(count: number, chid: number, messageBytes: number): number {
    const msg = new Uint8Array(messageBytes);
    for (let i = 0; i < count; i++) {
      const rcvid = MsgReceive(chid, null, 0, null);
      if (rcvid <= 0) return rcvid;
      const length = MsgRead(rcvid, msg, messageBytes, 0);
      let sum = 0;
      for (let at = 0; at < length; at++) sum += msg[at] as number;
      MsgReply(rcvid, sum, msg, length);
    }
    return count;
  },
};
