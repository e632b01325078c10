/**
 * The service of the sensor's driver: what its messages hold.
 */
import { call, defineService, f32 } from "reattach/service";

export const Thermometer = defineService("thermometer", {
  read: call({}, { celsius: f32 }),
});
