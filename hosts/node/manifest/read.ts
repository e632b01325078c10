/**
 * The application's Moddable manifest, read for the simulator: the very file that `mcconfig` reads
 * for the device, with the same meaning of includes, platforms, variables and modules. Keys that
 * are only for the device (defines, resources, preload, strip, …) are left to it.
 */
import { dirname } from "node:path";
import type { NetConfig } from "../../../src/manifest/net.js";
import type { ReattachConfig, TaskSpec } from "../../../src/manifest/reattach.js";
import { allowedNames } from "../../../src/manifest/suggest.js";
import { found, isObject, type JsonObject } from "../../../src/manifest/value.js";
import { collect, fileOf, mergeKey, readConfig } from "./merge.js";
import { findModules } from "./modules.js";
import { ManifestError } from "./problems.js";

/** How to read a manifest. */
export interface ManifestOptions {
  /** Which entry of `platforms` counts; without one of this name, `"..."` does. Default "node". */
  readonly platform?: string;
  /** What a path is relative to; a manifest given as an object stands there. Default: the cwd. */
  readonly baseDir?: string;
}

/** A declared task and where its program is. */
export interface TaskProgram extends TaskSpec {
  /** Absolute path of its module. */
  readonly file: string;
}

/** An application, ready to be built and run. */
export interface AppManifest extends Omit<ReattachConfig, "net"> {
  /** Absolute path of the manifest. */
  readonly file: string;
  /** Is it there? One that was given as an object stands for a file. */
  readonly isFile: boolean;
  /** For which entry of `platforms` it was read. */
  readonly platform: string;
  readonly dir: string;
  /** Absolute paths of all manifests that were read: itself, and what it includes. */
  readonly manifests: readonly string[];
  /** `config` of all manifests, merged. */
  readonly config: JsonObject;
  /** `creation` of all manifests, merged: memory of the main VM. mcconfig checks it. */
  readonly creation: JsonObject;
  /** Specifier, as in an import, to absolute path. */
  readonly modules: ReadonlyMap<string, string>;
  readonly tasks: readonly TaskProgram[];
  /** Absolute path of the module that describes the simulated board; null when there is none. */
  readonly hardware: string | null;
  /** What it has to do with other boards; null where it is alone. */
  readonly net: NetConfig | null;
}

/** What only the simulator reads, and the rest of `config.reattach`, as a device has it. */
function splitSimulated(
  input: unknown,
  modules: ReadonlyMap<string, string>,
  problems: string[],
): { hardware: string | null; shared: unknown } {
  if (!isObject(input)) return { hardware: null, shared: input };
  const { hardware, ...shared } = input;
  return {
    hardware: hardware === undefined ? null : hardwareOf(hardware, modules, problems),
    shared,
  };
}

/** The module that describes the board. */
function hardwareOf(
  hardware: unknown,
  modules: ReadonlyMap<string, string>,
  problems: string[],
): string | null {
  const file = typeof hardware === "string" ? modules.get(hardware) : undefined;
  if (file === undefined) {
    const names = allowedNames(String(hardware), [...modules.keys()]);
    problems.push(`config.reattach.hardware: found ${found(hardware)}, ${names}`);
  }
  return file ?? null;
}

/**
 * Reads a manifest, given by the path of the file or its folder, or as an object.
 * Throws a ManifestError with all problems there are. Blocks.
 */
export function readManifest(
  manifest: string | JsonObject,
  { platform = "node", baseDir = process.cwd() }: ManifestOptions = {},
): AppManifest {
  const problems: string[] = [];
  const file = fileOf(manifest, baseDir);
  const reader = { platform };
  const collection = collect(manifest, file, reader, problems);
  // What a file that could not be read would have said is no problem of its own.
  if (problems.length > 0 && collection.parts.length === 0) throw new ManifestError(file, problems);
  const config = mergeKey(collection, "config", problems);
  const creation = mergeKey(collection, "creation", problems);
  const modules = findModules(collection, reader, problems).files;
  const { hardware, shared } = splitSimulated(config["reattach"], modules, problems);
  const names = [...modules.keys()];
  // The simulator has a gateway of its own.
  const { limits, tasks, board, net } = readConfig(collection, shared, names, true, problems);
  if (problems.length > 0) throw new ManifestError(file, problems);
  const programs = tasks.map((task) => ({ ...task, file: modules.get(task.module)! }));
  return {
    file,
    isFile: typeof manifest === "string",
    platform,
    dir: dirname(file),
    manifests: [...new Set(collection.parts.map((part) => part.file))],
    config,
    creation,
    modules,
    limits,
    board,
    net: net ?? null,
    tasks: programs,
    hardware,
  };
}
