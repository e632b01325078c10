/**
 * A manifest with the eyes of a device: which modules it has there, which of them are preloaded,
 * and what mcconfig or the board would say about it.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { nearestName } from "../../../src/manifest/suggest.js";
import { GATEWAY_KEY } from "../../../src/manifest/net.js";
import type { JsonObject } from "../../../src/manifest/value.js";
import { type Collection, isInSdk, type Reader } from "../manifest/include.js";
import { packageBeside } from "../manifest/json.js";
import { collect, mergeKey, readConfig } from "../manifest/merge.js";
import { findModules } from "../manifest/modules.js";
import { shownPath } from "../manifest/shown-path.js";
import { checkPreload } from "./preload.js";
import { mayHaveCreation, modulesOf, SDK } from "./sdk-modules.js";

/** Made by mcconfig. */
const CONFIG_MODULE = "mc/config";

/** How deep Reattach goes in main's stack, with listeners of an application (docs/device.md). */
const MAIN_STACK_SLOTS_MIN = 420;

/** An application as a device has it. */
export interface DeviceView {
  readonly platform: string;
  /** The module that a board starts. */
  readonly main: string;
  /** The folder of the SDK; "" for none. */
  readonly sdk: string;
  readonly collection: Collection;
  /** Specifier to absolute path, of modules that are there to be looked at. */
  readonly files: ReadonlyMap<string, string>;
  /** Does a module belong to the application? Those of the SDK and of Reattach do not. */
  readonly isOwn: (name: string, file: string) => boolean;
  /** Other names that there are modules of. */
  readonly names: ReadonlySet<string>;
  /** Includes that nothing is known of: an import may come from there. */
  readonly unseen: readonly string[];
}

function isReattach(name: string): boolean {
  return name === "reattach" || name.startsWith("reattach/");
}

/** The folder of Moddable's SDK that is installed here; "" for none. */
export function installedSdk(): string {
  const { MODDABLE = "" } = process.env;
  return existsSync(join(MODDABLE, "modules")) ? MODDABLE : "";
}

/** Has it what mcconfig builds nothing without? Else it is for the simulator, or for mcpack. */
function hasCreation({ parts, unseen }: Collection): boolean {
  return parts.some(({ json }) => json["creation"] !== undefined) || unseen.some(mayHaveCreation);
}

/** Does a manifest say that it is for boards? Others are for the simulator alone. */
export function isForBoards(file: string, platform: string, sdk: string): boolean {
  return hasCreation(collect(file, file, { platform, sdk }, []));
}

/** mcpack finds what to build by package.json, and adds Moddable's own manifests. */
function isForMcpack(file: string, problems: string[]): boolean {
  const { main, exports } = packageBeside(file, problems);
  return main !== undefined || exports !== undefined;
}

/** Names of modules that no import can find: XS takes ".js" off what is imported, mcconfig not. */
function checkNames({ collection, ...view }: DeviceView, problems: string[]): void {
  for (const part of collection.parts) {
    if (isInSdk(part.dir, view)) continue;
    for (const name of Object.keys((part.json["modules"] ?? {}) as object)) {
      const stem = name.replace(/\.(ts|m?js)$/, "");
      if (stem === name) continue;
      problems.push(
        part.sentence(["modules", name], `found the name "${name}", allowed is "${stem}"`),
      );
    }
  }
}

/** The main VM's own memory. */
function checkMain(view: DeviceView, creation: JsonObject, problems: string[]): void {
  const { parts } = view.collection;
  const { stack } = creation;
  if (typeof stack === "number" && stack < MAIN_STACK_SLOTS_MIN) {
    const part = parts.filter(({ json }) => json["creation"] !== undefined).at(-1)!;
    const text =
      `found ${stack}, allowed is ${MAIN_STACK_SLOTS_MIN} or more: ` +
      "Reattach goes so deep in the main VM";
    problems.push(part.sentence(["creation", "stack"], text));
  }
}

function viewOf(file: string, reader: Reader, problems: string[]): DeviceView | undefined {
  const { platform, sdk = "" } = reader;
  const collection = collect(file, file, reader, problems);
  const last = collection.parts.at(-1);
  if (last === undefined) return undefined;
  const creation = mergeKey(collection, "creation", problems);
  if (!hasCreation(collection)) {
    if (isForMcpack(file, problems)) return undefined;
    const text = `found no "creation", include "${SDK}/examples/manifest_base.json"`;
    problems.push(last.sentence(["include"], text));
    return undefined;
  }
  const { files, unseen } = findModules(collection, reader, problems);
  const known = collection.unseen.map((path) => ({ path, names: modulesOf(path) }));
  const view: DeviceView = {
    platform,
    main: String(creation["main"] ?? "main"),
    sdk,
    collection,
    files,
    isOwn: (name, module) => !isReattach(name) && !isInSdk(module, reader),
    names: new Set([CONFIG_MODULE, ...unseen, ...known.flatMap(({ names = [] }) => names)]),
    unseen: known.filter(({ names }) => names === undefined).map(({ path }) => path),
  };
  const own = [...files].filter(([name, module]) => view.isOwn(name, module));
  const config = mergeKey(collection, "config", problems);
  readConfig(
    collection,
    config["reattach"],
    own.map(([name]) => name),
    config[GATEWAY_KEY] === true,
    problems,
  );
  checkMain(view, creation, problems);
  checkNames(view, problems);
  checkPreload(view, problems);
  return view;
}

/** Has the SDK this board of the platform? */
function checkBoard(platform: string, sdk: string, problems: string[]): void {
  const [name = "", board] = platform.split("/");
  const folder = join(sdk, "build/devices", name, "targets");
  if (sdk === "" || board === undefined || !existsSync(folder)) return;
  const boards = readdirSync(folder);
  if (boards.includes(board)) return;
  const nearest = nearestName(board, boards);
  const hint = nearest === undefined ? "" : ` (did you mean "${name}/${nearest}"?)`;
  problems.push(`--platform: found "${platform}", the SDK has no such board${hint}`);
}

/** A mistake in a manifest of the SDK is not the application's; a platform that it refuses is. */
function isOurs(sentence: string, sdk: string): boolean {
  return sdk === "" || !sentence.startsWith(shownPath(sdk)) || sentence.includes("].error: ");
}

/**
 * Reads a manifest for a device. What is wrong is added to `problems`; undefined when it cannot be
 * read, or is not for a board at all.
 */
export function viewForDevice(
  file: string,
  platform: string,
  sdk: string,
  problems: string[],
): DeviceView | undefined {
  const reader: Reader = { platform, sdk };
  checkBoard(platform, sdk, problems);
  const said: string[] = [];
  try {
    return viewOf(file, reader, said);
  } finally {
    problems.push(...said.filter((sentence) => isOurs(sentence, sdk)));
  }
}
