/**
 * The settings of a device.
 */
import { call, defineService, u32 } from "reattach/service";

export const Settings = defineService("settings", { period: call({}, { period_ms: u32 }) });
