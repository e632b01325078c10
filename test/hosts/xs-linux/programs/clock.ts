/**
 * Main on XS: runs a task that sleeps and waits while the clock of the board begins again, and then
 * starts another one, in whose VM the clock has never been looked at.
 */
import config from "mc/config";
import Timer from "timer";
import { name_open, uptime } from "reattach";
import { boot } from "reattach/moddable";
import { exit } from "xs";
import { MARK } from "./results.js";

const LOOK_MS = 10;
/** How long after its start the second task follows. */
const late_ms = config["late_ms"] as number;
const system = boot();
/** The main VM's own looks: between two of them nothing jumps. */
let last = uptime();
let isLate = false;
let worst = 0;

function tell(what: object): void {
  trace(`${MARK}${JSON.stringify(what)}\n`);
}

Timer.repeat(() => {
  const now = uptime();
  if (now < last) tell({ name: "main", problem: `uptime went from ${last} to ${now}` });
  if (now - last > worst) worst = now - last;
  last = now;
  if (name_open("early", 0) >= 0 && name_open("late", 0) >= 0) {
    tell({ name: "main", last: now, worst });
    exit(0);
  }
  if (isLate || now < late_ms) return;
  isLate = true;
  tell({ name: "main", first: now });
  system.start("late");
}, LOOK_MS);
system.on("death", ({ name, text }) => {
  tell({ name, problem: text });
  exit(1);
});
system.start("early");
