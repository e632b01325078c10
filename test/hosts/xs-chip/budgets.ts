/**
 * Measures what messages, the manager and a task cost on the emulated chip: in instructions, which
 * are the same in every run, and in bytes.
 */
import { join } from "node:path";
import { bundle, type Bundle } from "../xs-linux/bundle.js";
import { run } from "../xs-linux/host.js";
import { resultIn } from "../xs-linux/results-in.js";
import { CHIP } from "./chip.js";
import { type MachineReport, readReport } from "./machine-report.js";

/** An instruction takes so long. */
const NS = 1_000 / CHIP.chip_MHz!;
const ROUNDS = 1_000;
const IDLE_MS = 2_000;
/** The manager looks so often (src/manager). */
const TICK_MS = 10;
/** One at each millisecond of a tick: see programs/busy.ts. */
const KILLS = 10;
const IDLE_TASKS = 8;

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
}

interface Found {
  readonly busy_ns: number;
  readonly outages_us: readonly number[];
  readonly wrong: number;
}

interface Measured extends Found {
  readonly machine: MachineReport;
}

async function play(all: Bundle, config: object, main = "busy"): Promise<Measured> {
  const { stdout, stderr, code } = await run({
    mode: CHIP,
    bundle: all,
    main,
    config,
    preload: ["busy-task"],
    switches: ["--machine-reports"],
  });
  const found = resultIn<Found>(stdout);
  if (code !== 0 || found === undefined || (found.wrong ?? 0) !== 0) {
    throw new Error(`on the chip: ${code}\n${stdout}${stderr}`);
  }
  return { ...found, machine: readReport(stderr) };
}

const task = (args: object, more: object = {}): object => ({ module: "busy-task", args, ...more });
const SERVER = { role: "server" };

/** Instructions a round; the manager's ticks meanwhile included. */
async function perRound(all: Bundle, role: string): Promise<[number, MachineReport]> {
  const tasks = { server: task(SERVER), client: task({ role, rounds: ROUNDS }) };
  const { busy_ns, machine } = await play(all, { reattach: { tasks } });
  return [Math.round(busy_ns / NS / ROUNDS), machine];
}

/** From a kill to the client's next good answer, in the mean. */
async function perRestart(all: Bundle, standby: boolean): Promise<[number, MachineReport]> {
  const restart = { backoff_ms: 0, minRun_ms: 0, intensity: 100 };
  const tasks = {
    server: task(SERVER, { standby, restart }),
    client: task({ role: "waits", outages: KILLS }),
  };
  const { outages_us, machine } = await play(all, { kills: KILLS, reattach: { tasks } });
  return [Math.round(outages_us.reduce((sum, us) => sum + us, 0) / KILLS), machine];
}

async function idle(all: Bundle, count: number): Promise<Measured> {
  const tasks: Record<string, object> = {};
  for (let i = 0; i < count; i++) tasks[`t${i}`] = task({ role: "rests" });
  return play(all, { idle_ms: IDLE_MS, reattach: { tasks } });
}

/** Of a tick in which an empty timer comes, and no manager. */
async function tickFloor(all: Bundle): Promise<number> {
  // No task is started, but the linker checks what the manifest says.
  const tasks = { t0: task({ role: "rests" }) };
  const config = { idle_ms: IDLE_MS, tick_ms: TICK_MS, reattach: { tasks } };
  return perTick(await play(all, config, "tick-floor"));
}

function perTick({ busy_ns }: Found): number {
  return Math.round(busy_ns / NS / (IDLE_MS / TICK_MS));
}

function deepest(reports: readonly MachineReport[], name: string): number {
  return Math.max(...reports.map(({ stacks }) => stacks[name] ?? 0));
}

/** Measures everything. */
export async function measureChip(): Promise<ChipBudgets> {
  const path = (name: string): string =>
    join(import.meta.dirname, "../xs-linux/programs", `${name}.ts`);
  const programs = ["busy", "busy-task", "tick-floor"];
  const all = await bundle(Object.fromEntries(programs.map((name) => [name, path(name)])));
  try {
    const [roundTrip, ...sends] = await perRound(all, "sends");
    const [covered, ...covers] = await perRound(all, "sends covered");
    const [pulse, ...pulses] = await perRound(all, "pulses");
    const [restart, ...restarts] = await perRestart(all, false);
    const [standby, ...standbys] = await perRestart(all, true);
    const one = await idle(all, 1);
    const many = await idle(all, IDLE_TASKS);
    const reports = [...sends, ...covers, ...pulses, ...restarts, ...standbys, many.machine];
    return {
      instructionsRoundTrip: roundTrip,
      instructionsCovered: covered,
      instructionsPulse: pulse,
      instructionsTick: perTick(many),
      instructionsTickFloor: await tickFloor(all),
      restart_us: restart,
      restartStandby_us: standby,
      stackBytesTask: deepest(reports, "worker"),
      stackBytesMain: deepest(reports, "main"),
      ramBytesTask: Math.round((many.machine.now - one.machine.now) / (IDLE_TASKS - 1)),
    };
  } finally {
    all.remove();
  }
}
