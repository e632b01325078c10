/**
 * `reattach run`: runs an application in the simulator, with faults if asked, and says whether all
 * was well in the end.
 */
import { Desk } from "../control/desk.js";
import { readDuration } from "../system/duration.js";
import { callLater } from "../system/long-timer.js";
import { warningsForDevice } from "../device/check.js";
import { injectFaults } from "../faults/injector.js";
import { needsTracing } from "../faults/text.js";
import { outputOf } from "../log/output.js";
import { shownPath } from "../manifest/shown-path.js";
import type { SourceWatch } from "../reload/watch-sources.js";
import { boot, type System } from "../system/system.js";
import type { TraceOptions } from "../trace/tracing.js";
import { compileTasks } from "./check.js";
import { EXIT_FAILED, EXIT_GOOD } from "./exit-code.js";
import { type Expectations, readExpectations } from "./expect.js";
import { FAULT_OPTIONS, readFaultOptions } from "./fault-options.js";
import { INSPECT_OPTION, readInspect, withInspectValue } from "./inspect-option.js";
import { checkLogTasks, LOG_OPTIONS, readLogOptions, type ShownLog } from "./log-options.js";
import { readOptions } from "./options.js";
import { Recorder } from "./recorder.js";
import { type Ending, type Report, reportText } from "./report.js";
import { tryControl } from "./try-control.js";
import { judge } from "./verdict.js";

/** How long the end of a run waits for somebody who does not read what it has written. */
const READER_PATIENCE_MS = 1_000;

/** Any time: a timer that is there is what counts. */
const ALIVE_MS = 60_000;

/** So many lines about boards; all of them are for "reattach check". */
const WARNINGS_MAX = 5;

/** What the command line says of a run. */
interface RunPlan {
  readonly seed: number;
  readonly duration_ms: number | undefined;
  readonly faults: readonly string[];
  readonly expectations: Expectations;
  readonly isStrict: boolean;
  /** What is saved replaces what runs; and the run waits for more when all tasks have ended. */
  readonly isWatched: boolean;
}

/** Resolves when the run is to end. */
function untilEnd(system: System, { duration_ms, isWatched }: RunPlan): Promise<Ending> {
  return new Promise((resolve) => {
    const timer =
      duration_ms === undefined ? undefined : callLater(() => end("duration"), duration_ms);
    // All tasks may be held, and then nothing else keeps the process alive.
    const alive = setInterval(() => undefined, ALIVE_MS);
    const end = (ending: Ending): void => {
      clearInterval(alive);
      timer?.cancel();
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", interrupt);
      resolve(ending);
    };
    const interrupt = (): void => end("signal");
    process.on("SIGINT", interrupt);
    process.on("SIGTERM", interrupt);
    if (isWatched) return;
    // When its policy, or whoever has ordered its restart, has said what follows.
    const look = (): void => void setImmediate(() => hasEnded(system) && end("all tasks ended"));
    system.on("end", look);
    system.on("death", look);
  });
}

/** Does no task run, and is none to run again? One that is held may be released. */
function hasEnded(system: System): boolean {
  return system.ps().every(({ state }) => state === "STOPPED");
}

/**
 * Says what a board would not take, in a few lines. Nobody waits for it at the start; it always
 * resolves.
 */
async function warnOfDevice(system: System): Promise<void> {
  try {
    const warnings = await warningsForDevice(system.manifest.file);
    for (const warning of warnings.slice(0, WARNINGS_MAX)) {
      system.log("warn", `not on a board: ${warning}`);
    }
    const more = warnings.length - WARNINGS_MAX;
    if (more > 0) system.log("warn", `not on a board: ${more} more, "reattach check" says all`);
  } catch (error) {
    system.log("warn", `not looked at for a board: ${String(error)}`);
  }
}

/** Loaded when somebody asks for it: other runs do without. */
async function watch(system: System): Promise<SourceWatch> {
  const { watchSources } = await import("../reload/watch-sources.js");
  return watchSources(system);
}

/** Says what runs, and why it may be another build than usual. */
function announce({ manifest }: System, { seed, faults }: RunPlan): void {
  const traced = faults.find(needsTracing);
  const build = traced === undefined ? "" : `, with the tracing build as ${traced} needs it`;
  outputOf(2).write(`running ${shownPath(manifest.file)}, seed ${seed}${build}\n`);
}

