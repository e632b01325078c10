/**
 * A service that counts its answers.
 */
import { call, defineService, u8 } from "reattach/service";

export const Numbers = defineService("numbers", {
  next: call({}, { number: u8 }),
});
