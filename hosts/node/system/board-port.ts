/**
 * How a board is made, looked after and ended on Node.js: the arena, the threads, the doorbell of
 * the main thread and its guardian.
 *
 * The main thread never waits. Its doorbell is watched with Atomics.waitAsync; a timer behind that
 * moves sends on whose time is over, and is the backstop for a lost wake-up.
 */
import { url as debuggerUrl } from "node:inspector";
import type { Vm } from "../../../src/arena/vm.js";
import { createHam } from "../../../src/ham/extension.js";
import { createArena } from "../../../src/kernel/task/boot.js";
import type { BoardKeeper, BoardParts, BoardPort } from "../../../src/manager/board-port.js";
import { NOBODY, UNKNOWN } from "../../../src/manager/boot-count.js";
import { seededRandom } from "../../../src/manager/supervise/random.js";
import type { Pauses } from "../debug/pauses.js";
import { Bell } from "../host/bell.js";
import { INJECTED } from "../host/fault-orders.js";
import { createPort } from "../host/port.js";
import type { Hardware } from "../hardware/hardware.js";
import { NodeTaskHost, type ThreadOrder } from "../host/task-host.js";
import { type HostThread, TaskThread, type ThreadEvents } from "../host/task-thread.js";
import type { Logs } from "../log/logs.js";
import { MAIN } from "../log/terminal.js";
import type { Gateway } from "../../../src/net/gateway.js";
import type { BoardNet } from "../net/net.js";
import type { Tracing } from "../trace/tracing.js";
import type { Application } from "./application.js";
import { Guardian } from "./guardian.js";
import { ProcessMemory } from "./process-memory.js";

/** How often the main VM looks without having been rung: limits of sends, lost wake-ups. */
const TICK_MS = 10;

/** The longest timer for what is due: Node.js takes a longer one than 24 days for none at all. */
const LOOK_MS = 60_000;

/** What a port is made of. */
export interface NodeBoardOptions {
  readonly application: Application;
  readonly spinMax: number | undefined;
  readonly seed: number;
  readonly logs: Logs;
  readonly hardware: Hardware | null;
  /** null where nothing is traced. */
  readonly tracing: Tracing | null;
  /** null where nobody looks what a debugger holds. */
  readonly pauses: Pauses | null;
  /** What connects it with other boards; null where it is alone. */
  readonly net: BoardNet | null;
  /** Nothing of it keeps the process alive. */
  readonly isBackground: boolean;
  /** The doorbell of the main VM rang. */
  readonly bell: () => void;
  /** A listener, or a callback, threw. */
  readonly report: (error: unknown) => void;
}

interface NodeParts extends BoardParts {
  readonly host: NodeTaskHost;
  /** Decided once: its tasks sleep without a timer, if there is one. */
  readonly isGuarded: boolean;
}

/** One time of looking after a board, from wake() to rest(). */
interface Watch {
  readonly vm: Vm;
  readonly keeper: BoardKeeper;
  readonly tick: NodeJS.Timeout;
  readonly guardian: Guardian | null;
}

export class NodeBoardPort implements BoardPort {
  readonly tick_ms = 0;
  readonly memory = new ProcessMemory();
  readonly extension = createHam;
  readonly random: () => number;
  readonly #options: NodeBoardOptions;
  #watch: Watch | null = null;
  #bell: Bell | null = null;
  #due: NodeJS.Timeout | undefined;
  #due_ms = Infinity;
  #host: NodeTaskHost | null = null;
  /** So many starts of threads fail. */
  #failures = 0;

  constructor(options: NodeBoardOptions) {
    this.#options = options;
    this.random = seededRandom(options.seed);
  }

