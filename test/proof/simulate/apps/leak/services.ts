/**
 * A clock.
 */
import { call, defineService, f64 } from "reattach/service";

export const Clock = defineService("clock", { read: call({}, { time_ms: f64 }) });
