/**
 * Sending from the main VM, which may not wait: the message is published like any other, and the
 * host's timer or doorbell looks for its end. One message at a time, as everywhere.
 */
import { load } from "./atomic.js";
import { entryOf } from "./connection.js";
import { bufferError } from "./copy.js";
import { EBADF, EBUSY, ENOSYS, ERESTART, ETIMEDOUT } from "./errno.js";
import * as L from "./layout.js";
import { LOST } from "./lost.js";
import { endStatus, giveUp, publish, refuse, stage, takeReply } from "./send.js";
import { mayBlock, me, outbox, port, requireAttached, words } from "./state.js";
import { armedStates, armedUntil, disarm, SEND_STATES } from "./timeout.js";

/** Checks a send and puts it into the outbox. 0, or the error that the call returns at once. */
export function fillOutbox(
  coid: number,
  smsg: Uint8Array | null,
  sbytes: number,
  rmsg: Uint8Array | null,
  rbytes: number,
  done: (status: number) => void,
): number {
  requireAttached("sendAsync");
  if (mayBlock) return refuse(-ENOSYS);
  if (outbox.done !== null) return refuse(-EBUSY);
  let error = bufferError(smsg, sbytes);
  if (error === 0) error = bufferError(rmsg, rbytes);
  if (error !== 0) return refuse(error);
  outbox.coid = coid;
  outbox.smsg = smsg;
  outbox.sbytes = sbytes;
  outbox.rmsg = rmsg;
  outbox.rbytes = rbytes;
  outbox.states = armedStates & SEND_STATES;
  outbox.until = armedUntil;
  outbox.lost = 0;
  outbox.done = done;
  disarm();
  return 0;
}

/** Transmits what is in the outbox, for the first time or again. 0, or an error. */
export function startTransfer(): number {
  const entry = entryOf(outbox.coid);
  if (entry === 0) return -(LOST + EBADF);
  const error = stage(outbox.smsg, outbox.sbytes);
  if (error !== 0) return error;
  return publish(entry, outbox.sbytes, outbox.rbytes, outbox.rmsg, 0);
}

/** The status of the message under way when it has ended; null while it has not. */
export function pollTransfer(): number | null {
  const state = load(words, me + L.SLOT_STATE);
  if ((state & L.SLOT_STATE_MASK) >= L.SLOT_DONE) {
    const status = endStatus(state);
    if (status === -ERESTART) {
      const error = startTransfer();
      return error === 0 ? null : error;
    }
    takeReply(outbox.rmsg, outbox.rbytes);
    return status;
  }
  if (outbox.states !== 0 && giveUp(state, outbox.states, outbox.until)) return -ETIMEDOUT;
  return null;
}

/** True when the time limit of the send in the outbox is over. */
export function isOutboxLate(): boolean {
  return outbox.states !== 0 && port.now() >= outbox.until;
}

/** Empties the outbox and tells the sender, who may send again at once. */
export function emptyOutbox(status: number): void {
  const { done } = outbox;
  outbox.done = null;
  outbox.smsg = null;
  outbox.rmsg = null;
  if (done !== null) done(status);
}
