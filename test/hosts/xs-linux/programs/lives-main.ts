/**
 * Main on XS: kills the task that "mc/config" names once it is up, orders what it says from inside
 * a listener, and writes down all that it is told of that task until it has come to run again.
 */
import config from "mc/config";
import Timer from "timer";
import { boot } from "reattach/moddable";
import { exit } from "xs";
import { MARK } from "./results.js";

interface Plan {
  /** Events of "mortal" until all is over. */
  readonly until: number;
  /** What the first death's listener does. */
  readonly does: "nothing" | "restart" | "start" | "throw";
  /** Kill it when a standby is being loaded for it. */
  readonly kills: boolean;
}

const LOOK_MS = 1;
const plan = config["plan"] as Plan;
const system = boot();
const heard: string[] = [];
let isKilled = false;
let deaths = 0;

function hear(name: string, what: string): void {
  if (name !== "mortal") return;
  heard.push(what);
  if (heard.length < plan.until) return;
  const { restarts } = system.ps().find((task) => task.name === name)!;
  trace(`${MARK}${JSON.stringify({ heard, restarts })}\n`);
  exit(0);
}

system.on("start", (name) => hear(name, "start"));
// Not when it is ready: one that throws at once may be gone before main looks.
system.on("end", (name) => hear(name, "end"));
system.on("death", ({ name, cause, text }) => {
  hear(name, `${cause}: ${text}`);
  if (name !== "mortal" || ++deaths > 1) return;
  if (plan.does === "throw") throw new Error("in a listener");
  if (plan.does === "restart") void system.restart(name);
  if (plan.does === "start") void system.start(name);
});

function look(): void {
  if (isKilled) return;
  const mortal = system.ps().find(({ name }) => name === "mortal")!;
  if (mortal.standby !== "starting") return;
  isKilled = true;
  void system.kill("mortal");
}

if (plan.kills) Timer.repeat(look, LOOK_MS);
void system.start();
