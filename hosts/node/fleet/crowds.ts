/**
 * The processes of a fleet, seen together.
 */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { CrowdBoard, CrowdOrder, CrowdReport } from "./crowd-messages.js";
import { FleetError } from "./fleet-error.js";
import { killProcess } from "./kill-process.js";

/** So many boards have a process together. */
export const BOARDS_EACH = 100;
const CROWD = fileURLToPath(new URL("./crowd.js", import.meta.url));

/** How many boards take part, and what the whole fleet has come to. */
export interface FleetState {
  readonly boards: number;
  readonly connected: number;
  readonly done: number;
  readonly peersGone: number;
  readonly failed: number;
  /** Resident memory of the processes beyond what they have without boards, in bytes. */
  readonly boardsRss: number;
  readonly cpu_ms: number;
}

interface Crowd {
  readonly process: ChildProcess;
  readonly boards: readonly CrowdBoard[];
  report: CrowdReport | null;
}

export class Crowds {
  /** Told how long calls took, in milliseconds, as they are reported. */
  timed: (times_ms: readonly number[]) => void = () => undefined;
  readonly #crowds: Crowd[] = [];
  #failure: FleetError | null = null;
  #mark = 0;

  /** The names of all boards, also of those that are gone. */
  readonly names: readonly string[];

  /** Starts processes for so many boards; each board uses the service of one in another process. */
  constructor(count: number) {
    const boards = Array.from({ length: count }, (_, i) => ({
      board: nameOf(i),
      peer: nameOf((i + Math.ceil(count / 2)) % count),
    }));
    this.names = boards.map(({ board }) => board);
    for (let i = 0; i < count; i += BOARDS_EACH) {
      this.#start(boards.slice(i, i + BOARDS_EACH));
    }
  }

  #start(boards: readonly CrowdBoard[]): void {
    const child = fork(CROWD, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    const crowd: Crowd = { process: child, boards, report: null };
    this.#crowds.push(crowd);
    child.on("message", (report: CrowdReport) => {
      crowd.report = report;
      this.timed(report.times_ms);
    });
    child.on("error", ({ message }) => (this.#failure ??= new FleetError(message)));
    child.on("exit", (code, signal) => {
      if (!this.#crowds.includes(crowd)) return;
      this.#failure ??= new FleetError(`a process with boards ended with ${signal ?? code}`);
    });
  }

  /** Makes the boards; they connect when they are told to. */
  make(broker: string, prefix: string, period_ms: number): void {
    for (const { process, boards } of this.#crowds) {
      const order: CrowdOrder = { kind: "make", boards, broker, prefix, period_ms };
      process.send(order);
    }
  }

  /** Boots all boards: they connect, and call. */
  connect(): void {
    this.#tell({ kind: "connect" });
  }

  /** From now on boards are done that have had an answer after this. */
  mark(): void {
    this.#mark++;
    this.#tell({ kind: "mark", mark: this.#mark });
  }

  #tell(order: CrowdOrder): void {
    for (const { process } of this.#crowds) process.send(order);
  }

  /** All have reported that have been made. */
  get isReady(): boolean {
    return this.#crowds.every(({ report }) => report !== null);
  }

  /** What has been reported last. Throws when a process has ended by itself. */
  state(): FleetState {
    if (this.#failure !== null) throw this.#failure;
    const reports = this.#crowds.flatMap(({ report }) => (report === null ? [] : [report]));
    const sum = (of: (report: CrowdReport) => number): number =>
      reports.reduce((total, report) => total + of(report), 0);
    return {
      boards: this.#crowds.reduce((total, { boards }) => total + boards.length, 0),
      connected: sum(({ connected }) => connected),
      done: sum(({ mark, done }) => (mark === this.#mark ? done : 0)),
      peersGone: sum(({ peersGone }) => peersGone),
      failed: sum(({ failed }) => failed),
      boardsRss: sum(({ rss, emptyRss }) => rss - emptyRss),
      cpu_ms: sum(({ cpu_ms }) => cpu_ms),
    };
  }

  /** Ends the first process at once; how many boards were lost, and how many used one of them. */
  async killFirst(): Promise<{ boards: number; users: number }> {
    const crowd = this.#crowds.shift()!;
    const lost = new Set(crowd.boards.map(({ board }) => board));
    const others = this.#crowds.flatMap(({ boards }) => boards);
    const users = others.filter(({ peer }) => lost.has(peer)).length;
    await killProcess(crowd.process);
    return { boards: lost.size, users };
  }

  async close(): Promise<void> {
    await Promise.all(this.#crowds.splice(0).map(({ process }) => killProcess(process)));
  }
}

function nameOf(index: number): string {
  return `board${index + 1}`;
}
