/**
 * The public MsgSend* names: the kernel's sends, and recovery when the connection is lost.
 *
 * A healthy send costs one comparison more than a plain one. The message is transmitted again,
 * whole, from the caller's own buffers, which nobody has written to: a reply is copied out only
 * when it comes.
 */
import { LOST } from "../kernel/errno.js";
import type { Iov } from "../arena/records.js";
import { sendPulse } from "../kernel/pulse/pulse.js";
import { disarm, rearm } from "../kernel/time/timeout.js";
import { send } from "../kernel/message/common-case.js";
import { sendsv, sendv, sendvs } from "../kernel/message/send.js";
import { recover, RETRANSMIT, retried } from "./recover.js";

/**
 * Sends `sbytes` of `smsg` to the server behind `coid` and waits for its reply, of which up to
 * `rbytes` go to `rmsg`. Blocks: SEND-blocked until the server receives, then REPLY-blocked until
 * it answers; TimerTimeout limits either.
 *
 * Returns the status given to MsgReply (0 or more), or -EBADF (no such connection, or its channel
 * is gone), -ESRCH (the server died while the message waited), -EFAULT, -EINVAL, -EOVERFLOW (a
 * buffer is not a Uint8Array or null, or shorter than its length), -EMSGSIZE (longer than the
 * system's messageBytes and not a shared buffer), -ETIMEDOUT (TimerTimeout), -EDEADLK (the own
 * channel, or the main VM: see sendAsync), or what the server gave to MsgError.
 */
export function MsgSend(
  coid: number,
  smsg: Uint8Array | null,
  sbytes: number,
  rmsg: Uint8Array | null,
  rbytes: number,
): number {
  let status = send(coid, smsg, sbytes, rmsg, rbytes);
  if (status >= -LOST) return status;
  const first = status;
  do {
    const outcome = recover(coid, status, first);
    if (outcome !== RETRANSMIT) return outcome;
    status = retried(coid, send(coid, smsg, sbytes, rmsg, rbytes));
  } while (status < -LOST);
  return status;
}

/** MsgSend with a scattered message and a scattered reply: arrays of createIov(). */
export function MsgSendv(
  coid: number,
  siov: readonly Iov[] | null,
  sparts: number,
  riov: readonly Iov[] | null,
  rparts: number,
): number {
  let status = sendv(coid, siov, sparts, riov, rparts);
  if (status >= -LOST) return status;
  const first = status;
  do {
    const outcome = recover(coid, status, first);
    if (outcome !== RETRANSMIT) return outcome;
    status = retried(coid, sendv(coid, siov, sparts, riov, rparts));
  } while (status < -LOST);
  return status;
}

/** MsgSend with a simple message and a scattered reply. */
export function MsgSendsv(
  coid: number,
  smsg: Uint8Array | null,
  sbytes: number,
  riov: readonly Iov[] | null,
  rparts: number,
): number {
  let status = sendsv(coid, smsg, sbytes, riov, rparts);
  if (status >= -LOST) return status;
  const first = status;
  do {
    const outcome = recover(coid, status, first);
    if (outcome !== RETRANSMIT) return outcome;
    status = retried(coid, sendsv(coid, smsg, sbytes, riov, rparts));
  } while (status < -LOST);
  return status;
}

/** MsgSend with a scattered message and a simple reply. */
export function MsgSendvs(
  coid: number,
  siov: readonly Iov[] | null,
  sparts: number,
  rmsg: Uint8Array | null,
  rbytes: number,
): number {
  let status = sendvs(coid, siov, sparts, rmsg, rbytes);
  if (status >= -LOST) return status;
  const first = status;
  do {
    const outcome = recover(coid, status, first);
    if (outcome !== RETRANSMIT) return outcome;
    status = retried(coid, sendvs(coid, siov, sparts, rmsg, rbytes));
  } while (status < -LOST);
  return status;
}

/** MsgSend; in QNX not a cancellation point. Nothing is cancelled here, so the two are one. */
export const MsgSendnc = MsgSend;
/** MsgSendv; see MsgSendnc. */
export const MsgSendvnc = MsgSendv;
/** MsgSendsv; see MsgSendnc. */
export const MsgSendsvnc = MsgSendsv;
/** MsgSendvs; see MsgSendnc. */
export const MsgSendvsnc = MsgSendvs;

/**
 * Sends a pulse: a code from 0 to 127 and a signed 32-bit value, with a priority from 1 to 63 (-1 =
 * the task's own; 0 is changed to 1). Never blocks. Returns 0, or -EBADF (no such connection, or
 * its channel is gone), -EAGAIN (the channel's pulses are full), -EINVAL (priority, code or value).
 */
export function MsgSendPulse(coid: number, priority: number, code: number, value: number): number {
  let status = sendPulse(coid, priority, code, value);
  if (status >= -LOST) return status;
  const first = status;
  do {
    // The limit is for the next call that blocks.
    const states = $vm.armedStates;
    const until = $vm.armedUntil;
    disarm();
    const outcome = recover(coid, status, first);
    rearm(states, until);
    if (outcome !== RETRANSMIT) return outcome;
    status = retried(coid, sendPulse(coid, priority, code, value));
  } while (status < -LOST);
  return status;
}
