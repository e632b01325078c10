/**
 * The weather station's main module on a board: starts the tasks, kills two of them at intervals,
 * tells the story in the log, and ends with the report. start.ts does the same in the simulator.
 */
import config from "mc/config";
import { boot } from "reattach/moddable";
import { openRecording } from "recording";
import Timer from "timer";
import { describe, Story } from "./story.js";

/** Not every status is shown: a log is read by people. */
const SHOW_EVERY = 8;

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    Timer.set(() => resolve(), ms);
  });
}

async function run(): Promise<void> {
  const system = boot();
  const story = new Story({ view: () => system.view(), wait, recording: openRecording() });
  system.on("death", ({ name, cause }) => {
    story.crashes++;
    if (cause !== "killed") trace(`${name} died: ${cause}\n`);
  });
  system.start();
  const killers = [
    Timer.repeat(() => void system.kill("sensor"), Number(config["killSensor_ms"])),
    Timer.repeat(() => void system.kill("store"), Number(config["killStore_ms"])),
  ];
  let count = 0;
  await story.watch(Number(config["seconds"]) * 1000, (text) => {
    if (count++ % SHOW_EVERY === 0) trace(`${text}\n`);
  });
  killers.forEach((timer) => Timer.clear(timer));
  await story.finish();
  trace("comparing every day with the recording …\n");
  // The store that is asked now was given nothing itself.
  await system.kill("store");
  trace(`\n${describe(await story.judge())}`);
  await system.stop();
  trace("All tasks have stopped.\n");
}

/** Called by Moddable when the board has started. */
export default function main(): void {
  run().catch((error: unknown) => trace(`the story ended early: ${String(error)}\n`));
}
