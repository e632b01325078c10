/**
 * A task of an idle board: it waits for messages, or naps again and again, shows a heartbeat at
 * each nap, or has returned to its event loop.
 */
import { delay, MsgReceive, name_attach } from "reattach";
import { ham_attach_self, ham_heartbeat } from "reattach/ham";

const NAP_MS = 100;
const HEARTBEAT_NS = 1_000_000_000;

export type Idleness = "receives" | "naps" | "beats" | "returns";

export function main({ name, how }: { name: string; how: Idleness }): void {
  if (how === "returns") return;
  const chid = name_attach(null, name, 0);
  if (chid < 0) throw new Error(`name_attach: ${chid}`);
  if (how === "receives") for (;;) MsgReceive(chid, null, 0, null);
  const isBeating = how === "beats";
  if (isBeating) ham_attach_self(`${name}.self`, HEARTBEAT_NS, 4, 5, 0);
  for (;;) {
    delay(NAP_MS);
    if (isBeating) ham_heartbeat();
  }
}
