/**
 * Carries out a fault plan on a running system, to see that it carries on.
 */
import { UsageError } from "../input-error.js";
import { checkFaultArguments } from "../system/boot-arguments.js";
import { callLater, type Later } from "../system/long-timer.js";
import { System } from "../system/system.js";
import { messagePoint, PointRule, type Rule } from "./point-rule.js";
import { realStage } from "./real-stage.js";
import { type StrikeListener, Strikes } from "./strikes.js";
import {
  type AtPoint,
  type Fault,
  faultDelays,
  needsTracing,
  type PlannedFault,
  readFault,
  readFaultPlan,
  readStrike,
  type Subjects,
} from "./text.js";

/** A fault of a plan. */
export interface FaultRule {
  /** Another one for each. */
  readonly id: number;
  /** As `reattach run --fault` has it: "kill:sensor:2s", or "kill:sensor@message:57". */
  readonly fault: string;
  /** How often it has struck. */
  readonly struck: number;
}

/** A plan that is being carried out. */
export interface FaultInjection {
  /** Its times repeat with it. */
  readonly seed: number;
  /** What is injected now. */
  readonly rules: readonly FaultRule[];
  /** What a fault may name beside tasks: parts of the simulated board, such as "i2c.0x48". */
  readonly parts: readonly string[];
  /** Faults injected so far. What is not running when its time comes is left alone. */
  readonly injected: number;
  /**
   * Has it struck this incarnation of a task, so that its death is no fault of its own? One that
   * was held, slow, or not woken may die of it for a second longer.
   */
  hasStruck(name: string, pid: number): boolean;
  /** Adds a fault. Returns its id; throws a UsageError when it is wrong. */
  add(fault: string): number;
  /** Takes a fault out of the plan. False when there is none with this id. */
  remove(id: number): boolean;
  /**
   * Strikes once and now, with a fault that says no time: "hold=300ms:sensor". False when what it
   * names does not run. Throws a UsageError when it is wrong.
   */
  strike(fault: string): boolean;
  /** Empties the plan; the faults that are added from now on begin with this seed. */
  clear(seed: number): void;
  /** Calls `listener` whenever a fault strikes: which one, and whom. */
  onStrike(listener: (fault: string, target: string) => void): void;
  /** Injects no more. What a fault holds, or makes slow, goes on when its time is over. */
  stop(): void;
}

/** Strikes again and again. */
class RateRule implements Rule {
  struck = 0;
  readonly fault: string;
  readonly #nextDelay_ms: () => number;
  readonly #strike: () => boolean;
  #timer: Later | undefined;

  constructor(fault: string, nextDelay_ms: () => number, strike: () => boolean) {
    this.fault = fault;
    this.#nextDelay_ms = nextDelay_ms;
    this.#strike = strike;
    this.#arm();
  }

  renew(): void {}

  stop(): void {
    this.#timer?.cancel();
  }

  #arm(): void {
    this.#timer = callLater(() => {
      this.#arm();
      if (this.#strike()) this.struck++;
    }, this.#nextDelay_ms());
  }
}

/** Strikes once, in so many milliseconds. */
class MomentRule implements Rule {
  struck = 0;
  readonly fault: string;
  readonly #timer: Later;

  constructor(fault: string, ms: number, strike: () => boolean) {
    this.fault = fault;
    this.#timer = callLater(() => {
      if (strike()) this.struck++;
    }, ms);
  }

  renew(): void {}

  stop(): void {
    this.#timer.cancel();
  }
}

class Injector implements FaultInjection {
  injected = 0;
  seed: number;
  readonly #system: System;
  readonly #strikes: Strikes;
  readonly #rules = new Map<number, Rule>();
  #lastId = 0;
  /** The next rule's place in the plan, of which its times are made. */
  #index = 0;

