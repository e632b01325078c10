/**
 * Main on XS, on a board without HAM: one task asks, which starts the one that answers; that one is
 * made to hang, and has to come back. Writes down what has come of it.
 */
import config from "mc/config";
import Timer from "timer";
import { boot } from "reattach/moddable";
import { exit } from "xs";
import { MARK } from "./results.js";

const LOOK_MS = 5;
const most = config["most"] as number;
const system = boot();
const deaths: string[] = [];
let isHung = false;

system.on("death", ({ name, cause }) => deaths.push(`${name}: ${cause}`));
void system.start("asker");
Timer.repeat(() => {
  const [server, asker] = system.ps();
  const answers = asker!.stableBytes;
  if (!isHung && answers >= most / 4) {
    isHung = true;
    system.hang("server");
  }
  if (answers < most && deaths.length < 2) return;
  const result = { answers, deaths, restarts: server!.restarts, ham: system.ham() };
  trace(`${MARK}${JSON.stringify(result)}\n`);
  exit(0);
}, LOOK_MS);
