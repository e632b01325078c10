/**
 * Switches on the simulated board that a manifest describes: its module is compiled as a task's
 * program is, and runs in a thread of its own.
 */
import { Compiler } from "../compile/compile.js";
import { Hardware, type HardwareOptions } from "../hardware/hardware.js";
import { runtimeModules } from "../host/runtime.js";
import type { AppManifest } from "../manifest/read.js";
import { shownPath } from "../manifest/shown-path.js";

/** Who hears what the board has to tell. */
type Listeners = Pick<HardwareOptions, "log" | "report">;

/**
 * The board of an application; null when it describes none. Rejects with a CompileError, or with an
 * InputError that says what is wrong in the description.
 */
export async function startHardware(
  { hardware: file, modules }: AppManifest,
  seed: number,
  listeners: Listeners,
): Promise<Hardware | null> {
  if (file === null) return null;
  const compiler = new Compiler({ modules, runtime: runtimeModules(true) });
  const { url } = await compiler.compile(file);
  return Hardware.start({ program: url, file: shownPath(file), seed, ...listeners });
}
