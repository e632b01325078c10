/**
 * The control of a run that `run` and `dev` begin.
 */
import { type Control, openDesk } from "../control/control.js";
import type { Desk } from "../control/desk.js";
import type { System } from "../system/system.js";

/** Opens it. A run that no other terminal can see or steer is still a run: then undefined. */
export async function tryControl(system: System, desk: Desk): Promise<Control | undefined> {
  try {
    return await openDesk(desk);
  } catch (error) {
    system.log("warn", `"reattach ps" will not find this run: ${(error as Error).message}`);
    return undefined;
  }
}
