/**
 * Commits, then answers.
 */
import { serve } from "reattach/service";
import { Store } from "./services.js";
import { State } from "./state.js";

export function main(): void {
  const state = new State();
  serve(Store, {
    put({ number }) {
      state.take(number);
      state.commit();
    },
  });
}
