/**
 * Puts one piece of news after the other, and commits how many there were.
 */
import { delay, EOK, stableCommit, stableRead } from "reattach";
import { open } from "reattach/service";
import { Feed } from "./services.js";

const SAID_EVERY = 10;

export function main(): never {
  const state = new Uint32Array(1);
  const bytes = new Uint8Array(state.buffer);
  stableRead(bytes);
  const { put } = open(Feed);
  for (;;) {
    put.request.number = state[0]! + 1;
    if (put.send() !== EOK) throw new Error("the archive does not answer");
    state[0]!++;
    stableCommit(bytes, bytes.length);
    if (state[0]! % SAID_EVERY === 0) trace(`${state[0]} pieces of news\n`);
    delay(10);
  }
}
