/**
 * What `npm run chip` prints at the end: for people, and with --json for programs.
 */
import { layoutOf } from "../../../src/arena/regions.js";
import { grouped, table } from "../../node/cli/table.js";
import type { AppManifest } from "../../node/manifest/read.js";
import type { ChipName } from "../chips.mjs";
import type { End } from "./machine.js";
import type { Account, Counts } from "./told.js";

/** Why a run came to its end. */
export type Ending = "duration" | "signal" | "application ended" | "failed";

/** What a task, main, or another thread has taken. */
interface Row {
  readonly name: string;
  /** Of a task: the workers that wait to be its next incarnation. */
  readonly standsBy: boolean;
  /** Of the processor, from 0 to 1. */
  readonly share: number;
  /** The deepest its native stack has been, and how deep it may be: bytes. */
  readonly stack: { readonly used: number; readonly of: number };
  /** `static` of its creation: bytes. */
  readonly block: number;
  /** The most RAM it has had in all: its block, its native stack, and what XS and FreeRTOS add. */
  readonly ram: number;
  readonly restarts: number;
}

/** What a run has shown, as --json prints it. */
export interface ChipReport {
  /** Is the exit code 0? */
  readonly ok: boolean;
  /** What has failed, in words. */
  readonly problem: string | null;
  readonly ending: Ending;
  /** Of the program on the chip: see hosts/xs-test/README.md. Null: the emulator was killed. */
  readonly exitCode: number | null;
  readonly chip: ChipName;
  readonly mhz: number;
  /** From the start of main, over all restarts of the board. */
  readonly simulated_ms: number;
  /** Restarts of the board. */
  readonly reboots: number;
  /** Of the processor, from 0 to 1. */
  readonly idle: number;
  /** Bytes. `used` is the most at a time, with `static`, what C has outside of the heap. */
  readonly ram: {
    readonly used: number;
    readonly of: number;
    readonly static: number;
    /** Of Reattach's arena, which is in main's. */
    readonly arena: number;
  };
  /** Main, the tasks in the order of the manifest, then other threads. */
  readonly tasks: readonly Row[];
}

/** How all starts of the chip went. */
export interface Runs {
  /** One for each start, the last one last. */
  readonly ends: readonly End[];
  readonly chip: ChipName;
  readonly mhz: number;
  readonly ending: Ending;
  readonly simulated_ms: number;
}

const FULL_PART = 0.9;

