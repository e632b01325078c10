/**
 * A feed of numbered news. Numbers have 8 bits, and begin again behind 255.
 */
import { call, defineService, u32, u8 } from "reattach/service";

export const Feed = defineService("feed", {
  put: call({ number: u8 }, {}),
  /** How many there were. */
  count: call({}, { count: u32 }),
});
