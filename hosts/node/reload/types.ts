/**
 * The types of what was saved, checked before it replaces what runs: by the application's own
 * TypeScript, with its tsconfig.json. Without these only syntax is checked, as it always is.
 *
 * Who can be late is the checker: its first look takes a second or more, and one at a large
 * application may. A save waits for it: code with a wrong type must not run because somebody was
 * quick. But not for ever (PATIENCE_MS), or a compiler that hangs would end live reload. After that
 * the code runs, and what is found later is told.
 *
 * What is wrong in the code that runs already, as it was started, is told and keeps nothing from
 * being replaced: an application whose tsconfig.json does not suit it is reloaded as before.
 */
import { extname, join } from "node:path";
import { isInPackage } from "../compile/packages.js";
import type { LogLevel } from "../log/line.js";
import { shownPath } from "../manifest/shown-path.js";
import { TypeChecker } from "../types/checker.js";
import { findCompiler, findConfig } from "../types/compiler.js";
import type { TypeProblem, TypesAnswer, TypesStart } from "../types/protocol.js";
import type { Build } from "./build.js";
import { MTIME_LATE_MS } from "./files.js";

/** So long a save waits for its types. */
const PATIENCE_MS = 10_000;
/** A save that has waited so long is told that it waits. */
const SLOW_MS = 1_000;
/** So many errors are told in full. */
const TOLD_MAX = 20;

/** What is known of a build. */
export interface TypeFindings {
  /** What keeps it from running, a sentence for each problem. */
  readonly problems: readonly string[];
  /** All that was found; null when it is not known (yet). */
  readonly all: readonly TypeProblem[] | null;
}

const UNKNOWN: TypeFindings = { problems: [], all: null };

