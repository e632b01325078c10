/**
 * `reattach check`: everything that can be found wrong with an application without running it.
 */
import { layoutOf } from "../../../src/arena/regions.js";
import { CompileError, type Program } from "../compile/compile.js";
import { checkDefinitions } from "../definitions/check.js";
import { checkForDevice, PLATFORM } from "../device/check.js";
import { checkTypes } from "../device/types.js";
import { installedSdk } from "../device/view.js";
import { InputError } from "../input-error.js";
import { fileOf } from "../manifest/merge.js";
import { ManifestError } from "../manifest/problems.js";
import { type AppManifest, readManifest } from "../manifest/read.js";
import { compilerFor } from "../host/programs.js";
import { shownPath } from "../manifest/shown-path.js";
import { startHardware } from "../system/start-hardware.js";
import { EXIT_GOOD, EXIT_WRONG_INPUT } from "./exit-code.js";
import { limitsLine } from "./layout.js";
import { deviceNotesOf, roundedNotes } from "./notes.js";
import { readOptions } from "./options.js";
import { grouped, table } from "./table.js";

/** An application that is good: its manifest and, for each task, its program. */
interface Checked {
  readonly app: AppManifest;
  readonly programs: ReadonlyMap<string, Program>;
  readonly notes: readonly string[];
}

/** Looked at as the simulator does, and not for a board. */
const SIMULATOR = "node";

/**
 * Compiles all tasks, also after one has failed, and sees that each can be started. `compiler` is
 * one for the application. Throws a CompileError with all their problems.
 */
export async function compileTasks(
  app: AppManifest,
  compiler = compilerFor(app),
): Promise<Map<string, Program>> {
  const { tasks } = app;
  const programs = new Map<string, Program>();
  // A set: two tasks may fail for the same file.
  const problems = new Set<string>();
  try {
    for (const { name, file } of tasks) {
      try {
        const program = await compiler.compile(file);
        programs.set(name, program);
        if (!program.exports.includes("main")) {
          const names = program.exports.join(", ") || "nothing";
          problems.add(`${shownPath(file)}: exports ${names}, but a task must export main`);
        }
      } catch (error) {
        if (!(error instanceof CompileError)) throw error;
        for (const problem of error.problems) problems.add(problem);
      }
    }
  } finally {
    await compiler.stop();
  }
  if (problems.size > 0) throw new CompileError([...problems]);
  return programs;
}

/** What a call throws that finds something wrong; undefined, with the problems added. */
async function attempt<Result>(
  call: () => Result | Promise<Result>,
  problems: string[],
): Promise<Result | undefined> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

/** Switches the simulated board of an application on and off: its description may be wrong. */
async function tryHardware(app: AppManifest): Promise<void> {
  const hardware = await startHardware(app, 0, { log: () => undefined, report: () => undefined });
  await hardware?.switchOff();
}

/** What a sentence is about: a place in a source, or a key in a manifest. */
function subjectOf(sentence: string): string {
  const [place] = /^.*?:\d+:\d+: /.exec(sentence) ?? [];
  if (place === undefined) return sentence;
  return /\.json:\d/.test(place) ? sentence.split(" found ")[0]! : place;
}

/** Of several sentences about one thing the first. */
function distinct(problems: readonly string[]): string[] {
  const first = new Map<string, string>();
  for (const sentence of problems) {
    const subject = subjectOf(sentence);
    if (!first.has(subject)) first.set(subject, sentence);
  }
  return [...first.values()];
}

/**
 * Looks at an application as the simulator does and as a board of this platform would; `sdk` is the
 * folder of Moddable's SDK, "" for none. Throws an InputError with all that is wrong.
 */
export async function checkApp(
  path: string,
  platform: string,
  sdk = installedSdk(),
): Promise<Checked> {
  const file = fileOf(path, process.cwd());
  const problems: string[] = [];
  // What is said for a board is clearer than what esbuild says of the same place, so it is first.
  const device = platform === SIMULATOR ? undefined : await checkForDevice(file, platform, sdk);
  problems.push(...(device?.problems ?? []));
  const types = device?.view === undefined ? undefined : checkTypes(device.view);
  problems.push(...(types?.problems ?? []));
  const app = await attempt(() => readManifest(file), problems);
  const programs = app === undefined ? undefined : await attempt(() => compileTasks(app), problems);
  const inputs = [...(programs?.values() ?? [])].flatMap((program) => program.inputs);
  const services = app === undefined ? undefined : await checkDefinitions(app, inputs);
  problems.push(...(services?.problems ?? []));
  if (problems.length > 0 || app === undefined || programs === undefined) {
    throw new ManifestError(file, distinct(problems));
  }
  const notes = roundedNotes(app);
  if (device !== undefined) notes.push(...deviceNotesOf(device.view, types?.unchecked ?? ""));
  if (services !== undefined && services.unchecked !== "") notes.push(services.unchecked);
  return { app, programs, notes };
}

function asJson({ app, programs, notes }: Checked): object {
  return {
    ok: true,
    manifest: app.file,
    tasks: app.tasks.map((task) => ({ ...task, inputs: programs.get(task.name)?.inputs })),
    modules: Object.fromEntries(app.modules),
    limits: app.limits,
    arenaBytes: layoutOf(app.limits).totalBytes,
    notes,
  };
}

function asText({ app, programs, notes }: Checked): string {
  const rows = app.tasks.map(({ name, file, priority, heartbeat }) => [
    `  ${name}`,
    `priority ${priority}`,
    heartbeat === null ? "no heartbeat" : `heartbeat ${grouped(heartbeat.period_ms)} ms`,
    shownPath(file),
    `${programs.get(name)?.inputs.length} file(s)`,
  ]);
  return [
    `${shownPath(app.file)} is good`,
    "",
    `tasks: ${app.tasks.length} of ${app.limits.tasks}`,
    table(rows, ["left", "left", "left", "left", "right"]),
    "",
    `modules: ${[...app.modules.keys()].join(", ")}`,
    `limits: ${limitsLine(app.limits)}`,
    `arena: ${grouped(layoutOf(app.limits).totalBytes)} bytes`,
    ...notes.map((note) => `note: ${note}`),
    "",
  ].join("\n");
}

function print(json: object): void {
  process.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
}

/**
 * Checks the manifest that is named and prints a summary. Resolves to the exit code. What is wrong
 * is thrown, as UsageError or ManifestError; with --json it is printed instead.
 */
export async function check(argv: string[]): Promise<number> {
  const { values, positionals } = readOptions(argv, {
    options: { platform: { type: "string" }, json: { type: "boolean" } },
    required: ["manifest"],
  });
  try {
    const checked = await checkApp(positionals[0]!, values.platform ?? PLATFORM);
    await tryHardware(checked.app);
    if (values.json) print(asJson(checked));
    else process.stdout.write(asText(checked));
    return EXIT_GOOD;
  } catch (error) {
    if (!values.json || !(error instanceof InputError)) throw error;
    print({ ok: false, problems: error.problems });
    return EXIT_WRONG_INPUT;
  }
}
