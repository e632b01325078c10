/**
 * How a board is made, looked after and restarted on a device.
 *
 * The main VM never waits. A timer makes it look at its tasks and moves sends on; its event loop
 * stays free for the display and the network.
 */
import Timer from "timer";
import { feed, guard, restart } from "reattach/moddable/native";
import * as L from "../../src/arena/layout.js";
import { createArena } from "../../src/kernel/task/boot.js";
import type { BoardKeeper, BoardParts, BoardPort } from "../../src/manager/board-port.js";
import { NOBODY, UNKNOWN } from "../../src/manager/boot-count.js";
import { traceCreate, traceRestart } from "../../src/kernel/trace/points.js";
import { application } from "./application.js";
import { bootMemory } from "./boot-memory.js";
import { findExtension } from "./extension.js";
import { DevicePort } from "./port.js";
import { DeviceTaskHost } from "./task-host.js";

/** How often the main VM looks at its tasks and at the send under way. */
const TICK_MS = 10;
/**
 * How soon it looks again while a task is on its way out: the shortest time in which a worker,
 * which has a lower priority, surely has its turn. FreeRTOS counts in ticks of 1 ms, and the first
 * may be nearly over.
 */
const SOON_MS = 2;

export class DeviceBoardPort implements BoardPort {
  readonly tick_ms = TICK_MS;
  readonly memory = bootMemory();
  readonly extension = findExtension();
  readonly feed = feed;
  readonly #port = new DevicePort("main", false, 0);
  #host: DeviceTaskHost | null = null;
  #timer: Timer | null = null;
  #lookNow: (() => void) | null = null;
  /** lookNow() is about to be called. */
  #isSoon = false;
  /** Called when the last worker is gone. */
  #rested: ((isClean: boolean) => void) | null = null;

  random(): number {
    return Math.random();
  }

  warn(text: string): void {
    this.#port.log(text);
  }

  report(error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? String(error)) : String(error);
    this.#port.log(`a listener threw: ${text}`);
  }

  assemble(keeper: BoardKeeper): BoardParts {
    // The main VM is the supervisor, and nobody supervises it: the board restarts, but says why.
    globalThis.abort = (message, exception) => {
      keeper.keep(`main: ${message}: ${String(exception)}`, UNKNOWN);
      return true;
    };
    const vm = createArena(application.limits, this.#port);
    traceCreate(vm.words[L.HEAD_PLACES]!, application.limits.messageTrace);
    const host = new DeviceTaskHost(vm, {
      lookSoon: () => this.#lookSoon(),
      reboot: (reason) => keeper.restart(reason, NOBODY),
      // Whatever the board is doing: the worker cannot be ended, and nothing else helps.
      giveUp: (reason, name) => {
        keeper.keep(reason, name);
        return this.#restart(reason);
      },
    });
    this.#host = host;
    return { vm, host, port: this.#port };
  }

  wake(_parts: BoardParts, keeper: BoardKeeper): void {
    this.#lookNow = () => {
      this.#isSoon = false;
      keeper.poll();
    };
    this.#timer ??= Timer.repeat(keeper.poll, TICK_MS);
  }

  /** Workers that stand by are still to leave: the timer goes on looking until they have. */
  rest(): Promise<boolean> {
    return new Promise((resolve) => (this.#rested = resolve));
  }

  clear(_parts: BoardParts, reason: string): Promise<boolean> {
    return this.#restart(reason);
  }

  guard(record: string): void {
    guard(application.board.guardian_ms, record);
  }

  look(): void {
    this.#host!.look();
    if (this.#rested !== null && this.#host!.isIdle) this.#rest(this.#rested);
  }

  nextDue(): number {
    return this.#rested !== null ? -Infinity : this.#host!.nextDue();
  }

  #lookSoon(): void {
    if (this.#isSoon || this.#lookNow === null) return;
    this.#isSoon = true;
    Timer.set(this.#lookNow, SOON_MS);
  }

  /** The tick finds what is due. */
  acted(): void {}

  #rest(rested: (isClean: boolean) => void): void {
    this.#rested = null;
    guard(0, "");
    if (this.#timer !== null) Timer.clear(this.#timer);
    this.#timer = null;
    rested(true);
  }

  #restart(reason: string): never {
    trace(`reattach: restarting the board: ${reason}\n`);
    traceRestart();
    return restart();
  }
}
