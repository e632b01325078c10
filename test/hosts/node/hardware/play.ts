/**
 * Systems with a simulated board, for tests.
 */
import { fileURLToPath } from "node:url";
import type { Test } from "tape";
import { boot, type System } from "reattach/node";
import { Patience, watch } from "../../../patience.js";
import type { Step } from "./fixtures/driver.js";

const pathOf = (name: string): string => {
  return fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
};

/** Killed as often as a test wants, and started again at once. */
const RESTART = { minRun_ms: 0, backoff_ms: 0, intensity: 0 };

/** Keeps a task alive for as long as any test takes. */
const STAY_MS = 600_000;

/** How long the next line may take. */
const LIMIT_MS = 20_000;

/** What the tasks print, each line as it comes. */
export class Lines {
  readonly all: unknown[] = [];
  #wake: () => void = () => undefined;

  add(text: string): void {
    this.all.push(text.startsWith("[") || text.startsWith("{") ? JSON.parse(text) : text);
    this.#wake();
  }

  /** The line with this index, once it is there; rejects when it does not come. */
  async line(index: number): Promise<unknown> {
    while (this.all.length <= index) await this.#more();
    return this.all[index];
  }

  #more(): Promise<void> {
    return new Promise((resolve, reject) => {
      const said = JSON.stringify(this.all);
      const endWatch = watch(new Patience(LIMIT_MS), () => reject(new Error(`only ${said}`)));
      this.#wake = () => {
        endWatch();
        resolve();
      };
    });
  }
}

/** A system whose tasks perform these steps; it is stopped when the test is over. */
export async function play(
  t: Test,
  tasks: Readonly<Record<string, readonly Step[]>>,
  options: { readonly board?: string; readonly stay_ms?: number | null } = {},
): Promise<{ system: System; lines: Lines }> {
  const { board = pathOf("board"), stay_ms = STAY_MS } = options;
  const specs = Object.entries(tasks).map(([name, steps]) => {
    const args = stay_ms === null ? { steps } : { steps, stay_ms };
    return [name, { module: "driver", args, restart: RESTART }];
  });
  const system = await boot({
    modules: { driver: pathOf("driver"), board },
    config: { reattach: { hardware: "board", tasks: Object.fromEntries(specs) as object } },
  });
  const lines = new Lines();
  system.on("log", (name, level, text) => {
    if (name !== "main" || level === "error") lines.add(text);
  });
  t.teardown(() => system.stop());
  return { system, lines };
}
