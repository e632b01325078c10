/**
 * Connecting to a service by name, and staying connected when it is restarted.
 */
import {
  delay,
  ENOENT,
  errnoName,
  ha_attach,
  name_open,
  restartRecovery,
  type RestartOptions,
} from "reattach";

/** How often to look whether a service is there. */
const LOOK_MS = 1;

/**
 * Opens `name`, waiting until it is registered, and makes the connection HA-aware. `rebuild`
 * gives a new server what it needs to know, the first one too.
 */
export function openService(name: string, options: RestartOptions = {}): number {
  const recover = restartRecovery(name, options);
  let coid = name_open(name, 0);
  while (coid === -ENOENT) {
    delay(LOOK_MS);
    coid = name_open(name, 0);
  }
  if (coid < 0) throw new Error(`${name}: name_open: ${errnoName(coid)}`);
  if (options.rebuild !== undefined && recover(coid, null) !== coid) {
    throw new Error(`${name}: could not be told what it needs`);
  }
  ha_attach(coid, recover, null, 0);
  return coid;
}
