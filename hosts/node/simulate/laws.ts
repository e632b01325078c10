/**
 * What holds for every application, whatever it does: checked in each simulation.
 */
import type { Failure } from "../checks/judge.js";
import { isUp } from "../checks/standing.js";
import type { AppManifest } from "../manifest/read.js";
import type { ObservedSimulation } from "./observed.js";
import { Policies } from "./policies.js";

/** How long tasks may take to be up again when the faults have stopped: virtual time. */
const REST_MS = 10 * 60_000;
/** Then so much passes without a death before anything is asked: a fault may be late. */
const CALM_MS = 5_000;
/** Who goes on dying without faults, and comes up each time, is waited for no longer. */
const RESTLESS_MS = 60_000;
/** One that waits for a server that itself waits for messages has lost its message. */
const LOST_MS = 60_000;
/** A table that is fuller at so many rests in a row, each time, leaks. */
const LEAK_RESTS = 4;

export class Laws {
  readonly #observed: ObservedSimulation;
  readonly #tell: (failure: Failure) => void;
  readonly #told = new Set<string>();
  /** Incarnations that are there, by name. */
  readonly #living = new Map<string, number>();
  /** Deaths, and restarts of the board. */
  #losses = 0;
  /** How full each table was at the rests so far, by its name. */
  readonly #fullness = new Map<string, number[]>();

  constructor(
    observed: ObservedSimulation,
    { tasks }: AppManifest,
    tell: (failure: Failure) => void,
  ) {
    this.#observed = observed;
    this.#tell = tell;
    const { simulation } = observed;
    const policies = new Policies(tasks, (text) => this.#fail("policies are kept", text));
    simulation.on("deadlock", (names) => {
      this.#fail("no deadlock", `${[...names, names[0]].join(" > ")}: each waits for the next`);
    });
    simulation.on("stuck", (name, _pid, text) => this.#fail("tasks leave", `${name} ${text}`));
    simulation.on("start", (name, pid) => {
      const before = this.#living.get(name);
      if (before !== undefined) {
        this.#fail("one incarnation", `${name} (pid ${pid}) was started while ${before} lives`);
      }
      this.#living.set(name, pid);
      policies.started(name, observed.now_ms);
    });
    simulation.on("death", (death) => {
      this.#losses++;
      this.#living.delete(death.name);
      policies.died(death, observed.now_ms);
    });
    simulation.on("end", (name) => {
      this.#living.delete(name);
      policies.ended(name);
    });
    simulation.on("order", (order, name) => policies.ordered(order, name));
    simulation.on("reboot", () => {
      this.#losses++;
      policies.rebooted();
      this.#living.clear();
      this.#fullness.clear();
    });
  }

  /**
   * The faults have stopped: waits until the board is at rest. False when it does not come to it.
   */
  async rest(): Promise<boolean> {
    const { simulation } = this.#observed;
    const { system, hardware } = simulation;
    if (hardware !== null) await simulation.settled(hardware.restore());
    const released = new Set<string>();
    for (let calm_ms = 0; ; calm_ms += CALM_MS) {
      const isRested = await simulation.until(() => this.#isUp(released), REST_MS);
      if (!isRested) {
        const down = system.ps().filter((task) => !isUp(task));
        const list = down.map(({ name, state }) => `${name} is ${state}`).join(", ");
        this.#fail("it comes to rest", `after ${REST_MS / 60_000} minutes without faults ${list}`);
        return false;
      }
      const losses = this.#losses;
      await simulation.advance(CALM_MS);
      const isCalm = losses === this.#losses || calm_ms >= RESTLESS_MS;
      if (isCalm && this.#isUp(released)) return true;
    }
  }

  /** At rest. */
  look(): void {
    const { system } = this.#observed.simulation;
    const tasks = system.ps();
    for (const { name, waitsFor } of tasks) {
      if (waitsFor === null || waitsFor.ms < LOST_MS) continue;
      const server = tasks.find(({ pid }) => pid === waitsFor.pid);
      if (server?.state !== "RECEIVE") continue;
      const text = `${name} waits for ${server.name}, which waits for messages itself`;
      this.#fail("every call ends", text);
    }
    for (const [table, { used }] of Object.entries(system.usage())) this.#measure(table, used);
  }

  #measure(table: string, used: number): void {
    const past = this.#fullness.get(table) ?? [];
    this.#fullness.set(table, past);
    past.push(used);
    const last = past.slice(-LEAK_RESTS - 1);
    const isGrowing = last.every((count, index) => index === 0 || count > last[index - 1]!);
    if (last.length <= LEAK_RESTS || !isGrowing) return;
    this.#fail("nothing leaks", `${table}: ${last.join(", ")} in use at rest`);
  }

  /** Releases those that are held, but for some. Returns the names of all. */
  release(but: ReadonlySet<string> = new Set()): readonly string[] {
    const { system } = this.#observed.simulation;
    if (system.state !== "running") return [];
    const held = system.ps().filter(({ name, isHeld }) => isHeld && !but.has(name));
    for (const { name } of held) system.release(name);
    return held.map(({ name }) => name);
  }

  /** Are all up? Those that faults have had held are released, once. */
  #isUp(released: Set<string>): boolean {
    for (const name of this.release(released)) released.add(name);
    const { system } = this.#observed.simulation;
    return system.state === "running" && system.ps().every(isUp);
  }

  #fail(check: string, text: string): void {
    if (this.#told.has(check)) return;
    this.#told.add(check);
    this.#tell({ check, text, at_ms: this.#observed.now_ms });
  }
}
