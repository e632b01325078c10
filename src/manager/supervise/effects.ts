/**
 * What a decision about a task leads to. Plain data: supervisor.ts does it.
 */
import type { DeathCause } from "../status.js";
import type { Verdict } from "./state.js";

export type { Verdict };

// What is remembered of the task; done at once.

/** As if it had never died. */
export const FORGET = 0;
/** It is what its manifest says again, and its starts are counted anew. */
export const RENEW = 1;
/** Its policy was followed: keep what it wants to be remembered. */
export const FOLLOW = 2;

// What the host does; done when all has been decided.

export const LAUNCH = 3;
export const LEAVE = 4;
export const END = 5;

// What listeners are told; done last.

export const TELL_STARTED = 6;
export const TELL_READY = 7;
export const TELL_DIED = 8;
export const TELL_ENDED = 9;
export const TELL_STUCK = 10;

export type Effect =
  | News
  | { readonly does: typeof FOLLOW; readonly verdict: Verdict }
  | {
      readonly does: typeof FORGET | typeof RENEW | typeof LAUNCH | typeof LEAVE | typeof END;
    };

export type News =
  | { readonly does: typeof TELL_STARTED | typeof TELL_READY; readonly pid: number }
  | {
      readonly does: typeof TELL_DIED;
      readonly pid: number;
      readonly cause: DeathCause;
      readonly text: string;
      /** While it was being stopped. */
      readonly isStopped: boolean;
    }
  | { readonly does: typeof TELL_ENDED; readonly pid: number; readonly isStopped: boolean }
  | { readonly does: typeof TELL_STUCK; readonly pid: number; readonly text: string };
