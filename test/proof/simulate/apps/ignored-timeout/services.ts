/**
 * Somebody who squares numbers.
 */
import { call, defineService, u32 } from "reattach/service";

export const Squares = defineService("squares", { of: call({ number: u32 }, { square: u32 }) });
