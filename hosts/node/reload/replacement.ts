/**
 * Replaces tasks: a thread with the new code is made ready while the old one serves, then the old
 * one is told to leave and the new one is called. It is a restart by order, no death.
 */
import type { TaskStatus } from "../../../src/manager/status.js";
import type { Candidate } from "../host/task-host.js";
import type { TaskProgram } from "../manifest/read.js";
import type { System } from "../system/system.js";
import type { ProgramsByFile } from "./build.js";
import { firstSign } from "./first-sign.js";
import type { ReloadStep } from "./news.js";

export class Replacement {
  readonly #system: System;
  /** Of each task whose new code has not shown itself yet. */
  readonly #signs = new Map<string, AbortController>();
  /** What prepare() has made ready. */
  #candidates: Candidate[] = [];

  constructor(system: System) {
    this.#system = system;
  }

  /** Nobody waits for first answers any more. */
  close(): void {
    for (const sign of this.#signs.values()) sign.abort();
    this.#signs.clear();
  }

  /**
   * Has threads with the new code of those tasks that run made ready, beside those that stand by.
   * Resolves to what is wrong, a sentence for each task. take() or withdraw() has to follow.
   */
  async prepare(
    tasks: readonly TaskProgram[],
    programs: ProgramsByFile,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const whys = tasks.map((task) => this.#prepareOne(task, programs, signal));
    return (await Promise.all(whys)).filter((why) => why !== "");
  }

  async #prepareOne(
    task: TaskProgram,
    programs: ProgramsByFile,
    signal: AbortSignal,
  ): Promise<string> {
    const { live, state } = this.#system;
    const row = this.#statusOf(task.name);
    if (state !== "running" || row === undefined || row.pid === 0 || row.isHeld) return "";
    const place = this.#placeOf(task.name);
    const limit = task.load_ms === 0 ? [] : [AbortSignal.timeout(task.load_ms)];
    const either = AbortSignal.any([signal, ...limit]);
    const { host } = live.port;
    const candidate = host.prepare(place, task, programs.get(task.file)!);
    this.#candidates.push(candidate);
    if (either.aborted) candidate.drop();
    either.addEventListener("abort", candidate.drop);
    const why = await candidate.stands;
    either.removeEventListener("abort", candidate.drop);
    // The board has been restarted, or is off: whatever it was, it is nobody's fault.
    if (why === "" || host !== live.port.host || this.#system.state !== "running") return "";
    if (limit[0]?.aborted) return `${task.name}: its program was not loaded in ${task.load_ms} ms`;
    return `${task.name}: ${why}`;
  }

  /** What prepare() has made ready stands by from now on, in the place of the old code. */
  take(): void {
    for (const candidate of this.#candidates.splice(0)) candidate.take();
  }

  /** Ends what prepare() has made ready: the old code runs on, and stands by as it did. */
  withdraw(): void {
    for (const candidate of this.#candidates.splice(0)) candidate.drop();
  }

  /**
   * Restarts tasks that run, or wait for their restart, with their new code; tells of each when it
   * has answered. Resolves when the old ones are gone.
   */
  async replace(
    names: readonly string[],
    saved_ms: number,
    tell: (step: ReloadStep) => void,
  ): Promise<void> {
    const system = this.#system;
    const rows = names.map((name) => this.#statusOf(name)!);
    const isToRun = ({ pid, startsIn_ms, isHeld, state }: TaskStatus): boolean =>
      pid !== 0 || state === "STARTING" || (startsIn_ms !== null && !isHeld);
    const waiting = rows.filter((row) => !isToRun(row)).map(({ name }) => name);
    if (waiting.length > 0) tell({ step: "waiting", tasks: waiting });
    const restarts = rows.filter(isToRun).map(({ name, isHeld }) => {
      this.#watchFor(name, saved_ms, tell);
      // Who was not to be started again after its next death still is not.
      if (isHeld) this.#holdAgain(name);
      return system.restart(name);
    });
    await Promise.all(restarts);
  }

  #watchFor(name: string, saved_ms: number, tell: (step: ReloadStep) => void): void {
    this.#signs.get(name)?.abort();
    const mine = new AbortController();
    this.#signs.set(name, mine);
    void firstSign(this.#system, name, mine.signal).then((sign) => {
      if (this.#signs.get(name) === mine) this.#signs.delete(name);
      if (sign === null) return;
      const { since, at_ms } = sign;
      tell({ step: "replaced", tasks: [name], took_ms: at_ms - saved_ms, since });
    });
  }

  #holdAgain(name: string): void {
    const hold = (started: string): void => {
      if (started !== name) return;
      this.#system.off("start", hold);
      this.#system.hold(name);
    };
    this.#system.on("start", hold);
  }

  #placeOf(name: string): number {
    return this.#system.live.application.tasks.findIndex((task) => task.name === name) + 1;
  }

  #statusOf(name: string): TaskStatus | undefined {
    return this.#system.ps().find((row) => row.name === name);
  }
}
