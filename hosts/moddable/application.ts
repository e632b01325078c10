/**
 * The application's `config.reattach`, checked in the linker.
 *
 * This module is preloaded: its body runs at build time, where mcconfig links the application. So
 * a wrong limit stops the build with a sentence that names the key, what was found and what is
 * allowed. On the device nothing is checked; the result lies in flash.
 */
import config from "mc/config";
import { GATEWAY_KEY } from "../../src/manifest/net.js";
import { readReattach, type ReattachConfig } from "../../src/manifest/reattach.js";

function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const key of Object.keys(value)) deepFreeze((value as Record<string, unknown>)[key]);
  return Object.freeze(value);
}

function readChecked(): ReattachConfig {
  const problems: string[] = [];
  const checked = readReattach(config["reattach"], null, problems, config[GATEWAY_KEY] === true);
  if (problems.length > 0) throw new Error(`manifest: ${problems.join("\n  ")}`);
  return deepFreeze(checked);
}

/** Limits and tasks of the application that this is linked into. */
export const application: ReattachConfig = readChecked();
