/**
 * `reattach check`: everything that can be found wrong with an application without running it.
 */
import { layoutOf } from "../../../src/arena/regions.js";
import { CompileError, Compiler, type Program } from "../compile/compile.js";
import { InputError } from "../input-error.js";
import { type AppManifest, readManifest } from "../manifest/read.js";
import { runtimeModules } from "../host/runtime.js";
import { shownPath } from "../manifest/shown-path.js";
import { EXIT_GOOD, EXIT_WRONG_INPUT } from "./exit-code.js";
import { limitsLine } from "./layout.js";
import { readOptions } from "./options.js";
import { grouped, table } from "./table.js";

/** An application that is good: its manifest and, for each task, its program. */
interface Checked {
  readonly app: AppManifest;
  readonly programs: ReadonlyMap<string, Program>;
}

/**
 * Compiles all tasks, also after one has failed, and sees that each can be started. Throws a
 * CompileError with all their problems.
 */
export async function compileTasks({ modules, tasks }: AppManifest): Promise<Map<string, Program>> {
  const compiler = new Compiler({ modules, runtime: runtimeModules() });
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

async function checkApp(path: string): Promise<Checked> {
  const app = readManifest(path);
  return { app, programs: await compileTasks(app) };
}

function asJson({ app, programs }: Checked): object {
  return {
    ok: true,
    manifest: app.file,
    tasks: app.tasks.map((task) => ({ ...task, inputs: programs.get(task.name)?.inputs })),
    modules: Object.fromEntries(app.modules),
    limits: app.limits,
    arenaBytes: layoutOf(app.limits).totalBytes,
  };
}

function asText({ app, programs }: Checked): string {
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
    "",
  ].join("\n");
}

function print(json: object): void {
  process.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
}

/**
 * Checks the manifest that is named and prints a summary. Resolves to the exit code. What is wrong
 * is thrown, as UsageError, ManifestError or CompileError; with --json it is printed instead.
 */
export async function check(argv: string[]): Promise<number> {
  const { values, positionals } = readOptions(argv, {
    options: { json: { type: "boolean" } },
    required: ["manifest"],
  });
  try {
    const checked = await checkApp(positionals[0]!);
    if (values.json) print(asJson(checked));
    else process.stdout.write(asText(checked));
    return EXIT_GOOD;
  } catch (error) {
    if (!values.json || !(error instanceof InputError)) throw error;
    print({ ok: false, problems: error.problems });
    return EXIT_WRONG_INPUT;
  }
}
