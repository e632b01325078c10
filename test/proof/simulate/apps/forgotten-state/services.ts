/**
 * A meter whose scale its client sets.
 */
import { call, defineService, u32 } from "reattach/service";

export const Meter = defineService("meter", {
  setScale: call({ scale: u32 }, {}),
  read: call({}, { value: u32 }),
});
