/**
 * What a VM uses of its heaps.
 */
import { chunkBytes, collect, slots } from "xs";
import type { Footprint } from "./results.js";

/** Counts what is in use when the garbage is gone. */
export function countFootprint(): Footprint {
  collect();
  return { slots: slots(), chunkBytes: chunkBytes() };
}
