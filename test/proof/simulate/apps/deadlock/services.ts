/**
 * Two halves of a balance, each of which can be asked for its own part and for the whole.
 */
import { call, defineService, u32 } from "reattach/service";

export const Left = defineService("left", {
  part: call({}, { weight: u32 }),
  whole: call({}, { weight: u32 }),
});

export const Right = defineService("right", {
  part: call({}, { weight: u32 }),
  whole: call({}, { weight: u32 }),
});
