/**
 * What a fault does to a running system, whenever it strikes: now, at a rate, at a time, or at a
 * message. In real time and in virtual time it is the same.
 */
import * as L from "../../../src/arena/layout.js";
import type { SystemFacade } from "../../../src/manager/system.js";
import { ORDER_LOSE_WAKE_UP, ORDER_MEMORY, ORDER_THROW, slowOrder } from "../host/fault-orders.js";
import type { PartFault } from "../hardware/board/parts.js";
import type { Later } from "../system/long-timer.js";
import { BY_FAULTS } from "./kinds.js";
import type { Fault } from "./text.js";

/** A system as faults have it. */
export interface FaultStage {
  readonly system: Pick<SystemFacade, "state" | "isRunning" | "ps" | "kill" | "hang" | "reboot">;
  /** Milliseconds of the clock that its tasks have. */
  now(): number;
  later(act: () => void, ms: number): Later;
  /** Returns what ends that. */
  watch(rebooted: () => void, stopped: () => void): () => void;
  /** As NodeTaskHost.changeOrder has it. */
  changeOrder(pid: number, order: number, next: number): boolean;
  /** The incarnation, which has this order, uses up its memory. False when it is gone. */
  exhaust(task: string, pid: number, order: number): boolean;
  /** Has it stand still for so long where it is. False when that takes an order. */
  pause(task: string, ms: number): boolean;
  /** There is no thread for the next start of a task. */
  failStart(): void;
  /** Has a part of the simulated board fail. */
  failPart(kind: PartFault, part: string): void;
}

/** A task that was slow, or stood still, or was not woken, may die of it so long after that. */
const AFTERMATH_MS = 1_000;

/** Orders that wait for their task to come to the kernel, for as long as that takes. */
const WAITING = [ORDER_THROW, ORDER_MEMORY, ORDER_LOSE_WAKE_UP] as const;

/** Was a board restarted for this reason by a fault? */
export function isInjectedReboot(reason: string): boolean {
  return reason.startsWith(`${BY_FAULTS}: `);
}

/** Told of each strike: the fault as it was written, and whom it struck. */
export type StrikeListener = (fault: string, target: string) => void;

/** The last strike of a task. */
interface Wound {
  readonly pid: number;
  /** On the clock of the stage: later deaths are the task's own. */
  readonly until_ms: number;
}

/** When something is over that a fault has begun. */
interface End {
  readonly later: Later;
  /** Ends it. */
  readonly now: () => void;
}

type TaskFault = Extract<Fault, { readonly times_ms: readonly number[] }>;

/** For how long a fault acts; for ever where the task does not outlive it. */
function harmFor({ kind, times_ms }: TaskFault): number {
  return times_ms.at(-1) ?? (kind === "lost-wakeups" ? 0 : Infinity);
}

/** Strikes tasks, the board and its parts. */
export class Strikes {
  readonly #stage: FaultStage;
  readonly #leaveStage: () => void;
  readonly #listeners: StrikeListener[] = [];
  /** By the names of tasks, each of which has one life at a time. */
  readonly #wounds = new Map<string, Wound>();
  /** Of tasks that stand still or are slow: when that ends. */
  readonly #ends = new Map<string, End>();
  #isClosed = false;

  constructor(stage: FaultStage) {
    this.#stage = stage;
    const rebooted = (): void => {
      this.#wounds.clear();
      this.#cancelEnds();
    };
    this.#leaveStage = stage.watch(rebooted, () => this.#cancelEnds());
  }

  onStrike(listener: StrikeListener): void {
    this.#listeners.push(listener);
  }

  /** Has it struck this incarnation, so that its death is no fault of its own? */
  hasStruck(name: string, pid: number): boolean {
    const wound = this.#wounds.get(name);
    return wound?.pid === pid && this.#stage.now() <= wound.until_ms;
  }

