/**
 * Main on XS: what its tick costs while nothing happens, in bytecodes; over some time, so that
 * heartbeats and slow looks are in it.
 */
import config from "mc/config";
import Timer from "timer";
import { uptime } from "reattach";
import { boot } from "reattach/moddable";
import { bytecodes, exit } from "xs";
import { MARK } from "./results.js";

/** As in hosts/moddable/board-port.ts. */
const TICK_MS = 10;
/** What is done once is done. */
const SETTLE_MS = 2_500;
const system = boot();

void system.start();
Timer.set(() => {
  const before = bytecodes();
  const start_ms = uptime();
  Timer.set(() => {
    const used = bytecodes() - before;
    const ticks = (uptime() - start_ms) / TICK_MS;
    trace(`${MARK}${JSON.stringify({ used, ticks })}\n`);
    const states = system.ps().map(({ state }) => state);
    exit(states.every((state) => state === "RECEIVE") ? 0 : 1);
  }, config["for_ms"] as number);
}, SETTLE_MS);
