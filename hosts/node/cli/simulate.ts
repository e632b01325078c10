/**
 * `reattach simulate`: runs an application again and again in simulated time, under faults that
 * follow from a seed, and says what it has found.
 */
import { availableParallelism } from "node:os";
import { outputOf } from "../log/output.js";
import { shownPath } from "../manifest/shown-path.js";
import { readFaultPlan } from "../faults/text.js";
import { type FoundFailure, type Outcome, runCampaign } from "../simulate/jobs/campaign.js";
import { type Job, LocalJob, type Ran, type RunOrder } from "../simulate/jobs/job.js";
import { findCores, ProcessJob } from "../simulate/jobs/process-job.js";
import { type FaultKind, FAULT_KINDS, readKinds } from "../simulate/plan.js";
import { prepare, type Prepared } from "../simulate/prepare.js";
import { RunTrace } from "../simulate/run-trace.js";
import { struckOf, targetsOf, type TrialResult } from "../simulate/trial.js";
import { openAt, TraceFile } from "../trace/trace-file.js";
import { EXIT_FAILED, EXIT_GOOD } from "./exit-code.js";
import { readDuration } from "../system/duration.js";
import { readCount, readLength, readNumber } from "./length.js";
import { readOptions } from "./options.js";
import { FAULT_OPTIONS, readFaultOptions } from "./fault-options.js";

/** Of the first run, where nothing is said. */
const SEED = 1;
const MS_PER_HOUR = 3_600_000;
/** More than any machine has cores for. */
const JOBS_MAX = 1_024;
/** How long a failure is made smaller, where nothing is said. */
const SHRINK = "1m";
/** How often the line that shows how far it is is written anew. */
const PROGRESS_MS = 500;

/** A failure of a run, with what shows it again. */
interface ShownFailure {
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
  readonly failures: readonly ShownFailure[];
  /** What has become of `--trace`, in a sentence; null where none was asked for. */
  readonly trace: string | null;
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
  readonly jobs: number;
  /** Each failure is made smaller within this. */
  readonly shrink_ms: number;
  /** Where the trace goes; null for none. */
  readonly trace: TraceFile | null;
}

/** Faults that are given strike alone. */
function readFaults(text: string | undefined, areGiven: boolean): readonly FaultKind[] {
  if (text === undefined) return areGiven ? [] : FAULT_KINDS;
  return text === "none" ? [] : readKinds(text);
}

function readJobs(text: string | undefined): number {
  return text === undefined ? availableParallelism() : readCount(text, "--jobs", JOBS_MAX);
}

/** The command line that shows a run again. */
function replayOf(app: Prepared, given: SimulatePlan, { order, result }: Ran): string {
  const { seed, duration_ms, kinds, faults } = order;
  const words = [`reattach simulate ${shownPath(app.manifest.file)}`];
  words.push(`--hours ${duration_ms / MS_PER_HOUR} --runs 1 --seed ${seed}`);
  if (faults !== null) words.push(...faults.map((fault) => `--fault ${fault}`));
  const isDefault = faults === null ? kinds.length === FAULT_KINDS.length : kinds.length === 0;
  if (!isDefault || faults?.length === 0) words.push(`--faults ${kinds.join(",") || "none"}`);
  if (order.preemption !== null) words.push(`--preempt ${result.preemption}`);
  if (given.platform !== undefined) words.push(`--platform ${given.platform}`);
  if (given.allowsIo) words.push("--allow-io");
  return words.join(" ");
}

/** So many faults before a failure are shown. */
const PLAN_SHOWN = 20;

function shownFailure(
  app: Prepared,
  given: SimulatePlan,
  { failure: { check, text, at_ms }, seed, smallest }: FoundFailure,
): ShownFailure {
  const shown = smallest.result.failures.find((each) => each.check === check);
  return {
    check,
    text: shown?.text ?? text,
    seed,
    at_ms: shown?.at_ms ?? at_ms,
    plan: smallest.result.struck.slice(-PLAN_SHOWN).map((fault) => fault.text),
    replay: replayOf(app, given, smallest),
  };
}

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

/** So many at once: those that share this thread's application, or in processes of their own. */
function startJobs(app: Prepared, { jobs, platform }: SimulatePlan): Job[] {
  if (jobs === 1) return [new LocalJob(app)];
  const cores = findCores();
  return Array.from({ length: jobs }, (_, index) => {
    const core = cores.length === 0 ? null : cores[index % cores.length]!;
    return new ProcessJob(app.manifest.file, platform === undefined ? {} : { platform }, core);
  });
}

/** What is wrong with them, or with what the application spares, is told before anything runs. */
async function checkFaults(app: Prepared, faults: readonly string[] | null): Promise<void> {
  if (faults === null && (app.claims?.spared ?? []).length === 0) return;
  const targets = targetsOf(app, await app.findParts());
  struckOf(app, targets);
  if (faults !== null) readFaultPlan(faults, targets);
}

/**
 * Plays the smallest run of the first failure once more, or the only run there was, and writes what
 * its tasks told each other. Returns what has become of it, in a sentence.
 */
