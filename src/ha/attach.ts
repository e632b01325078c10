/**
 * Which connections are HA-aware, and what recovers them.
 */
import { entryOf } from "../kernel/connection.js";
import { EBADF, EEXIST, EINVAL } from "../kernel/errno.js";
import { reopenName } from "../kernel/names.js";
import type { RecoveryFunction } from "../kernel/records.js";
import { requireAttached } from "../kernel/state.js";

/** ha_attach: replace the recovery function of a connection that has one. */
export const HAREPLACERECOVERYFN = 0x0001;

/**
 * Makes a connection HA-aware: when a MsgSend*() on it fails because its server died (EBADF or
 * ESRCH), `rfn(coid, handle)` is called to connect again under the same number, and the same
 * message is transmitted again. Does not block.
 *
 * Returns 0, or -EBADF (no such coid), -EINVAL (no function, or an unknown flag), -EEXIST (it has
 * one already and HAREPLACERECOVERYFN is not given).
 */
export function ha_attach(
  coid: number,
  rfn: RecoveryFunction,
  handle: unknown,
  flags: number,
): number {
  requireAttached();
  if (typeof rfn !== "function" || (flags & HAREPLACERECOVERYFN) !== flags) return -EINVAL;
  if (entryOf(coid) === 0) return -EBADF;
  const recoveries = ($vm.recoveries ??= new Map());
  const recovery = recoveries.get(coid);
  if (recovery === undefined) {
    recoveries.set(coid, { rfn, handle, isRunning: false });
    return 0;
  }
  if ((flags & HAREPLACERECOVERYFN) === 0) return -EEXIST;
  recovery.rfn = rfn;
  recovery.handle = handle;
  return 0;
}

/** Makes a connection a plain one again. Returns 0, or -EBADF when it was not HA-aware. */
export function ha_detach(coid: number): number {
  requireAttached();
  return $vm.recoveries?.delete(coid) === true ? 0 : -EBADF;
}

/**
 * For use inside a recovery function: points `oldcoid` at the service now registered as `name`,
 * keeping its number. Does not block, and does not wait for the name. Returns the coid, or -EBADF
 * (no such coid), -ENOENT (nobody has registered the name: try again later), -EINVAL (the name or
 * `oflag`, which must be 0), -ENAMETOOLONG, -EAGAIN (the connection table is full); with these the
 * old connection is as it was. -ESRCH: the new server died at once; try again.
 */
export function ha_reopen(oldcoid: number, name: string, oflag: number): number {
  requireAttached();
  return oflag !== 0 ? -EINVAL : reopenName(oldcoid, name);
}
