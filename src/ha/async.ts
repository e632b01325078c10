/**
 * sendAsync: MsgSend for the main VM, which may not wait. The same slot, errors and recovery.
 */
import {
  emptyOutbox,
  fillOutbox,
  isOutboxLate,
  pollTransfer,
  startTransfer,
} from "../kernel/message/outbox.js";
import { keepTime } from "../arena/clock.js";
import { EAGAIN, EBADF, ESRCH, ETIMEDOUT, LOST } from "../kernel/errno.js";
import * as L from "../arena/layout.js";
import { ring } from "../kernel/task/doorbell.js";
import type { Vm } from "../arena/vm.js";
import { giveUp, mayRecover, noteTransmission, retried, retry, runRecovery } from "./recover.js";
import { recoveryOf } from "./attach.js";

/**
 * MsgSend that does not block, for the main VM: `done(status)` is called later, from the host's
 * timer or doorbell, with what MsgSend would return. The buffers belong to the call until then; one
 * send can be under way. TimerTimeout limits it.
 *
 * On an HA-aware connection a recovery function may return -EAGAIN: its server is not back yet,
 * call me again. (It cannot wait here; anything else but the coid ends the send.)
 *
 * `done` is always called, also when the system is stopped or the board restarts: with -ESRCH if a
 * server may have seen the message, else with -EBADF.
 *
 * Returns 0 when `done` will be called, else an error as MsgSend, or -EBUSY (one is under way), or
 * -ENOSYS (not on the main VM), or -ESRCH (the system has been stopped), and `done` will not be
 * called.
 */
export function sendAsync(
  coid: number,
  smsg: Uint8Array | null,
  sbytes: number,
  rmsg: Uint8Array | null,
  rbytes: number,
  done: (status: number) => void,
): number {
  const error = fillOutbox(coid, smsg, sbytes, rmsg, rbytes, done);
  if (error !== 0) return error;
  // The host looks at the outbox when it looks at all.
  ring($me);
  const status = startTransfer();
  if (status === 0) return 0;
  if (status < -LOST && recoveryOf(coid) !== undefined) {
    // Recovery runs from pollSend: no callback inside the call that started it.
    $vm.outbox.lostStatus = status;
    return 0;
  }
  $vm.outbox.done = null;
  return status < -LOST ? status + LOST : status;
}

/** A send that is given up, and what its sender is told; `done` is null when there was none. */
export interface AbandonedSend {
  readonly done: ((status: number) => void) | null;
  readonly status: number;
}

/**
 * Nobody will move a send of this main VM on any more: its system stops, or its board restarts.
 * Takes the one under way out of the outbox; the caller tells its sender. Until openOutbox() there
 * are no others.
 */
export function closeOutbox({ outbox }: Vm): AbandonedSend {
  const { isPublished, lostStatus, queue } = outbox;
  const sender = outbox.done;
  // Those who wait are told too, as they try to send.
  const done = sender && ((status: number) => (sender(status), queue?.next()));
  outbox.isClosed = true;
  outbox.done = null;
  outbox.smsg = null;
  outbox.rmsg = null;
  // One whose recovery has not come to anything has its error already.
  if (lostStatus !== 0) return { done, status: lostStatus + LOST };
  return { done, status: isPublished ? -ESRCH : -EBADF };
}

/** Sends of this main VM are moved on, again or for the first time. */
export function openOutbox({ outbox }: Vm): void {
  outbox.isClosed = false;
}

/**
 * What the main VM does for its own calls at each tick: moves the send under way on, calls its
 * `done` when it has ended, and keeps the clock. Hosts call this.
 */
export function pollSend(): void {
  keepTime();
  if ($vm.outbox.done === null) return;
  const { coid } = $vm.outbox;
  let status: number | null = $vm.outbox.lostStatus;
  if (status === 0) {
    status = pollTransfer();
    if (status === null) return;
    if ($own[L.SLOT_FIRST] !== 0 || recoveryOf(coid)?.isRetrying === true) retried(coid, status);
  }
  if (status > -LOST) emptyOutbox(status);
  else recoverOutbox(coid, status);
}

function recoverOutbox(coid: number, lostStatus: number): void {
  const recovery = recoveryOf(coid);
  if ($vm.outbox.first === 0) $vm.outbox.first = lostStatus;
  const original = $vm.outbox.first + LOST;
  if (recovery === undefined) return emptyOutbox(original);
  // Also when the main VM has taken its connection away itself: the server may be working on it.
  if ($vm.outbox.isPublished) noteTransmission(recovery);
  $vm.outbox.isPublished = false;
  if (isOutboxLate()) return emptyOutbox(giveUp(recovery, -ETIMEDOUT));
  const result = mayRecover(recovery.plan) ? runRecovery(recovery, coid) : -1;
  if (result === coid) {
    retry(recovery);
    const status = startTransfer();
    $vm.outbox.lostStatus = status < -LOST ? status : 0;
    if (status === 0) return;
    retried(coid, status);
    if (status > -LOST) emptyOutbox(status);
  } else if (result === -EAGAIN) {
    // Not a try yet: it is asked again.
    recovery.plan.iterations--;
    $vm.outbox.lostStatus = lostStatus;
  } else {
    emptyOutbox(giveUp(recovery, original));
  }
}
