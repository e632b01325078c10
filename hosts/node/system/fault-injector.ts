/**
 * Carries out a fault plan on a running system, to see that it carries on.
 */
import { checkFaultArguments } from "./boot-arguments.js";
import { type Fault, faultDelays, readFaultPlan } from "./fault-plan.js";
import { callLater, type Later } from "./long-timer.js";
import { System } from "./system.js";

/** A plan that is being carried out. */
export interface FaultInjection {
  /** Faults injected so far. What is not running when its time comes is left alone. */
  readonly injected: number;
  /** Has it struck this incarnation of a task? */
  hasStruck(name: string, pid: number): boolean;
  /** Injects no more. */
  stop(): void;
}

/**
 * Kills and hangs tasks of a running system, and has parts of its simulated board fail: `plan` are
 * faults as `reattach run --fault` takes them, "kill:sensor:2s" or "nack:i2c.0x48:2s". Their times
 * repeat with the same `seed`; what the tasks are doing then does not. It ends with the system:
 * when the whole of it is stopped.
 *
 * Throws a UsageError for an argument, or a fault, that is wrong.
 */
export function injectFaults(
  system: System,
  plan: readonly string[],
  seed: number,
): FaultInjection {
  checkFaultArguments(system instanceof System, system, plan, seed);
  const names = system.manifest.tasks.map(({ name }) => name);
  const timers = new Map<Fault, Later>();
  let injected = 0;
  /** "name pid". After a restart of the board pids begin anew. */
  const struck = new Set<string>();
  system.on("reboot", () => struck.clear());
  const { hardware: board } = system.manifest;
  const parts = board === null ? [] : system.hardware.parts;
  readFaultPlan(plan, names, parts).forEach((fault, index) => {
    const nextDelay_ms = faultDelays(fault, index, seed);
    const arm = (): void => void timers.set(fault, callLater(strike, nextDelay_ms()));
    const strike = (): void => {
      arm();
      if ("part" in fault) {
        if (system.state !== "running") return;
        injected++;
        system.hardware.fault(fault.kind, fault.part).catch((error: unknown) => {
          // With the system its board is switched off.
          if (system.state === "running") throw error;
        });
        return;
      }
      if (!system.isRunning(fault.task)) return;
      injected++;
      const { pid } = system.ps().find(({ name }) => name === fault.task)!;
      struck.add(`${fault.task} ${pid}`);
      if (fault.kind === "kill") void system.kill(fault.task);
      else system.hang(fault.task);
    };
    arm();
  });
  const stop = (): void => {
    system.off("stop", stop);
    timers.forEach((timer) => timer.cancel());
  };
  system.on("stop", stop);
  return {
    get injected() {
      return injected;
    },
    hasStruck: (name, pid) => struck.has(`${name} ${pid}`),
    stop,
  };
}
