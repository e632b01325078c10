/**
 * `preload` of a manifest: the modules whose bodies run in the linker, so that what they make lies
 * in flash.
 */
import { nearestName } from "../../../src/manifest/suggest.js";
import { found } from "../../../src/manifest/value.js";
import { isInSdk } from "../manifest/include.js";
import type { JsonPath } from "../manifest/json.js";
import type { Part } from "../manifest/part.js";
import type { DeviceView } from "./view.js";

/** The items of a key that may be a string or a list of them, each with its way. */
function itemsOf(part: Part, key: string): [item: unknown, path: JsonPath][] {
  const value = part.json[key];
  if (value === undefined) return [];
  return Array.isArray(value) ? value.map((item, index) => [item, [key, index]]) : [[value, [key]]];
}

/** The modules that a name with a star at its end stands for. */
function matchesOf(pattern: string, files: DeviceView["files"]): [name: string, file: string][] {
  const start = pattern.slice(0, -1);
  return [...files].filter(([name]) => name.startsWith(start));
}

/** mcconfig finds no TypeScript by a star. */
function isFoundByStar(file: string): boolean {
  return !file.endsWith(".ts");
}

function checkStar(
  pattern: string,
  files: DeviceView["files"],
  refuse: (text: string) => void,
): void {
  const matched = matchesOf(pattern, files);
  if (matched.length === 0) refuse("which matches no module of the manifest");
  const typed = matched.find(([, file]) => !isFoundByStar(file));
  if (typed !== undefined) {
    refuse(`allowed is a star for JavaScript only: "${typed[0]}" is not preloaded by it`);
  }
}

/** mcconfig passes over a name that it does not find, and the module is not preloaded. */
export function checkPreload(view: DeviceView, problems: string[]): void {
  const { collection, files, names } = view;
  for (const part of collection.parts) {
    if (isInSdk(part.dir, view)) continue;
    for (const [item, path] of itemsOf(part, "preload")) {
      const refuse = (text: string): void => {
        problems.push(part.sentence(path, `found ${found(item)}, ${text}`));
      };
      if (typeof item !== "string") refuse("allowed is the name of a module");
      else if (item.endsWith("*")) checkStar(item, files, refuse);
      else if (!files.has(item) && !names.has(item) && view.unseen.length === 0) {
        const nearest = nearestName(item, [...files.keys()]);
        refuse(`no module of the manifest${nearest ? ` (did you mean "${nearest}"?)` : ""}`);
      }
    }
  }
}

/** The modules of the application itself that are preloaded. */
export function preloadedModules({ collection, files, isOwn }: DeviceView): string[] {
  const items = collection.parts.flatMap((part) => itemsOf(part, "preload"));
  const names = items.flatMap(([item]) => {
    if (typeof item !== "string") return [];
    if (!item.endsWith("*")) return [item];
    return matchesOf(item, files)
      .filter(([, file]) => isFoundByStar(file))
      .map(([name]) => name);
  });
  return [...new Set(names)].filter((name) => files.has(name) && isOwn(name, files.get(name)!));
}