async function runSystem(system: System, plan: RunPlan): Promise<Report> {
  const { seed, expectations, isStrict } = plan;
  // The plan first: a wrong one ends the run before it begins.
  const faults = injectFaults(system, plan.faults, seed);
  const control = await tryControl(system, new Desk(system, faults));
  // Now it can be asked and ordered.
  announce(system, plan);
  const recorder = new Recorder(system, faults);
  faults.onStrike((fault, target) => system.log("info", `fault ${fault} strikes ${target}`));
  let watching: SourceWatch | undefined;
  try {
    if (plan.isWatched) watching = await watch(system);
    const ended = untilEnd(system, plan);
    await system.start();
    const ending = await ended;
    faults.stop();
    watching?.close();
    // What dies from here on is told to.
    const { deaths, reboots, deadlocks, ended: endedWell } = recorder;
    const history = {
      deaths: deaths.slice(),
      reboots: reboots.slice(),
      deadlocks: deadlocks.slice(),
      ended: new Set(endedWell),
    };
    const tasks = system.view();
    const status = system.ps();
    const problems = judge(status, history, expectations, isStrict);
    if ((await system.stop()) === "stuck") problems.push("a thread could not be ended");
    return {
      ok: problems.length === 0,
      problems,
      ending,
      seed,
      injected: faults.injected,
      faults: faults.rules.map(({ fault, struck }) => ({ fault, struck })),
      reboots: history.reboots,
      held: status.filter(({ isHeld }) => isHeld).map(({ name }) => name),
      stuck: status.filter(({ state }) => (state as string) === "STUCK").map(({ name }) => name),
      deadlocks: history.deadlocks,
      deaths: history.deaths,
      tasks,
    };
  } finally {
    faults.stop();
    watching?.close();
    await control?.close();
    await system.stop();
  }
}

/** Checks what needs the manifest, and then runs it: a mistake loses nothing, not even a trace. */
async function checkAndRun(
  system: System,
  log: ShownLog,
  expected: readonly string[],
  plan: Omit<RunPlan, "expectations">,
): Promise<Report> {
  const names = system.manifest.tasks.map(({ name }) => name);
  checkLogTasks(log, names);
  const expectations = readExpectations(expected, names);
  // Later a task that does not compile is a death; now it is a mistake, and nothing has run.
  await compileTasks(system.manifest, system.live.application.programs.compiler);
  const warned = warnOfDevice(system);
  const report = await runSystem(system, { ...plan, expectations });
  await warned;
  return report;
}

/** What is traced, for boot(). `isTraced`: also when no file is named. */
function readTrace(
  file: string | undefined,
  postMortem: string | undefined,
  isTraced: boolean,
): { trace?: TraceOptions } {
  if (file === undefined && postMortem === undefined && !isTraced) return {};
  const trace = {
    ...(file === undefined ? {} : { file }),
    ...(postMortem === undefined ? {} : { postMortem }),
  };
  return { trace };
}

/** Prints, and waits for whoever reads, unless nobody does. */
async function print(text: string): Promise<void> {
  const [stdout, stderr] = [outputOf(1), outputOf(2)];
  stdout.write(text);
  const written = await Promise.all([
    stdout.flush(READER_PATIENCE_MS),
    stderr.flush(READER_PATIENCE_MS),
  ]);
  // Node.js would wait for them for ever.
  if (written.includes(false)) process.exit();
}

/** Runs the command. Returns its exit code; throws an InputError for what the user wrote wrong. */
export async function run(argv: string[]): Promise<number> {
  const { values, positionals } = readOptions(withInspectValue(argv), {
    options: {
      duration: { type: "string" },
      ...FAULT_OPTIONS,
      expect: { type: "string", multiple: true },
      strict: { type: "boolean" },
      watch: { type: "boolean" },
      ...LOG_OPTIONS,
      trace: { type: "string" },
      "post-mortem": { type: "string" },
      ...INSPECT_OPTION,
      json: { type: "boolean" },
    },
    required: ["manifest"],
  });
  const { duration, strict: isStrict = false, watch: isWatched } = values;
  const duration_ms = duration === undefined ? undefined : readDuration(duration, "--duration");
  const { seed, faults } = readFaultOptions(values);
  const log = readLogOptions(values);
  const isTraced = faults.some(needsTracing);
  const trace = readTrace(values.trace, values["post-mortem"], isTraced);
  const inspect = readInspect(values.inspect);
  const system = await boot(positionals[0]!, { seed, log, ...trace, ...inspect });
  const plan = { seed, duration_ms, faults, isStrict, isWatched: isWatched === true };
  const expected = values.expect ?? [];
  const report = await checkAndRun(system, log, expected, plan).finally(() => system.stop());
  const code = report.ok ? EXIT_GOOD : EXIT_FAILED;
  // Before it prints: a reader that has seen enough ends the process.
  process.exitCode = code;
  await print(values.json === true ? `${JSON.stringify(report)}\n` : reportText(report));
  return code;
}
