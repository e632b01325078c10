/**
 * How a board is made, looked after and ended in a simulation: as system/board-port.ts does it on
 * Node.js, in virtual time.
 */
import * as L from "../../../../src/arena/layout.js";
import type { Vm } from "../../../../src/arena/vm.js";
import { createHam } from "../../../../src/ham/extension.js";
import { createArena } from "../../../../src/kernel/task/boot.js";
import type { BoardConfig, BoardKeeper, BoardParts } from "../../../../src/manager/board-port.js";
import type { BoardPort } from "../../../../src/manager/board-port.js";
import { NOBODY } from "../../../../src/manager/boot-count.js";
import { seededRandom } from "../../../../src/manager/supervise/random.js";
import { INJECTED } from "../../host/fault-orders.js";
import { NodeTaskHost, type NodeTaskHostOptions } from "../../host/task-host.js";
import { ProcessMemory } from "../../system/process-memory.js";
import type { MessagePoints } from "../../trace/message-points.js";
import * as atomics from "../baton/atomics.js";
import * as baton from "../baton/baton.js";
import { createPort } from "../life/port.js";
import { LifeThread } from "./life-thread.js";
import type { VirtualHardware } from "./hardware.js";
import { Slices } from "./slices.js";
import type { World } from "./world.js";

/** What a port is made of. */
export interface VirtualBoardOptions {
  readonly config: BoardConfig & { readonly dir: string };
  readonly programs: NodeTaskHostOptions["programs"];
  readonly world: World;
  /** The simulated board; null where none is described. */
  readonly hardware: VirtualHardware | null;
  /** The messages at which faults strike. */
  readonly points: MessagePoints;
  /** The rings of the trace; null where nothing is traced. */
  readonly trace: SharedArrayBuffer | null;
  readonly seed: number;
  readonly allowsIo: boolean;
  readonly warn: (text: string) => void;
  /** A listener, or a callback, threw. */
  readonly report: (error: unknown) => void;
}

interface VirtualParts extends BoardParts {
  readonly host: NodeTaskHost;
}

export class VirtualBoardPort implements BoardPort {
  readonly tick_ms = 0;
  readonly memory = new ProcessMemory();
  readonly extension = createHam;
  readonly random: () => number;
  readonly slices: Slices;
  readonly #options: VirtualBoardOptions;
  #vm!: Vm;
  #host!: NodeTaskHost;
  /** So many starts of threads fail. */
  #failures = 0;
  #due_ms = Infinity;

  constructor(options: VirtualBoardOptions) {
    this.#options = options;
    this.random = seededRandom(options.seed);
    this.slices = new Slices(options.world.agenda);
  }

  /** Of the main VM, in the board as it is now. */
  get vm(): Vm {
    return this.#vm;
  }

  /** What runs the tasks of the board as it is now. */
  get host(): NodeTaskHost {
    return this.#host;
  }

  /** Address on which the main VM sleeps: its doorbell. */
  get bell(): number {
    return atomics.addressOf(this.#vm.own, L.TASK_BELL);
  }

  /** The next so many starts of threads fail. */
  failStarts(count: number): void {
    this.#failures += count;
  }

  warn(text: string): void {
    this.#options.warn(text);
  }

  report(error: unknown): void {
    this.#options.report(error);
  }

  assemble(keeper: BoardKeeper): VirtualParts {
    const { config, programs, world, hardware, points, trace, allowsIo } = this.#options;
    const { dir } = config;
    const warn = (text: string): void => this.warn(text);
    const { now, point } = baton;
    const port = createPort({ mayBlock: false, now, point, log: warn, manager: null });
    const vm = createArena(config.limits, port);
    const arena = vm.words.buffer as SharedArrayBuffer;
    atomics.share(arena, atomics.ARENA);
    const setting = { world, hardware, arena, dir, points: points.memory, trace, allowsIo };
    const host = new NodeTaskHost({
      vm,
      programs,
      stop_ms: config.board.stop_ms,
      startThread: (order, events) => {
        if (this.#failures === 0) return new LifeThread(order, setting, events);
        this.#failures--;
        throw new Error(INJECTED);
      },
      after: world.agenda.after,
      warn,
      reboot: (reason) => keeper.restart(reason, NOBODY),
      isDebugged: () => false,
      points,
      isBackground: false,
    });
    this.#vm = vm;
    this.#host = host;
    this.slices.use(vm.words);
    return { vm, host, port };
  }

  wake({ vm }: BoardParts): void {
    // The main VM is always announced as asleep: who rings it notifies.
    vm.own[L.TASK_SLEEP] = 1;
  }

  rest(parts: BoardParts): Promise<boolean> {
    return this.clear(parts);
  }

  async clear({ vm, host }: BoardParts): Promise<boolean> {
    const isClean = await (host as NodeTaskHost).killAll();
    vm.own[L.TASK_SLEEP] = 0;
    return isClean;
  }

  /** A main VM that stands still would be one of this package, and the run ends. */
  guard(): void {}

  feed(): void {}

  /** The simulation looks at lives at each turn. */
  look(): void {}

  nextDue(): number {
    return this.#due_ms;
  }

  acted(due_ms: number): void {
    this.#due_ms = due_ms;
  }
}
