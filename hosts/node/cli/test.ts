/**
 * `reattach test`: the tests of an application that run on its engine, and what its tasks have had
 * of their memory there.
 */
import { dirname } from "node:path";
import { stopEsbuild } from "../compile/esbuild.js";
import { InputError, UsageError } from "../input-error.js";
import { fileOf } from "../manifest/merge.js";
import { readManifest } from "../manifest/read.js";
import { readDuration } from "../system/duration.js";
import { buildEngine } from "../xs/engine.js";
import { checkTestFiles, findTestFiles } from "../xs/files.js";
import { TEST_TASK } from "../xs/programs.js";
import { type FileRun, runFile } from "../xs/run.js";
import { reportTasks } from "../xs/usage.js";
import { EXIT_FAILED, EXIT_GOOD, EXIT_WRONG_INPUT } from "./exit-code.js";
import { readOptions } from "./options.js";
import { ownFolder } from "./own-package.js";
import { asJson, failuresOf, type Results, tapOf } from "./xs-report.js";

/** The entry of `platforms` that counts; where there is none, "..." does. */
const PLATFORM = "xs";
/** Of one file. */
const TIMEOUT = "2m";

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

function checkEngine(engine: string | undefined): void {
  if (engine === "xs") return;
  const found = engine === undefined ? "nothing" : `"${engine}"`;
  throw new UsageError(`--engine: found ${found}, allowed is xs`);
}

async function runAll(path: string, platform: string, timeout_ms: number): Promise<Results> {
  const manifest = readManifest(path, { platform });
  if (manifest.tasks.some(({ name }) => name === TEST_TASK)) {
    const problem = `config.reattach.tasks: found "${TEST_TASK}", which is the task of the tests`;
    throw new InputError(problem, [problem]);
  }
  const files = findTestFiles(dirname(fileOf(path, process.cwd())));
  await checkTestFiles(files);
  const root = ownFolder();
  const engine = await buildEngine(root, tell);
  const runs: FileRun[] = [];
  for (const file of files) {
    runs.push(await runFile({ engine, manifest: path, platform, root, file, timeout_ms }));
  }
  const usages = runs.flatMap((run) => run.usages);
  return { engine, runs, tasks: reportTasks(manifest, usages) };
}

/** Runs the tests and prints how they went. Resolves to the exit code. */
export async function test(argv: string[]): Promise<number> {
  const { values, positionals } = readOptions(argv, {
    options: {
      engine: { type: "string" },
      platform: { type: "string", default: PLATFORM },
      timeout: { type: "string", default: TIMEOUT },
      json: { type: "boolean" },
    },
    required: [],
    optional: ["manifest"],
  });
  checkEngine(values.engine);
  const timeout_ms = readDuration(values.timeout, "--timeout");
  try {
    const results = await runAll(positionals[0] ?? ".", values.platform, timeout_ms);
    print(values.json ? JSON.stringify(asJson(results), null, 2) : tapOf(results).join("\n"));
    return failuresOf(results) === 0 ? EXIT_GOOD : EXIT_FAILED;
  } catch (error) {
    if (!values.json || !(error instanceof InputError)) throw error;
    print(JSON.stringify({ ok: false, problems: error.problems }, null, 2));
    return EXIT_WRONG_INPUT;
  } finally {
    await stopEsbuild();
  }
}
