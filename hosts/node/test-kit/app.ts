/**
 * An application in a test: what a test does with it, and waits for.
 */
import { inspect } from "node:util";
import { allowedNames } from "../../../src/manifest/suggest.js";
import { isObject } from "../../../src/manifest/value.js";
import type { TaskStatus } from "../../../src/manager/status.js";
import type { Members, Service } from "../../../src/service/index.js";
import type { Answer, CallName, Checks, Death, Line, Request, Rested } from "../checks/checks.js";
import { type Failure, Judge } from "../checks/judge.js";
import { callService } from "../checks/service-call.js";
import { isSettled } from "../checks/standing.js";
import { loadModule } from "../checks/simulation-file.js";
import type { SimulatedHardware } from "../hardware/hardware.js";
import { UsageError } from "../input-error.js";
import { shownDuration } from "../system/duration.js";
import type { Tracing } from "../trace/tracing.js";
import { accountOf } from "./account.js";
import { keepAlive, noteStart } from "./alive.js";
import { type Duration, milliseconds } from "./duration.js";
import { type Happenings, History, KINDS, type Match, shownMatch } from "./happenings.js";
import { type KillAt, readKillAt } from "./kill-at.js";
import type { Order, Run } from "./run.js";

/** How a task is killed. */
export interface KillOptions {
  /** At which message; without it now. */
  readonly at?: KillAt;
}

function killOptions(options: unknown): unknown {
  const keys = isObject(options) ? Object.keys(options) : [];
  if (isObject(options) && keys.every((key) => key === "at")) return options["at"];
  throw new UsageError(
    `app.kill: found ${inspect(options)}, allowed is { at: { service, call, n } }`,
  );
}

/** What did not come about, and what happened instead. */
export class TestError extends Error {
  override get name(): string {
    return "TestError";
  }
}

/**
 * An application that runs: what startApp() resolves to. Calls that wait reject with a TestError,
 * which tells what was awaited and what happened meanwhile; and with a UsageError for what cannot
 * be meant. They also reject when a check of the application's own fails (`simulation.ts`).
 */
export class App implements Rested {
  readonly #run: Run;
  readonly #judge: Judge;
  readonly #history = new History();
  readonly #patience_ms: number;
  readonly #noteStop: () => void;
  readonly #failures: Failure[] = [];
  /** How many of them have been told by a call that rejected. */
  #told = 0;
  #stopping: Promise<void> | null = null;

  /** Use startApp(). */
  constructor(run: Run, checks: Checks, patience_ms: number, where: string) {
    this.#run = run;
    this.#patience_ms = patience_ms;
    this.#judge = new Judge(checks, (failure) => this.#failures.push(failure));
    this.#noteStop = noteStart(where);
  }

  /** For startApp(). Resolves when all tasks are up. */
  async begin(): Promise<void> {
    await this.#run.begin((kind, event) => this.#hear(kind, event));
    const areUp = (): boolean => {
      const syntax = this.deaths.find(({ cause }) => cause === "syntax");
      if (syntax !== undefined) throw new UsageError(`startApp: ${syntax.name}: ${syntax.text}`);
      return this.tasks.every(isSettled);
    };
    await this.#wait("startApp", "all tasks are up", areUp, undefined);
    this.#history.forget();
  }

  /** Milliseconds since all was started, of the application's clock. */
  get now_ms(): number {
    return this.#run.now_ms;
  }

  /** The last lines of all tasks, oldest first: up to a thousand. */
  get log(): readonly Line[] {
    return this.#run.log;
  }

  /** The last deaths, oldest first: up to a thousand. */
  get deaths(): readonly Death[] {
    return this.#run.deaths;
  }

  /** All tasks, as `reattach ps` shows them. */
  get tasks(): readonly TaskStatus[] {
    return this.#run.tasks;
  }

  /** The simulated board. Throws a UsageError when the manifest describes none. */
  get hardware(): SimulatedHardware {
    return this.#run.hardware;
  }

  /** Its messages, of an application that was started with `trace`. Throws a UsageError without. */
  get trace(): Tracing {
    return this.#run.tracing;
  }

  /** Checks of the application that have failed so far. */
  get failures(): readonly Failure[] {
    return this.#failures;
  }

