/**
 * Main on XS: hostile tasks beside the honest, on the device host.
 */
import Timer from "timer";
import config from "mc/config";
import { createMsgInfo } from "reattach";
import { ham_connect, ham_verbose, VERBOSE_GET } from "reattach/ham";
import { boot } from "reattach/moddable";
import { exit } from "xs";
import * as L from "../../../../src/arena/layout.js";
import { viewUsage } from "../../../../src/kernel/inspect/usage.js";
import { Reports } from "../../../proof/hostile/threads/reports.js";
import {
  CALLS_OF_A_LIFE_ON_XS,
  CLIENTS,
  KILL_EVERY_MS,
  leaksIn,
} from "../../../proof/hostile/threads/tasks.js";
import { MARK } from "./results.js";

/** How often to look for reports. */
const LOOK_MS = 5;

const { calls } = config["hostile"] as { calls: number };
const system = boot();
/** In the order of the manifest: main, the server, the clients. */
const CLIENTS_FROM = 2;
const reports = new Reports(createMsgInfo(), (pid) => {
  const place = pid & L.PID_INDEX_MASK;
  return place >= CLIENTS_FROM && place < CLIENTS_FROM + CLIENTS;
});
const accidents: string[] = [];
let lives = 0;
let deaths = 0;
let isOver = false;

system.on("death", ({ name, cause }) => {
  if (!name.startsWith("attacker")) accidents.push(`${name}: ${cause}`);
  deaths++;
  if (cause === "throw") lives++;
  reports.isEnough = lives * CALLS_OF_A_LIFE_ON_XS >= calls;
});
system.start();

/** Two attackers can wait for each other's answer for ever: see proof/hostile/threads/run.ts. */
function killLater(name: string, every_ms: number): void {
  Timer.set(() => {
    if (isOver) return;
    if (system.isRunning(name)) void system.kill(name);
    killLater(name, every_ms);
  }, every_ms);
}
KILL_EVERY_MS.forEach((ms, i) => killLater(`attacker${i + 1}`, ms));

async function finish(): Promise<void> {
  ham_connect(0);
  const isManagerAlive = ham_verbose(null, VERBOSE_GET, 0) >= 0;
  await system.stop();
  reports.close();
  const leaks = leaksIn(viewUsage());
  const counts = { answers: reports.sum(1), wrong: reports.sum(2), failed: reports.sum(3) };
  const made = lives * CALLS_OF_A_LIFE_ON_XS;
  const result = { calls: made, deaths, ...counts, accidents, leaks, isManagerAlive };
  trace(`${MARK}${JSON.stringify(result)}\n`);
  exit(0);
}

const look = Timer.repeat(() => {
  reports.poll();
  if (!reports.isOver && accidents.length === 0) return;
  Timer.clear(look);
  isOver = true;
  void finish();
}, LOOK_MS);
