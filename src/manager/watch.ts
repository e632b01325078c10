/**
 * Looking after a board: what is done when the main VM's doorbell has rung, or when something is
 * due (tick.ts).
 */
import { use } from "../arena/vm.js";
import { pollSend } from "../ha/async.js";
import type { BoardParts, BoardPort } from "./board-port.js";
import type { BootCount } from "./boot-count.js";
import type { Manager } from "./manager.js";
import { Tick, type TickTarget } from "./tick.js";

/** How often the port looks though nobody has rung; and the clock is kept, which wraps. */
const BACKSTOP_MS = 5_000;

/** What a watch is made of. */
export interface WatchOptions {
  readonly port: BoardPort;
  readonly boots: BootCount;
  readonly guardian_ms: number;
  /** Who looks after the tasks; null while nobody does. */
  readonly managerOf: () => Manager | null;
  /** The board has run for a while without a restart. */
  readonly settled: () => void;
}

export class Watch implements TickTarget {
  readonly tick: Tick;
  readonly #port: BoardPort;
  readonly #boots: BootCount;
  readonly #settled: () => void;
  readonly #managerOf: () => Manager | null;
  #parts!: BoardParts;
  /** When the port has to look though nobody has rung. */
  #portDue_ms = -Infinity;

  constructor({ port, boots, guardian_ms, managerOf, settled }: WatchOptions) {
    this.#port = port;
    this.#boots = boots;
    this.#managerOf = managerOf;
    this.#settled = settled;
    this.tick = new Tick(this, port.tick_ms, guardian_ms);
  }

  /** The board as it is now. */
  set parts(parts: BoardParts) {
    this.#parts = parts;
    this.tick.use(parts.vm);
  }

  feed(): void {
    this.#port.feed();
  }

  now(): number {
    return this.#parts.host.now();
  }

  look(now: number, isRung: boolean): void {
    const { vm } = this.#parts;
    const isPortDue = isRung || now >= this.#portDue_ms;
    if (isPortDue) this.#lookAtTasks(now);
    const isSettled = now >= this.#boots.nextDue() && this.#boots.poll(now);
    const manager = this.#managerOf();
    if (manager !== null) {
      if (isSettled) this.#settled();
      use(vm);
      manager.poll(now, isRung);
      if (isPortDue || vm.outbox.done !== null) pollSend();
    }
    this.#planNext(manager);
  }

  #lookAtTasks(now: number): void {
    const supervisor = this.#managerOf()?.supervisor;
    supervisor?.pause();
    this.#port.look();
    this.#portDue_ms = now + BACKSTOP_MS;
    use(this.#parts.vm);
    supervisor?.resume();
  }

  moveSend(): void {
    use(this.#parts.vm);
    pollSend();
  }

  /** Something has been done: there may be more to do, at another time. */
  acted(): void {
    this.#planNext(this.#managerOf());
  }

  /** After all that was done: what the manager has ordered may be the port's to look at soon. */
  #planNext(manager: Manager | null): void {
    this.#portDue_ms = Math.min(this.#port.nextDue(), this.#portDue_ms);
    const manager_ms = manager === null ? Infinity : manager.nextDue();
    const boots_ms = this.#boots.nextDue();
    const ours_ms = manager_ms < this.#portDue_ms ? manager_ms : this.#portDue_ms;
    this.tick.until(boots_ms < ours_ms ? boots_ms : ours_ms);
    this.#port.acted(manager_ms);
  }
}
