/**
 * The bug: it answers at once, and commits afterwards.
 */
import { LATER, serve } from "reattach/service";
import { Store } from "./services.js";
import { State } from "./state.js";

export function main(): void {
  const state = new State();
  serve(Store, {
    put({ number }, _reply, { rcvid, calls }) {
      state.take(number);
      calls.put.answer(rcvid, 0);
      state.commit();
      return LATER;
    },
  });
}
