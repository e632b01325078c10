/**
 * A counter that must be right, and a server that crashes before, in and after what it does.
 */
import { EOK, Ledger } from "reattach";
import { serve } from "reattach/service";
import { Counter } from "./counter.js";

export function main(): void {
  // State and the last replies are committed together, and outlive this task.
  const ledger = new Ledger({ stateBytes: 4, replyBytes: 4, clients: 1 });
  const counter = new Int32Array(ledger.state.buffer, 0, 1);
  const crash = (when: string): never => {
    throw new Error(`crashed ${when} adding to ${counter[0]!}`);
  };
  serve(
    Counter,
    {
      add({ step }, reply, { calls, info, rcvid }) {
        // The first attempt at three of four messages ends in a crash, sooner or later.
        const isFirst = info.attempt === 1;
        const turn = (counter[0]! / step) % 4;
        if (isFirst && turn === 0) crash("before");
        counter[0]! += step;
        if (isFirst && turn === 1) crash("while");
        reply.sum = counter[0]!;
        if (!isFirst || turn !== 2) return EOK;
        calls.add.answer(rcvid, EOK);
        return crash("after");
      },
    },
    { ledger },
  );
}
