/**
 * Packages that an application installs if it needs them: they are loaded when they are.
 */
import type { InputError } from "./input-error.js";

/** Loads one. Rejects with what `missing` makes where it is not installed. */
export async function loadOptional<Module>(
  load: () => Promise<Module>,
  missing: () => InputError,
): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw missing();
  }
}
