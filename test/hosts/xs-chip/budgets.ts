/**
 * Measures what messages, the manager, a task and the program cost on the emulated chip: in
 * instructions, which are the same in every run, and in bytes.
 */
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { CHIPS, DEFAULT_CHIP } from "../../../hosts/xs-chip/chips.mjs";
import { type Account, readTold } from "../../../hosts/xs-chip/cli/told.js";
import { bundle, type Bundle } from "../xs-linux/bundle.js";
import { programFor, run } from "../xs-linux/host.js";
import { resultIn } from "../xs-linux/results-in.js";
import { CHIP } from "./chip.js";

/** An instruction takes so long. */
const NS = 1_000 / CHIP.chip_MHz!;
const ROUNDS = 1_000;
const IDLE_MS = 2_000;
/** The manager looks so often (src/manager). */
const TICK_MS = 10;
/** One at each millisecond of a tick: see programs/busy.ts. */
const KILLS = 10;
const IDLE_TASKS = 8;
/** Tells how deep each native stack was, and how much RAM each task had. */
const ACCOUNTS = "--machine-accounts";

/** What docs/budgets.md says of a chip. */
export interface ChipBudgets {
  readonly instructionsRoundTrip: number;
  readonly instructionsCovered: number;
  readonly instructionsPulse: number;
  readonly instructionsTick: number;
  readonly instructionsTickFloor: number;
  readonly restart_us: number;
  readonly restartStandby_us: number;
  readonly stackBytesTask: number;
  readonly stackBytesMain: number;
  readonly ramBytesTask: number;
  readonly flashBytesNative: number;
  readonly flashBytesProgram: number;
}

interface Found {
  readonly busy_ns: number;
  readonly outages_us: readonly number[];
  readonly wrong: number;
}

type Accounts = readonly Account[];

/** What a run has told, and with --machine-accounts its accounts. */
async function play(
  all: Bundle,
  config: object,
  { main = "busy", switches = [] }: { main?: string; switches?: readonly string[] } = {},
): Promise<[Found, Accounts]> {
  const started = { mode: CHIP, bundle: all, main, config, preload: ["busy-task"], switches };
  const { stdout, stderr, code } = await run(started);
  const found = resultIn<Found>(stdout);
  if (code !== 0 || found === undefined || (found.wrong ?? 0) !== 0) {
    throw new Error(`on the chip: ${code}\n${stdout}${stderr}`);
  }
  const told = stderr.split("\n").map(readTold);
  return [found, told.filter((line) => line !== undefined && "account" in line)];
}

const task = (args: object, more: object = {}): object => ({ module: "busy-task", args, ...more });
const SERVER = { role: "server" };

/** Instructions a round; the manager's ticks meanwhile included. */
async function perRound(all: Bundle, role: string): Promise<number> {
  const tasks = { server: task(SERVER), client: task({ role, rounds: ROUNDS }) };
  const [{ busy_ns }] = await play(all, { reattach: { tasks } });
  return Math.round(busy_ns / NS / ROUNDS);
}

/** From a kill to the client's next good answer, in the mean. */
async function perRestart(all: Bundle, standby: boolean): Promise<[number, Accounts]> {
  const restart = { backoff_ms: 0, minRun_ms: 0, intensity: 100 };
  const tasks = {
    server: task(SERVER, { standby, restart }),
    client: task({ role: "waits", outages: KILLS }),
  };
  const config = { kills: KILLS, reattach: { tasks } };
  const [{ outages_us }, accounts] = await play(all, config, { switches: [ACCOUNTS] });
  return [Math.round(mean(outages_us)), accounts];
}

function idleConfig(): object {
  const tasks: Record<string, object> = {};
  for (let i = 0; i < IDLE_TASKS; i++) tasks[`t${i}`] = task({ role: "rests" });
  return { idle_ms: IDLE_MS, reattach: { tasks } };
}

/** Of a tick in which an empty timer comes, and no manager. */
async function tickFloor(all: Bundle): Promise<number> {
  // No task is started, but the linker checks what the manifest says.
  const tasks = { t0: task({ role: "rests" }) };
  const config = { idle_ms: IDLE_MS, tick_ms: TICK_MS, reattach: { tasks } };
  const [found] = await play(all, config, { main: "tick-floor" });
  return perTick(found);
}

function perTick({ busy_ns }: Found): number {
  return Math.round(busy_ns / NS / (IDLE_MS / TICK_MS));
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

/** Of a program, or of an object file: code, constants, and what variables begin with. */
function flashBytesOf(file: string): number {
  const size = CHIPS[DEFAULT_CHIP].compiler.replace(/gcc$/, "size");
  const [, line = ""] = execFileSync(size, [file], { encoding: "utf8" }).split("\n");
  const [text = NaN, data = NaN] = line.trim().split(/\s+/).map(Number);
  return text + data;
}

const deepest = (accounts: Accounts): number => Math.max(...accounts.map(({ stack }) => stack));
const isMain = ({ account }: Account): boolean => account === "main";
const isTask = ({ account }: Account): boolean => account !== "main" && account !== "guardian";

/** Measures everything. Accounts cost instructions: where those are counted, there are none. */
export async function measureChip(): Promise<ChipBudgets> {
  const path = (name: string): string =>
    join(import.meta.dirname, "../xs-linux/programs", `${name}.ts`);
  const programs = ["busy", "busy-task", "tick-floor"];
  const all = await bundle(Object.fromEntries(programs.map((name) => [name, path(name)])));
  try {
    const [ticks] = await play(all, idleConfig());
    const [, resting] = await play(all, idleConfig(), { switches: [ACCOUNTS] });
    const [restart, restarts] = await perRestart(all, false);
    const [standby, standbys] = await perRestart(all, true);
    const program = programFor(CHIP);
    const accounts = [...resting, ...restarts, ...standbys];
    return {
      instructionsRoundTrip: await perRound(all, "sends"),
      instructionsCovered: await perRound(all, "sends covered"),
      instructionsPulse: await perRound(all, "pulses"),
      instructionsTick: perTick(ticks),
      instructionsTickFloor: await tickFloor(all),
      restart_us: restart,
      restartStandby_us: standby,
      stackBytesTask: deepest(accounts.filter(isTask)),
      stackBytesMain: deepest(accounts.filter(isMain)),
      ramBytesTask: Math.round(mean(resting.filter(isTask).map(({ ramBytes }) => ramBytes))),
      flashBytesNative: flashBytesOf(join(dirname(program), "reattach-messages.o")),
      flashBytesProgram: flashBytesOf(program),
    };
  } finally {
    all.remove();
  }
}
