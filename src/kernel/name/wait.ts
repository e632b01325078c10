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
 * Blocks until a service is registered as `name`, up to `ms` milliseconds; Infinity for any time. A
 * limit that TimerTimeout has armed, for any state, holds too, and is used up; so does, in a
 * recovery function, that of the call that is recovered. Messages and pulses stay queued meanwhile.
 *
 * Returns 0, and then name_open nearly always finds it: the server may have died since. Or
 * -ETIMEDOUT, -EINVAL, -ENAMETOOLONG (the name, or `ms` is no number), -EDEADLK on the main VM,
 * which may not wait.
 */
export function waitForName(name: string, ms: number): number {
  requireAttached();
  const limit = $vm.armedStates === 0 ? Infinity : $vm.armedUntil;
  disarm();
  if (!isDuration(ms)) return -EINVAL;
  if (nameText(name) === null) return nameError(name);
  if (!$vm.port.mayBlock) return -EDEADLK;
  const end = $vm.port.now() + ms;
  return awaitName(name, end < limit ? end : limit) ? 0 : -ETIMEDOUT;
}

/** The same until `until`; false when that has come, and nobody has registered the name. */
function awaitName(name: string, until: number): boolean {
  let seen = beginWait();
  let isThere = isRegistered(name);
  while (!isThere && $vm.port.now() < until) {
    awaitBell(seen, until);
    seen = beginWait();
    isThere = isRegistered(name);
  }
  endWait();
  return isThere;
}
