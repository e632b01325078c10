/**
 * One file of tests on XS: the application is prepared with a task more, which runs them, in a
 * process of its own. What it has told, and what each task has had of its memory.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { DEFAULT_LIMITS } from "../../../src/arena/limits.js";
import { isObject, type JsonObject } from "../../../src/manifest/value.js";
import { prepare } from "./application.js";
import type { Engine } from "./engine.js";
import {
  HOST_MODULE,
  MAIN_MODULE,
  MAIN_SOURCE,
  TASK_MODULE,
  taskSource,
  TEST_TASK,
  TOLD,
} from "./programs.js";

/** One test, as it went. `message` is null for one that has passed. */
export interface Outcome {
  readonly title: string;
  readonly message: string | null;
}

/** What a task has had of its memory at most, in all its lives. */
export interface TaskUsage {
  readonly name: string;
  /** How many there were. */
  readonly lives: number;
  readonly slots: number;
  readonly chunkBytes: number;
  readonly stackSlots: number;
}

/** How a file went. */
export interface FileRun {
  readonly file: string;
  /** Its tests, and one more for the board: no task has died, and it did not restart. */
  readonly outcomes: readonly Outcome[];
  readonly usages: readonly TaskUsage[];
  /** All else that the tasks have written, and XS. */
  readonly log: readonly string[];
}

/** How to run a file. */
export interface FileStart {
  readonly engine: Engine;
  /** The manifest, and which entry of `platforms` counts. */
  readonly manifest: string;
  readonly platform: string;
  /** Of this package. */
  readonly root: string;
  readonly file: string;
  readonly timeout_ms: number;
}

/** Memory of the main VM, which only starts the tasks here: all that it asks for. */
const MAIN_CREATION: JsonObject = { stack: 1_024 };
/** The task that runs the tests has room for them: they are not on the board. */
const TEST_CREATION: JsonObject = {
  static: 0,
  chunk: { initial: 65_536, incremental: 8_192 },
  heap: { initial: 8_192, incremental: 1_024 },
  stack: 2_048,
};
/** Longer than a busy computer keeps a thread from leaving: on a board that is a fault. */
const STOP_MS = 60_000;
/** What is in a task's settings that a busy computer could break. */
const IMPATIENT: readonly string[] = ["heartbeat_ms", "answer_ms"];
const BLOCK = "static";

function objectIn(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isObject(value) ? value : {};
}

/** A task as it is, but for times; with larger slots its block is larger too. */
function testedTask(task: unknown, slotBytes: Engine["slotBytes"]): JsonObject {
  const given = isObject(task) ? task : {};
  const tested = Object.fromEntries(
    Object.entries(given).filter(([key]) => !IMPATIENT.includes(key)),
  );
  if (slotBytes === 16) return tested;
  // Twice the default, too: a block of 0 has no limit.
  const creation = objectIn(given, "creation");
  return { ...tested, creation: { ...creation, [BLOCK]: 0 } };
}

/** `config` of the manifest, with a task that runs the tests. */
function configure(config: JsonObject, slotBytes: Engine["slotBytes"]): JsonObject {
  const reattach = objectIn(config, "reattach");
  const tasks = Object.entries(objectIn(reattach, "tasks"));
  const limits = objectIn(reattach, "limits");
  const places = typeof limits["tasks"] === "number" ? limits["tasks"] : DEFAULT_LIMITS.tasks;
  return {
    ...config,
    reattach: {
      ...reattach,
      board: { ...objectIn(reattach, "board"), stop_ms: STOP_MS, guardian_ms: 0 },
      limits: { ...limits, tasks: places + 1 },
      tasks: {
        ...Object.fromEntries(tasks.map(([name, task]) => [name, testedTask(task, slotBytes)])),
        [TEST_TASK]: { module: TASK_MODULE, creation: TEST_CREATION },
      },
    },
  };
}

/** A line that the two programs have told: one of these. */
interface Told {
  readonly titles?: readonly string[];
  readonly title?: string;
  readonly message?: string | null;
  readonly end?: boolean;
  readonly death?: string;
  readonly cause?: string;
  readonly text?: string;
}

