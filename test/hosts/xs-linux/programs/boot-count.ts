/**
 * Main on XS: a board that restarts again and again. Writes down what it is told and, when nothing
 * is to be expected any more, the states of all tasks.
 */
import config from "mc/config";
import Timer from "timer";
import { boot } from "reattach/moddable";
import { exit } from "xs";
import type { BootCountAction, BootCountNote } from "./fates.js";
import { MARK } from "./results.js";

/** Rarely enough for a slow chip: to look takes main some milliseconds there. */
const LOOK_MS = 50;

const { action } = config["bootCount"] as { action: BootCountAction };

function note(what: BootCountNote): void {
  trace(`${MARK}${JSON.stringify(what)}\n`);
}

const started = Date.now();
const system = boot();
system.on("reboot", (reason) => note({ reason }));
system.on("ready", (name) => {
  if (name !== "unlucky") return;
  if (action === "stop") void system.stop("unlucky");
  // Nobody comes back from here: the guardian is to see it.
  if (action === "stall") for (;;);
});
void system.start();

function look(): void {
  const tasks = system.ps();
  const isSettled = tasks.every(({ state }) => state === "RECEIVE" || state === "HELD");
  if (action === "reboot late") {
    // When the board has run well for long, as its manifest has it.
    if (isSettled && Date.now() - started > 1_000) void system.reboot("late");
  } else if (isSettled && tasks.some(({ state }) => state === "HELD")) {
    note({ states: tasks.map(({ name, state }) => `${name} ${state}`) });
    exit(0);
  }
}

Timer.repeat(look, LOOK_MS);
