/**
 * Main on XS: looks at tasks that are well, many times, and writes down what that has allocated.
 */
import config from "mc/config";
import Timer from "timer";
import { boot } from "reattach/moddable";
import { chunkBytes, collect, collections, exit, slots } from "xs";
import { MARK } from "./results.js";

const LOOK_MS = 5;
const polls = config["polls"] as number;
const system = boot();

function measure(): void {
  // What is made once is made.
  for (let i = 0; i < polls; i++) system.poll();
  collect();
  // Numbers, not an array, which would be counted.
  const slotsBefore = slots();
  const bytesBefore = chunkBytes();
  const collectionsBefore = collections();
  for (let i = 0; i < polls; i++) system.poll();
  const moreSlots = slots() - slotsBefore;
  const moreBytes = chunkBytes() - bytesBefore;
  const more = [moreSlots, moreBytes, collections() - collectionsBefore];
  trace(`${MARK}${JSON.stringify(more)}\n`);
  exit(0);
}

system.start();
Timer.repeat(() => {
  if (system.ps().every(({ state }) => state === "RECEIVE")) measure();
}, LOOK_MS);
