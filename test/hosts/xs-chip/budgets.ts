/**
 * Measures what messages, the manager, a task and the program cost on an emulated chip: in
 * instructions, which are the same in every run, and in bytes.
 */
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { type ChipName, CHIPS } from "../../../hosts/xs-chip/chips.mjs";
import { type Account, readTold } from "../../../hosts/xs-chip/cli/told.js";
import { bundle, type Bundle } from "../xs-linux/bundle.js";
import { type Mode, programFor, run } from "../xs-linux/host.js";
import { resultIn } from "../xs-linux/results-in.js";
import { CHIP, CORTEX_M3 } from "./chip.js";

/** What can be measured. */
export const MEASURED_CHIPS: Readonly<Record<ChipName, Mode>> = {
  rv32imac: CHIP,
  "cortex-m3": CORTEX_M3,
};
/** An instruction takes so long, on each of them. */
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

/** A chip, and the programs for it. */
interface Board {
  readonly mode: Mode;
  readonly bundle: Bundle;
}

/** What a run has told, and with --machine-accounts its accounts. */
async function play(
  board: Board,
  config: object,
  { main = "busy", switches = [] }: { main?: string; switches?: readonly string[] } = {},
): Promise<[Found, Accounts]> {
  const started = { ...board, main, config, preload: ["busy-task"], switches };
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
async function perRound(board: Board, role: string): Promise<number> {
  const tasks = { server: task(SERVER), client: task({ role, rounds: ROUNDS }) };
  const [{ busy_ns }] = await play(board, { reattach: { tasks } });
  return Math.round(busy_ns / NS / ROUNDS);
}

/** From a kill to the client's next good answer, in the mean. */
async function perRestart(board: Board, standby: boolean): Promise<[number, Accounts]> {
  const restart = { backoff_ms: 0, minRun_ms: 0, intensity: 100 };
  const tasks = {
    server: task(SERVER, { standby, restart }),
    client: task({ role: "waits", outages: KILLS }),
  };
  const config = { kills: KILLS, reattach: { tasks } };
  const [{ outages_us }, accounts] = await play(board, config, { switches: [ACCOUNTS] });
  return [Math.round(mean(outages_us)), accounts];
}

function idleConfig(): object {
  const tasks: Record<string, object> = {};
  for (let i = 0; i < IDLE_TASKS; i++) tasks[`t${i}`] = task({ role: "rests" });
  return { idle_ms: IDLE_MS, reattach: { tasks } };
}

/** Of a tick in which an empty timer comes, and no manager. */
async function tickFloor(board: Board): Promise<number> {
  // No task is started, but the linker checks what the manifest says.
  const tasks = { t0: task({ role: "rests" }) };
  const config = { idle_ms: IDLE_MS, tick_ms: TICK_MS, reattach: { tasks } };
  const [found] = await play(board, config, { main: "tick-floor" });
  return perTick(found);
}

function perTick({ busy_ns }: Found): number {
  return Math.round(busy_ns / NS / (IDLE_MS / TICK_MS));
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

/** Of a program, or of an object file: code, constants, and what variables begin with. */
function flashBytesOf(file: string, chip: ChipName): number {
  const size = CHIPS[chip].compiler.replace(/gcc$/, "size");
  const [, line = ""] = execFileSync(size, [file], { encoding: "utf8" }).split("\n");
  const [text = NaN, data = NaN] = line.trim().split(/\s+/).map(Number);
  return text + data;
}

const deepest = (accounts: Accounts): number => Math.max(...accounts.map(({ stack }) => stack));
const isMain = ({ account }: Account): boolean => account === "main";
const isTask = ({ account }: Account): boolean => account !== "main" && account !== "guardian";

/** Measures everything. Accounts cost instructions: where those are counted, there are none. */
export async function measureChip(chip: ChipName): Promise<ChipBudgets> {
  const mode = MEASURED_CHIPS[chip];
  const path = (name: string): string =>
    join(import.meta.dirname, "../xs-linux/programs", `${name}.ts`);
  const programs = ["busy", "busy-task", "tick-floor"];
  const all = await bundle(Object.fromEntries(programs.map((name) => [name, path(name)])));
  const board = { mode, bundle: all };
  try {
    const [ticks] = await play(board, idleConfig());
    const [, resting] = await play(board, idleConfig(), { switches: [ACCOUNTS] });
    const [restart, restarts] = await perRestart(board, false);
    const [standby, standbys] = await perRestart(board, true);
    const program = programFor(mode);
    const accounts = [...resting, ...restarts, ...standbys];
    return {
      instructionsRoundTrip: await perRound(board, "sends"),
      instructionsCovered: await perRound(board, "sends covered"),
      instructionsPulse: await perRound(board, "pulses"),
      instructionsTick: perTick(ticks),
      instructionsTickFloor: await tickFloor(board),
      restart_us: restart,
      restartStandby_us: standby,
      stackBytesTask: deepest(accounts.filter(isTask)),
      stackBytesMain: deepest(accounts.filter(isMain)),
      ramBytesTask: Math.round(mean(resting.filter(isTask).map(({ ramBytes }) => ramBytes))),
      flashBytesNative: flashBytesOf(join(dirname(program), "reattach-messages.o"), chip),
      flashBytesProgram: flashBytesOf(program, chip),
    };
  } finally {
    all.remove();
  }
}