  /** What runs the tasks of the board as it is now. */
  get host(): NodeTaskHost {
    if (this.#host === null) throw new Error("there is no board yet");
    return this.#host;
  }

  /** What connects the board with others; null where it is alone, or not there. */
  get gateway(): Gateway | null {
    return this.#options.net?.gateway ?? null;
  }

  /** For fault injection: there is no thread for the next so many starts of tasks. */
  failStarts(count: number): void {
    this.#failures += count;
  }

  warn(text: string): void {
    this.#options.logs.say(MAIN, "warn", text);
  }

  report(error: unknown): void {
    this.#options.report(error);
  }

  assemble(keeper: BoardKeeper): NodeParts {
    const { application, spinMax, tracing, pauses, isBackground } = this.#options;
    const isGuarded = Guardian.isWanted(application.board.guardian_ms);
    const port = createPort({
      mayBlock: false,
      spinMax,
      isGuarded,
      log: (text) => this.warn(text),
      manager: null,
    });
    const vm = createArena(application.limits, port);
    const host = new NodeTaskHost({
      vm,
      programs: application.programs,
      stop_ms: application.board.stop_ms,
      startThread: (order, events) => this.#startThread(vm, isGuarded, order, events),
      after: (ms, act) => void setTimeout(act, ms),
      warn: (text) => this.warn(text),
      points: tracing?.points ?? null,
      isBackground,
      reboot: (reason) => keeper.restart(reason, NOBODY),
      isDebugged: () => (pauses === null ? debuggerUrl() !== undefined : pauses.isHolding()),
    });
    this.#host = host;
    return { vm, host, port, isGuarded };
  }

  #startThread(
    vm: Vm,
    isGuarded: boolean,
    { creation, ...order }: ThreadOrder,
    events: ThreadEvents,
  ): HostThread {
    if (this.#failures > 0) {
      this.#failures--;
      throw new Error(INJECTED);
    }
    const { spinMax, logs, hardware, tracing, pauses } = this.#options;
    const arena = vm.words.buffer as SharedArrayBuffer;
    const called = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const trace = tracing?.memory ?? null;
    const details = tracing?.notes ?? null;
    const points = tracing?.points.memory ?? null;
    const start = { ...order, arena, called, spinMax, isGuarded, trace, details, points };
    const seat = hardware?.seat(order.name) ?? null;
    return new TaskThread(start, creation, logs.open(order.name), seat, pauses, events);
  }

  wake(parts: BoardParts, keeper: BoardKeeper): void {
    const { vm, isGuarded } = parts as NodeParts;
    this.#options.hardware?.switchOn();
    this.#options.tracing?.begin();
    this.#options.pauses?.begin();
    const tick = setInterval(() => this.#poll(), TICK_MS);
    tick.unref();
    this.#watch = {
      vm,
      keeper,
      tick,
      guardian: isGuarded ? this.#startGuardian(vm, keeper) : null,
    };
    // What rings during this call finds the watch.
    this.#bell = new Bell(vm.words, vm.me, () => this.#rang());
    this.#options.net?.begin(vm);
  }

  #startGuardian(vm: Vm, keeper: BoardKeeper): Guardian {
    const { guardian_ms } = this.#options.application.board;
    return new Guardian(guardian_ms, vm.words, (reason) => keeper.restart(reason, UNKNOWN));
  }

  async rest(parts: BoardParts): Promise<boolean> {
    const isClean = await this.clear(parts);
    this.#options.pauses?.end();
    await this.#options.application.programs.stop();
    const problem = (await this.#options.tracing?.end()) ?? "";
    if (problem !== "") this.warn(problem);
    // Only here: a restart of the board is one of the chip, and what is around it stays as it is.
    await this.#options.hardware?.switchOff();
    return isClean;
  }

  async clear({ host }: BoardParts): Promise<boolean> {
    clearTimeout(this.#due);
    const watch = this.#watch;
    this.#watch = null;
    clearInterval(watch?.tick);
    watch?.guardian?.relieve();
    this.#bell?.mute();
    this.#bell = null;
    this.#options.net?.end();
    const isClean = await (host as NodeTaskHost).killAll();
    // After the tasks, whose sleeps it looks after.
    await watch?.guardian?.stop();
    return isClean;
  }

  /** The guardian is a thread of its own, and tells the main thread when it runs again. */
  guard(): void {}

  feed(): void {
    this.#watch?.guardian?.feed();
  }

  /** Threads tell by messages what becomes of them. */
  look(): void {}

  nextDue(): number {
    return Infinity;
  }

  /** The tick is for what comes from outside; what the manager plans is done when it is due. */
  acted(due_ms: number): void {
    this.#due_ms = due_ms;
    this.#awaitDue();
  }

  /**
   * Keeps the process alive until it is due. A timer may be early by a part of a millisecond, or be
   * shorter than the time that is left: then nothing is done yet, and acted() is not called.
   */
  #awaitDue(): void {
    clearTimeout(this.#due);
    if (this.#due_ms === Infinity || this.#watch === null) return;
    const left_ms = Math.ceil(this.#due_ms - this.#watch.vm.port.now());
    const look = (): void => {
      this.#poll();
      this.#awaitDue();
    };
    this.#due = setTimeout(look, Math.max(1, Math.min(LOOK_MS, left_ms)));
    if (this.#options.isBackground) this.#due.unref();
  }

  #rang(): void {
    this.#poll();
    this.#options.net?.poll();
    this.#options.bell();
  }

  /** What a callback of the application throws must not end the looking. */
  #poll(): void {
    try {
      this.#watch?.keeper.poll();
    } catch (error) {
      this.report(error);
    }
  }
}
