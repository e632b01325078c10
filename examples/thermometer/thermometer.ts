/**
 * What the thermometer's server and its clients have in common.
 */
import { call, defineService, f32, u32, u8 } from "reattach/service";

export const Thermometer = defineService("thermometer", {
  read: call({ sensor: u8 }, { celsius: f32, at_ms: u32 }),
});
