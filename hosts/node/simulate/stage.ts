/**
 * A simulation as faults have it.
 */
import type { FaultStage } from "../faults/strikes.js";
import { ORDER_LOSE_WAKE_UP } from "../host/fault-orders.js";
import type { Simulation } from "./main/simulation.js";

export function virtualStage(simulation: Simulation): FaultStage {
  return {
    system: simulation.system,
    now: () => simulation.now_ms,
    later: (act, ms) => {
      let isWanted = true;
      simulation.agenda.after(ms, () => {
        if (isWanted) act();
      });
      return { cancel: () => void (isWanted = false) };
    },
    // It stops with the clock: nothing comes later.
    watch: (rebooted) => {
      simulation.on("reboot", rebooted);
      return () => simulation.off("reboot", rebooted);
    },
    changeOrder: (pid, order, next) => {
      if (next === ORDER_LOSE_WAKE_UP) simulation.disturb();
      return simulation.changeOrder(pid, order, next);
    },
    exhaust: (task) => simulation.exhaust(task),
    pause: (task, ms) => simulation.slow(task, ms),
    failStart: () => simulation.failStarts(1),
    failPart: (kind, part) => void simulation.hardware!.fault(kind, part),
  };
}
