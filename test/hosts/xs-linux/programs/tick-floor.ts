/**
 * Main on the chip, without a board: what an empty timer costs that comes as often as the manager's
 * tick, with the ticks of FreeRTOS meanwhile.
 */
import config from "mc/config";
import Timer from "timer";
import { busy, exit } from "xs";
import { MARK } from "./results.js";

/** Longer than anything takes that is done once. */
const SETTLED_MS = 3_000;

const { idle_ms = 0, tick_ms = 0 } = config as { idle_ms?: number; tick_ms?: number };
let before = 0;

Timer.repeat(() => undefined, tick_ms);
Timer.set(() => (before = busy()), SETTLED_MS);
Timer.set(() => {
  trace(`${MARK}${JSON.stringify({ busy_ns: busy() - before })}\n`);
  exit(0);
}, SETTLED_MS + idle_ms);
