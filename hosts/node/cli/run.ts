/**
 * `reattach run`: runs an application in the simulator, with faults if asked, and says what
 * happened.
 */
import { type Control, openControl } from "../control/control.js";
import { readDuration } from "../system/duration.js";
import { injectFaults } from "../system/fault-injector.js";
import { UsageError } from "../input-error.js";
import { shownPath } from "../manifest/shown-path.js";
import { boot, type System, type TaskView } from "../system/system.js";
import type { TaskDeath } from "../../../src/manager/supervise/supervisor.js";
import { compileTasks } from "./check.js";
import { EXIT_FAILED, EXIT_GOOD } from "./exit-code.js";
import { readOptions } from "./options.js";
import { grouped, table } from "./table.js";

const SEED_MAX = 0xffff_ffff;

/** Why a run came to its end. */
type Ending = "duration" | "signal" | "all tasks ended";

/** What happened. */
interface Outcome {
  readonly ending: Ending;
  readonly seed: number;
  readonly injected: number;
  readonly deaths: readonly TaskDeath[];
  readonly tasks: readonly TaskView[];
}

function readSeed(text: string | undefined): number {
  if (text === undefined) return Date.now() % 1_000_000;
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed <= SEED_MAX) return seed;
  throw new UsageError(`--seed: found "${text}", allowed is a whole number from 0 to ${SEED_MAX}`);
}

/** Resolves when the run is to end. */
function untilEnd(system: System, duration_ms: number | undefined): Promise<Ending> {
  return new Promise((resolve) => {
    const timer =
      duration_ms === undefined ? undefined : setTimeout(() => end("duration"), duration_ms);
    const end = (ending: Ending): void => {
      clearTimeout(timer);
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", interrupt);
      resolve(ending);
    };
    const interrupt = (): void => end("signal");
    process.on("SIGINT", interrupt);
    process.on("SIGTERM", interrupt);
    system.on("end", () => {
      if (system.view().every(({ name, state }) => name === "main" || state === "STOPPED")) {
        end("all tasks ended");
      }
    });
  });
}

/** A death that was not asked for: the run has found a fault of the application. */
function isOwnFault({ cause }: TaskDeath): boolean {
  return cause !== "killed" && cause !== "stuck";
}

function asText({ ending, seed, injected, deaths, tasks }: Outcome): string {
  const head = ["task", "state", "restarts", "sent", "received", "recoveries", "saves"];
  const rows = tasks.map(({ name, state, restarts, counters }) => [
    name,
    state,
    grouped(restarts),
    grouped(counters.sent),
    grouped(counters.received),
    grouped(counters.recoveries),
    grouped(counters.saves),
  ]);
  const own = deaths.filter(isOwnFault);
  return [
    `ended: ${ending}; seed ${seed}; faults injected ${injected}; ` +
      `deaths ${deaths.length}, of them by the tasks' own doing ${own.length}`,
    "",
    table([head, ...rows], ["left", "left", "right", "right", "right", "right", "right"]),
    "",
  ].join("\n");
}

/** A run that nobody can see or steer is still a run. */
async function tryControl(system: System): Promise<Control | undefined> {
  try {
    return await openControl(system);
  } catch (error) {
    process.stderr.write(`"reattach ps" will not find this run: ${(error as Error).message}\n`);
    return undefined;
  }
}

async function runSystem(
  system: System,
  seed: number,
  duration_ms: number | undefined,
  plan: readonly string[],
): Promise<Outcome> {
  const deaths: TaskDeath[] = [];
  system.on("log", (name, _level, text) => process.stderr.write(`[${name}] ${text}\n`));
  system.on("death", (death) => {
    deaths.push(death);
    const { name, pid, cause, text } = death;
    process.stderr.write(`${name} (pid ${pid}) died: ${cause}: ${text}\n`);
  });
  // The plan first: a wrong one ends the run before it begins.
  const faults = injectFaults(system, plan, seed);
  const control = await tryControl(system);
  try {
    const ended = untilEnd(system, duration_ms);
    await system.start();
    const ending = await ended;
    faults.stop();
    const tasks = system.view();
    return { ending, seed, injected: faults.injected, deaths, tasks };
  } finally {
    faults.stop();
    await control?.close();
    await system.stop();
  }
}

/** Runs the command. Returns its exit code; throws an InputError for what the user wrote wrong. */
export async function run(argv: string[]): Promise<number> {
  const { values, positionals } = readOptions(argv, {
    options: {
      duration: { type: "string" },
      fault: { type: "string", multiple: true },
      seed: { type: "string" },
      json: { type: "boolean" },
    },
    required: ["manifest"],
  });
  const { duration, fault = [] } = values;
  const duration_ms = duration === undefined ? undefined : readDuration(duration, "--duration");
  const seed = readSeed(values.seed);
  const system = await boot(positionals[0]!, { seed });
  // Later a task that does not compile is a death; now it is a mistake, and nothing has run.
  await compileTasks(system.manifest);
  process.stderr.write(`running ${shownPath(system.manifest.file)}, seed ${seed}\n`);
  const outcome = await runSystem(system, seed, duration_ms, fault);
  process.stdout.write(values.json ? `${JSON.stringify(outcome)}\n` : asText(outcome));
  return outcome.deaths.some(isOwnFault) ? EXIT_FAILED : EXIT_GOOD;
}
