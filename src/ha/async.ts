/**
 * sendAsync: MsgSend for the main VM, which may not wait. The same slot, errors and recovery.
 */
import {
  emptyOutbox,
  fillOutbox,
  isOutboxLate,
  pollTransfer,
  startTransfer,
} from "../kernel/async.js";
import { EAGAIN, ETIMEDOUT } from "../kernel/errno.js";
import { LOST } from "../kernel/lost.js";
import { runRecovery } from "./recover.js";

/**
 * MsgSend that does not block, for the main VM: `done(status)` is called later, from the host's
 * timer or doorbell, with what MsgSend would return. The buffers belong to the call until then; one
 * send can be under way. TimerTimeout limits it.
 *
 * On an HA-aware connection a recovery function may return -EAGAIN: its server is not back yet,
 * call me again. (It cannot wait here; anything else but the coid ends the send.)
 *
 * Returns 0 when `done` will be called, else an error as MsgSend, or -EBUSY (one is under way), or
 * -ENOSYS (not on the main VM), and `done` will not be called.
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
  const status = startTransfer();
  if (status === 0) return 0;
  if (status < -LOST && $vm.recoveries?.has(coid) === true) {
    // Recovery runs from pollSend: no callback inside the call that started it.
    $vm.outbox.lost = status;
    return 0;
  }
  $vm.outbox.done = null;
  return status < -LOST ? status + LOST : status;
}

/** Moves the send under way on, and calls its `done` when it has ended. Hosts call this. */
export function pollSend(): void {
  if ($vm.outbox.done === null) return;
  const status = $vm.outbox.lost !== 0 ? $vm.outbox.lost : pollTransfer();
  if (status === null) return;
  if (status > -LOST) emptyOutbox(status);
  else recoverOutbox(status);
}

function recoverOutbox(lost: number): void {
  const recovery = $vm.recoveries?.get($vm.outbox.coid);
  if (recovery === undefined) return emptyOutbox(lost + LOST);
  const result = runRecovery(recovery, $vm.outbox.coid);
  if (result === $vm.outbox.coid) {
    const status = startTransfer();
    $vm.outbox.lost = status < -LOST ? status : 0;
    if (status > -LOST && status !== 0) emptyOutbox(status);
  } else if (result === -EAGAIN) {
    $vm.outbox.lost = lost;
    if (isOutboxLate()) emptyOutbox(-ETIMEDOUT);
  } else {
    emptyOutbox(lost + LOST);
  }
}
