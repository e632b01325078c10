/**
 * A worker that has nothing to do with Reattach: it answers a message.
 */
import { countFootprint } from "./count-footprint.js";

self.onmessage = (): void => self.postMessage(countFootprint());
