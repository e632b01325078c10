/**
 * A kill that waits for its message, whatever the application runs on.
 */
import type { SystemFacade } from "../../../src/manager/system.js";
import { messagePoint, PointRule, type Points } from "../faults/point-rule.js";
import type { AtPoint } from "../faults/text.js";

/** A kill that waits. */
export interface Trap {
  /** The incarnation that it has killed; 0 before. */
  readonly pid: number;
  /** It waits no more. */
  cancel(): void;
}

/** What it is set in. */
export interface TrapGround {
  readonly system: Pick<SystemFacade, "kill" | "ps" | "isRunning">;
  readonly points: Points;
  /** The tasks of the manifest, in their order. */
  readonly tasks: readonly { readonly name: string }[];
  readonly callsOf: (task: string) => ReadonlyMap<string, number>;
  /** Who kills, for the events of the system. */
  readonly by: string;
}

/** Kills a task once, at a message. Throws a UsageError when there are too many. */
export function setTrap(ground: TrapGround, victim: string, at: AtPoint): Trap {
  const { system, points, tasks, callsOf, by } = ground;
  const point = messagePoint(at, tasks, callsOf(at.task));
  let killed = 0;
  const strike = (pid: number): boolean => {
    if (victim === at.task) killed = pid;
    else if (!system.isRunning(victim)) return false;
    else killed = system.ps().find(({ name }) => name === victim)!.pid;
    void system.kill(victim, by);
    // Its server goes on, unless it is who dies.
    return victim === at.task;
  };
  const text = `kill:${victim}@${at.point}`;
  const rule = new PointRule(text, points, () => point, strike);
  return {
    get pid() {
      return killed;
    },
    cancel: () => rule.stop(),
  };
}
