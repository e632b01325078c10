/**
 * Runs programs on the test hosts (hosts/xs-linux, hosts/xs-chip), in all their modes.
 */
import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildChip } from "../../../hosts/xs-chip/build.mjs";
import { type ChipName, DEFAULT_CHIP } from "../../../hosts/xs-chip/chips.mjs";
import { chipCommand } from "../../../hosts/xs-chip/command.mjs";
import { buildXs } from "../../../hosts/xs-linux/build.mjs";
import { PATIENT } from "../../patient-board.js";
import { Patience, watch } from "../../patience.js";
import type { Bundle } from "./bundle.js";

/** A way to run a program: what a board, or a chip, may do to it. */
export interface Mode {
  readonly name: string;
  /** Slots of 16 bytes, as on an ESP32. */
  readonly m32: boolean;
  /** One core: nobody spins, and the whole process runs on one processor where taskset is there. */
  readonly hasOneCore: boolean;
  readonly switches: readonly string[];
  readonly sanitize?: "thread";
  /** On an emulated chip (hosts/xs-chip), with this clock; else a process of Linux. */
  readonly chip_MHz?: number;
  /** Which; rv32imac, unless told. */
  readonly chip?: ChipName;
}

const PLAIN: Mode = { name: "64 bit", m32: false, hasOneCore: false, switches: [] };

export const THIRTY_TWO_BIT: Mode = { ...PLAIN, name: "32 bit", m32: true };
const ONE_CORE: Mode = { ...PLAIN, name: "one core", hasOneCore: true };
/** As it is measured: a release build, in which nobody spins. */
export const MEASURED: Mode = { ...ONE_CORE, name: "measured", switches: ["--release"] };
export const LOSSY: Mode = { ...PLAIN, name: "lossy waits", switches: ["--lossy-waits"] };

/** The contract has to be kept in all of these, in C (hosts/moddable/native). */
const NATIVE_MODES: readonly Mode[] = [
  PLAIN,
  THIRTY_TWO_BIT,
  ONE_CORE,
  LOSSY,
  { ...PLAIN, name: "spurious wakes", switches: ["--spurious-wakes=4"] },
  { ...PLAIN, name: "locked atomics", switches: ["--locked-atomics"] },
];

/** The same mode without C: messages take TypeScript's way, as what C leaves to it does. */
export function ordinary(mode: Mode): Mode {
  return { ...mode, name: `${mode.name}, no C`, switches: [...mode.switches, "--no-native"] };
}

/** Without C it is kept in those that are as different as can be. */
export const MODES: readonly Mode[] = [...NATIVE_MODES, ordinary(THIRTY_TWO_BIT), ordinary(LOSSY)];

/** All there are. */
export const ALL_MODES: readonly Mode[] = [...NATIVE_MODES, ...NATIVE_MODES.map(ordinary)];

/** Does C take part? */
export function isNative({ switches }: Mode): boolean {
  return !switches.includes("--no-native");
}

/** The modules that a device has in flash. */
const PRELOAD = [
  "worker",
  "reattach",
  "reattach/ham",
  "reattach/service",
  "reattach/moddable",
  "reattach/moddable/*",
];

/** What a run left behind. */
export interface Run {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The part of it that is looked at here. */
interface Config {
  readonly reattach?: { readonly board?: object };
}

/** How to run a program. */
export interface RunOptions {
  readonly mode: Mode;
  readonly bundle: Bundle;
  /** Name of the main module. */
  readonly main: string;
  /** What it finds in "xs" as args. */
  readonly args?: readonly string[];
  /** What "mc/config" exports. */
  readonly config: object;
  readonly switches?: readonly string[];
  /** Without Reattach in flash: the program brings all it needs. */
  readonly isBare?: boolean;
  /** Modules of the program that are in flash too. */
  readonly preload?: readonly string[];
  /** Modules of ours that the manifest leaves out. */
  readonly without?: readonly string[];
  /** It is ended when it has had so much time (patience.ts). */
  readonly timeout_ms?: number;
  /** Ends it, with SIGKILL, when what it has written is enough; for one that runs for ever. */
  readonly isEnough?: (stdout: string) => boolean;
  /** A command, with its arguments, that is to run the host: one that counts instructions. */
  readonly under?: readonly string[];
  /** Where a mode with one core runs: the number of a processor. */
  readonly processor?: number;
}

let runs = 0;

/** Sources of another XS, as Moddable's SDK has it: npm run test:sdk. */
const xs = process.env["XS_SOURCES"];

/** Does Atomics.wait lose wake-ups? XS 17 does by itself. */
export function losesWakeUps({ switches }: Mode): boolean {
  return xs !== undefined || switches.includes("--lossy-waits");
}

function build({ m32, sanitize, chip_MHz, chip = DEFAULT_CHIP }: Mode): ReturnType<typeof buildXs> {
  if (chip_MHz !== undefined) return buildChip(xs === undefined ? { chip } : { chip, xs });
  const variant = sanitize === undefined ? { m32 } : { m32, sanitize };
  return buildXs({ ...variant, ...(xs === undefined ? {} : { xs }) });
}

/** Builds the test host for a mode. Throws when that is impossible: see missing(). */
export function programFor(mode: Mode): string {
  const built = build(mode);
  if ("missing" in built) throw new Error(built.missing);
  return built.program;
}

/** Why programs of this mode cannot be run here, or "". */
export function missing(mode: Mode): string {
  const built = build(mode);
  return "missing" in built ? built.missing : "";
}

function hasTaskset(): boolean {
  return spawnSync("taskset", ["--version"], { stdio: "ignore" }).error === undefined;
}

/** Tasks have time to leave, unless the test says how much. */
function withPatience(config: object): object {
  const { reattach } = config as Config;
  if (reattach === undefined) return config;
  return { ...config, reattach: { ...reattach, board: { ...PATIENT, ...reattach.board } } };
}

/** Runs a program to its end. */
export async function run(options: RunOptions): Promise<Run> {
  const { mode, bundle, main, switches = [], timeout_ms = 120_000 } = options;
  const { under = [], processor = 0, preload = [], without = [], isEnough = () => false } = options;
  const ours = PRELOAD.filter((name) => !without.includes(name));
  const program = programFor(mode);
  const configFile = join(dirname(bundle.modules), `config-${runs++}.json`);
  writeFileSync(configFile, JSON.stringify(withPatience(options.config)));
  const args = [
    `--modules=${bundle.modules}`,
    ...(options.isBare === true ? [] : [`--preload=${[...ours, ...preload].join(",")}`]),
    `--config=${configFile}`,
    ...(mode.hasOneCore ? ["--cores=1"] : []),
    ...mode.switches,
    ...switches,
    main,
    ...(options.args ?? []),
  ];
  const { chip_MHz, chip } = mode;
  const isPinned = mode.hasOneCore && chip_MHz === undefined && hasTaskset();
  const pin = isPinned ? ["taskset", "--cpu-list", String(processor)] : [];
  const start =
    chip_MHz === undefined ? [program, ...args] : chipCommand(program, args, chip_MHz, chip);
  const [command, ...rest] = [...pin, ...under, ...start];
  const child = spawn(command!, rest, { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    if (isEnough(stdout)) child.kill("SIGKILL");
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const endWatch = watch(new Patience(timeout_ms, child.pid), () => child.kill("SIGKILL"));
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.on("close", (...end) => resolve(end));
  });
  endWatch();
  return { code, signal, stdout, stderr };
}
