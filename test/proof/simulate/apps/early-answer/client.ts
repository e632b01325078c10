/**
 * Puts number after number, and commits each that was acknowledged.
 */
import { delay, EOK, stableCommit, stableRead } from "reattach";
import { open } from "reattach/service";
import { Store } from "./services.js";

export function main(): never {
  const state = new Uint32Array(1);
  const bytes = new Uint8Array(state.buffer);
  stableRead(bytes);
  const { put } = open(Store);
  for (;;) {
    put.request.number = state[0]! + 1;
    if (put.send() !== EOK) throw new Error("the store does not answer");
    state[0]!++;
    stableCommit(bytes, bytes.length);
    trace(`stored ${state[0]}\n`);
    delay(20);
  }
}
