/**
 * Main on XS, in the tracing build: prints the last records of all tasks when one dies, and before
 * the board restarts. The first task that dies is told as words too, for the test to compare.
 */
import Timer from "timer";
import { boot } from "reattach/moddable";
import { printTraceOfDeaths } from "reattach/trace";
import { ringOf } from "../../../../src/kernel/trace/ring.js";
import { MARK } from "./results.js";

/** The successor has answered some messages by then. */
const RESTART_MS = 300;

declare global {
  /** Of the tracing build: hosts/moddable/trace/points.ts. */
  // oxlint-disable-next-line no-var
  var $rings: SharedArrayBuffer;
}

const system = boot();
let deaths = 0;
printTraceOfDeaths(system);
system.on("death", ({ pid }) => {
  if (++deaths > 1) return;
  const ring = Array.from(ringOf($rings, pid & 511));
  trace(`${MARK}${JSON.stringify({ ring })}\n`);
  Timer.set(() => void system.reboot("the test has seen enough"), RESTART_MS);
});
void system.start();
