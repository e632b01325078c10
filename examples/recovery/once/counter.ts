/**
 * A service whose one call takes effect once.
 */
import { call, defineService, i32 } from "reattach/service";

export const Counter = defineService("counter", {
  add: call({ step: i32 }, { sum: i32 }, { once: true }),
});
