/**
 * `reattach simulate`: runs an application again and again in simulated time, under faults that
 * follow from a seed, and says what it has found.
 */
import { outputOf } from "../log/output.js";
import { shownPath } from "../manifest/shown-path.js";
import { type PlannedFault, readFaultPlan } from "../faults/text.js";
import { type FaultKind, FAULT_KINDS, readKinds } from "../simulate/plan.js";
import { prepare, type Prepared } from "../simulate/prepare.js";
import { type Found, shrink, type ShrinkBound } from "../simulate/shrink.js";
import { runTrial, targetsOf, type TrialOptions, type TrialResult } from "../simulate/trial.js";
import { UsageError } from "../input-error.js";
import { EXIT_FAILED, EXIT_GOOD } from "./exit-code.js";
import { readOptions } from "./options.js";
import { FAULT_OPTIONS, readFaultOptions } from "./fault-options.js";

/** What is asked for where nothing is said: of a length that is given, one run. */
const HOURS = 1;
const RUNS = 10;
const SEED = 1;
const MS_PER_HOUR = 3_600_000;
/** As many as a person waits for. */
const HOURS_MAX = 1_000_000;
const RUNS_MAX = 1_000_000;
/** How often the line that shows how far it is is written anew. */
const PROGRESS_MS = 500;

/** A failure of a run, with what shows it again. */
interface FoundFailure {
  readonly check: string;
  readonly text: string;
  readonly seed: number;
  readonly at_ms: number;
  /** What had struck before, as `--fault` takes it: the last ones. */
  readonly plan: readonly string[];
  /** A command that shows it again. */
  readonly replay: string;
}

/** What `--json` prints. */
interface Summary {
  readonly ok: boolean;
  /** Of the first run. */
  readonly seed: number;
  /** Of one run its own; of several, of all of theirs together. */
  readonly hash: string;
  /** Simulated, all runs together. */
  readonly hours: number;
  readonly runs: number;
  readonly faults: number;
  readonly kills: number;
  readonly failures: readonly FoundFailure[];
  readonly speed: Speed;
  /** It was ended by a signal. */
  readonly isCut: boolean;
}

interface Speed {
  readonly seconds: number;
  readonly cpu_seconds: number;
  /** Simulated time to real time, and to processor time. */
  readonly times_real: number;
  readonly times_cpu: number;
  readonly messages_per_s: number;
  readonly points_per_s: number;
  readonly switches_per_s: number;
}

interface SimulatePlan {
  readonly hours: number;
  readonly runs: number;
  readonly seed: number;
  readonly kinds: readonly FaultKind[];
  readonly faults: readonly string[] | null;
  readonly preemption: number | null;
  readonly allowsIo: boolean;
  readonly platform: string | undefined;
}

/** A number from 0 on. Throws a UsageError. */
function readNumber(text: string, option: string, max: number): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value <= max) return value;
  throw new UsageError(`${option}: found "${text}", allowed is a number from 0 to ${max}`);
}

function readCount(text: string, option: string, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= max) return value;
  throw new UsageError(`${option}: found "${text}", allowed is a whole number from 1 to ${max}`);
}

/** Faults that are given strike alone. */
function readFaults(text: string | undefined, areGiven: boolean): readonly FaultKind[] {
  if (text === undefined) return areGiven ? [] : FAULT_KINDS;
  return text === "none" ? [] : readKinds(text);
}

function readRuns(text: string | undefined, isLengthGiven: boolean): number {
  if (text === undefined) return isLengthGiven ? 1 : RUNS;
  return readCount(text, "--runs", RUNS_MAX);
}

