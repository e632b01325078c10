/**
 * A system of a server and a client for faults to strike, and what it has told.
 */
import { fileURLToPath } from "node:url";
import {
  boot,
  type FaultInjection,
  injectFaults,
  type System,
  type TaskDeath,
} from "reattach/node";
import { Patience } from "../../../patience.js";
import type { ClientArgs } from "./fixtures/client.js";

const MODULES = Object.fromEntries(
  ["counter", "server", "client", "loner"].map((name) => [
    name,
    fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url)),
  ]),
);
const PATIENCE_MS = 60_000;

/** How a task is declared, and started. */
type Declared = Readonly<Record<string, unknown>>;

/** The server; it is back at once, however often it dies. */
export const SERVER: Declared = {
  module: "server",
  services: ["counter"],
  restart: { backoff_ms: 0, intensity: 16 },
};

export function clientOf(args: ClientArgs): Declared {
  return { module: "client", args };
}

export class Lab {
  readonly system: System;
  readonly faults: FaultInjection;
  readonly deaths: TaskDeath[] = [];
  /** "task: text" of each line. */
  readonly lines: string[] = [];
  /** "fault: target" of each strike. */
  readonly strikes: string[] = [];

  private constructor(system: System, plan: readonly string[]) {
    this.system = system;
    system.on("death", (death) => this.deaths.push(death));
    system.on("log", (name, _level, text) => this.lines.push(`${name}: ${text}`));
    this.faults = injectFaults(system, plan, 1);
    this.faults.onStrike((fault, target) => this.strikes.push(`${fault}: ${target}`));
  }

  /** Boots it with a plan, and starts it. */
  static async open(
    tasks: Readonly<Record<string, Declared>>,
    { plan = [], isTraced = false }: { plan?: readonly string[]; isTraced?: boolean } = {},
  ): Promise<Lab> {
    const manifest = { modules: MODULES, config: { reattach: { tasks } } };
    const lab = new Lab(await boot(manifest, isTraced ? { trace: {} } : {}), plan);
    await lab.system.start();
    return lab;
  }

  /** Lines of a task, without its name. */
  said(task: string): string[] {
    const own = this.lines.filter((line) => line.startsWith(`${task}: `));
    return own.map((line) => line.slice(task.length + 2));
  }

  pidOf(name: string): number {
    return this.system.ps().find((task) => task.name === name)!.pid;
  }

  stateOf(name: string): string {
    return this.system.ps().find((task) => task.name === name)!.state;
  }

  async until(isDone: () => boolean): Promise<void> {
    const patience = new Patience(PATIENCE_MS);
    while (!isDone()) {
      if (patience.isOver) throw new Error(`never happened: ${String(isDone)}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.system.stop();
  }
}
