/**
 * Runs the weather station on real XS: the example's own main module and manifest, only shorter and
 * with more crashes.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type test from "tape";
import { bundle, type Bundle, complaintsIn } from "./bundle.js";
import { isNative, losesWakeUps, missing, type Mode, run, type Run } from "./host.js";
import { judgeShares, nativeCallsIn } from "./native-calls.js";

const EXAMPLE = join(import.meta.dirname, "../../../examples/weather-station");
const TASKS = ["sensor", "station", "store", "display"];
/** What they and main share: preloaded too, so that no VM makes them. */
const SHARED = ["latency", "readings", "services", "story", "summary"];
/** A few seconds, and a crash of either server several times in each. */
const STORY = { seconds: 4, killSensor_ms: 300, killStore_ms: 450 };

interface Task {
  creation?: { static?: number };
}

/** The manifest's configuration. Where slots are twice as large, its memory would not do. */
function configFor({ m32 }: Mode): object {
  const manifest = readFileSync(join(EXAMPLE, "manifest.json"), "utf8");
  const { config } = JSON.parse(manifest) as {
    config: { reattach: { tasks: Record<string, Task> } };
  };
  if (!m32) {
    for (const task of Object.values(config.reattach.tasks)) {
      task.creation = { ...task.creation, static: 0 };
    }
  }
  return { ...config, ...STORY };
}

function files(modules: readonly string[]): Record<string, string> {
  return Object.fromEntries(modules.map((name) => [name, join(EXAMPLE, `${name}.ts`)]));
}

function bundleExample(): Promise<Bundle> {
  const programs = { "weather-station": join(import.meta.dirname, "programs/weather-station.ts") };
  const recording = join(EXAMPLE, "recording-moddable.ts");
  return bundle({ ...programs, ...files(TASKS), ...files(SHARED) }, { recording });
}

/** Runs it to its end. */
export async function runWeatherStation(mode: Mode): Promise<Run> {
  const all = await bundleExample();
  try {
    return await run({
      mode,
      bundle: all,
      main: "weather-station",
      config: configFor(mode),
      preload: [...TASKS, ...SHARED],
      switches: [`--resources=${join(EXAMPLE, "data")}`, "--count-calls"],
    });
  } finally {
    all.remove();
  }
}

/** A number of the report: "  lost   0". */
function numberIn(report: string, name: string): number {
  return Number(new RegExp(`^ *${name} +(\\d+)`, "m").exec(report)?.[1]);
}

/** Runs it, and judges what it reports. */
export async function judgeWeatherStation(t: test.Test, mode: Mode): Promise<void> {
  const why = missing(mode);
  if (why !== "") return t.skip(why);
  const { code, stdout, stderr } = await runWeatherStation(mode);
  t.equal(code, 0, "the process ends by itself");
  t.equal(complaintsIn(stderr), "", "nothing to complain of");
  t.ok(numberIn(stdout, "crashes") > 0, "servers crashed");
  t.ok(numberIn(stdout, "recoveries") > 0, "clients recovered");
  t.ok(numberIn(stdout, "messages") > 0, "messages were sent");
  t.equal(numberIn(stdout, "answers"), numberIn(stdout, "messages"), "all were answered");
  t.equal(numberIn(stdout, "lost"), 0, "lost");
  t.equal(numberIn(stdout, "wrong"), 0, "wrong");
  t.equal(numberIn(stdout, "repeated"), 0, "counted twice");
  // Where messages are slow the station's polls, which have a time limit, are many beside them.
  if (isNative(mode) && !losesWakeUps(mode)) judgeShares(t, nativeCallsIn(stdout));
  if (code !== 0) t.comment(stdout.slice(-2_000));
}
