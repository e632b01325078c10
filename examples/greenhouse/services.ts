/**
 * What the drivers of the greenhouse can be asked.
 */
import { call, defineService, u16, u32 } from "reattach/service";

/** The sensor in the soil. */
export const Soil = defineService("soil", {
  /** From 0 to MOISTURE_MAX. */
  read: call({}, { moisture: u16 }),
});

/** The valve. Waterings are numbered, from 1 on: it opens once for each number. */
export const Valve = defineService("valve", {
  water: call({ number: u32 }, {}, { once: true }),
  /** How many there were. */
  count: call({}, { waterings: u32 }),
});
