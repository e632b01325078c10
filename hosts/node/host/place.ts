/**
 * A place of the arena, as its host sees it: the thread that lives there, the one that stands by,
 * what is asked for, and orders (TASK_POISON).
 */
import * as L from "../../../src/arena/layout.js";
import type { TaskSpec } from "../../../src/manager/supervise/task-spec.js";
import { changeOrder } from "../../../src/kernel/task/doorbell.js";
import { poison } from "../../../src/kernel/task/task.js";
import type { HostThread } from "./task-thread.js";

/** A thread that was asked for, and does not exist yet: its program is being compiled. */
export interface ThreadRequest {
  readonly spec: TaskSpec;
}

/** The threads of one place. Its arena must be the one in use (vm.ts). */
export class Place {
  readonly index: number;
  pid = 0;
  current: HostThread | null = null;
  spare: HostThread | null = null;
  /** The incarnation and the spare that are asked for; null when they were called off. */
  launch: ThreadRequest | null = null;
  standby: ThreadRequest | null = null;

  constructor(index: number) {
    this.index = index;
  }

  get task(): number {
    return L.TASKS_AT + (this.index << L.TASK_SHIFT);
  }

  /** Gives whoever lives here an order, in the place of any other. */
  order(order: number): void {
    poison(this.task, order);
    this.#haveLooked();
  }

  /**
   * Gives the incarnation with this pid the order `next` in the place of `order`; 0 is none. False
   * when it is gone, or has another order.
   */
  changeOrder(pid: number, order: number, next: number): boolean {
    if (this.pid !== pid || !changeOrder(this.task, order, next)) return false;
    this.#haveLooked();
    return true;
  }

  /** One that waits in its event loop does not look at its orders by itself. */
  #haveLooked(): void {
    if (($words[this.task + L.TASK_STAGE]! & L.STAGE_LOOP) !== 0) this.current?.look();
  }
}
