/**
 * What a fault does to a running system, whenever it strikes: now, at a rate, or at a message.
 */
import * as L from "../../../src/arena/layout.js";
import { ORDER_LOSE_WAKE_UP, ORDER_MEMORY, ORDER_THROW, slowOrder } from "../host/fault-orders.js";
import { callLater, type Later } from "../system/long-timer.js";
import type { System } from "../system/system.js";
import { BY_FAULTS } from "./kinds.js";
import type { Fault } from "./text.js";

/** A task that was slow, or stood still, or was not woken, may die of it so long after that. */
const AFTERMATH_MS = 1_000;

/** Was a board restarted for this reason by a fault? */
export function isInjectedReboot(reason: string): boolean {
  return reason.startsWith(`${BY_FAULTS}: `);
}

/** Told of each strike: the fault as it was written, and whom it struck. */
export type StrikeListener = (fault: string, target: string) => void;

/** The last strike of a task. */
interface Wound {
  readonly pid: number;
  /** On the clock of performance.now(): later deaths are the task's own. */
  readonly until_ms: number;
}

type TaskFault = Extract<Fault, { readonly times_ms: readonly number[] }>;

/** For how long a fault acts; for ever where the task does not outlive it. */
function harmFor({ kind, times_ms }: TaskFault): number {
  return times_ms.at(-1) ?? (kind === "lost-wakeups" ? 0 : Infinity);
}

/** Strikes tasks, the board and its parts. */
export class Strikes {
  readonly #system: System;
  readonly #listeners: StrikeListener[] = [];
  /** By the names of tasks, each of which has one life at a time. */
  readonly #wounds = new Map<string, Wound>();
  /** Of tasks that stand still or are slow: when that ends. */
  readonly #ends = new Map<string, Later>();
  #isClosed = false;

  constructor(system: System) {
    this.#system = system;
    system.on("reboot", this.#whenRebooted);
    system.on("stop", this.#whenStopped);
  }

  onStrike(listener: StrikeListener): void {
    this.#listeners.push(listener);
  }

  /** Has it struck this incarnation, so that its death is no fault of its own? */
  hasStruck(name: string, pid: number): boolean {
    const wound = this.#wounds.get(name);
    return wound?.pid === pid && performance.now() <= wound.until_ms;
  }

  /**
   * Strikes. `standing` is the pid of a task that stands still at a message for it (POISON_HOLD).
   * False, and nothing has happened, when there is nothing to strike.
   */
  strike(fault: Fault, standing: number | null = null): boolean {
    if ("times_ms" in fault) return this.#strikeTask(fault, standing);
    if (this.#system.state !== "running") return false;
    if ("part" in fault) return this.#strikePart(fault);
    this.#tell(fault, "board");
    void this.#system.reboot(`${BY_FAULTS}: ${fault.text}`);
    return true;
  }

  /** No strikes any more. What stands still, or is slow, goes on when its time is over. */
  close(): void {
    this.#isClosed = true;
    this.#system.off("reboot", this.#whenRebooted);
    this.#leave();
  }

  readonly #whenRebooted = (): void => {
    this.#wounds.clear();
    this.#cancelEnds();
  };

  readonly #whenStopped = (): void => this.#cancelEnds();

  #cancelEnds(): void {
    for (const end of this.#ends.values()) end.cancel();
    this.#ends.clear();
    this.#leave();
  }

  /** A system whose tasks it leaves alone need not tell it when it stops. */
  #leave(): void {
    if (this.#isClosed && this.#ends.size === 0) this.#system.off("stop", this.#whenStopped);
  }

  #tell({ text }: Fault, target: string): void {
    for (const tell of this.#listeners) tell(text, target);
  }

  #strikePart(fault: Extract<Fault, { readonly part: string }>): boolean {
    this.#tell(fault, fault.part);
    this.#system.hardware.fault(fault.kind, fault.part).catch((error: unknown) => {
      // With the system its board is switched off.
      if (this.#system.state === "running") throw error;
    });
    return true;
  }

  /** The incarnation that runs; a changed manifest (live reload) may not have the task any more. */
  #pidOf(name: string): number {
    const isKnown = this.#system.manifest.tasks.some((task) => task.name === name);
    if (!isKnown || !this.#system.isRunning(name)) return 0;
    return this.#system.ps().find((task) => task.name === name)?.pid ?? 0;
  }

  #strikeTask(fault: TaskFault, standing: number | null): boolean {
    const pid = standing ?? this.#pidOf(fault.task);
    if (pid === 0 || !this.#order(fault, pid, standing === null ? 0 : L.POISON_HOLD)) return false;
    const until_ms = performance.now() + harmFor(fault) + AFTERMATH_MS;
    this.#wounds.set(fault.task, { pid, until_ms });
    this.#tell(fault, fault.task);
    if (fault.kind === "kill") void this.#system.kill(fault.task, BY_FAULTS);
    if (fault.kind === "hang") this.#system.hang(fault.task, BY_FAULTS);
    return true;
  }

  /**
   * Gives a task the order that the fault is, in the place of the one that it has: `before`. False
   * when it has another; kill and hang take no notice of that.
   */
  #order({ kind, task, times_ms }: TaskFault, pid: number, before: number): boolean {
    switch (kind) {
      case "kill":
      case "hang":
        return true;
      case "hold":
        return this.#orderFor(task, pid, before, L.POISON_HOLD, times_ms[0]!);
      case "slow":
        return this.#orderFor(task, pid, before, slowOrder(times_ms[0]!), times_ms[1]!);
      case "memory":
        return this.#change(pid, before, ORDER_MEMORY);
      case "throw":
        return this.#change(pid, before, ORDER_THROW);
      case "lost-wakeups":
        return this.#change(pid, before, ORDER_LOSE_WAKE_UP);
    }
  }

  #orderFor(task: string, pid: number, before: number, order: number, ms: number): boolean {
    if (!this.#change(pid, before, order)) return false;
    this.#ends.get(task)?.cancel();
    const end = callLater(() => {
      this.#ends.delete(task);
      this.#change(pid, order, 0);
      this.#leave();
    }, ms);
    this.#ends.set(task, end);
    return true;
  }

  #change(pid: number, order: number, next: number): boolean {
    return this.#system.live.port.host.changeOrder(pid, order, next);
  }
}