/** How often each problem is there. */
function countsOf(problems: readonly TypeProblem[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { key } of problems) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** The sentences of problems; of many the first. */
function sentencesOf(problems: readonly TypeProblem[]): string[] {
  const told = problems.slice(0, TOLD_MAX).map(({ text }) => text);
  const more = problems.length - TOLD_MAX;
  return more > 0 ? [...told, `and ${more} more type errors`] : told;
}

/** Absolute paths of the sources of all programs but those of packages. */
function sourcesOf({ programs }: Build): string[] {
  const files = new Set([...programs.values()].flatMap(({ inputs }) => inputs));
  return [...files].filter((file) => !isInPackage(file));
}

/** One that is there, or may be made and is then the one that counts. */
function nearestConfig(dir: string): string {
  return join(dir, "tsconfig.json");
}

function isTypeScript(file: string): boolean {
  return [".ts", ".tsx", ".mts", ".cts"].includes(extname(file));
}

export class TypeCheck {
  readonly #log: (level: LogLevel, text: string) => void;
  readonly #changed: (since_ms: number) => void;
  readonly #patience_ms: number;
  #checker: TypeChecker | null = null;
  /** What it was started with. */
  #start = "";
  /** What is wrong in what runs. */
  #accepted: readonly TypeProblem[] = [];
  #inputs: readonly string[] = [];
  /** Number of the last look. */
  #looks = 0;
  /** What was said last about what is checked. */
  #said = "";

  /**
   * `log` tells people; `changed` is called when `inputs` are others, which somebody began to read
   * at that time, as Date.now() has it. A save waits so long for its types.
   */
  constructor(
    log: (level: LogLevel, text: string) => void,
    changed: (since_ms: number) => void,
    patience_ms = PATIENCE_MS,
  ) {
    this.#patience_ms = patience_ms;
    this.#log = log;
    this.#changed = changed;
  }

  /** Absolute paths of what has a say in the types, as far as is known. */
  get inputs(): readonly string[] {
    return this.#inputs;
  }

  /** Begins to look at what runs. Nobody waits for it. */
  begin(build: Build): void {
    void this.#ask(build).then((answer) => {
      if (answer === null) return;
      // Something may have been saved already: what is wrong then is not what runs.
      if (answer.newest_ms < build.begun_ms - MTIME_LATE_MS) this.#tellOfWhatRuns(answer.problems);
    });
  }

  /**
   * Looks at what is to run next. Resolves when it is known, when it is not known in time, or when
   * `signal` says that nobody wants to know. adopt() has to follow if it is to run.
   */
  async look(build: Build, signal: AbortSignal): Promise<TypeFindings> {
    this.#looks++;
    const slow = setTimeout(() => {
      this.#log("info", "types are still being checked: the old code runs on until then");
    }, SLOW_MS);
    let end = (): void => undefined;
    let limit: NodeJS.Timeout | undefined;
    const outOfTime = new Promise<"late" | "unwanted">((resolve) => {
      end = () => resolve("unwanted");
      limit = setTimeout(() => resolve("late"), this.#patience_ms);
      signal.addEventListener("abort", end);
      if (signal.aborted) end();
    });
    const asked = this.#ask(build);
    const answer = await Promise.race([asked, outOfTime]);
    clearTimeout(slow);
    clearTimeout(limit);
    signal.removeEventListener("abort", end);
    if (answer === "late") this.#goOnWithout(asked);
    if (answer === null || typeof answer === "string") return UNKNOWN;
    return { problems: sentencesOf(this.#newOf(answer.problems)), all: answer.problems };
  }

  /** What has been looked at runs now. */
  adopt({ all }: TypeFindings): void {
    if (all !== null) this.#accepted = all;
  }

  /** Looks at nothing any more. */
  close(): void {
    this.#looks++;
    this.#checker?.close();
    this.#checker = null;
  }

  /** A build is to run though it has not been looked at: it is told when it has been. */
  #goOnWithout(asked: Promise<TypesAnswer | null>): void {
    const look = this.#looks;
    this.#log("warn", `types were not checked in ${this.#patience_ms} ms: it runs without`);
    void asked.then((answer) => {
      if (answer !== null && look === this.#looks) this.#tellOfWhatRuns(answer.problems);
    });
  }

  #tellOfWhatRuns(problems: readonly TypeProblem[]): void {
    this.#accepted = problems;
    if (problems.length === 0) return;
    this.#log("error", `type errors in what runs: ${sentencesOf(problems).join("\n")}`);
  }

  /** Those that what runs does not have. */
  #newOf(problems: readonly TypeProblem[]): TypeProblem[] {
    const counts = countsOf(this.#accepted);
    return problems.filter(({ key }) => {
      const count = counts.get(key) ?? 0;
      counts.set(key, count - 1);
      return count <= 0;
    });
  }

  /** Asks the checker. Resolves to null when there is no answer; it has been said why. */
  async #ask(build: Build): Promise<TypesAnswer | null> {
    const sources = sourcesOf(build);
    const start = this.#findStart(build.app.dir, sources);
    if (start === null) return null;
    const { compiler, config, version } = start;
    const checker = this.#checkerFor({ compiler, config });
    const since_ms = Date.now();
    try {
      const answer = await checker.check(sources);
      if (answer === null || checker !== this.#checker) return null;
      this.#watch([nearestConfig(build.app.dir), ...answer.inputs], since_ms);
      this.#sayHow(answer, sources, `typescript ${version}, ${shownPath(config)}`, config);
      return answer;
    } catch (error) {
      if (checker !== this.#checker) return null;
      const { message } = error as Error;
      this.#say("warn", `types are not checked: the thread has died: ${message}`);
      return null;
    }
  }

  #watch(inputs: readonly string[], since_ms: number): void {
    this.#inputs = inputs;
    this.#changed(since_ms);
  }

  /** What a checker is to be started with; null where there is nothing to check, or no way. */
  #findStart(dir: string, sources: readonly string[]): (TypesStart & { version: string }) | null {
    const compiler = sources.some(isTypeScript) ? findCompiler(dir) : "";
    const config = findConfig(dir);
    if (typeof compiler !== "string" && config !== undefined) {
      return { compiler: compiler.file, config, version: compiler.version };
    }
    this.#checker?.close();
    this.#checker = null;
    if (compiler === "") return null;
    this.#watch([nearestConfig(dir)], Date.now());
    const why = typeof compiler === "string" ? compiler : "there is no tsconfig.json";
    this.#say("info", `types are not checked, only syntax: ${why}`);
    return null;
  }

  /** The one that runs, or a new one: when it is dead, or something else is installed. */
  #checkerFor(start: TypesStart): TypeChecker {
    const key = `${start.compiler}\n${start.config}`;
    if (this.#checker !== null && !this.#checker.isDead && key === this.#start)
      return this.#checker;
    this.#checker?.close();
    this.#start = key;
    this.#checker = new TypeChecker(start);
    return this.#checker;
  }

  #sayHow({ outside }: TypesAnswer, sources: readonly string[], how: string, config: string): void {
    const typed = sources.filter(isTypeScript);
    const left = outside.map(shownPath).join(", ");
    if (outside.length === 0) this.#say("info", `types are checked: ${how}`);
    else if (outside.length < typed.length) {
      this.#say("info", `types are checked: ${how}; it does not include ${left}`);
    } else {
      const why = `${shownPath(config)} includes no source of a task`;
      this.#say("info", `types are not checked, only syntax: ${why}`);
    }
  }

  /** Says something unless it was said last. */
  #say(level: LogLevel, text: string): void {
    if (text === this.#said) return;
    this.#said = text;
    this.#log(level, text);
  }
}