  /**
   * Strikes. `standing` is the pid of a task that stands still at a message for it (POISON_HOLD).
   * False, and nothing has happened, when there is nothing to strike.
   */
  strike(fault: Fault, standing: number | null = null): boolean {
    if ("times_ms" in fault) return this.#strikeTask(fault, standing);
    if (this.#stage.system.state !== "running") return false;
    if ("part" in fault) {
      this.#tell(fault, fault.part);
      this.#stage.failPart(fault.kind, fault.part);
      return true;
    }
    this.#tell(fault, "board");
    void this.#stage.system.reboot(`${BY_FAULTS}: ${fault.text}`);
    return true;
  }

  /** No strikes any more. What stands still, or is slow, goes on when its time is over. */
  close(): void {
    this.#isClosed = true;
    this.#leave();
  }

  /** What stands still, or is slow, goes on at once; what has not struck yet never does. */
  calm(): void {
    for (const end of this.#ends.values()) end.now();
    for (const { pid } of this.#wounds.values()) {
      for (const order of WAITING) this.#stage.changeOrder(pid, order, 0);
    }
  }

  #cancelEnds(): void {
    for (const { later } of this.#ends.values()) later.cancel();
    this.#ends.clear();
    this.#leave();
  }

  /** A system whose tasks it leaves alone need not tell it when it stops. */
  #leave(): void {
    if (this.#isClosed && this.#ends.size === 0) this.#leaveStage();
  }

  #tell({ text }: Fault, target: string): void {
    for (const tell of this.#listeners) tell(text, target);
  }

  /** The incarnation that runs; a changed manifest (live reload) may not have the task any more. */
  #pidOf(name: string): number {
    const { system } = this.#stage;
    // It can be asked of a board that runs alone.
    if (system.state !== "running") return 0;
    const status = system.ps().find((task) => task.name === name);
    return status !== undefined && system.isRunning(name) ? status.pid : 0;
  }

  #strikeTask(fault: TaskFault, standing: number | null): boolean {
    const pid = standing ?? this.#pidOf(fault.task);
    if (pid === 0 || !this.#order(fault, pid, standing === null ? 0 : L.POISON_HOLD)) return false;
    const until_ms = this.#stage.now() + harmFor(fault) + AFTERMATH_MS;
    this.#wounds.set(fault.task, { pid, until_ms });
    this.#tell(fault, fault.task);
    const { system } = this.#stage;
    if (fault.kind === "start") this.#stage.failStart();
    if (fault.kind === "kill" || fault.kind === "start") void system.kill(fault.task, BY_FAULTS);
    if (fault.kind === "hang") system.hang(fault.task, BY_FAULTS);
    return true;
  }

  /**
   * Gives a task the order that the fault is, in the place of the one that it has: `before`. False
   * when it has another; kill and hang take no notice of that.
   */
  #order({ kind, task, times_ms }: TaskFault, pid: number, before: number): boolean {
    switch (kind) {
      case "kill":
      case "start":
      case "hang":
        return true;
      case "hold":
        if (before === 0 && this.#stage.pause(task, times_ms[0]!)) return true;
        return this.#orderFor(task, pid, before, L.POISON_HOLD, times_ms[0]!);
      case "slow":
        return this.#orderFor(task, pid, before, slowOrder(times_ms[0]!), times_ms[1]!);
      case "memory":
        return this.#stage.exhaust(task, pid, before);
      case "throw":
        return this.#stage.changeOrder(pid, before, ORDER_THROW);
      case "lost-wakeups":
        return this.#stage.changeOrder(pid, before, ORDER_LOSE_WAKE_UP);
    }
  }

  #orderFor(task: string, pid: number, before: number, order: number, ms: number): boolean {
    if (!this.#stage.changeOrder(pid, before, order)) return false;
    this.#ends.get(task)?.later.cancel();
    const now = (): void => {
      this.#ends.get(task)?.later.cancel();
      this.#ends.delete(task);
      this.#stage.changeOrder(pid, order, 0);
      this.#leave();
    };
    this.#ends.set(task, { later: this.#stage.later(now, ms), now });
    return true;
  }
}
