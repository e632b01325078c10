/**
 * Carries out a fault plan on a running system, to see that it carries on.
 */
import { checkFaultArguments } from "../system/boot-arguments.js";
import { type Fault, faultDelays, readFaultPlan } from "./text.js";
import { callLater, type Later } from "../system/long-timer.js";
import { System } from "../system/system.js";

/** A fault that is injected again and again. */
export interface FaultRule {
  /** Another one for each. */
  readonly id: number;
  /** As `reattach run --fault` has it: "kill:sensor:2s". */
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
  /** Has it struck this incarnation of a task? */
  hasStruck(name: string, pid: number): boolean;
  /** Adds a fault. Returns its id; throws a UsageError when it is wrong. */
  add(fault: string): number;
  /** Takes a fault out of the plan. False when there is none with this id. */
  remove(id: number): boolean;
  /** Empties the plan; the faults that are added from now on begin with this seed. */
  clear(seed: number): void;
  /** Calls `listener` whenever a fault strikes: which one, and whom. */
  onStrike(listener: (fault: string, target: string) => void): void;
  /** Injects no more. */
  stop(): void;
}

/** One rule, with its timer. */
class Rule implements FaultRule {
  struck = 0;
  readonly id: number;
  readonly fault: string;
  readonly #nextDelay_ms: () => number;
  readonly #strike: () => boolean;
  #timer: Later | undefined;

  constructor(id: number, fault: string, nextDelay_ms: () => number, strike: () => boolean) {
    this.id = id;
    this.fault = fault;
    this.#nextDelay_ms = nextDelay_ms;
    this.#strike = strike;
    this.#arm();
  }

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

class Injector implements FaultInjection {
  injected = 0;
  seed: number;
  readonly #system: System;
  readonly #rules = new Map<number, Rule>();
  readonly #listeners: ((fault: string, target: string) => void)[] = [];
  /** "name pid". After a restart of the board pids begin anew. */
  readonly #struck = new Set<string>();
  #lastId = 0;
  /** The next rule's place in the plan, of which its times are made. */
  #index = 0;

  constructor(system: System, seed: number) {
    this.#system = system;
    this.seed = seed;
    system.on("reboot", this.#whenRebooted);
    system.on("stop", this.#whenStopped);
  }

  get rules(): FaultRule[] {
    return [...this.#rules.values()].map(({ id, fault, struck }) => ({ id, fault, struck }));
  }

  get parts(): readonly string[] {
    return this.#system.hasHardware ? this.#system.hardware.parts : [];
  }

  hasStruck(name: string, pid: number): boolean {
    return this.#struck.has(`${name} ${pid}`);
  }

  add(text: string): number {
    const names = this.#system.manifest.tasks.map(({ name }) => name);
    const [fault] = readFaultPlan([text], names, this.parts);
    const nextDelay_ms = faultDelays(fault!, this.#index++, this.seed);
    const id = ++this.#lastId;
    this.#rules.set(id, new Rule(id, text, nextDelay_ms, () => this.#strike(text, fault!)));
    return id;
  }

  remove(id: number): boolean {
    this.#rules.get(id)?.stop();
    return this.#rules.delete(id);
  }

  clear(seed: number): void {
    for (const rule of this.#rules.values()) rule.stop();
    this.#rules.clear();
    this.seed = seed;
    this.#index = 0;
  }

  onStrike(listener: (fault: string, target: string) => void): void {
    this.#listeners.push(listener);
  }

  stop(): void {
    this.#system.off("stop", this.#whenStopped);
    this.#system.off("reboot", this.#whenRebooted);
    for (const rule of this.#rules.values()) rule.stop();
  }

  readonly #whenStopped = (): void => this.stop();
  readonly #whenRebooted = (): void => this.#struck.clear();

  /** Does it run? A changed manifest (live reload) may not have it any more. */
  #runs(name: string): boolean {
    const isKnown = this.#system.manifest.tasks.some((task) => task.name === name);
    return isKnown && this.#system.isRunning(name);
  }

  /** False when there is nothing to strike. */
  #strike(text: string, fault: Fault): boolean {
    const system = this.#system;
    const isTask = "task" in fault;
    const isThere = isTask ? this.#runs(fault.task) : system.state === "running";
    if (!isThere) return false;
    this.injected++;
    for (const tell of this.#listeners) tell(text, isTask ? fault.task : fault.part);
    if (isTask) {
      const { pid } = system.ps().find(({ name }) => name === fault.task)!;
      this.#struck.add(`${fault.task} ${pid}`);
      if (fault.kind === "kill") void system.kill(fault.task, "faults");
      else system.hang(fault.task, "faults");
      return true;
    }
    system.hardware.fault(fault.kind, fault.part).catch((error: unknown) => {
      // With the system its board is switched off.
      if (system.state === "running") throw error;
    });
    return true;
  }
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
  const injector = new Injector(system, seed);
  try {
    // All of them first: a plan with a mistake injects nothing.
    readFaultPlan(plan, names, injector.parts);
    for (const fault of plan) injector.add(fault);
  } catch (error) {
    injector.stop();
    throw error;
  }
  return injector;
}
