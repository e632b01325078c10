/**
 * A worker that posts back what is posted to it; in the end, what that has cost it.
 */
import { Meter } from "./costs/meter.js";

let meter: Meter | null = null;

self.onmessage = (message: Uint8Array | number): void => {
  if (typeof message === "object") {
    meter!.count();
    self.postMessage(message);
  } else if (meter === null) {
    meter = new Meter(message);
  } else {
    self.postMessage(meter.cost);
  }
};
