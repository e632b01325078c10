/**
 * Tasks on XS that live in every way that a heartbeat has to tell apart.
 */
import Timer from "timer";
import {
  delay,
  MsgReceive,
  MsgReply,
  MsgSend,
  name_attach,
  name_open,
  _NTO_TIMEOUT_SEND,
  TimerTimeout,
  waitForName,
} from "reattach";
import { chunkBytes, collect, collections, slots } from "xs";
import { MARK } from "./results.js";
import type { Life } from "./life-events.js";

function connectTo(service: string): number {
  for (;;) {
    const coid = name_open(service, 0);
    if (coid >= 0) return coid;
    waitForName(service, Infinity);
  }
}

function loop(): never {
  for (;;);
}

function serve(chid: number): never {
  for (;;) {
    const rcvid = MsgReceive(chid, null, 0, null);
    if (rcvid > 0) MsgReply(rcvid, 0, null, 0);
  }
}

/** Sends to the next before it receives anything; then it serves. */
function ring({ own = "", next = "", limit_ms = 0 }: Life): never {
  const chid = name_attach(null, own, 0);
  const coid = connectTo(next);
  if (limit_ms > 0) TimerTimeout(_NTO_TIMEOUT_SEND, limit_ms);
  MsgSend(coid, null, 0, null, 0);
  serve(chid);
}

const BEATS_MS = 100;
const LOOKS = 40;

/** In its event loop, where it measures what its life costs: the timer is its own. */
function idle({ isMeasured = false }: Life): void {
  let looks = 0;
  let slotsBefore = 0;
  let bytesBefore = 0;
  let collectionsBefore = 0;
  Timer.repeat(() => {
    looks++;
    if (looks === 2) {
      collect();
      slotsBefore = slots();
      bytesBefore = chunkBytes();
      collectionsBefore = collections();
    }
    if (looks !== LOOKS || !isMeasured) return;
    const moreSlots = slots() - slotsBefore;
    const moreBytes = chunkBytes() - bytesBefore;
    const more = [moreSlots, moreBytes, collections() - collectionsBefore];
    trace(`${MARK}${JSON.stringify({ event: "cost", text: more.join() })}\n`);
  }, BEATS_MS);
}

/** What each of them does. */
export function main(life: Life): unknown {
  const { act, own = "", next = "" } = life;
  if (act === "idle") return idle(life);
  if (act === "awaits") return new Promise(() => undefined);
  if (act === "loops") return loop();
  if (act === "loops later") return void Timer.set(loop, 20);
  if (act === "delays") return delay(1_000_000);
  if (act === "ring") return ring(life);
  if (act === "asks") return MsgSend(connectTo(next), null, 0, null, 0);
  const chid = name_attach(null, own, 0);
  if (act === "returned") return undefined;
  if (act === "mute") for (;;) MsgReceive(chid, null, 0, null);
  throw new Error(`no such life: ${act}`);
}
