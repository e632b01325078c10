/**
 * Finds the extension of the manager that the board's manifest includes.
 */
import type { ExtensionFactory } from "../../src/manager/extension.js";
import { hasModule, loadModule } from "reattach/moddable/native";

/** ham/manifest.json includes it. */
const HAM = "reattach/ham";

/** Makes QNX's model; null on a board that does without. */
export function findExtension(): ExtensionFactory | null {
  return hasModule(HAM) ? (loadModule(HAM)["createHam"] as ExtensionFactory) : null;
}
