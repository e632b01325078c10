/**
 * A job in a process of its own: simulations of several at once need several main VMs, and each has
 * its cores to itself where it can be pinned to one, as one thread of a simulation runs at a time.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ManifestOptions } from "../../manifest/read.js";
import type { Job, Ran, RunOrder } from "./job.js";
import type { FromJob, ToJob } from "./protocol.js";

const MODULE = fileURLToPath(new URL("./process.js", import.meta.url));

/** The cores that this process may use, "0-2,5"; none where taskset is not installed. */
export function coresOf(list: string): number[] {
  return list.split(",").flatMap((range) => {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(range.trim()) ?? [];
    if (first === undefined) return [];
    const count = Number(last) - Number(first) + 1;
    return Array.from({ length: count }, (_, index) => Number(first) + index);
  });
}

/** The cores to which jobs can be pinned. */
export function findCores(): number[] {
  const { status, stdout } = spawnSync("taskset", ["-cp", String(process.pid)], {
    encoding: "utf8",
  });
  return status === 0 ? coresOf(stdout.slice(stdout.lastIndexOf(":") + 1)) : [];
}

interface Waiting {
  readonly passed: (ms: number) => void;
  readonly resolve: (ran: Ran) => void;
  readonly reject: (error: Error) => void;
}

export class ProcessJob implements Job {
  readonly #child: ChildProcess;
  #waiting: Waiting | null = null;
  #cpu_s = 0;
  #problem: Error | null = null;

  /** `core`: the one that it is pinned to; null for none. */
  constructor(manifest: string, options: ManifestOptions, core: number | null) {
    const pin = core === null ? [] : ["taskset", "-c", String(core)];
    const [command = "", ...argv] = [...pin, process.execPath, MODULE];
    this.#child = spawn(command, argv, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.#child.on("message", (message) => this.#hear(message as FromJob));
    this.#child.on("error", (error) => this.#fail(error));
    this.#child.on("exit", (code, signal) => {
      this.#fail(new Error(`simulate: a job has ended with ${signal ?? `exit code ${code}`}`));
    });
    this.#tell({ type: "start", manifest, options });
  }

  run(order: RunOrder, passed: (ms: number) => void): Promise<Ran> {
    return this.#ask({ type: "run", order }, passed);
  }

  shrink(ran: Ran, check: string, limit_ms: number): Promise<Ran> {
    return this.#ask({ type: "shrink", ran, check, limit_ms }, () => undefined);
  }

  cut(): void {
    this.#tell({ type: "cut" });
  }

  cpu_s(): number {
    return this.#cpu_s;
  }

  close(): void {
    this.#problem ??= new Error("simulate: the job is closed");
    this.#child.kill("SIGKILL");
  }

  #ask(message: ToJob, passed: (ms: number) => void): Promise<Ran> {
    if (this.#problem !== null) return Promise.reject(this.#problem);
    return new Promise((resolve, reject) => {
      this.#waiting = { passed, resolve, reject };
      this.#tell(message);
    });
  }

  #tell(message: ToJob): void {
    // One that has ended is told of by its "exit".
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  #hear(message: FromJob): void {
    if (message.type === "passed") return this.#waiting?.passed(message.ms);
    if (message.type === "failed") return this.#fail(new Error(message.text));
    this.#cpu_s = message.cpu_s;
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.resolve(message.ran);
  }

  #fail(error: Error): void {
    this.#problem ??= error;
    this.#waiting?.reject(this.#problem);
    this.#waiting = null;
  }
}
