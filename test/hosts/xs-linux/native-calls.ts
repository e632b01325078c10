/**
 * Who has done the calls of messages in a run with --count-calls: C (hosts/moddable/native), or
 * TypeScript, to which C leaves what is not the common case.
 */
import type test from "tape";

type Call = "send" | "MsgReceive" | "MsgReply" | "MsgError";

/** How many calls C has done, and how many it has left. */
export type NativeCalls = Readonly<
  Record<Call, { readonly native: number; readonly ordinary: number }>
>;

/** Of these there are some in every program. */
const USUAL = ["send", "MsgReceive", "MsgReply"] as const;
/** The common case is common. */
const SHARE_MIN = 0.9;
const MARK = "calls ";

/** Reads them from what the program has written. */
export function nativeCallsIn(stdout: string): NativeCalls {
  const line = stdout.split("\n").find((each) => each.startsWith(`${MARK}{`));
  if (line === undefined) throw new Error("the run does not say who has done the calls");
  return JSON.parse(line.slice(MARK.length)) as NativeCalls;
}

/** The share of each that C has done, from 0 to 1. */
export function sharesOf(calls: NativeCalls): Record<(typeof USUAL)[number], number> {
  const share = (call: Call): number => {
    const { native, ordinary } = calls[call];
    return native / (native + ordinary);
  };
  return { send: share("send"), MsgReceive: share("MsgReceive"), MsgReply: share("MsgReply") };
}

/** Asserts that C has done nearly all of them. */
export function judgeShares(t: test.Test, calls: NativeCalls): void {
  for (const [call, share] of Object.entries(sharesOf(calls))) {
    t.ok(share >= SHARE_MIN, `${call}: ${(100 * share).toFixed(1)} % of them in C`);
  }
}
