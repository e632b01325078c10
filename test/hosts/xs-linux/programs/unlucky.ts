/**
 * A task that comes to grief, in the way that its arguments say.
 */
import { ChannelCreate, MsgReceive } from "reattach";
import { boot } from "reattach/moddable";
import Timer from "timer";
import { collect } from "xs";
import type { Fate } from "./fates.js";

function overflow(depth: number): number {
  return overflow(depth + 1) + 1;
}

export function main({ fate }: { fate: Fate }): unknown {
  if (fate === "throws") throw new Error("thrown on purpose");
  if (fate === "throws what has no text") {
    const get = (): never => {
      throw new Error("not to be looked at");
    };
    throw new Proxy({}, { get, getPrototypeOf: get });
  }
  if (fate === "throws null") throw null;
  if (fate === "throws a long text") throw new Error("…".repeat(500));
  if (fate === "throws from a timer") {
    Timer.set(() => {
      throw new Error("thrown on purpose");
    }, 5);
  } else if (fate === "rejects") {
    return Promise.reject(new Error("thrown on purpose"));
  } else if (fate === "rejects later") {
    Timer.set(() => void Promise.reject(new Error("thrown on purpose")), 5);
    // XS finds it when the promise is collected.
    Timer.set(() => collect(), 10);
  } else if (fate === "fills its memory") {
    const hoard: unknown[] = [];
    for (;;) hoard.push(new Uint8Array(256));
  } else if (fate === "runs out of names") {
    const bag: Record<string, boolean> = {};
    for (let i = 0; ; i++) bag[`name ${i}`] = true;
  } else if (fate === "boots a board of its own") {
    boot();
  } else if (fate === "waits for a message") {
    MsgReceive(ChannelCreate(0), new Uint8Array(64), 64, null);
  } else if (fate === "loops") {
    for (;;);
  } else if (fate === "overflows its stack") {
    overflow(0);
  }
  return undefined;
}
