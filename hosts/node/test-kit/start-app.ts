/**
 * startApp(): an application for a test, from its manifest.
 */
import { dirname } from "node:path";
import { inspect } from "node:util";
import { allowedNames } from "../../../src/manifest/suggest.js";
import { isObject, type JsonObject } from "../../../src/manifest/value.js";
import type { Checks, CreateChecks } from "../checks/checks.js";
import { loadSimulation } from "../checks/simulation-file.js";
import { UsageError } from "../input-error.js";
import { readJsonFile } from "../manifest/json.js";
import { type AppManifest, type ManifestOptions, readManifest } from "../manifest/read.js";
import { ManifestError } from "../manifest/problems.js";
import type { TraceOptions } from "../trace/tracing.js";
import { keepAlive, callerOf } from "./alive.js";
import { App } from "./app.js";
import { type Duration, milliseconds } from "./duration.js";
import { RealRun } from "./real-run.js";
import type { Run } from "./run.js";
import { VirtualRun } from "./virtual-run.js";

/** How an application is started for a test. */
export interface StartOptions extends ManifestOptions {
  /**
   * Which time it has. "virtual": its own, which goes on only while the test waits, and jumps when
   * all sleep; the same seed gives the same run. "real": that of the wall, on real threads. Default
   * "virtual".
   */
  readonly clock?: "virtual" | "real";
  /** What is left to chance repeats with it. Default 1. */
  readonly seed?: number;
  /**
   * Settings of tasks in place of those of the manifest: `{ controller: { args: { period_ms: 1 } }
   * }`. Each key that is named is replaced whole.
   */
  readonly tasks?: Readonly<Record<string, JsonObject>>;
  /** Has all messages recorded: `app.trace`. */
  readonly trace?: TraceOptions;
  /**
   * What the application claims of itself. Default: `checks` of the file `simulation.ts` beside the
   * manifest, if there is one; false: nothing.
   */
  readonly checks?: CreateChecks | false;
  /** How long a call waits that does not say so itself. Default 30 seconds. */
  readonly within?: Duration;
}

const OPTIONS = [
  "baseDir",
  "checks",
  "clock",
  "platform",
  "seed",
  "tasks",
  "trace",
  "within",
] as const satisfies readonly (keyof StartOptions)[];

const CLOCKS: readonly unknown[] = ["virtual", "real"];

const PATIENCE = "30 s";

function checkOptions(options: unknown): void {
  if (!isObject(options)) {
    throw new UsageError(`startApp: found ${inspect(options)}, allowed is an object of options`);
  }
  for (const name of Object.keys(options)) {
    if (OPTIONS.some((known) => known === name)) continue;
    throw new UsageError(`startApp: found the option "${name}", ${allowedNames(name, OPTIONS)}`);
  }
  const { clock = "virtual", checks = false, trace } = options;
  if (!CLOCKS.includes(clock)) {
    throw new UsageError(`startApp: found clock ${inspect(clock)}, allowed are virtual, real`);
  }
  if (clock === "virtual" && trace !== undefined) {
    throw new UsageError('startApp: "trace" needs real time: clock: "real"');
  }
  if (checks !== false && typeof checks !== "function") {
    const allowed = "a function that returns the checks of one run, or false";
    throw new UsageError(`startApp: found checks ${inspect(checks)}, allowed is ${allowed}`);
  }
}

/** The object below some keys, made where there is none. */
function objectAt(json: JsonObject, ...keys: readonly string[]): JsonObject {
  let place = json;
  for (const key of keys) {
    const inner = place[key];
    place = (isObject(inner) ? inner : (place[key] = {})) as JsonObject;
  }
  return place;
}

/** The manifest with other settings of its tasks. */
function withSettings(
  manifest: string | JsonObject,
  app: AppManifest,
  settings: Readonly<Record<string, JsonObject>>,
): JsonObject {
  const problems: string[] = [];
  const json = typeof manifest === "string" ? readJsonFile(app.file, problems)?.json : manifest;
  if (json === undefined) throw new ManifestError(app.file, problems);
  const changed = structuredClone(json);
  const tasks = objectAt(changed, "config", "reattach", "tasks");
  const names = app.tasks.map(({ name }) => name);
  for (const [name, keys] of Object.entries(settings)) {
    if (!names.includes(name)) {
      throw new UsageError(`startApp: tasks: found "${name}", ${allowedNames(name, names)}`);
    }
    tasks[name] = { ...objectAt(tasks, name), ...keys };
  }
  return changed;
}

async function checksOf(app: AppManifest, checks: CreateChecks | false | undefined) {
  if (checks === false) return (): Checks => ({});
  return checks ?? (await loadSimulation(app))?.checks ?? ((): Checks => ({}));
}

/** What is wrong with the start is told, not what the stop has to say. */
async function begin(
  run: Run,
  create: CreateChecks,
  within_ms: number,
  where: string,
): Promise<App> {
  let app: App | undefined;
  try {
    app = new App(run, create(), within_ms, where);
    await app.begin();
    return app;
  } catch (error) {
    await (app ?? run).stop().catch(() => undefined);
    throw error;
  }
}

/**
 * Starts an application for a test, from its manifest: its path, its folder, or the manifest as an
 * object. Resolves when all tasks are up.
 *
 *     await using app = await startApp("manifest.json", { seed: 7 });
 *
 * It does not keep the process alive; a test that ends without having stopped it has failed. Where
 * nobody looks, what it logs is not shown: errors tell the last of it.
 *
 * Rejects as boot() does; with a UsageError for an option that is wrong, and for a task that does
 * not compile; and with a TestError when a task does not come up.
 */
export async function startApp(
  manifest: string | JsonObject,
  options: StartOptions = {},
): Promise<App> {
  const where = callerOf(new Error().stack);
  checkOptions(options);
  const { seed = 1, clock = "virtual", tasks, trace, checks, within = PATIENCE } = options;
  const { platform, baseDir } = options;
  const within_ms = milliseconds(within, "startApp: within");
  const how: ManifestOptions = {
    ...(platform === undefined ? {} : { platform }),
    ...(baseDir === undefined ? {} : { baseDir }),
  };
  const read = readManifest(manifest, how);
  const create = await keepAlive(checksOf(read, checks));
  const [used, usedHow] =
    tasks === undefined
      ? [manifest, how]
      : [withSettings(manifest, read, tasks), { ...how, baseDir: dirname(read.file) }];
  const booting = { ...usedHow, seed, ...(trace === undefined ? {} : { trace }) };
  const run = await keepAlive<Run>(
    clock === "virtual" ? VirtualRun.boot(used, { ...usedHow, seed }) : RealRun.boot(used, booting),
  );
  return begin(run, create, within_ms, where);
}