/** The command line that shows a run again. */
function replayOf(app: Prepared, given: SimulatePlan, { options, result }: Found): string {
  const { seed, duration_ms, kinds, plan } = options;
  const words = [`reattach simulate ${shownPath(app.manifest.file)}`];
  words.push(`--hours ${duration_ms / MS_PER_HOUR} --runs 1 --seed ${seed}`);
  if (plan !== null) words.push(...plan.map((fault) => `--fault ${fault.text}`));
  const isDefault = plan === null ? kinds.length === FAULT_KINDS.length : kinds.length === 0;
  if (!isDefault || plan?.length === 0) words.push(`--faults ${kinds.join(",") || "none"}`);
  if (options.preemption !== null) words.push(`--preempt ${result.preemption}`);
  if (given.platform !== undefined) words.push(`--platform ${given.platform}`);
  if (given.allowsIo) words.push("--allow-io");
  return words.join(" ");
}

/** A failure is made smaller within this. */
const SHRINK_BOUND: ShrinkBound = { runs: 100, ms: 30_000 };

/** The failures of a run; the first of each check is made smaller. */
async function failuresOf(
  app: Prepared,
  given: SimulatePlan,
  found: Found,
  known: readonly FoundFailure[],
  isCut: () => boolean,
): Promise<FoundFailure[]> {
  const failures: FoundFailure[] = [];
  for (const { check, text, at_ms } of found.result.failures) {
    const isNew = !known.some((before) => before.check === check) && !isCut();
    const smallest = isNew ? await shrink(app, found, check, SHRINK_BOUND) : found;
    const shown = smallest.result.failures.find((failure) => failure.check === check);
    failures.push({
      check,
      text: shown?.text ?? text,
      seed: found.options.seed,
      at_ms: shown?.at_ms ?? at_ms,
      plan: smallest.result.struck.slice(-PLAN_SHOWN).map((fault) => fault.text),
      replay: replayOf(app, given, smallest),
    });
  }
  return failures;
}

/** So many faults before a failure are shown. */
const PLAN_SHOWN = 20;

/** One hash of several: FNV-1a over their text. */
function hashOf(results: readonly TrialResult[]): string {
  if (results.length === 1) return results[0]!.hash;
  let hash = 0xcbf2_9ce4_8422_2325n;
  for (const byte of Buffer.from(results.map((result) => result.hash).join())) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100_0000_01b3n);
  }
  return hash.toString(16).padStart(16, "0");
}

/** The line that shows how far it is; nothing where nobody looks. */
class Progress {
  readonly #began_ms = performance.now();
  readonly #isShown = process.stderr.isTTY;
  #next_ms = 0;

