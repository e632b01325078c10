/**
 * The event loop of a life: one timer a turn, each turn a macrotask of the real thread, so that
 * promises and ticks have theirs in between. When there is nothing to do the life sleeps in virtual
 * time, and the real thread gives the baton away.
 */
import * as baton from "../baton/baton.js";
import { IDLE } from "../baton/control.js";
import type { Timers } from "./timers.js";

/** What a loop is made of. */
export interface LoopParts {
  readonly timers: Timers;
  /** Runs something in a macrotask of its own, from which the life can be ended. */
  readonly soon: (act: () => void) => void;
  /** Is Node.js still at work for it? */
  readonly isBusy: () => boolean;
  /** Does anything but a timer keep it alive? */
  readonly isHeld: () => boolean;
  /** Orders of the main VM. */
  readonly obey: (orders: number) => void;
  /** Nothing can happen any more. */
  readonly idle: () => void;
}

export function runLoop({ timers, soon, isBusy, isHeld, obey, idle }: LoopParts): void {
  const turn = (): void => {
    // How often it looks differs from run to run: so it keeps the baton, passes no point, and time
    // stands still.
    if (isBusy()) return soon(turn);
    // The loop of a life that is over ends here.
    baton.point();
    const orders = baton.takeOrders();
    soon(turn);
    if (orders !== 0) return obey(orders);
    const next = timers.first();
    if (next !== null && next.due_ms <= baton.now()) return timers.fire(next);
    if (timers.isHolding || isHeld()) baton.sleep(IDLE, next?.due_ms ?? Infinity);
    else idle();
  };
  soon(turn);
}
