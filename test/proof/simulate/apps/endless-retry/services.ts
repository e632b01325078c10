/**
 * A line to somewhere else, which is not always there.
 */
import { call, defineService, u32 } from "reattach/service";

export const Uplink = defineService("uplink", { report: call({ value: u32 }, {}) });