  show(share: number, text: string): void {
    const now = performance.now();
    if (!this.#isShown || now < this.#next_ms) return;
    this.#next_ms = now + PROGRESS_MS;
    const left_s = ((now - this.#began_ms) / share - (now - this.#began_ms)) / 1000;
    const left = share > 0.01 ? `, ${Math.ceil(left_s)} s left` : "";
    process.stderr.write(`\r\u001b[K${(share * 100).toFixed(0)} %, ${text}${left}`);
  }

  clear(): void {
    if (this.#isShown) process.stderr.write("\r\u001b[K");
  }
}

/** Reads all `--fault` options. Rejects with a UsageError for the first that is wrong. */
async function readPlan(app: Prepared, faults: readonly string[]): Promise<PlannedFault[]> {
  return readFaultPlan(faults, targetsOf(app, await app.findParts()));
}

async function runAll(app: Prepared, plan: SimulatePlan): Promise<Summary> {
  const { hours, runs, seed, kinds, faults, preemption, allowsIo } = plan;
  const duration_ms = Math.round(hours * MS_PER_HOUR);
  const planned = faults === null ? null : await readPlan(app, faults);
  const results: TrialResult[] = [];
  const failures: FoundFailure[] = [];
  const progress = new Progress();
  const signal = { isCut: false };
  const cut = (): void => void (signal.isCut = true);
  process.on("SIGINT", cut);
  process.on("SIGTERM", cut);
  const began_ms = performance.now();
  const cpu = process.cpuUsage();
  try {
    for (let run = 0; run < runs && !signal.isCut; run++) {
      const goOn = (passed_ms: number): boolean => {
        const share = (run + passed_ms / duration_ms) / runs;
        progress.show(share, `run ${run + 1} of ${runs}, ${failures.length} failures`);
        return !signal.isCut;
      };
      const how = { kinds, plan: planned, preemption, allowsIo, until: null, goOn };
      const options: TrialOptions = { seed: seed + run, duration_ms, ...how };
      const result = await runTrial(app, options);
      results.push(result);
      const found = { options, result };
      failures.push(...(await failuresOf(app, plan, found, failures, () => signal.isCut)));
    }
  } finally {
    progress.clear();
    process.off("SIGINT", cut);
    process.off("SIGTERM", cut);
  }
  const sum = (of: (result: TrialResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  const seconds = (performance.now() - began_ms) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const cpu_seconds = (user + system) / 1e6;
  const simulated_s = sum(({ simulated_ms }) => simulated_ms) / 1000;
  const perSecond = (of: (result: TrialResult) => number): number => Math.round(sum(of) / seconds);
  return {
    ok: failures.length === 0,
    seed,
    hash: hashOf(results),
    hours: simulated_s / 3600,
    runs: results.length,
    faults: sum(({ struck }) => struck.length),
    kills: sum(({ kills }) => kills),
    failures,
    speed: {
      seconds,
      cpu_seconds,
      times_real: Math.round(simulated_s / seconds),
      times_cpu: Math.round(simulated_s / cpu_seconds),
      messages_per_s: perSecond(({ messages }) => messages),
      points_per_s: perSecond(({ points }) => points),
      switches_per_s: perSecond(({ switches }) => switches),
    },
    isCut: signal.isCut,
  };
}

function textOf(summary: Summary): string {
  const { runs, hours, faults, kills, failures, speed, hash, isCut } = summary;
  const lines = failures.map(
    ({ check, text, seed, at_ms, replay }) =>
      `failed: ${check}: ${text}\n` +
      `  seed ${seed}, after ${(at_ms / 1000).toFixed(3)} s\n  ${replay}`,
  );
  const ended = isCut ? " (ended early)" : "";
  lines.push(
    `${runs} runs of ${Number((hours / runs).toFixed(2))} h${ended}: ` +
      `${faults} faults, ${kills} kills, ${failures.length} failures`,
    `${speed.times_real} times as fast as real time, ${speed.messages_per_s} messages a second`,
    `hash ${hash}`,
  );
  return `${lines.join("\n")}\n`;
}

/** Runs the command. Returns its exit code; throws an InputError for what the user wrote wrong. */
export async function simulate(argv: string[]): Promise<number> {
  const { values, positionals } = readOptions(argv, {
    options: {
      hours: { type: "string" },
      runs: { type: "string" },
      faults: { type: "string" },
      ...FAULT_OPTIONS,
      preempt: { type: "string" },
      platform: { type: "string" },
      "allow-io": { type: "boolean" },
      json: { type: "boolean" },
    },
    required: [],
    optional: ["manifest"],
  });
  const { faults, fault, scenario } = values;
  const isGiven = fault !== undefined || scenario !== undefined;
  const given = readFaultOptions(values, SEED);
  const plan: SimulatePlan = {
    hours: values.hours === undefined ? HOURS : readNumber(values.hours, "--hours", HOURS_MAX),
    runs: readRuns(values.runs, values.hours !== undefined),
    seed: given.seed,
    kinds: readFaults(faults, isGiven),
    faults: isGiven ? given.faults : null,
    preemption: values.preempt === undefined ? null : readNumber(values.preempt, "--preempt", 1e6),
    allowsIo: values["allow-io"] === true,
    platform: values.platform,
  };
  const { platform } = plan;
  const app = await prepare(positionals[0] ?? ".", platform === undefined ? {} : { platform });
  try {
    const summary = await runAll(app, plan);
    const code = summary.ok ? EXIT_GOOD : EXIT_FAILED;
    // Before it prints: a reader that has seen enough ends the process.
    process.exitCode = code;
    const output = values.json === true ? `${JSON.stringify(summary)}\n` : textOf(summary);
    outputOf(1).write(output);
    return code;
  } finally {
    await app.stop();
  }
}
