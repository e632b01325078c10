/**
 * Switches on the simulated board that a manifest describes: its module is compiled as a task's
 * program is, and runs in a thread of its own.
 */
import { Hardware, type HardwareOptions } from "../hardware/hardware.js";
import { compilerFor } from "../host/programs.js";
import type { AppManifest } from "../manifest/read.js";
import { shownPath } from "../manifest/shown-path.js";

/** Who hears what the board has to tell. */
type Listeners = Pick<HardwareOptions, "log" | "report">;

/**
 * The board of an application; null when it describes none. Rejects with a CompileError, or with an
 * InputError that says what is wrong in the description.
 */
export async function startHardware(
  app: AppManifest,
  seed: number,
  listeners: Listeners,
): Promise<Hardware | null> {
  const { hardware: file } = app;
  if (file === null) return null;
  const { url } = await compilerFor(app).compile(file);
  return Hardware.start({ program: url, file: shownPath(file), seed, ...listeners });
}
