/**
 * Connecting to a service by name, and staying connected when it is restarted.
 */
import { delay, ENOENT, ESRCH, errnoName, ha_attach, ha_reopen, name_open } from "reattach";

/** How often to look whether a service is there. */
const LOOK_MS = 1;

/**
 * Opens `name`, waiting until it is registered, and makes the connection HA-aware: when its server
 * dies the message in flight waits for the successor and is sent again. `rebuild` restores what the
 * server has forgotten; what it sends on the connection is not covered, and false starts over.
 */
export function openService(name: string, rebuild: (coid: number) => boolean): number {
  let coid = name_open(name, 0);
  while (coid === -ENOENT) {
    delay(LOOK_MS);
    coid = name_open(name, 0);
  }
  if (coid < 0) throw new Error(`${name}: name_open: ${errnoName(coid)}`);
  const recover = (lost: number): number => {
    for (;;) {
      const result = ha_reopen(lost, name, 0);
      if (result === lost && rebuild(lost)) return lost;
      if (result !== lost && result !== -ENOENT && result !== -ESRCH) return result;
      delay(LOOK_MS);
    }
  };
  if (!rebuild(coid)) return recover(coid);
  ha_attach(coid, recover, null, 0);
  return coid;
}
