/**
 * Main on XS: the matrix. Starts the tasks, does to the mortal one what "mc/config" says, and when
 * all has settled writes down who has another pid.
 */
import config from "mc/config";
import Timer from "timer";
import { boot } from "reattach/moddable";
import { exit } from "xs";
import type { Kind } from "../../../unit/manager/supervise/matrix.js";
import type { MatrixResult } from "../matrix-result.js";
import { MARK } from "./results.js";

const LOOK_MS = 5;

const { kind } = config["matrix"] as { kind: Kind };
const system = boot();
const causes: string[] = [];
let reason = "";
let before: Record<string, number> = {};
let isStruck = false;

function pids(): Record<string, number> {
  return Object.fromEntries(system.ps().map(({ name, pid }) => [name, pid]));
}

/** All run, but for a mortal task in a state that lasts. */
function isSettled(): boolean {
  return system
    .ps()
    .every(
      ({ name, state }) =>
        state === "RECEIVE" || (name === "mortal" && (state === "HELD" || state === "STOPPED")),
    );
}

/** So many deaths are to come: a program that cannot be loaded dies of that too. */
const deaths = kind === "syntax error" ? 2 : 1;

function isDone(): boolean {
  const mortal = system.ps().find(({ name }) => name === "mortal")!;
  const isOut = mortal.state === "HELD" || mortal.state === "STOPPED";
  return (causes.length >= deaths || (causes.length > 0 && isOut)) && isSettled();
}

function look(): void {
  if ((kind === "kill" || kind === "hang") && !isStruck && isSettled()) {
    isStruck = true;
    before = pids();
    if (kind === "kill") void system.kill("mortal");
    else system.hang("mortal");
  } else if (isDone()) {
    const result: MatrixResult = { causes, reason, before, after: pids() };
    trace(`${MARK}${JSON.stringify(result)}\n`);
    exit(0);
  }
}

system.on("reboot", (why) => (reason = why));
system.on("ready", () => {
  if (causes.length === 0) before = pids();
});
system.on("death", ({ cause }) => causes.push(cause));
system.start();
Timer.repeat(look, LOOK_MS);
