/**
 * Runs the weather station on real XS: the example's own main module and manifest, only shorter and
 * with more crashes.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bundle, type Bundle } from "./bundle.js";
import { type Mode, run, type Run } from "./host.js";

const EXAMPLE = join(import.meta.dirname, "../../../examples/weather-station");
const TASKS = ["sensor", "station", "store", "display"];
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

function bundleExample(): Promise<Bundle> {
  const programs = { "weather-station": join(import.meta.dirname, "programs/weather-station.ts") };
  const tasks = TASKS.map((task) => [task, join(EXAMPLE, `${task}.ts`)]);
  const recording = join(EXAMPLE, "recording-moddable.ts");
  return bundle({ ...programs, ...Object.fromEntries(tasks) }, { recording });
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
      preload: TASKS,
      switches: [`--resources=${join(EXAMPLE, "data")}`, "--count-calls"],
    });
  } finally {
    all.remove();
  }
}
