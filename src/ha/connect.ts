/**
 * Connections by pid and chid that are HA-aware, and the calls that end a connection: a number that
 * is given back takes its recovery with it, or the next connection of that number would be
 * recovered by a stranger.
 */
import * as kernel from "../kernel/connection/connect-attach.js";
import { EINVAL, ETIMEDOUT } from "../kernel/errno.js";
import { requireAttached } from "../arena/vm.js";
import { dropRecovery, ha_attach, isAttachable, recoveryOf } from "./attach.js";
import type { RecoveryFunction } from "./attach.js";

/**
 * Gives a connection back. For a client's coid: the number is free again, it is not HA-aware any
 * more, and when it was the last of its connection the server of a _NTO_CHF_DISCONNECT channel gets
 * its pulse. (Inside its own recovery function it stays HA-aware, so that ConnectAttach with
 * `index` = coid can take the number again.) For a scoid, by the server: frees a connection whose
 * disconnect pulse it has received. Returns 0, or -EINVAL for what is neither, or -EBUSY for a
 * scoid whose client is still there. Does not block.
 */
export function ConnectDetach(coid: number): number {
  const status = kernel.ConnectDetach(coid);
  if (status === 0 && recoveryOf(coid)?.isRunning === false) dropRecovery(coid);
  return status;
}

/** Closes a connection that name_open made: ConnectDetach. */
export function name_close(coid: number): number {
  return ConnectDetach(coid);
}

/**
 * ConnectAttach and ha_attach in one. Returns the coid, or an error of either; then there is no
 * connection. Does not block.
 */
export function ha_ConnectAttach(
  nd: number,
  pid: number,
  chid: number,
  index: number,
  flags: number,
  rfn: RecoveryFunction,
  handle: unknown,
  haflags: number,
): number {
  requireAttached();
  if (!isAttachable(rfn, haflags)) return -EINVAL;
  return makeAware(kernel.ConnectAttach(nd, pid, chid, index, flags), rfn, handle, haflags);
}

/** ha_attach for a new connection, which goes again when that fails. `coid` may be an error. */
export function makeAware(
  coid: number,
  rfn: RecoveryFunction,
  handle: unknown,
  haflags: number,
): number {
  if (coid < 0) return coid;
  const status = ha_attach(coid, rfn, handle, haflags);
  if (status === 0) return coid;
  kernel.ConnectDetach(coid);
  return status;
}

/** ha_detach and ConnectDetach in one, whether it is HA-aware or not. Errors of ConnectDetach. */
export function ha_ConnectDetach(coid: number): number {
  requireAttached();
  dropRecovery(coid);
  return kernel.ConnectDetach(coid);
}

/**
 * For use inside a recovery function: points `oldcoid` at another channel, keeping its number. The
 * arguments are ConnectAttach's; `index` is ignored, as the number is kept. Does not block.
 *
 * Returns the coid; or -EBADF (no such coid), -EINVAL, -ENOREMOTE, -ESRCH, -ENXIO, -EAGAIN (as
 * ConnectAttach), or -ETIMEDOUT (the call that is recovered has no more time), and with all these
 * the old connection is as it was. (-ESRCH also when the new server died at once: try again.)
 */
export function ha_ReConnectAttach(
  oldcoid: number,
  nd: number,
  pid: number,
  chid: number,
  _index: number,
  flags: number,
): number {
  requireAttached();
  return isTimeOver() ? -ETIMEDOUT : kernel.reconnect(oldcoid, nd, pid, chid, flags);
}

/** True in a recovery function when the call that it recovers has no more time. */
export function isTimeOver(): boolean {
  return $vm.limitStates !== 0 && $vm.port.now() >= $vm.limitUntil;
}