/** Why XS has ended, in words of the test host. */
const COMPLAINT = /^(?:xs-linux: (?:fatal: )?|(?=fxAbort: ))(?!trace |seed )(.*)$/;
const USAGE = /^usage (\{.*\})$/;

/** Reads what a process has written. */
class Report {
  readonly log: string[] = [];
  readonly usages: TaskUsage[] = [];
  readonly #outcomes: Outcome[] = [];
  readonly #deaths: string[] = [];
  #titles: readonly string[] = [];
  #hasEnded = false;
  #complaint: string | undefined;

  read(line: string): void {
    const [, usage] = USAGE.exec(line) ?? [];
    if (usage !== undefined) this.usages.push(JSON.parse(usage) as TaskUsage);
    else if (line.startsWith(TOLD)) this.#note(JSON.parse(line.slice(TOLD.length)) as Told);
    else if (line !== "") this.log.push(line);
    this.#complaint ??= COMPLAINT.exec(line)?.[1];
  }

  #note({ titles, title, message = null, end, death, cause, text = "" }: Told): void {
    if (titles !== undefined) this.#titles = titles;
    if (title !== undefined) this.#outcomes.push({ title, message });
    if (end === true) this.#hasEnded = true;
    if (death !== undefined) {
      const who = death === TEST_TASK ? "the task of the tests" : death;
      this.#deaths.push(`${who} died: ${cause}${text === "" ? "" : `: ${text}`}`);
    }
  }

  /** `ending`: how the process came to its end; "" when it ended by itself. */
  outcomes(ending: string): Outcome[] {
    const why = this.#complaint === undefined ? "" : `: ${this.#complaint}`;
    const problems = [...this.#deaths, ...(ending === "" ? [] : [ending + why])];
    if (!this.#hasEnded && problems.length === 0) problems.push("the tests did not come to an end");
    const missing = this.#titles.slice(this.#outcomes.length);
    return [
      ...this.#outcomes,
      ...missing.map((title) => ({ title, message: "it did not come to its end" })),
      {
        title: "no task has died, and the board has not restarted",
        message: problems.length === 0 ? null : problems.join("\n"),
      },
    ];
  }
}

/** Runs the program to its end, and gives each line to the report. Resolves to what was wrong. */
async function runProgram(
  program: string,
  args: readonly string[],
  folder: string,
  timeout_ms: number,
  report: Report,
): Promise<string> {
  // Both streams in one, so that lines stay in their order.
  const words = ["-c", 'exec "$@" 2>&1', "sh", program, ...args];
  const child = spawn("sh", words, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) report.read(line);
  });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill("SIGKILL");
  }, timeout_ms);
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (...end) => resolve(end));
  });
  clearTimeout(timer);
  report.read(rest);
  if (isLate) return `they have not come to their end within ${timeout_ms / 1_000} s`;
  if (code === 0) return "";
  return `XS has ended with ${code === null ? `the signal ${signal}` : `exit code ${code}`}`;
}

/** Runs the tests of a file. Throws an InputError where the application cannot run on XS. */
export async function runFile(start: FileStart): Promise<FileRun> {
  const { engine, manifest, platform, root, file, timeout_ms } = start;
  const folder = mkdtempSync(join(tmpdir(), "reattach-xs-"));
  const module = basename(file).replace(/\.[jt]s$/, "");
  try {
    const { args } = await prepare(manifest, {
      platform,
      folder,
      root,
      host: "XS on Linux",
      creation: MAIN_CREATION,
      switches: ["--tell-usage"],
      more: {
        sources: new Map([[module, file]]),
        texts: new Map([
          [MAIN_MODULE, MAIN_SOURCE],
          [TASK_MODULE, taskSource(module)],
        ]),
        known: [HOST_MODULE],
        main: MAIN_MODULE,
        configure: (config) => configure(config, engine.slotBytes),
      },
    });
    const report = new Report();
    const ending = await runProgram(engine.program, args, folder, timeout_ms, report);
    return { file, outcomes: report.outcomes(ending), usages: report.usages, log: report.log };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
