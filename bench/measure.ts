/**
 * What the benchmarks share: a server that echoes, a client that is told how many rounds to run,
 * and medians with their quartiles.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { name_open, sendAsync } from "reattach";
import { boot } from "reattach/node";

/** Path of a file of this folder. */
export function here(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

/** A running system: `order` resolves to the microseconds that so many rounds of a kind took. */
export interface Client {
  order(rounds: number, kind: number): Promise<number>;
  stop(): Promise<unknown>;
}

/**
 * Starts servers, one that echoes if nothing else is said, and a client, which is given `args`;
 * `net` connects its board with others.
 */
export async function startClient(
  client: string,
  servers: Record<string, object> = { server: { module: "server" } },
  net?: object,
  args?: object,
): Promise<Client> {
  const modules = { server: here("server"), crashing: here("crashing"), client };
  const own = args === undefined ? {} : { args };
  const tasks = { ...servers, client: { module: "client", ...own } };
  const reattach = net === undefined ? { tasks } : { tasks, net };
  const system = await boot({ modules, config: { reattach } });
  system.on("log", () => {});
  system.on("death", ({ name, text }) => {
    if (name === "client" || name === "server") throw new Error(`${name}: ${text}`);
  });
  await system.start();
  let coid = name_open("client", 0);
  while (coid < 0) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    coid = name_open("client", 0);
  }
  const words = new Int32Array(2);
  const bytes = new Uint8Array(words.buffer);
  return {
    order: (rounds, kind) =>
      new Promise((resolve, reject) => {
        words[0] = rounds;
        words[1] = kind;
        const error = sendAsync(coid, bytes, bytes.length, null, 0, resolve);
        if (error !== 0) reject(new Error(`sendAsync: ${error}`));
      }),
    stop: () => system.stop(),
  };
}

/** Of many values. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Median and quartiles. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number): number => sorted[Math.floor(part * (sorted.length - 1))]!;
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

/** For people. */
export function show({ median, low, high }: Spread): string {
  return `${median.toFixed(2)} (quartiles ${low.toFixed(2)} to ${high.toFixed(2)})`;
}

/** Says so to a process that is to measure. */
export const INSIDE = "--inside";

/** True in a process that measures, and false in the one that starts it. */
export function isInside(): boolean {
  return process.argv.includes(INSIDE);
}

/**
 * Runs a file of this folder in a process of its own, pinned to one core if nothing else is said.
 * What it has written, as JSON; null, and it is said, where there is no such command.
 */
export function pinned<Result>(
  file: string,
  command: readonly string[] = ["taskset", "-c", "0"],
): Result | null {
  const [program, ...args] = [...command, process.execPath, ...process.execArgv, file, INSIDE];
  const { stdout, stderr, status, error } = spawnSync(program!, args, { encoding: "utf8" });
  if (error !== undefined) {
    console.log(`not measured: ${program} is not there (${error.message})`);
    return null;
  }
  if (status !== 0) throw new Error(`${file}: ${stderr}`);
  return JSON.parse(stdout) as Result;
}