/** What those of one name have taken, over all starts of the chip. */
function rowOf(accounts: readonly Account[], cycles: number): Row {
  const { account: name, standsBy } = accounts[0]!;
  const most = (key: "stack" | "stackBytes" | "block" | "ramBytes"): number =>
    Math.max(...accounts.map((account) => account[key]));
  return {
    name,
    standsBy,
    share: sum(accounts.map((account) => account.cycles)) / cycles,
    stack: { used: most("stack"), of: most("stackBytes") },
    block: most("block"),
    ram: most("ramBytes"),
    restarts: standsBy ? 0 : sum(accounts.map(({ starts }) => Math.max(0, starts - 1))),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function groupByName(ends: readonly End[]): Account[][] {
  const groups = new Map<string, Account[]>();
  for (const account of ends.flatMap(({ accounts }) => accounts)) {
    const key = JSON.stringify([account.account, account.standsBy]);
    groups.set(key, [...(groups.get(key) ?? []), account]);
  }
  return [...groups.values()];
}

/** Of what C says when its heap is full. */
const NO_ROOM = /\bno (memory|thread)\b/;

const NOTHING: Counts = {
  idle: 0,
  cycles: 0,
  time: 0,
  ramBytes: 0,
  staticBytes: 0,
  heapPeak: 0,
};

/** Main, the tasks, others; a task's standby behind it. */
function sortRows(rows: readonly Row[], { tasks }: AppManifest): Row[] {
  const order = ["main", ...tasks.map(({ name }) => name)];
  const placeOf = ({ name, standsBy }: Row): number =>
    (order.includes(name) ? order.indexOf(name) : order.length) * 2 + Number(standsBy);
  return [...rows].sort((a, b) => placeOf(a) - placeOf(b));
}

/** What all starts have shown. */
export function reportOf(runs: Runs, manifest: AppManifest): ChipReport {
  const { ends, chip, mhz, ending, simulated_ms } = runs;
  const { code, complaint } = ends.at(-1)!;
  const counted = ends.map(({ counts }) => counts ?? NOTHING);
  const cycles = Math.max(1, sum(counted.map((counts) => counts.cycles)));
  const most = (key: keyof Counts): number => Math.max(...counted.map((counts) => counts[key]));
  const how = code === null ? "the emulator was killed" : `exit code ${code}`;
  const size = NO_ROOM.test(complaint ?? "")
    ? `: it does not fit into ${Math.round(most("ramBytes") / 1_024)} KB of RAM`
    : "";
  return {
    ok: ending !== "failed",
    problem: ending === "failed" ? (complaint ?? how) + size : null,
    ending,
    exitCode: code,
    chip,
    mhz,
    simulated_ms,
    reboots: ends.length - 1,
    idle: sum(counted.map(({ idle }) => idle)) / cycles,
    ram: {
      used: most("staticBytes") + most("heapPeak"),
      of: most("ramBytes"),
      static: most("staticBytes"),
      arena: layoutOf(manifest.limits).totalBytes,
    },
    tasks: sortRows(
      groupByName(ends).map((accounts) => rowOf(accounts, cycles)),
      manifest,
    ),
  };
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}

const HEAD = ["task", "processor", "native stack", "", "block", "RAM in all", "restarts"];

function taskTable({ tasks, idle }: ChipReport): string {
  const rows = tasks.map(({ name, standsBy, share, stack, block, ram, restarts }) => [
    standsBy ? `${name}, standby` : name,
    percent(share),
    grouped(stack.used),
    `of ${grouped(stack.of)}`,
    block === 0 ? "-" : grouped(block),
    grouped(ram),
    standsBy || name === "main" ? "-" : grouped(restarts),
  ]);
  return table(
    [HEAD, ...rows, ["(idle)", percent(idle)]],
    ["left", "right", "right", "left", "right", "right", "right"],
  );
}

/** What a reader should not overlook. */
function hints({ tasks, ram }: ChipReport): string[] {
  const full = tasks
    .filter(({ stack }) => stack.used >= stack.of * FULL_PART)
    .map(
      ({ name, stack }) =>
        `${name}: ${percent(stack.used / stack.of)} of its native stack was used`,
    );
  if (ram.used >= ram.of * FULL_PART) full.push("the RAM is almost full");
  return full;
}

/** The report for people. Ends with a line end. */
export function reportText(report: ChipReport): string {
  const { ending, simulated_ms, mhz, reboots, ram, problem } = report;
  const sums = [
    `ended: ${ending}`,
    `${(simulated_ms / 1_000).toFixed(3)} s simulated at ${mhz} MHz`,
    ...(reboots > 0 ? [`restarts of the board ${reboots}`] : []),
  ];
  const rest = ram.of - ram.used;
  const memory =
    `RAM: ${grouped(ram.used)} of ${grouped(ram.of)} bytes at most ` +
    `(${percent(ram.used / ram.of)}), ${grouped(rest)} left for Wi-Fi, drivers and the rest of ` +
    `the ESP-IDF\n     in it: ${grouped(ram.arena)} of the arena (in main's), ` +
    `${grouped(ram.static)} of C`;
  const isCounted = ram.of > 0;
  return [
    sums.join("; "),
    ...(isCounted ? ["", taskTable(report), "", memory] : []),
    ...hints(report),
    ...(problem === null ? [] : ["", `failed: ${problem}`]),
    "",
  ].join("\n");
}
