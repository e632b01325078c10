/**
 * A service with sessions: who has not logged in gets EPERM.
 */
import { call, defineService, u8 } from "reattach/service";

export const Desk = defineService("desk", {
  login: call({}, {}),
  work: call({}, { done: u8 }),
});
