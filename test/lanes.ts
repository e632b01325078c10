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
/** The reason, or the title of a test that is skipped as a whole. */
const SKIPPED = /^ok \d+ (.*) # SKIP|^# SKIP (.*)/;

/** Tests that one process runs after the other. */
export interface Lane {
  readonly name: string;
  /** What Node.js is started with. */
  readonly args: readonly string[];
}

/** An exit code, or the signal that has ended the process. */
export type Ending = number | string | null;

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
    this.#write(text.replace(ASSERTION, (_, word: string) => `${word} ${++this.#count}`));
  }

  /** The lane has ended. If it crashed, what it did not come to has not passed. */
  end({ name }: Lane, ending: Ending): void {
    if (!this.#isPlanned || (ending !== 0 && !this.#hasFailed)) {
      this.#raise("tests", 1);
      this.#raise("fail", 1);
      this.#write(`not ok ${++this.#count} ${name}: its process ended with ${ending}`);
    }
    this.#isPlanned = false;
    this.#hasFailed = false;
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
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  createInterface({ input: child.stdout }).on("line", add);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? signal));
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
