/**
 * require() of a task in a simulation: what it imports of this package, of a device, and of
 * Node.js.
 */
import { createRequire } from "node:module";
import type { Refusal } from "./refusal.js";

/** Modules of Node.js that only compute: what they do repeats. */
const PURE = new Set([
  "assert",
  "assert/strict",
  "async_hooks",
  "buffer",
  "console",
  "constants",
  "diagnostics_channel",
  "events",
  "path",
  "path/posix",
  "path/win32",
  "punycode",
  "querystring",
  "stream",
  "stream/promises",
  "string_decoder",
  "url",
  "util",
  "util/types",
]);

const real = createRequire(import.meta.url);

/** What a life has instead of what a module of Node.js exports; "fs" as it is, others beside it. */
export type Overrides = ReadonlyMap<string, object>;

/** The function; `own` are the modules of this package and of a device. */
export function createRequireOf(
  own: Readonly<Record<string, unknown>>,
  overrides: Overrides,
  refusal: Refusal,
): (id: string) => unknown {
  const made = new Map<string, unknown>();
  const make = (name: string): unknown => {
    const module = real(`node:${name}`) as object;
    const override = overrides.get(name);
    if (override !== undefined) return name === "fs" ? override : { ...module, ...override };
    return PURE.has(name) ? module : refusal.guard(`node:${name}`, module);
  };
  return (id) => {
    if (Object.hasOwn(own, id)) return own[id];
    const name = id.replace(/^node:/, "");
    if (!made.has(name)) made.set(name, make(name));
    return made.get(name);
  };
}
