/**
 * Writes down what happens to a system while it runs, and tells deaths in its log.
 */
import type { EventEmitter } from "node:events";
import type { TaskDeath } from "../../../src/manager/supervise/supervisor-events.js";
import type { FaultInjection } from "../faults/injector.js";
import { isInjectedReboot } from "../faults/strikes.js";
import type { System } from "../system/system.js";
import type { History, RunDeath, RunReboot } from "./verdict.js";

/** Tells a death in the log. */
export function logDeath(
  system: System,
  { name, pid, cause, text }: TaskDeath,
  isInjected: boolean,
): void {
  const why = text === "" ? cause : `${cause}: ${text}`;
  system.log(isInjected ? "warn" : "error", `${name} (pid ${pid}) died: ${why}`);
}

/** What happened so far; it grows. */
export class Recorder implements History {
  readonly deaths: RunDeath[] = [];
  readonly reboots: RunReboot[] = [];
  readonly deadlocks: { at_ms: number; tasks: readonly string[] }[] = [];
  readonly ended = new Set<string>();

  /** Begins now. `faults` knows which deaths were asked for. */
  constructor(system: System, faults: FaultInjection) {
    const begun_ms = performance.now();
    const at = (): number => Math.round(performance.now() - begun_ms);
    system.on("death", (death) => {
      const { name, pid } = death;
      const isInjected = faults.hasStruck(name, pid);
      this.deaths.push({ at_ms: at(), ...death, isInjected });
      this.ended.delete(name);
      logDeath(system, death, isInjected);
    });
    system.on("end", (name) => this.ended.add(name));
    // Restarts of the board that somebody has asked for by saving a file.
    let asked = 0;
    system.on("reload", ({ step }) => {
      if (step === "restarted") asked++;
    });
    system.on("reboot", (reason) => {
      if (asked > 0) asked--;
      else this.reboots.push({ at_ms: at(), reason, isInjected: isInjectedReboot(reason) });
    });
    const emitter: EventEmitter = system as unknown as EventEmitter;
    emitter.on("deadlock", (tasks: readonly string[]) => {
      this.deadlocks.push({ at_ms: at(), tasks });
    });
  }
}
