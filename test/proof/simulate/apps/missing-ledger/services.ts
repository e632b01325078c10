/**
 * A till that adds up: each coin counts once, or, where it is loose, it is only said to.
 */
import { call, defineService, u32 } from "reattach/service";

export const Till = defineService("till", {
  add: call({}, { total: u32 }, { once: true }),
  total: call({}, { total: u32 }),
});

export const LooseTill = defineService("till", {
  add: call({}, { total: u32 }),
  total: call({}, { total: u32 }),
});
