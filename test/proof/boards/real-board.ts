/**
 * A real board: `reattach run` in a process of its own, which is killed and started again.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Patience } from "../../patience.js";
import { ANSWERS_A_LINE, type BoardName, BOARDS } from "./real-app.js";
import { CLI } from "../../hosts/node/cli-file.js";

/** Its server dies so often, beside all that happens to the board. */
const FAULT = "kill:counter:700ms";
/** A board whose clients get no answers for so long is stuck. */
const STUCK_MS = 60_000;
/** As much of its log is shown when something is wrong. */
const TAIL = 20;

export class RealBoard {
  readonly name: BoardName;
  readonly problems: string[] = [];
  answers = 0;
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  #child: ChildProcess | null = null;
  #log: string[] = [];
  /** Of this life: clients that have had answers. */
  readonly #served = new Set<string>();
  #patience = new Patience(STUCK_MS);

  constructor(name: BoardName, folder: string, broker: string) {
    this.name = name;
    this.#folder = folder;
    this.#env = {
      ...process.env,
      XDG_RUNTIME_DIR: folder,
      REATTACH_BOARD: name,
      REATTACH_BROKER: broker,
    };
  }

  start(): void {
    this.#log = [];
    this.#served.clear();
    this.#patience = new Patience(STUCK_MS);
    const manifest = join(this.#folder, `${this.name}.json`);
    const child = spawn(process.execPath, [CLI, "run", manifest, "--fault", FAULT], {
      env: this.#env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#child = child;
    let rest = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) this.#read(line);
    });
    child.on("exit", (code, signal) => {
      if (this.#child !== child) return;
      this.#child = null;
      this.#problem(`ended by itself: ${code ?? signal}`);
    });
  }

  #read(line: string): void {
    this.#log.push(line);
    if (this.#log.length > TAIL) this.#log.shift();
    const [, task] = /\b(to-\w+)\b.*answers: \d+$/.exec(line) ?? [];
    if (task !== undefined) {
      this.answers += ANSWERS_A_LINE;
      this.#served.add(task);
      this.#patience = new Patience(STUCK_MS);
    }
    if (line.includes("WRONG")) this.#problem(line);
  }

  #problem(text: string): void {
    this.problems.push(`${this.name}: ${text}\n${this.#log.join("\n")}`);
  }

  /** Has any of its clients had answers since it was started? */
  get isUp(): boolean {
    return this.#served.size > 0;
  }

  /** Have all of them? */
  get isWell(): boolean {
    return this.#served.size === BOARDS.length - 1;
  }

  /** Forgets what its clients have had: isUp and isWell are asked of what comes from now on. */
  watch(): void {
    this.#served.clear();
  }

  /** Is nothing coming any more? It is a problem, once. */
  get isStuck(): boolean {
    if (!this.#patience.isOver) return false;
    this.#patience = new Patience(STUCK_MS);
    this.#problem("lost: its clients wait, and get no answers");
    return true;
  }

  /** kill -9. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, "close");
    child.kill("SIGKILL");
    await closed;
  }
}
