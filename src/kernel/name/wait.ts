/**
 * Waiting for a service: asleep until somebody registers its name. Nobody polls.
 */
import { isDuration } from "../argument.js";
import { EDEADLK, EINVAL, ETIMEDOUT } from "../errno.js";
import { requireAttached } from "../../arena/vm.js";
import { awaitBell } from "../task/doorbell.js";
import { disarm } from "../time/timeout.js";
import { isRegistered } from "./name.js";
import { nameError, nameText } from "./name-text.js";
import { beginWait, endWait } from "../task/waiters.js";

/**
 * Blocks until a service is registered as `name`, or as one of several names, up to `ms`
 * milliseconds; Infinity for any time. A limit that TimerTimeout has armed, for any state, holds
 * too, and is used up; so does, in a recovery function, that of the call that is recovered.
 * Messages and pulses stay queued meanwhile.
 *
 * Returns 0, and then name_open nearly always finds it: the server may have died since. Or
 * -ETIMEDOUT, -EINVAL, -ENAMETOOLONG (the name, or `ms` is no number), -EDEADLK on the main VM,
 * which may not wait.
 */
export function waitForName(name: string | readonly string[], ms: number): number {
  requireAttached();
  const limit = $vm.armedStates === 0 ? Infinity : $vm.armedUntil;
  disarm();
  if (!isDuration(ms)) return -EINVAL;
  const error = namesError(name);
  if (error !== 0) return error;
  if (!$vm.port.mayBlock) return -EDEADLK;
  const end = $vm.port.now() + ms;
  return awaitName(name, end < limit ? end : limit) ? 0 : -ETIMEDOUT;
}

/** 0 when all are names; else what is wrong with the first that is not. */
function namesError(names: string | readonly string[]): number {
  if (!Array.isArray(names)) return errorOf(names as string);
  for (let i = 0; i < names.length; i++) {
    const error = errorOf(names[i] as string);
    if (error !== 0) return error;
  }
  return names.length === 0 ? -EINVAL : 0;
}

/** nameError, which would allocate for a name that is known already. */
function errorOf(name: string): number {
  return nameText(name) === null ? nameError(name) : 0;
}

function isAnyRegistered(names: string | readonly string[]): boolean {
  if (!Array.isArray(names)) return isRegistered(names as string);
  for (let i = 0; i < names.length; i++) if (isRegistered(names[i] as string)) return true;
  return false;
}

/** The same until `until`; false when that has come, and nobody has registered the name. */
function awaitName(name: string | readonly string[], until: number): boolean {
  let seen = beginWait();
  let isThere = isAnyRegistered(name);
  while (!isThere && $vm.port.now() < until) {
    awaitBell(seen, until);
    seen = beginWait();
    isThere = isAnyRegistered(name);
  }
  endWait();
  return isThere;
}
