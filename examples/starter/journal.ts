/**
 * The service of the logbook. `note` takes effect once, even when the logbook dies in the middle.
 */
import { call, defineService, f32, u32 } from "reattach/service";

export const Journal = defineService("journal", {
  note: call({ celsius: f32 }, { notes: u32, warmest: f32 }, { once: true }),
});
