/**
 * A server that dies again and again. It counts its lives in stable memory, which outlives it.
 */
import { delay, stableCommit, stableRead } from "reattach";

const LIVES = 4;
const LIFE_MS = 100;

export function main({ port }: { port: number }): void {
  const lives = new Uint8Array(1);
  stableRead(lives);
  lives[0]! += 1;
  stableCommit(lives, 1);
  trace(`inetd: life ${lives[0]}, port ${port}\n`);
  if (lives[0] === LIVES) trace("done: started again every time\n");
  delay(LIFE_MS);
  throw new Error("inetd has crashed");
}
