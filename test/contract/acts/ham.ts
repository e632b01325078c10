/**
 * Acts that make the calls of "reattach/ham", which numbers and texts are enough for.
 */
import * as ham from "reattach/ham";

type Call = (...args: unknown[]) => number;

export const hamActs = {
  /** Makes the call of this name. */
  ham(name: string, ...args: unknown[]): number {
    const call = (ham as unknown as Record<string, Call | number>)[name];
    if (typeof call !== "function") throw new Error(`there is no call ${name}`);
    return call(...args);
  },
};
