/**
 * Acts with recovery functions. Each makes a connection HA-aware with a function of another kind.
 */
import { ConnectDetach, delay, ENOENT, ha_attach, ha_reopen, MsgSend } from "reattach";
import { keepRecovery } from "./own.js";

/** ha_attach, and remember it for reset. */
function attach(coid: number, rfn: (lost: number) => number, flags = 0): number {
  keepRecovery(coid);
  return ha_attach(coid, rfn, null, flags);
}

/** Reopens `name` under the number `coid`, waiting for it to be registered again. */
function reopen(coid: number, name: string): number {
  for (;;) {
    const result = ha_reopen(coid, name, 0);
    if (result !== -ENOENT) return result;
    delay(1);
  }
}

let calls = 0;

export const haActs = {
  /** A recovery function that waits for `name` to be registered again. */
  attachReopening(coid: number, name: string, flags: number): number {
    calls = 0;
    return attach(
      coid,
      (lost) => {
        calls++;
        return reopen(lost, name);
      },
      flags,
    );
  },

  /** A recovery function that returns `answer`. */
  attachAnswering(coid: number, answer: number, flags: number): number {
    calls = 0;
    return attach(
      coid,
      () => {
        calls++;
        return answer;
      },
      flags,
    );
  },

  /** A recovery function that throws. */
  attachThrowing(coid: number, text: string): number {
    return attach(coid, () => {
      throw new Error(text);
    });
  },

  /**
   * A recovery function that sends on its own connection first; it leaves the result in `calls`.
   */
  attachSending(coid: number, name: string): number {
    return attach(coid, (lost) => {
      calls = MsgSend(lost, null, 0, null, 0);
      return reopen(lost, name);
    });
  },

  /** A recovery function that gives up: it detaches the connection and returns -1. */
  attachDetaching(coid: number): number {
    return attach(coid, (lost) => {
      calls = ConnectDetach(lost);
      return -1;
    });
  },

  /** How often a recovery function ran; for the last two, what the call inside returned. */
  recoveryCalls(): number {
    return calls;
  },
};
