/**
 * Serves the feed: news that it has are dropped, as they are sent again after a crash.
 */
import { stableCommit, stableRead } from "reattach";
import { serve } from "reattach/service";
import { Feed } from "./services.js";

/** `isNew`: does the number come behind the last one? */
export function archive(isNew: (number: number, last: number) => boolean): void {
  /** The last number, and how many there were. */
  const state = new Uint32Array(2);
  const bytes = new Uint8Array(state.buffer);
  stableRead(bytes);
  serve(Feed, {
    put({ number }) {
      if (!isNew(number, state[0]!)) return;
      state[0] = number;
      state[1]!++;
      stableCommit(bytes, bytes.length);
    },
    count: (_request, reply) => void (reply.count = state[1]!),
  });
}
