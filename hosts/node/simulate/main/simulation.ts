/**
 * One simulation of an application: the real manager in virtual time, in the thread that calls. It
 * goes on only while somebody waits for it: advance(), until(), settled().
 *
 * A turn of the main VM is: hear what lives have told, do what is due, have the manager look. Then
 * promises have theirs, in a macrotask of the real thread, and the main VM sleeps like everybody
 * else.
 */
import { EventEmitter } from "node:events";
import * as L from "../../../../src/arena/layout.js";
import { use } from "../../../../src/arena/vm.js";
import { ConnectDetach } from "../../../../src/kernel/connection/connect-attach.js";
import { name_open } from "../../../../src/kernel/name/name.js";
import { EAGAIN, ENOENT } from "../../../../src/kernel/errno.js";
import { sendAsync } from "../../../../src/ha/async.js";
import type { BoardEvents } from "../../../../src/manager/system.js";
import type { TaskDeath } from "../../../../src/manager/supervise/supervisor-events.js";
import { MessagePoints } from "../../trace/message-points.js";
import * as baton from "../baton/baton.js";
import { createControl } from "../baton/control.js";
import { Agenda } from "./agenda.js";
import { BrokenRun } from "./broken-run.js";
import { VirtualHardware } from "./hardware.js";
import { VirtualBoardPort } from "./board-port.js";
import type { SimulationOptions } from "./options.js";
import { SimulatedSystem } from "./system.js";
import { Threads } from "./threads.js";
import { type LoggedLine, World } from "./world.js";

export type { BrokenRun } from "./broken-run.js";
export type { LoggedLine } from "./world.js";

/** What a simulation tells. Times are virtual milliseconds since it began. */
export interface SimulationEvents extends BoardEvents {
  log: [line: LoggedLine];
}

/** What a call of the main VM has come to. */
export interface CallOutcome {
  /** As MsgSend returns it. */
  readonly status: number;
  readonly reply: Uint8Array;
}

interface Waiter {
  readonly isOver: () => boolean;
  readonly until_ms: number;
  readonly settle: (isOver: boolean) => void;
  readonly fail: (error: unknown) => void;
}

const PATIENCE_MS = 10_000;
/** How often a call looks whether its service is there. */
const OPEN_MS = 5;
/** Another stream of chance for the manager than for the scheduler. */
const MANAGER_STREAM = 0x9e37_79b9;

let current: Simulation | null = null;

export class Simulation extends EventEmitter<SimulationEvents> {
  readonly seed: number;
  readonly system: SimulatedSystem;
  readonly agenda = new Agenda(baton.now);
  /** Deaths so far, in the order in which they became known. */
  readonly deaths: (TaskDeath & { readonly at_ms: number })[] = [];
  /** The simulated board; null where none is described. */
  readonly hardware: VirtualHardware | null;
  /** The messages at which tasks stand still, for a fault to strike. */
  readonly points: MessagePoints;
  readonly #port: VirtualBoardPort;
  readonly #world: World;
  readonly #threads: Threads;
  readonly #waiters = new Set<Waiter>();
  readonly #problems: unknown[] = [];
  /** Real work that it waits for. */
  readonly #real = new Set<Promise<void>>();
  #isDriving = false;
  #isClosed = false;