  constructor(system: System, seed: number) {
    this.#system = system;
    this.#strikes = new Strikes(realStage(system));
    this.seed = seed;
    system.on("reboot", this.#whenRebooted);
    system.on("stop", this.#whenStopped);
  }

  get rules(): FaultRule[] {
    return [...this.#rules].map(([id, { fault, struck }]) => ({ id, fault, struck }));
  }

  get parts(): readonly string[] {
    return this.#system.hasHardware ? this.#system.hardware.parts : [];
  }

  get subjects(): Subjects {
    return {
      tasks: this.#system.manifest.tasks.map(({ name }) => name),
      parts: this.parts,
      callsOf: (task) => [...this.#system.live.application.callsOf(task).keys()],
    };
  }

  hasStruck(name: string, pid: number): boolean {
    return this.#strikes.hasStruck(name, pid);
  }

  add(text: string): number {
    const rule = this.#ruleOf(readFault(text, this.subjects));
    this.#rules.set(++this.#lastId, rule);
    return this.#lastId;
  }

  remove(id: number): boolean {
    this.#rules.get(id)?.stop();
    return this.#rules.delete(id);
  }

  strike(text: string): boolean {
    const fault = readStrike(text, this.subjects);
    this.#checkBuild(fault);
    return this.#strike(fault);
  }

  clear(seed: number): void {
    for (const rule of this.#rules.values()) rule.stop();
    this.#rules.clear();
    this.seed = seed;
    this.#index = 0;
  }

  onStrike(listener: StrikeListener): void {
    this.#strikes.onStrike(listener);
  }

  stop(): void {
    this.#system.off("stop", this.#whenStopped);
    this.#system.off("reboot", this.#whenRebooted);
    for (const rule of this.#rules.values()) rule.stop();
    this.#strikes.close();
  }

  readonly #whenStopped = (): void => this.stop();
  readonly #whenRebooted = (): void => {
    for (const rule of this.#rules.values()) rule.renew();
  };

  #checkBuild({ text }: Fault): void {
    if (this.#system.isTraced || !needsTracing(text)) return;
    throw new UsageError(
      `--fault ${text}: needs the tracing build of the kernel: boot(manifest, { trace: {} })`,
    );
  }

  #ruleOf(fault: PlannedFault): Rule {
    const { when, text } = fault;
    this.#checkBuild(fault);
    const index = this.#index++;
    if ("point" in when) return this.#pointRule(fault, when);
    if ("at_ms" in when) return new MomentRule(text, when.at_ms, () => this.#strike(fault));
    const nextDelay_ms = faultDelays(when, index, this.seed);
    return new RateRule(text, nextDelay_ms, () => this.#strike(fault));
  }

  #pointRule(fault: Fault, at: AtPoint): Rule {
    const find = (): ReturnType<typeof messagePoint> => {
      const { application } = this.#system.live;
      return messagePoint(at, application.tasks, application.callsOf(at.task));
    };
    const { points } = this.#system.tracing;
    return new PointRule(fault.text, points, find, (pid) => this.#strike(fault, pid));
  }

  #strike(fault: Fault, standing: number | null = null): boolean {
    const hasStruck = this.#strikes.strike(fault, standing);
    if (hasStruck) this.injected++;
    return hasStruck;
  }
}

/**
 * Injects faults into a running system: kills its tasks, has them hang, hold, slow, run out of
 * memory, throw or miss a wake-up, restarts the board, has parts of the simulated board fail.
 * `plan` are faults as `reattach run --fault` takes them, "kill:sensor:2s", "nack:i2c.0x48:2s" or
 * "kill:sensor@message:57". Their times repeat with the same `seed`; what the tasks are doing then
 * does not. It ends with the system: when the whole of it is stopped.
 *
 * Faults at a message, and lost wake-ups, need a system that was booted with `trace`.
 *
 * Throws a UsageError for an argument, or a fault, that is wrong.
 */
export function injectFaults(
  system: System,
  plan: readonly string[],
  seed: number,
): FaultInjection {
  checkFaultArguments(system instanceof System, system, plan, seed);
  const injector = new Injector(system, seed);
  try {
    // All of them first: a plan with a mistake injects nothing.
    readFaultPlan(plan, injector.subjects);
    for (const fault of plan) injector.add(fault);
  } catch (error) {
    injector.stop();
    throw error;
  }
  return injector;
}
