/**
 * A system in real time, as faults have it.
 */
import { ORDER_MEMORY } from "../host/fault-orders.js";
import { callLater } from "../system/long-timer.js";
import type { System } from "../system/system.js";
import type { FaultStage } from "./strikes.js";

export function realStage(system: System): FaultStage {
  const changeOrder: FaultStage["changeOrder"] = (pid, order, next) =>
    system.live.port.host.changeOrder(pid, order, next);
  return {
    system,
    now: () => performance.now(),
    later: callLater,
    watch: (rebooted, stopped) => {
      system.on("reboot", rebooted);
      system.on("stop", stopped);
      return () => {
        system.off("reboot", rebooted);
        system.off("stop", stopped);
      };
    },
    changeOrder,
    exhaust: (_task, pid, order) => changeOrder(pid, order, ORDER_MEMORY),
    // A thread can be stopped from outside only for good.
    pause: () => false,
    failStart: () => system.live.port.failStarts(1),
    failPart: (kind, part) => {
      system.hardware.fault(kind, part).catch((error: unknown) => {
        // With the system its board is switched off.
        if (system.state === "running") throw error;
      });
    },
  };
}