  /** One task. Throws a UsageError for an unknown name. */
  task(name: string): TaskStatus {
    return this.#run.task(name);
  }

  /** What a task has committed last; of length 0 for nothing. Throws for an unknown name. */
  stable(name: string): DataView {
    return this.#run.stable(name);
  }

  /**
   * Asks a service, as a client of the main VM does: `app.call(Valve, "count", {})`. Waits until
   * the service is there. What the server answers is in the result, also when it is an error.
   */
  async call<M extends Members, N extends CallName<M>>(
    service: Service<M>,
    name: N,
    request?: Request<M, N>,
  ): Promise<Answer<M, N>> {
    this.#mustRun("call");
    let isSettledYet = false;
    let isGivenUp = false;
    const caller = {
      use: () => this.#run.use(),
      pause: () => (isGivenUp ? Promise.reject(new Error("given up")) : this.#run.pause()),
    };
    const answer = callService(caller, service, name, request);
    const settled = (): void => void (isSettledYet = true);
    answer.then(settled, settled);
    try {
      const what = `an answer to ${service?.name}.${name}`;
      await this.#wait("call", what, () => isSettledYet, undefined);
      return await answer;
    } finally {
      isGivenUp = true;
    }
  }

  /**
   * Kills a task as a crash does: wherever it is, or, with `at`, when a server comes to a certain
   * message: `app.kill("valve", { at: { service: "valve", call: "water", n: 3 } })`. Messages count
   * from this call on, and it may be awaited later: the application goes on meanwhile only while
   * somebody waits. Resolves when its death is known.
   */
  async kill(name: string, options: KillOptions = {}): Promise<void> {
    const at = killOptions(options);
    if (at === undefined) return this.#order("kill", name);
    this.#mustRun("kill");
    // Throws for a name that there is not.
    this.task(name);
    const point = readKillAt(at, name, this.#run.manifest, this.#run.services);
    this.#history.forget();
    const trap = this.#run.trap(name, point);
    try {
      const isKnown = (): boolean =>
        trap.pid !== 0 && this.deaths.some(({ pid }) => pid === trap.pid);
      const what = `the death of ${name} at message ${point.number} of ${point.call}`;
      await this.#wait("kill", what, isKnown, undefined);
    } finally {
      trap.cancel();
    }
  }

  /**
   * Faults strike from now on, again and again, until rest(): `app.inject("kill:valve:700ms",
   * "nack:i2c.0x36:1s")`, as `reattach run --fault` takes them. Their times repeat with the seed.
   * Throws a UsageError for one that is wrong.
   */
  inject(...faults: readonly string[]): void {
    this.#mustRun("inject");
    this.#run.inject(faults);
  }

  /** Makes a task hang: alive, and deaf to everything. */
  hang(name: string): Promise<void> {
    return this.#order("hang", name);
  }

  /** From its next death on a task is not started again, until it is released. */
  hold(name: string): Promise<void> {
    return this.#order("hold", name);
  }

  /** Ends a hold. */
  release(name: string): Promise<void> {
    return this.#order("release", name);
  }

  /** Stops a task and starts it again; it is no death. */
  restart(name: string): Promise<void> {
    return this.#order("restart", name);
  }

  /** Restarts the board: all tasks begin anew, and stable state is empty. */
  async reboot(reason = "a test"): Promise<void> {
    this.#mustRun("reboot");
    this.#history.forget();
    await this.#run.reboot(reason);
  }

  /**
   * Waits until a condition is true, for 30 seconds or as long as told. It is looked at whenever
   * something has happened. What it throws is thrown here, at once.
   */
  async until(condition: () => boolean | Promise<boolean>, within?: Duration): Promise<void> {
    this.#mustRun("until");
    if (typeof condition !== "function") {
      throw new UsageError(`app.until: found ${inspect(condition)}, allowed is a function`);
    }
    await this.#wait("until", String(condition), condition, within);
  }

  /**
   * Waits for an event: `app.waitFor("death", { name: "bus" })`. One that has come since the last
   * order (kill(), hang(), restart(), …), or since rest(), counts too, unless it was waited for
   * before. Resolves to the event.
   */
  async waitFor<Kind extends keyof Happenings>(
    kind: Kind,
    match: Match<Kind> = {},
    within?: Duration,
  ): Promise<Happenings[Kind]> {
    this.#mustRun("waitFor");
    if (!KINDS.includes(kind)) {
      throw new UsageError(`app.waitFor: found "${String(kind)}", ${allowedNames(kind, KINDS)}`);
    }
    let event: Happenings[Kind] | undefined;
    const look = (): boolean => (event ??= this.#history.take(kind, match)) !== undefined;
    await this.#wait("waitFor", shownMatch(kind, match), look, within);
    return event!;
  }

  /** Has the application's clock go on by so much. Rejects with a UsageError where time is real. */
  async advance(time: Duration): Promise<void> {
    this.#mustRun("advance");
    const end_ms = this.now_ms + milliseconds(time, "app.advance");
    while (this.now_ms < end_ms) {
      // A check that has to be true again is overdue at its time, and not at the end.
      const due_ms = Math.max(this.#judge.due_ms, this.now_ms + 1);
      await this.#run.advance(Math.min(end_ms, due_ms) - this.now_ms);
      this.#judge.afterEvent(this);
      this.#tellFailures();
    }
  }

  /**
   * Ends the faults of inject(), waits until all tasks are up, or are down to stay, and makes the
   * checks of the application at rest. Rejects when one of them fails, or has failed before.
   */
  async rest(within?: Duration): Promise<void> {
    this.#mustRun("rest");
    this.#run.calm();
    do {
      await this.#wait("rest", "all tasks are up", () => this.tasks.every(isSettled), within);
      this.#history.forget();
    } while (!(await keepAlive(this.#judge.atRest(this))));
    this.#tellFailures();
  }

  /**
   * A module of the manifest, by its name there, loaded in this thread: `const { Valve } = await
   * app.load("services")`. For tests in JavaScript; those in TypeScript import it.
   */
  load(name: string): Promise<Record<string, unknown>> {
    this.#mustRun("load");
    return keepAlive(loadModule(this.#run.manifest, name));
  }

  /**
   * Ends the application: nothing of it is left when this resolves. May be called again. Rejects
   * when a check of the application has failed and no other call has told of it.
   */
  async stop(): Promise<void> {
    this.#stopping ??= this.#run.stop();
    await this.#stopping;
    this.#noteStop();
    this.#tellFailures();
  }

  /** stop(), for `await using app = await startApp(…)`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #order(order: Order, name: string): Promise<void> {
    this.#mustRun(order);
    // Throws for a name that there is not.
    this.task(name);
    this.#history.forget();
    await this.#run.order(order, name);
  }

  #mustRun(what: string): void {
    if (this.#stopping === null) return;
    throw new UsageError(`app.${what}: the application has been stopped`);
  }

  #hear<Kind extends keyof Happenings>(kind: Kind, event: Happenings[Kind]): void {
    this.#history.add(kind, event);
    if (kind === "line") this.#judge.line(event as Line, this);
    if (kind === "death") this.#judge.death(event as Death, this);
    if (kind === "reboot") this.#judge.reboot((event as Happenings["reboot"]).reason, this);
    this.#judge.afterEvent(this);
  }

  async #wait(
    call: string,
    what: string,
    look: () => boolean | Promise<boolean>,
    within: Duration | undefined,
  ): Promise<void> {
    const limit_ms =
      within === undefined ? this.#patience_ms : milliseconds(within, `app.${call}: within`);
    const since_ms = this.now_ms;
    const isThere = await this.#run.until(() => {
      this.#judge.afterEvent(this);
      this.#tellFailures();
      return look();
    }, limit_ms);
    if (isThere) return;
    const account = accountOf(this, since_ms);
    throw new TestError(`${call}: not within ${shownDuration(limit_ms)}: ${what}\n${account}`);
  }

  /** Each failure is told once, by the call that comes first. */
  #tellFailures(): void {
    const fresh = this.#failures.slice(this.#told);
    this.#told = this.#failures.length;
    if (fresh.length === 0) return;
    const sentences = fresh.map(
      ({ check, text, at_ms }) => `${check}: ${text} (at ${shownDuration(at_ms)})`,
    );
    throw new TestError(`checks have failed:\n${sentences.join("\n")}\n${accountOf(this, 0)}`);
  }
}
