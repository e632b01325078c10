/**
 * The service of the driver: what the rest of a network hangs on.
 */
import { call, defineService } from "reattach/service";

export const Socket = defineService("socket", {
  mount: call({}, {}),
});
