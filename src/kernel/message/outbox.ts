/**
 * Sending from the main VM, which may not wait: the message is published like any other, and the
 * host's timer or doorbell looks for its end. One message at a time, as everywhere.
 */
import { load } from "../../arena/atomic.js";
import { entryOf } from "../connection/connection.js";
import { bufferError } from "./copy.js";
import { EBADF, EBUSY, EINVAL, ENOSYS, ERESTART, ESRCH, ETIMEDOUT, LOST } from "../errno.js";
import * as L from "../../arena/layout.js";
import { giveUp, publish, refuse, stage, takeReply } from "./send.js";
import { endStatus } from "./transfer.js";
import { requireAttached } from "../../arena/vm.js";
import { disarm, SEND_STATES } from "../time/timeout.js";
import { endUnanswerable } from "../task/claim.js";
import { traceReturn } from "../trace/points.js";

/** Checks a send and puts it into the outbox. 0, or the error that the call returns at once. */
export function fillOutbox(
  coid: number,
  smsg: Uint8Array | null,
  sbytes: number,
  rmsg: Uint8Array | null,
  rbytes: number,
  done: (status: number) => void,
): number {
  requireAttached();
  if ($vm.port.mayBlock) return refuse(-ENOSYS);
  if ($vm.outbox.done !== null) return refuse(-EBUSY);
  if ($vm.outbox.isClosed) return refuse(-ESRCH);
  let error = bufferError(smsg, sbytes);
  if (error === 0) error = bufferError(rmsg, rbytes);
  if (error === 0 && typeof done !== "function") error = -EINVAL;
  if (error !== 0) return refuse(error);
  $vm.outbox.coid = coid;
  $vm.outbox.smsg = smsg;
  $vm.outbox.sbytes = sbytes;
  $vm.outbox.rmsg = rmsg;
  $vm.outbox.rbytes = rbytes;
  $vm.outbox.room = rbytes;
  $vm.outbox.states = $vm.armedStates & SEND_STATES;
  $vm.outbox.until = $vm.armedUntil;
  $vm.outbox.lostStatus = 0;
  $vm.outbox.first = 0;
  $vm.outbox.isPublished = false;
  $vm.outbox.done = done;
  disarm();
  return 0;
}

/** Transmits what is in the outbox, for the first time or again. 0, or an error. */
export function startTransfer(): number {
  const entry = entryOf($vm.outbox.coid);
  if (entry === 0) return -(LOST + EBADF);
  const error = stage($vm.outbox.smsg, $vm.outbox.sbytes);
  if (error !== 0) return error;
  const status = publish(entry, $vm.outbox.sbytes, $vm.outbox.room, $vm.outbox.rmsg, 0);
  $vm.outbox.isPublished = status === 0;
  return status;
}

/** The status of the message under way when it has ended; null while it has not. */
export function pollTransfer(): number | null {
  endUnanswerable();
  const state = load($own, L.SLOT_STATE);
  if ((state & L.SLOT_STATE_MASK) >= L.SLOT_DONE) {
    const status = endStatus(state);
    traceReturn(status);
    if (status === -ERESTART) {
      const error = startTransfer();
      return error === 0 ? null : error;
    }
    takeReply($vm.outbox.rmsg, $vm.outbox.rbytes);
    return status;
  }
  if ($vm.outbox.states !== 0 && giveUp(state, $vm.outbox.states, $vm.outbox.until))
    return -ETIMEDOUT;
  return null;
}

/** True when the time limit of the send in the outbox is over. */
export function isOutboxLate(): boolean {
  return $vm.outbox.states !== 0 && $vm.port.now() >= $vm.outbox.until;
}

/** Empties the outbox and tells the sender, who may send again at once; then those who wait. */
export function emptyOutbox(status: number): void {
  const { done } = $vm.outbox;
  $vm.outbox.done = null;
  $vm.outbox.smsg = null;
  $vm.outbox.rmsg = null;
  if (done !== null) done(status);
  $vm.outbox.queue?.next();
}
