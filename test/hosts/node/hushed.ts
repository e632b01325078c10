/**
 * A client, and servers that end its wait, or make it endless, without a ring: for slices.test.ts.
 */
import { MsgReceive, MsgSend, name_attach, name_open, waitForName } from "reattach";
import * as L from "../../../src/arena/layout.js";

/** What a server answers that does not ring. */
export const ANSWER = 7;

export type Act = "ask" | "answer" | "hide";

/** A server that has answered and thrown before it rang, as one does that runs out of stack. */
function answer(client: number): void {
  const state = $words[client + L.SLOT_STATE]!;
  $words[client + L.SLOT_STATUS] = ANSWER;
  Atomics.store($words, client + L.SLOT_STATE, (state & ~L.SLOT_STATE_MASK) | L.SLOT_DONE);
}

/** A server that writes over the life of its channel. */
function hide(client: number): void {
  const channel = $words[client + L.SLOT_CHANNEL]!;
  Atomics.add($words, channel + L.CHANNEL_LIFE, L.LIFE_MASK + 1);
}

/** Asks once it is told to, by one name, and says by another that its call has ended. */
function ask(): void {
  waitForName("server", Infinity);
  const coid = name_open("server", 0);
  waitForName("go", Infinity);
  const status = MsgSend(coid, null, 0, null, 0);
  name_attach(null, "done", 0);
  console.log(status);
}

export function main({ act }: { act: Act }): void {
  if (act === "ask") return ask();
  const chid = name_attach(null, "server", 0);
  const rcvid = MsgReceive(chid, null, 0, null);
  const client = L.TASKS_AT + ((rcvid & L.PID_INDEX_MASK) << L.TASK_SHIFT);
  if (act === "answer") answer(client);
  else hide(client);
  MsgReceive(chid, null, 0, null);
}
