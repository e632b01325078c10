/**
 * An application, ready to be simulated: its manifest read and checked, its programs compiled to
 * scripts, and the engine loaded, which is a build of its own (dist/node/lockstep).
 */
import type { JsonObject } from "../../../src/manifest/value.js";
import { Compiler } from "../compile/compile.js";
import { loadSimulation, type SimulationFile } from "../checks/simulation-file.js";
import { callsOf } from "../definitions/calls.js";
import type { ServiceShape } from "../definitions/protocol.js";
import { checkDefinitions, inputsOf } from "../definitions/check.js";
import { BOARD_MODULES, PLAIN_MODULES } from "../hardware/names.js";
import { compilerFor, Programs } from "../host/programs.js";
import { ManifestError } from "../manifest/problems.js";
import { type AppManifest, type ManifestOptions, readManifest } from "../manifest/read.js";
import { shownPath } from "../manifest/shown-path.js";
import type { SimulationOptions } from "./main/options.js";
import type { Simulation } from "./main/simulation.js";

/** As rollup.config.mjs builds it. */
const ENGINE = new URL("../../../lockstep/simulation.js", import.meta.url);

/** What a life asks for with require(): life/runtime.ts. */
const OWN_MODULES = ["reattach", "reattach/ham", "reattach/service", ...Object.keys(PLAIN_MODULES)];

/** The names, of those that are there: hardware where a board is described. */
function runtimeOf({ hardware }: AppManifest): ReadonlyMap<string, string> {
  const names = [...OWN_MODULES, ...(hardware === null ? [] : Object.keys(BOARD_MODULES))];
  return new Map(names.map((name) => [name, name]));
}

/** An application that can be simulated again and again. */
export interface Prepared {
  readonly manifest: AppManifest;
  /** What it claims of itself in simulation.ts; null when there is no such file. */
  readonly claims: SimulationFile | null;
  /** What the services of its modules can be asked. */
  readonly services: readonly ServiceShape[];
  /** First words of the requests that a task serves, by the names of its calls. */
  callsOf(task: string): ReadonlyMap<string, number>;
  /** Starts a simulation of it, one at a time. */
  start(options: Omit<SimulationOptions, "config" | "programs" | "board">): Promise<Simulation>;
  /**
   * Names of the parts of its simulated board, for which one is made: no simulation may be running.
   * Rejects, as start() does, when it is described wrongly.
   */
  findParts(): Promise<readonly string[]>;
  /** Ends what has compiled it. */
  stop(): Promise<void>;
}

/**
 * Prepares the application of a manifest. Rejects with a ManifestError for what is wrong in it, and
 * with a CompileError for a program that does not compile.
 */
export async function prepare(
  manifest: string | JsonObject,
  options: ManifestOptions = {},
): Promise<Prepared> {
  const app = readManifest(manifest, options);
  const { problems, services } = await checkDefinitions(app, await inputsOf(app, compilerFor(app)));
  if (problems.length > 0) throw new ManifestError(app.file, problems);
  const { modules, hardware } = app;
  const compiler = new Compiler({ modules, runtime: runtimeOf(app), format: "script" });
  const programs = new Programs(app, compiler, false);
  for (const { module } of app.tasks) await programs.of(module);
  const board =
    hardware === null
      ? null
      : { program: (await compiler.compile(hardware)).url, file: shownPath(hardware) };
  const engine = (await import(ENGINE.href)) as typeof import("./main/simulation.js");
  const prepared = { config: app, programs, board };
  const start: Prepared["start"] = (how) => engine.Simulation.start({ ...how, ...prepared });
  return {
    manifest: app,
    claims: await loadSimulation(app),
    services,
    callsOf: (task) =>
      callsOf(services, app.tasks.find(({ name }) => name === task)?.services ?? []),
    start,
    async findParts() {
      if (board === null) return [];
      const simulation = await start({ seed: 0 });
      await simulation.close();
      return simulation.hardware?.parts ?? [];
    },
    stop: () => programs.stop(),
  };
}
