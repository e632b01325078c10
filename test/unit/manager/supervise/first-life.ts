/**
 * What the mortal tasks of all hosts share: they die in their first life, when everybody else is
 * there, and live on in the next.
 */
import { delay, MsgReceive, name_attach, name_open, stableCommit, stableRead } from "reattach";

const LOOK_MS = 1;

/** Calls `die` in the first life since the board was started; serves in others. */
export function liveOrDie(others: readonly string[], die: () => void): void {
  const chid = name_attach(null, "mortal", 0);
  const life = new Uint8Array(1);
  if (stableRead(life) === 0) {
    stableCommit(life, 1);
    for (const other of others) while (name_open(other, 0) < 0) delay(LOOK_MS);
    die();
  }
  for (;;) MsgReceive(chid, null, 0, null);
}
