/**
 * What `reattach check` says of an application that is good: what it could not see, and what is not
 * quite as the manifest reads.
 */
import { layoutOf } from "../../../src/arena/regions.js";
import { isObject } from "../../../src/manifest/value.js";
import type { DeviceView } from "../device/view.js";
import { isInSdk } from "../manifest/include.js";
import { boardOf } from "../manifest/platform.js";
import type { AppManifest } from "../manifest/read.js";
import { grouped } from "./table.js";

/** Buffers lie on whole words. */
export function roundedNotes({ limits }: AppManifest): string[] {
  const { sharedStride } = layoutOf(limits);
  const { sharedBuffers, sharedBytes } = limits;
  if (sharedBuffers === 0) {
    return sharedBytes === 0 ? [] : ["limits.sharedBytes is for nothing without sharedBuffers"];
  }
  if (sharedStride === sharedBytes) return [];
  return [
    `limits.sharedBytes ${grouped(sharedBytes)} takes ${grouped(sharedStride)} bytes of the ` +
      "arena for each buffer: they lie on whole words",
  ];
}

/** Paths of modules that end with ".ts" or the like. */
function pathNotes({ collection }: DeviceView): string[] {
  const notes: string[] = [];
  for (const part of collection.parts) {
    const { modules } = part.json;
    for (const [key, value] of Object.entries(isObject(modules) ? modules : {})) {
      for (const path of [value].flat()) {
        const stem = typeof path === "string" ? path.replace(/\.(ts|m?js)$/, "") : path;
        if (stem === path) continue;
        const text = (stem as string).endsWith("*")
          ? `found "${path}": what stands after a star is not looked at, all files are modules`
          : `found "${path}": paths of modules have no extension, it is read as "${stem}"`;
        notes.push(part.sentence(["modules", key], text));
      }
    }
  }
  return notes;
}

/** Entries of `platforms` that nobody has looked at: those of boards that were not named. */
function platformNotes(view: DeviceView): string[] {
  const { collection, platform } = view;
  const boards = collection.parts
    .filter(({ dir }) => !isInSdk(dir, view))
    .flatMap(({ json }) => Object.keys(isObject(json["platforms"]) ? json["platforms"] : {}))
    .flatMap((key) => boardOf(key, platform) ?? []);
  if (boards.length === 0) return [];
  const names = [...new Set(boards)].map((board) => `--platform ${board}`).join(", ");
  return [
    `for a board it was looked at as ${platform}; others have entries of their own: ${names}`,
  ];
}

/**
 * Notes for a board; `view` is undefined for an application that mcpack builds. `unchecked` says
 * why types were not checked, "" when they were.
 */
export function deviceNotesOf(view: DeviceView | undefined, unchecked: string): readonly string[] {
  if (view === undefined) {
    return ["for a board it was not looked at: its modules are those that mcpack finds"];
  }
  const notes: string[] = [];
  notes.push(...pathNotes(view), ...platformNotes(view));
  // mcconfig builds it all the same: an application may be for the simulator so far.
  if (!view.files.has(view.main) && !view.names.has(view.main)) {
    notes.push(`for a board there is no module "${view.main}", which is what a board starts`);
  }
  if (view.unseen.length > 0) {
    notes.push(
      `imports by name were not checked: MODDABLE names no SDK with ${view.unseen.join(", ")}`,
    );
  }
  if (unchecked !== "") notes.push(`types were not checked: ${unchecked}`);
  return notes;
}
