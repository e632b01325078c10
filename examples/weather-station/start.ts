/**
 * `npm start`: runs the weather station in the simulator while its sensor and its store are killed
 * again and again, and checks at the end that nothing was lost and every number is right. main.ts
 * does the same on a board.
 *
 *     npm start -- [--seconds n | --kills n] [--seed n] [--json]
 *
 * With --kills both are killed as often as they can be, until there were so many.
 */
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { boot, injectFaults, openControl } from "reattach/node";
import { openRecording } from "./recording-node.js";
import { describe, isGood, Story } from "./story.js";

const FAULTS = ["kill:sensor:500ms", "kill:store:600ms"];
/** A task is not started sooner than 50 ms after its last start. */
const OFTEN = ["kill:sensor:60ms", "kill:store:100ms"];
/** How long to go on between two looks at how many kills there were. */
const LOOK_MS = 500;
/** Not on a terminal: a line now and then, not four a second. */
const LOG_EVERY = 12;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "14" },
    kills: { type: "string", default: "0" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    json: { type: "boolean", default: false },
  },
});

/** The one line that shows what is going on. */
class StatusLine {
  #isShown = false;
  #count = 0;

  show(text: string): void {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
    else if (this.#count++ % LOG_EVERY === 0) process.stderr.write(`${text}\n`);
    this.#isShown = process.stderr.isTTY;
  }

  /** Writes something else above it. */
  print(text: string): void {
    if (this.#isShown) process.stderr.write("\r\x1b[K");
    this.#isShown = false;
    process.stderr.write(`${text}\n`);
  }
}

const line = new StatusLine();
const seed = Number(values.seed);
const kills = Number(values.kills);
const plan = kills > 0 ? OFTEN : FAULTS;

const system = await boot(fileURLToPath(new URL("./manifest.json", import.meta.url)));
const story = new Story({
  view: () => system.view(),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  recording: openRecording(),
});
system.on("log", (name, _level, text) => line.print(`[${name}] ${text}`));
system.on("death", ({ name, cause, text }) => {
  story.crashes++;
  if (cause !== "killed") line.print(`${name} died: ${cause}: ${text}`);
});
line.print(`faults: ${plan.join(", ")}; seed ${seed}`);
// In another terminal: npx reattach ps
const control = await openControl(system);
await system.start();
const faults = injectFaults(system, plan, seed);
const show = (text: string): void => line.show(text);
if (kills === 0) await story.watch(Number(values.seconds) * 1000, show);
while (story.crashes < kills) await story.watch(LOOK_MS, show);
faults.stop();
await story.finish();
// The store that is asked now was given nothing itself.
await system.kill("store");
const report = { seed, ...(await story.judge()) };
await control.close();
await system.stop();
line.print("");
process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : describe(report));
process.exitCode = isGood(report) ? 0 : 1;
