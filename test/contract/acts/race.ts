/**
 * Races: several puppets do the same at the same moment, many times. They meet at words of a shared
 * buffer that the suite has acquired for them.
 */
import { EEXIST, name_attach, name_detach, sharedView } from "reattach";

/** Waits until `count` puppets are here. Each place is used once. */
function meet(view: Uint8Array, at: number, count: number): void {
  Atomics.add(view, at, 1);
  while (Atomics.load(view, at) < count);
}

/** Bytes of a meeting view that one round uses. */
const ROUND_BYTES = 3;

export const raceActs = {
  /**
   * Tries to register one name, `rounds` times, against `count` - 1 others that do the same.
   * Returns how often it won, or -1 when in some round not exactly one did.
   */
  raceForName(name: string, buffer: number, rounds: number, count: number): number {
    const view = sharedView(buffer) as Uint8Array;
    let wins = 0;
    for (let round = 0; round < rounds; round++) {
      const at = round * ROUND_BYTES;
      meet(view, at, count);
      const chid = name_attach(null, name, 0);
      if (chid > 0) Atomics.add(view, at + 1, 1);
      else if (chid !== -EEXIST) return chid;
      meet(view, at + 2, count);
      if (Atomics.load(view, at + 1) !== 1) return -1;
      if (chid > 0) {
        wins++;
        name_detach(chid, 0);
      }
    }
    return wins;
  },
};
