/**
 * node:fs in a task of a simulation: an application may read its own files while it waits for them,
 * since they are as much a part of it as its programs. Everything else is real, and refused.
 */
import fs from "node:fs";
import { relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Refusal } from "./refusal.js";

/** Absolute path; null for a file descriptor. */
function pathOf(file: unknown): string | null {
  if (file instanceof URL) return file.protocol === "file:" ? fileURLToPath(file) : null;
  if (typeof file === "string") return resolve(file);
  return Buffer.isBuffer(file) ? resolve(file.toString()) : null;
}

/** What a life has of node:fs; `dir` is the folder of the application. */
export function createFiles(dir: string, refusal: Refusal): typeof fs {
  const guarded = refusal.guard("node:fs", fs);
  const isOwn = (file: unknown): boolean => {
    const path = pathOf(file);
    return path !== null && relative(dir, path).split(sep)[0] !== "..";
  };
  const readFileSync = ((file: fs.PathOrFileDescriptor, options?: BufferEncoding) =>
    (isOwn(file) ? fs : guarded).readFileSync(file, options)) as typeof fs.readFileSync;
  return new Proxy(guarded, {
    get: (target, key) =>
      key === "readFileSync" ? readFileSync : (Reflect.get(target, key) as unknown),
  });
}
