/**
 * Main on XS: starts tasks that live in some way, and writes down what the manager finds, until
 * what "mc/config" says has come.
 */
import config from "mc/config";
import Timer from "timer";
import { boot } from "reattach/moddable";
import { exit } from "xs";
import type { LifeEvent, Until } from "./life-events.js";
import { MARK } from "./results.js";

const LOOK_MS = 20;
const until = config["until"] as Until;
let deaths = 0;
let deadlocks = 0;

function note(event: LifeEvent["event"], text: string): void {
  trace(`${MARK}${JSON.stringify({ event, text } satisfies LifeEvent)}\n`);
}

const system = boot();
system.on("reboot", (reason) => note("reboot", reason));
system.on("death", ({ name, cause, text }) => {
  note("death", `${name} ${cause} ${text}`);
  deaths++;
});
system.on("deadlock", (names) => {
  note("deadlock", names.join(" > "));
  deadlocks++;
});

function isDone(): boolean {
  if (deaths < (until.deaths ?? 0) || deadlocks < (until.deadlocks ?? 0)) return false;
  const tasks = system.ps();
  if (until.idle !== undefined) {
    const task = tasks.find(({ name }) => name === until.idle)!;
    if (task.state !== "IDLE" || task.counters.sleeps < until.signs!) return false;
  }
  if (until.silent !== undefined) {
    // On a busy machine a task may be silent for long before it is there at all.
    if (tasks.some(({ state }) => state === "STARTING")) return false;
    const task = tasks.find(({ name }) => name === until.silent)!;
    if (task.silent_ms < until.silent_ms!) return false;
  }
  return true;
}

Timer.repeat(() => {
  if (!isDone()) return;
  for (const { name, state, deadlock } of system.ps()) {
    note("ps", `${name} ${state}${deadlock === null ? "" : ` ${deadlock.join(" > ")}`}`);
  }
  exit(0);
}, LOOK_MS);
system.start();
