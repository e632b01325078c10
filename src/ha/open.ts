/**
 * Connections by name that are HA-aware. A service's name plays the part of QNX's path.
 */
import { duplicate } from "../kernel/connection/connect-attach.js";
import { EAGAIN, EINVAL, ENOENT, ETIMEDOUT } from "../kernel/errno.js";
import { name_open, reopenName } from "../kernel/name/name.js";
import { waitForName } from "../kernel/name/wait.js";
import { requireAttached } from "../arena/vm.js";
import { ha_ConnectDetach, isTimeOver, makeAware } from "./connect.js";
import { isAttachable, addRecovery, recoveryOf } from "./attach.js";
import type { RecoveryFunction } from "./attach.js";

/** How long ha_creat waits for a service that the manager has started. */
const START_MS = 5_000;

/**
 * name_open and ha_attach in one. `oflag` is 0. Returns the coid, or an error of either; then there
 * is no connection. Does not block.
 */
export function ha_open(
  name: string,
  oflag: number,
  rfn: RecoveryFunction,
  handle: unknown,
  haflags: number,
): number {
  requireAttached();
  return oflag !== 0 ? -EINVAL : makeAware(name_open(name, 0), rfn, handle, haflags);
}

/**
 * ha_open for a service that need not run yet: where nobody has registered the name, the manager is
 * asked to start the task that is declared for it, and this waits, up to five seconds, until it is
 * there. `mode` is 0. Returns the coid, or an error of ha_open; -ENOENT also when no manager knows
 * the service. On the main VM, which cannot wait, -EAGAIN says that it is being started.
 */
export function ha_creat(
  name: string,
  mode: number,
  rfn: RecoveryFunction,
  handle: unknown,
  haflags: number,
): number {
  requireAttached();
  if (mode !== 0 || !isAttachable(rfn, haflags)) return -EINVAL;
  let coid = name_open(name, 0);
  if (coid === -ENOENT && $vm.port.manager !== null) {
    const status = $vm.port.manager.startService(name);
    if (status < 0) return status;
    if (!$vm.port.mayBlock) return -EAGAIN;
    const until = $vm.port.now() + START_MS;
    while (coid === -ENOENT && waitForName(name, until - $vm.port.now()) === 0) {
      coid = name_open(name, 0);
    }
  }
  return makeAware(coid, rfn, handle, haflags);
}

/**
 * For use inside a recovery function: points `oldcoid` at the service now registered as `name`,
 * keeping its number. Does not block, and does not wait for the name: see restartRecovery. Returns
 * the coid, or -EBADF (no such coid), -ENOENT (nobody has registered the name: try again later),
 * -EINVAL (the name or `oflag`, which must be 0), -ENAMETOOLONG, -EAGAIN (the connection table is
 * full), -ETIMEDOUT (the call that is recovered has no more time); with these the old connection is
 * as it was. -ESRCH: the new server died at once; try again.
 */
export function ha_reopen(oldcoid: number, name: string, oflag: number): number {
  requireAttached();
  if (oflag !== 0) return -EINVAL;
  return isTimeOver() ? -ETIMEDOUT : reopenName(oldcoid, name);
}

/** ha_detach and name_close in one, whether it is HA-aware or not. Errors of ConnectDetach. */
export function ha_close(coid: number): number {
  return ha_ConnectDetach(coid);
}

/**
 * Another number for the same connection. What recovers it is shared: a function, handle or limit
 * that is changed through one is changed for both, and lives until the last is closed. Each is
 * recovered by itself, when a call on it fails. Does not block. Returns the coid, or -EBADF (no
 * such coid), -EMFILE, -EAGAIN (as ConnectAttach).
 */
export function ha_dup(oldcoid: number): number {
  requireAttached();
  const coid = duplicate(oldcoid);
  const plan = recoveryOf(oldcoid)?.plan;
  if (coid >= 0 && plan !== undefined) addRecovery(coid, plan);
  return coid;
}
