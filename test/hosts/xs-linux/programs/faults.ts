/**
 * Main on XS: starts a task that comes to grief, does to it what "mc/config" says, and writes down
 * what happens.
 */
import config from "mc/config";
import Timer from "timer";
import { boot } from "reattach/moddable";
import { exit } from "xs";
import type { Action, Event } from "./fates.js";
import { MARK } from "./results.js";

const { action, starts } = config["faults"] as { action: Action; starts: number };
let count = 0;

function note(event: Event["event"], text: string): void {
  trace(`${MARK}${JSON.stringify({ event, text } satisfies Event)}\n`);
}

const system = boot();
system.on("reboot", (reason) => note("reboot", reason));
system.on("start", () => {
  note("start", "");
  if (++count === starts) exit(0);
});
system.on("ready", () => {
  if (action === "kill") void system.kill("unlucky");
  if (action === "stop") void system.stop("unlucky");
  // Nobody comes back from here: the guardian is to see it.
  if (action === "stall") for (;;);
  if (action === "throw") {
    Timer.set(() => {
      throw new Error("main throws");
    });
  }
});
system.on("death", ({ cause, text }) => note("death", `${cause}: ${text.split("\n")[0]}`));
system.on("end", () => {
  note("end", "");
  exit(0);
});
system.start();