  private constructor(options: SimulationOptions) {
    super();
    const { config, programs, board, seed, preemption = 200, allowsIo = false } = options;
    const { patience_ms = PATIENCE_MS, trace = null } = options;
    this.seed = seed;
    const control = createControl();
    baton.openMain(control, { seed, preemption, patience_ms });
    this.#threads = new Threads(control);
    this.#world = new World(this.agenda, this.#threads, (line) => this.#tell("log", line));
    const world = this.#world;
    const report = (error: unknown): void => void this.#problems.push(error);
    const { dir } = config;
    this.hardware =
      board === null ? null : new VirtualHardware({ ...board, world, dir, allowsIo, report });
    this.points = new MessagePoints();
    this.#port = new VirtualBoardPort({
      config,
      programs: {
        has: (module) => programs.has(module),
        of: (module) => this.#awaitReal(programs.of(module)),
      },
      world,
      hardware: this.hardware,
      points: this.points,
      trace,
      seed: (seed ^ MANAGER_STREAM) >>> 0,
      allowsIo,
      warn: (text) => this.#tell("log", { task: "main", level: "warn", text, at_ms: this.now_ms }),
      report,
    });
    this.system = new SimulatedSystem(this.#port, config, (event, ...values) =>
      this.#hear(event, ...values),
    );
  }

  /**
   * Makes a simulation and starts its tasks. One at a time in a thread: rejects when the one before
   * is not closed; and with an InputError that says what is wrong in the description of its board.
   */
  static async start(options: SimulationOptions): Promise<Simulation> {
    if (current !== null) {
      throw new Error("a simulation is running in this thread: close() it first");
    }
    const simulation = new Simulation(options);
    current = simulation;
    try {
      if (simulation.hardware !== null) await simulation.settled(simulation.hardware.ready);
    } catch (error) {
      await simulation.close();
      throw error;
    }
    void simulation.system.start();
    return simulation;
  }

  /** Virtual milliseconds since it began. */
  get now_ms(): number {
    return baton.now() - baton.BEGIN_MS;
  }

  /** The same, for who only listens: now_ms is a point, after which the run is another one. */
  get moment_ms(): number {
    return baton.moment() - baton.BEGIN_MS;
  }

  /** The hash of all that has happened: 16 hexadecimal digits. */
  get hash(): string {
    return baton.hash();
  }

  get figures(): baton.BatonFigures {
    return baton.figures();
  }

  /** Lets so many virtual milliseconds pass. Rejects with a BrokenRun when it cannot go on. */
  async advance(ms: number): Promise<void> {
    await this.#wait(() => false, this.now_ms + ms);
  }

  /**
   * Goes on until the predicate holds, which is asked after each event; or until so many virtual
   * milliseconds have passed: then false.
   */
  until(predicate: () => boolean, within_ms = Infinity): Promise<boolean> {
    return this.#wait(predicate, this.now_ms + within_ms);
  }

  /** Goes on until a promise is settled that something in the simulation settles. */
  async settled<Value>(promise: Promise<Value>): Promise<Value> {
    let isSettled = false;
    const settle = (): void => void (isSettled = true);
    promise.then(settle, settle);
    await this.until(() => isSettled);
    return promise;
  }

  /**
   * Kills a task: it dies at one of its next 300 scheduling points, which the seed chooses, or
   * where it sleeps. Resolves when its death is known.
   */
  async kill(name: string): Promise<void> {
    await this.settled(this.system.kill(name));
  }

  /**
   * Sends a message to a service from the main VM, as soon as the service is there; `reply` is room
   * for the answer. Resolves with what MsgSend returns: a negative errno, -ENOENT when the service
   * is not there within `within_ms`.
   */
  async call(
    service: string,
    message: Uint8Array,
    reply: Uint8Array,
    within_ms = Infinity,
  ): Promise<CallOutcome> {
    let outcome: CallOutcome | null = null;
    const until_ms = this.now_ms + within_ms;
    const ask = (): void => {
      if (outcome !== null) return;
      use(this.#port.vm);
      const coid = name_open(service, 0);
      const isLate = this.now_ms >= until_ms;
      const again = (status: number): void => {
        if (isLate) outcome = { status, reply };
        else this.agenda.after(OPEN_MS, ask);
      };
      if (coid < 0) return again(coid === -EAGAIN ? -ENOENT : coid);
      const error = sendAsync(coid, message, message.length, reply, reply.length, (status) => {
        ConnectDetach(coid);
        outcome = { status, reply };
      });
      if (error === 0) return;
      ConnectDetach(coid);
      again(error);
    };
    this.agenda.after(0, ask);
    await this.until(() => outcome !== null);
    return outcome!;
  }

  /** Something that tests of this package look at: whatever a listener has thrown. */
  get problems(): readonly unknown[] {
    return this.#problems;
  }

  /** Has a task be slow for so long: whatever it does next, others do first. False if it sleeps. */
  slow(name: string, ms: number): boolean {
    return this.#world.slow(name, ms);
  }

  /** A task ends for want of memory, at one of its next points. False when it does not run. */
  exhaust(name: string): boolean {
    return this.#world.exhaust(name);
  }

  /** The next so many starts of threads fail. */
  failStarts(count: number): void {
    this.#port.failStarts(count);
  }

  /** One wake-up of so many is lost from now on. */
  loseWakeUps(rate: number): void {
    baton.loseWakeUps(rate);
    this.disturb();
  }

  /** From now on half of the kills wait, for seconds, until their task works. */
  killAtWork(): void {
    this.#world.killsAtWork = true;
  }

  /** From now on sleepers look by themselves whether they were rung: a wake-up may be lost. */
  disturb(): void {
    this.#port.slices.disturbAlways();
  }

  /** For fault injection, as NodeTaskHost has it. */
  changeOrder(pid: number, order: number, next: number): boolean {
    return this.#port.host.changeOrder(pid, order, next);
  }

  /** Ends all of it. Its threads are gone when it resolves. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#threads.close();
    if (current === this) current = null;
  }

  /** close(), for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  // -------------------------------------------------------------------------------------------

  #wait(isOver: () => boolean, until_ms: number): Promise<boolean> {
    if (this.#isClosed) return Promise.reject(new Error("the simulation is closed"));
    return new Promise((resolve, reject) => {
      this.#waiters.add({ isOver, until_ms, settle: resolve, fail: reject });
      void this.#drive();
    });
  }

  async #drive(): Promise<void> {
    if (this.#isDriving) return;
    this.#isDriving = true;
    try {
      while (this.#waiters.size > 0 && !this.#isClosed) await this.#turn();
    } catch (error) {
      const broken = error instanceof baton.Stalled ? await this.#explain(error) : error;
      for (const { fail } of this.#waiters) fail(broken);
      this.#waiters.clear();
    } finally {
      this.#isDriving = false;
    }
  }

  async #turn(): Promise<void> {
    const { own } = this.#port.vm;
    const seen = own[L.TASK_BELL];
    baton.takeNews();
    use(this.#port.vm);
    this.#world.drain();
    this.agenda.run();
    this.system.poll();
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#real.size > 0) {
      await Promise.all(this.#real);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { vm } = this.#port;
    // What was called meanwhile may have been of the ordinary build of this package.
    baton.wakeRung(vm.words);
    if (this.#settleWaiters()) return;
    if (vm.own !== own || own[L.TASK_BELL] !== seen || baton.takeNews()) return;
    let until_ms = Math.min(this.#port.nextDue(), this.agenda.due_ms);
    for (const waiter of this.#waiters) {
      until_ms = Math.min(until_ms, waiter.until_ms + baton.BEGIN_MS);
    }
    // Not in the past: a timer of Node.js is not, either.
    baton.sleep(this.#port.bell, Math.max(until_ms, baton.now() + 1));
  }

  /** No virtual time passes until the promise of something real is settled. */
  #awaitReal<Value>(promise: Promise<Value>): Promise<Value> {
    const settled = promise.then(
      () => undefined,
      () => undefined,
    );
    this.#real.add(settled);
    void settled.then(() => this.#real.delete(settled));
    return promise;
  }

  /** True when somebody has what it has waited for: it may order something now. */
  #settleWaiters(): boolean {
    let hasSettled = false;
    for (const waiter of this.#waiters) {
      const isOver = waiter.isOver();
      if (!isOver && this.now_ms < waiter.until_ms) continue;
      this.#waiters.delete(waiter);
      waiter.settle(isOver);
      hasSettled = true;
    }
    return hasSettled;
  }

  /** Who keeps the baton, and why, as far as can be found. */
  async #explain({ participant, message }: baton.Stalled): Promise<BrokenRun> {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const name = this.#world.nameOf(participant);
    return new BrokenRun(name, this.#threads.problem === "" ? message : this.#threads.problem);
  }

  #hear<Name extends keyof BoardEvents>(event: Name, ...values: BoardEvents[Name]): void {
    baton.mixText(event);
    if (event === "death") {
      const [death] = values as BoardEvents["death"];
      baton.mixText(`${death.name} ${death.cause}`);
      this.deaths.push({ ...death, at_ms: this.now_ms });
      this.#port.slices.disturb();
    } else if (typeof values[0] === "string") baton.mixText(values[0]);
    this.#tell(event, ...(values as SimulationEvents[Name]));
  }

  /** As emit(), but what a listener throws keeps nobody else from hearing. */
  #tell<Name extends keyof SimulationEvents>(event: Name, ...values: SimulationEvents[Name]): void {
    for (const listener of this.rawListeners(event)) {
      try {
        Reflect.apply(listener, this, values);
      } catch (error) {
        this.#problems.push(error);
      }
    }
  }
}
