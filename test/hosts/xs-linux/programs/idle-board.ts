/**
 * Main on XS: a board on which all is well. Writes down what main has allocated in a while, in
 * which its timer fires as ever.
 *
 * Arguments: how long it looks, in milliseconds.
 */
import Timer from "timer";
import { boot } from "reattach/moddable";
import { args, chunkBytes, collect, collections, exit, slots } from "xs";
import { MARK } from "./results.js";

/** Longer than anything takes that is done once: the start, a heartbeat's first period. */
const SETTLED_MS = 3_000;

const system = boot();
const before = { slots: 0, chunkBytes: 0, collections: 0 };
const after = { slots: 0, chunkBytes: 0, collections: 0 };
let accident = "";

function note(into: typeof before): void {
  into.slots = slots();
  into.chunkBytes = chunkBytes();
  into.collections = collections();
}

system.on("death", ({ name, cause }) => {
  accident = `${name}: ${cause}`;
});
system.start();
// Both before it looks: a timer takes memory.
Timer.set(() => {
  collect();
  // Twice: only the second one is known to cost nothing itself.
  note(before);
  note(before);
}, SETTLED_MS);
Timer.set(
  () => {
    note(after);
    const costs = {
      slots: after.slots - before.slots,
      chunkBytes: after.chunkBytes - before.chunkBytes,
      collections: after.collections - before.collections,
    };
    const states = system.ps().map(({ state }) => state);
    trace(`${MARK}${JSON.stringify({ accident, states, costs })}\n`);
    exit(0);
  },
  SETTLED_MS + Number(args[0]),
);
