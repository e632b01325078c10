/**
 * Connecting to a service by name, and staying connected when it is restarted.
 */
import { ENOENT, errnoName, ha_open, restartRecovery, waitForName } from "reattach";

/** Opens `name`, waiting until it is registered; the connection is HA-aware. */
export function openService(name: string): number {
  const recover = restartRecovery(name);
  let coid = ha_open(name, 0, recover, null, 0);
  while (coid === -ENOENT) {
    waitForName(name, Infinity);
    coid = ha_open(name, 0, recover, null, 0);
  }
  if (coid < 0) throw new Error(`${name}: ha_open: ${errnoName(coid)}`);
  return coid;
}
