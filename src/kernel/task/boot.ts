/**
 * The first step of a main VM: it makes the arena that all tasks share.
 */
import { makeArena } from "../../arena/arena.js";
import type { Limits } from "../../arena/limits.js";
import type { Vm } from "../../arena/vm.js";
import type { HostPort } from "../../host.js";
import { claimTask, PRIORITY_MIN } from "./task.js";

/**
 * Makes the arena for checked limits and attaches the main VM to it. The only allocation of shared
 * memory in a system's life. Keep the returned attachment: it keeps the arena alive.
 */
export function createArena(limits: Readonly<Limits>, port: HostPort): Vm {
  const vm = makeArena(limits, port);
  claimTask(0, PRIORITY_MIN);
  return vm;
}
