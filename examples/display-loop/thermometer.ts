/**
 * What the display asks the sensor's driver.
 */
import { call, defineService, f32 } from "reattach/service";

export const Thermometer = defineService("thermometer", {
  read: call({}, { celsius: f32 }),
});
