/**
 * Runs tests in several processes at once, and prints what they say as one run of tape: one lane
 * after the other, numbered through, with one sum at the end. The first lane is printed as it runs.
 * What was skipped, and why, is said once more behind the sum: nobody sees it in so many lines.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const VERSION = "TAP version 13";
/** Tape's last lines begin with its plan. */
const PLAN = /^1\.\.\d+$/;
const SUM = /^# (tests|pass|fail) +(\d+)$/;
const ASSERTION = /^((?:not )?ok) \d+/;
/** The title of a test. */
const TITLE = /^# (?!tests |pass |fail |ok$|SKIP )(.+)$/;
/** What an engine says first when it ends its process, above its stacks. */
const LAST_WORDS = /fatal|assert|abort/i;
/** So many of the last lines of standard error are looked through for that. */
const ERROR_LINES_KEPT = 60;
/** The reason, or the title of a test that is skipped as a whole. */
const SKIPPED = /^ok \d+ (.*) # SKIP|^# SKIP (.*)/;

/** Tests that one process runs after the other. */
export interface Lane {
  readonly name: string;
  /** What Node.js is started with. */
  readonly args: readonly string[];
}

/** How the process of a lane has ended. */
export interface Ending {
  /** Its exit code, or the signal that has ended it. */
  readonly code: number | string | null;
  /** The last lines that it wrote to standard error. */
  readonly errors: readonly string[];
}

/** One output of tape, made of several. */
export class Tap {
  readonly #write: (line: string) => void;
  readonly #sums = new Map([
    ["tests", 0],
    ["pass", 0],
    ["fail", 0],
  ]);
  /** Assertions so far. */
  #count = 0;
  /** How often each reason was given. */
  readonly #skips = new Map<string, number>();
  /** Of the lane that is being added: its plan has come, and it has said what failed. */
  #isPlanned = false;
  #hasFailed = false;
  /** The test that it was in, as far as one can see. */
  #title = "";

  constructor(write: (line: string) => void) {
    this.#write = write;
    write(VERSION);
  }

  /** One more line of the output of a lane. */
  add(text: string): void {
    if (PLAN.test(text)) this.#isPlanned = true;
    if (this.#isPlanned) return this.#addSum(text);
    if (text === VERSION) return;
    this.#noteSkip(text);
    this.#title = TITLE.exec(text)?.[1] ?? this.#title;
    this.#write(text.replace(ASSERTION, (_, word: string) => `${word} ${++this.#count}`));
  }

  /**
   * The lane has ended. If it crashed, what it did not come to has not passed. Its last test and
   * what it said of its end stand in the one line that a summary repeats.
   */
  end({ name }: Lane, { code, errors }: Ending): void {
    if (!this.#isPlanned || (code !== 0 && !this.#hasFailed)) {
      this.#raise("tests", 1);
      this.#raise("fail", 1);
      const where = this.#isPlanned ? "after its last test" : `in "${this.#title}"`;
      const words = errors.find((line) => LAST_WORDS.test(line)) ?? errors.at(-1);
      const why = words === undefined ? "" : `: ${words}`;
      this.#write(`not ok ${++this.#count} ${name}: its process ended with ${code} ${where}${why}`);
    }
    this.#isPlanned = false;
    this.#hasFailed = false;
    this.#title = "";
  }

  /** Prints the sums; true when all tests have passed. */
  finish(): boolean {
    const isGood = this.#sums.get("fail") === 0;
    this.#write(`\n1..${this.#count}`);
    this.#write(`# tests ${this.#sums.get("tests")}`);
    this.#write(`# pass  ${this.#sums.get("pass")}`);
    this.#write(isGood ? "\n# ok" : `# fail  ${this.#sums.get("fail")}`);
    this.#tellSkips();
    return isGood;
  }

  #noteSkip(text: string): void {
    const [line, reason, title] = SKIPPED.exec(text) ?? [];
    if (line === undefined) return;
    const why = reason ?? title!;
    this.#skips.set(why, (this.#skips.get(why) ?? 0) + 1);
  }

  #tellSkips(): void {
    if (this.#skips.size === 0) return;
    const sum = [...this.#skips.values()].reduce((total, count) => total + count, 0);
    this.#write(`\n# skipped ${sum}: CI counts each of them as a failure`);
    for (const [why, count] of this.#skips) this.#write(`#   ${count} x  ${why}`);
  }

  #addSum(text: string): void {
    const [, what, number] = SUM.exec(text) ?? [];
    if (what === undefined) return;
    this.#raise(what, Number(number));
    if (what === "fail") this.#hasFailed = true;
  }

  #raise(what: string, by: number): void {
    this.#sums.set(what, this.#sums.get(what)! + by);
  }
}

/** Runs a lane; `add` is called with each line that it prints. */
function start({ args }: Lane, add: (text: string) => void): Promise<Ending> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  createInterface({ input: child.stdout }).on("line", add);
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => {
    process.stderr.write(`${line}\n`);
    if (line.trim() !== "") errors.push(line.trim());
    if (errors.length > ERROR_LINES_KEPT) errors.shift();
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code: code ?? signal, errors }));
  });
}

/** Runs all lanes at once. Resolves with true when all tests have passed. */
export async function runLanes(lanes: readonly Lane[]): Promise<boolean> {
  const tap = new Tap((line) => void process.stdout.write(`${line}\n`));
  const runs = lanes.map((lane, i) => {
    const lines: string[] = [];
    const add = i === 0 ? (line: string) => tap.add(line) : (line: string) => void lines.push(line);
    return { lane, lines, ending: start(lane, add) };
  });
  for (const { lane, lines, ending } of runs) {
    const last = await ending;
    for (const line of lines) tap.add(line);
    tap.end(lane, last);
  }
  return tap.finish();
}
