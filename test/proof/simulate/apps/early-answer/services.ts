/**
 * A store of the highest number that it was given.
 */
import { call, defineService, u32 } from "reattach/service";

export const Store = defineService("store", { put: call({ number: u32 }, {}) });
