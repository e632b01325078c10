/**
 * The modules of an application that run in the main thread: `simulation.ts` beside its manifest,
 * and those with its services, for a test that asks one.
 *
 * They are compiled as a program of a task is, and find modules by the names that the manifest
 * gives them. What they import of this package is what the main thread itself runs.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { allowedNames } from "../../../src/manifest/suggest.js";
import { Compiler } from "../compile/compile.js";
import { InputError, UsageError } from "../input-error.js";
import type { AppManifest } from "../manifest/read.js";
import { shownPath } from "../manifest/shown-path.js";
import type { CreateChecks } from "./checks.js";

/** Its name, in the order in which it is looked for. */
const FILES = ["simulation.ts", "simulation.js", "simulation.mjs"] as const;

/** What a main thread imports of this package. */
const MODULES: Readonly<Record<string, string>> = {
  reattach: "src/index.js",
  "reattach/ham": "src/ham/index.js",
  "reattach/node": "hosts/node/index.js",
  "reattach/service": "src/service/index.js",
  "reattach/test": "hosts/node/test-kit/index.js",
};

/** What an application claims, and how it wants to be simulated. */
export interface SimulationFile {
  /** Absolute path. */
  readonly file: string;
  /** Makes the checks of one run. */
  readonly checks: CreateChecks;
  /** Faults of its own, as `reattach run --fault` takes them. */
  readonly faults: readonly string[];
  /** Tasks, and parts of the board, that no fault of a seed strikes: it relies on them. */
  readonly spared: readonly string[];
}

/** The same modules for all: a compiler has its results in store. */
function compilerOf({ modules }: Pick<AppManifest, "modules">): Compiler {
  const root = new URL("../../../", import.meta.url);
  const runtime = Object.entries(MODULES).map(([name, file]): [string, string] => [
    name,
    new URL(file, root).href,
  ]);
  return new Compiler({ modules, runtime: new Map(runtime) });
}

async function load(app: AppManifest, file: string): Promise<Record<string, unknown>> {
  const { url } = await compilerOf(app).compile(file);
  return (await import(url)) as Record<string, unknown>;
}

/**
 * A module of the manifest, run in this thread, by its name there. Rejects with a UsageError for
 * another name, and with a CompileError.
 */
export async function loadModule(app: AppManifest, name: string): Promise<Record<string, unknown>> {
  const file = app.modules.get(name);
  if (file !== undefined) return load(app, file);
  throw new UsageError(`load: found "${name}", ${allowedNames(name, [...app.modules.keys()])}`);
}

/**
 * `simulation.ts` beside the manifest; null when there is none. Rejects with a CompileError, and
 * with an InputError when it exports something else than it should.
 */
export async function loadSimulation(app: AppManifest): Promise<SimulationFile | null> {
  const file = FILES.map((name) => join(app.dir, name)).find((path) => existsSync(path));
  if (file === undefined) return null;
  const { checks, faults = [], spared = [] } = await load(app, file);
  const problems: string[] = [];
  if (typeof checks !== "function") {
    const allowed = "a function that returns the checks of one run";
    problems.push(`${shownPath(file)}: checks: found ${inspect(checks)}, allowed is ${allowed}`);
  }
  if (!isTexts(faults)) {
    const allowed = "a list of faults";
    problems.push(`${shownPath(file)}: faults: found ${inspect(faults)}, allowed is ${allowed}`);
  }
  if (!isTexts(spared)) {
    const allowed = "a list of names of tasks, and of parts of the board";
    problems.push(`${shownPath(file)}: spared: found ${inspect(spared)}, allowed is ${allowed}`);
  }
  if (problems.length > 0) throw new InputError(problems.join("\n"), problems);
  return {
    file,
    checks: checks as CreateChecks,
    faults: faults as readonly string[],
    spared: spared as readonly string[],
  };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
