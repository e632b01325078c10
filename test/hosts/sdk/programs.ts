/**
 * The tests' own programs on XS (test/hosts/xs-linux/programs) as applications for this computer,
 * linked by mcconfig and run on the SDK's own engine.
 */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Test } from "tape";
import { folderOf, writeFiles } from "../node/temp-folder.js";
import { bundle } from "../xs-linux/bundle.js";
import { runHeadless } from "./headless.js";
import { buildForLin, type Outcome, root, warningsIn } from "./tools.js";

const MAIN_STACK_SLOTS = 8_192;
const RUN_MS_MAX = 180_000;
const ENGINE = join(import.meta.dirname, "engine/xs");
const WORKER = "$(MODDABLE)/modules/base/worker/worker";

/** An application of test programs. */
export interface TestApp {
  /** Of the application, and of its folder. */
  readonly name: string;
  /** The program that the main VM runs. */
  readonly main: string;
  /** All programs, by the names of their modules. */
  readonly programs: Readonly<Record<string, string>>;
  /** What "mc/config" exports. */
  readonly config: object;
  /** Programs that lie in flash, as the linker makes them. */
  readonly preload?: readonly string[];
  /** The test reaches the workers of tasks: programs/worker.ts stands in front of Moddable's. */
  readonly reachesWorkers?: boolean;
}

/** An application that was built. */
export interface BuiltApp {
  readonly library: string;
  readonly cwd: string;
}

/** Manifest and sources that put programs/worker.ts in front of Moddable's "worker". */
function workersIn(folder: string): { modules: object; files: Record<string, string> } {
  const path = WORKER.replace("$(MODDABLE)", process.env["MODDABLE"]!);
  return {
    modules: { "~": WORKER, worker: join(folder, "worker"), "xs/worker": "./xs-worker" },
    files: { "xs-worker.js": readFileSync(`${path}.js`, "utf8") },
  };
}

/** Builds an application: what the linker says is asserted. Throws when it cannot be built. */
export async function buildPrograms(t: Test, app: TestApp): Promise<BuiltApp> {
  const { name, main, programs, config, preload = [], reachesWorkers = false } = app;
  const all = await bundle(programs);
  t.teardown(() => all.remove());
  const cwd = join(folderOf(t, {}), name);
  const folder = join(all.modules, "..");
  const modules: Record<string, string> = { main: join(folder, main), xs: ENGINE };
  for (const each of Object.keys(programs)) if (each !== main) modules[each] = join(folder, each);
  const worker = reachesWorkers ? workersIn(folder) : { modules: {}, files: {} };
  const parts = ["ham/manifest.json", "service/manifest.json"].map((part) => join(root, part));
  writeFiles(cwd, {
    ...worker.files,
    "manifest.json": {
      include: ["$(MODDABLE)/examples/manifest_base.json", ...parts],
      modules: { ...modules, ...worker.modules },
      preload: [...preload, ...(reachesWorkers ? ["xs/worker"] : [])],
      // Where this computer keeps what a board has in NVS.
      config: { ...config, file: { root: `${cwd}/` } },
      // A suite is deeper than an application.
      platforms: { lin: { creation: { stack: MAIN_STACK_SLOTS } } },
    },
  });
  const { library, code, text } = await buildForLin(cwd);
  if (code !== 0) throw new Error(`mcconfig does not build ${name}: ${text}`);
  t.deepEqual(warningsIn(text), [], `${name}: the linker warns of nothing`);
  return { library, cwd };
}

/** Runs a board that has never run before: no restart of an earlier one is remembered. */
export function runFresh({ library, cwd }: BuiltApp, ...args: readonly string[]): Promise<Outcome> {
  rmSync(join(cwd, "modpreferences.json"), { force: true });
  const env = { TEST_ARGUMENTS: args.join("\n") };
  return runHeadless(library, { cwd, ms: RUN_MS_MAX, env });
}
