/**
 * One VM of a task, in this very thread: its attachment to the arena, and its program as a
 * generator that yields wherever a real task would sleep.
 *
 * What happens INSIDE a call of the kernel is reached through the port: the kernel asks it for the
 * time and has it copy bytes. At such a point a thread can be made to die (STOPPED is thrown, which
 * the library lets pass) or others can be given their turn.
 */
import type { HostPort, ManagerPort } from "../../../src/host.js";
import { attachArena } from "../../../src/arena/arena.js";
import { reportDeath } from "../../../src/kernel/death/death.js";
import * as L from "../../../src/arena/layout.js";
import { use, type Vm } from "../../../src/arena/vm.js";
import { STOPPED } from "../../../src/kernel/task/doorbell.js";
import type { DeathCause } from "../../../src/manager/status.js";
import type { TaskSpec } from "../../../src/manager/supervise/task-spec.js";

/** What a program waits for: its doorbell, or this time. */
export type Program = Generator<number, void, void>;

/** What a thread asks of the world. */
export interface ThreadWorld {
  now(): number;
  /** Others act while this thread is inside a call. */
  interleave(): void;
  programOf(spec: TaskSpec): Program;
  readonly manager: ManagerPort;
  log(text: string): void;
}

/** How a thread has ended by itself: a cause, or null when it left because it was told to. */
export interface ThreadEnd {
  readonly cause: DeathCause | null;
}

/** An exception of the program itself. */
const CRASH = new Error("thrown on purpose");

export class Thread {
  readonly spec: TaskSpec;
  isLoaded = false;
  /** It runs nothing any more. */
  isOver = false;
  /** It is inside a step. */
  isBusy = false;
  /** Its program throws at its next step. */
  isToCrash = false;
  /** And is killed in the middle of reporting that. */
  isCutOff = false;
  /** So many points inside calls from now something happens; 0 for nothing. */
  fuse = 0;
  /** What happens then: it is killed there, or others act. */
  isFatal = false;
  vm: Vm | null = null;
  readonly #world: ThreadWorld;
  #program: Program | null = null;
  #wake_ms = 0;
  #seen = 0;
  #parked_ms = 0;
  #isKilled = false;

  constructor(world: ThreadWorld, spec: TaskSpec) {
    this.#world = world;
    this.spec = spec;
  }

  /** The thread becomes the incarnation with this pid. */
  attach(arena: SharedArrayBuffer, pid: number): void {
    const before = globalThis.$vm;
    this.vm = attachArena(arena, this.#createPort(), pid);
    use(before);
  }

  /** Has it something to do? One that is deaf, or being loaded, never has. */
  isReady(now_ms: number): boolean {
    if (this.isOver || this.isBusy || !this.isLoaded || this.vm === null) return false;
    const { own } = this.vm;
    if (own[L.TASK_POISON] === L.POISON_HANG) return false;
    return this.#wake_ms <= now_ms || this.isToCrash || own[L.TASK_BELL] !== this.#seen;
  }

  /** When it wakes by itself; Infinity for never. */
  get wake_ms(): number {
    if (this.isOver || this.isBusy || !this.isLoaded || this.vm === null) return Infinity;
    return this.vm.own[L.TASK_POISON] === L.POISON_HANG ? Infinity : this.#wake_ms;
  }

  /**
   * What the kernel's sleep does for one that waits: it wakes at least ten times a second, and that
   * is a sign of life.
   */
  showLife(now_ms: number): void {
    const { vm } = this;
    if (vm === null || !this.isLoaded || this.isOver) return;
    if (vm.own[L.TASK_POISON] === L.POISON_HANG || now_ms - this.#parked_ms < 100) return;
    vm.own[L.TASK_SLEEPS]!++;
    this.#parked_ms = now_ms;
  }

  /** Runs until it would sleep. What it returns is an end that it has come to itself. */
  step(): ThreadEnd | null {
    const vm = this.vm!;
    const before = globalThis.$vm;
    use(vm);
    this.isBusy = true;
    try {
      this.#seen = vm.own[L.TASK_BELL]!;
      this.#program ??= this.#world.programOf(this.spec);
      if (vm.own[L.TASK_POISON] === L.POISON_STOP) this.#program.throw(STOPPED);
      if (this.isToCrash) this.#program.throw(CRASH);
      const next = this.#program.next();
      this.#wake_ms = next.value ?? Infinity;
      this.#parked_ms = this.#world.now();
      return null;
    } catch (error) {
      return this.#end(error);
    } finally {
      this.isBusy = false;
      use(before);
    }
  }

  /** Ended from outside, wherever it is. */
  end(): void {
    this.isOver = true;
  }

  #end(error: unknown): ThreadEnd | null {
    if (this.isOver) return this.#isKilled ? { cause: "killed" } : null;
    this.isOver = true;
    if (error === STOPPED) return { cause: null };
    if (error !== CRASH) throw error;
    this.#lastAct();
    return { cause: "throw" };
  }

  /** What a host's catch does when the program threw; it may be cut off half way. */
  #lastAct(): void {
    this.fuse = this.isCutOff ? 1 : 0;
    this.isFatal = this.isCutOff;
    try {
      reportDeath(this.vm!.pid);
    } catch (error) {
      if (error !== STOPPED) throw error;
    }
  }

  #createPort(): HostPort {
    const world = this.#world;
    return {
      mayBlock: false,
      spinMax: 0,
      sliceMin_ms: 100,
      manager: world.manager,
      log: (text) => world.log(text),
      now: () => {
        this.#pass();
        return world.now();
      },
      copy: (target, targetStart, source, sourceStart, count) => {
        // In two halves: the point between them is inside a copy.
        const half = count >> 1;
        for (let i = 0; i < half; i++) target[targetStart + i] = source[sourceStart + i]!;
        this.#pass();
        for (let i = half; i < count; i++) target[targetStart + i] = source[sourceStart + i]!;
        this.#pass();
      },
    };
  }

  #pass(): void {
    if (!this.isBusy || this.fuse === 0 || --this.fuse > 0) return;
    if (this.isFatal) {
      this.isOver = true;
      this.#isKilled = true;
      throw STOPPED;
    }
    this.#world.interleave();
    if (this.isOver) throw STOPPED;
  }
}