async function traceRun(
  app: Prepared,
  job: LocalJob,
  file: TraceFile,
  { runs, failures: [found] }: Outcome,
  isCut: () => boolean,
): Promise<string> {
  const ran = found?.smallest ?? runs[0];
  if (ran !== undefined && found === undefined && runs.length > 1) {
    return "trace: nothing has failed, so nothing was written";
  }
  const check = found?.failure.check ?? null;
  const trace = new RunTrace(app.manifest, check);
  if (ran !== undefined && !isCut()) await job.retrace(ran, check, trace);
  if (isCut()) return "trace: it was ended early, so nothing was written";
  const problem = await trace.writeTo(file);
  if (problem !== "") return problem;
  const what = found === undefined || trace.hasFailed ? "" : " of a run that did not fail again";
  return `trace: ${file.path} has the last messages${what}, for ui.perfetto.dev`;
}

/** All runs. A signal ends them, with what has come of them so far. */
async function runAll(app: Prepared, plan: SimulatePlan): Promise<Summary> {
  const { hours, runs: count, kinds, faults, preemption, allowsIo, seed } = plan;
  const duration_ms = Math.round(hours * MS_PER_HOUR);
  await checkFaults(app, faults);
  const first: RunOrder = { seed, duration_ms, kinds, faults, preemption, allowsIo };
  const progress = new Progress();
  const began_ms = performance.now();
  const jobs = startJobs(app, plan);
  const tracer = new LocalJob(app);
  let isCut = false;
  const isEnded = (): boolean => isCut;
  const cut = (): void => {
    isCut = true;
    for (const job of [...jobs, tracer]) job.cut();
  };
  process.on("SIGINT", cut);
  process.on("SIGTERM", cut);
  try {
    const outcome = await runCampaign({
      jobs,
      first,
      count,
      shrink_ms: plan.shrink_ms,
      show: (runs, failures) => {
        const text = `${Math.floor(runs)} of ${count} runs, ${failures} failures`;
        progress.show(runs / count, text);
      },
      isCut: isEnded,
    });
    const seconds = (performance.now() - began_ms) / 1000;
    const cpu_seconds = jobs.reduce((total, job) => total + job.cpu_s(), 0);
    const trace =
      plan.trace === null ? null : await traceRun(app, tracer, plan.trace, outcome, isEnded);
    return summaryOf(app, plan, outcome, { seconds, cpu_seconds, trace, isCut });
  } finally {
    progress.clear();
    process.off("SIGINT", cut);
    process.off("SIGTERM", cut);
    for (const job of jobs) job.close();
  }
}

interface Spent {
  readonly seconds: number;
  readonly cpu_seconds: number;
  readonly trace: string | null;
  readonly isCut: boolean;
}

function summaryOf(
  app: Prepared,
  plan: SimulatePlan,
  outcome: Outcome,
  { seconds, cpu_seconds, trace, isCut }: Spent,
): Summary {
  const results = outcome.runs.map(({ result }) => result);
  const failures = outcome.failures.map((failure) => shownFailure(app, plan, failure));
  const sum = (of: (result: TrialResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  const simulated_s = sum(({ simulated_ms }) => simulated_ms) / 1000;
  const perSecond = (of: (result: TrialResult) => number): number => Math.round(sum(of) / seconds);
  return {
    ok: failures.length === 0,
    seed: plan.seed,
    hash: hashOf(results),
    hours: simulated_s / 3600,
    runs: results.length,
    faults: sum(({ struck }) => struck.length),
    kills: sum(({ kills }) => kills),
    failures,
    trace,
    speed: {
      seconds,
      cpu_seconds,
      times_real: Math.round(simulated_s / seconds),
      times_cpu: Math.round(simulated_s / cpu_seconds),
      messages_per_s: perSecond(({ messages }) => messages),
      points_per_s: perSecond(({ points }) => points),
      switches_per_s: perSecond(({ switches }) => switches),
    },
    isCut,
  };
}

function textOf(summary: Summary): string {
  const { runs, hours, faults, kills, failures, trace, speed, hash, isCut } = summary;
  const lines = failures.map(
    ({ check, text, seed, at_ms, replay }) =>
      `failed: ${check}: ${text}\n` +
      `  seed ${seed}, after ${(at_ms / 1000).toFixed(3)} s\n  ${replay}`,
  );
  const ended = isCut ? " (ended early)" : "";
  lines.push(
    `${runs} runs of ${Number((hours / Math.max(1, runs)).toFixed(2))} h${ended}: ` +
      `${faults} faults, ${kills} kills, ${failures.length} failures`,
    `${speed.times_real} times as fast as real time, ${speed.messages_per_s} messages a second`,
    `hash ${hash}`,
  );
  if (trace !== null) lines.push(trace);
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
      shrink: { type: "string" },
      trace: { type: "string" },
      jobs: { type: "string" },
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
  const { hours, runs } = readLength(values.hours, values.runs, isGiven);
  const plan: SimulatePlan = {
    hours,
    runs,
    seed: given.seed,
    kinds: readFaults(faults, isGiven),
    faults: isGiven ? given.faults : null,
    preemption: values.preempt === undefined ? null : readNumber(values.preempt, "--preempt", 1e6),
    allowsIo: values["allow-io"] === true,
    platform: values.platform,
    jobs: Math.min(runs, readJobs(values.jobs)),
    shrink_ms: readDuration(values.shrink ?? SHRINK, "--shrink"),
    trace: values.trace === undefined ? null : openAt(values.trace, (at) => new TraceFile(at)),
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
