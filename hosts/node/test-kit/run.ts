/**
 * What an application of a test runs on: threads in real time, or a simulation. Types only.
 */
import type { Observed } from "../checks/checks.js";
import type { ServiceShape } from "../definitions/protocol.js";
import type { AtPoint } from "../faults/text.js";
import type { SimulatedHardware } from "../hardware/hardware.js";
import type { AppManifest } from "../manifest/read.js";
import type { Tracing } from "../trace/tracing.js";
import type { Listener } from "./listener.js";
import type { Trap } from "./trap.js";

/** What can be done with a task by its name alone. */
export type Order = "kill" | "hang" | "hold" | "release" | "restart";

export interface Run extends Observed {
  readonly manifest: AppManifest;
  /** Throws a UsageError when the manifest describes no board. */
  readonly hardware: SimulatedHardware;
  /** Throws a UsageError when nothing is traced. */
  readonly tracing: Tracing;
  /** Starts all tasks; from now on the listener hears of everything. */
  begin(listener: Listener): Promise<void>;
  /** Makes its system the one that calls of the main VM work on. */
  use(): void;
  /** Waits until something may have happened. */
  pause(): Promise<void>;
  /** Resolves when it has been done, and its consequences have been told. */
  order(order: Order, name: string): Promise<void>;
  /** What the services of its modules can be asked. */
  readonly services: readonly ServiceShape[];
  /** Kills a task once, at a message. Throws a UsageError where messages are not traced. */
  trap(victim: string, at: AtPoint): Trap;
  /** Faults strike from now on, as `reattach run --fault` takes them. Throws a UsageError. */
  inject(faults: readonly string[]): void;
  /** They do so no more. */
  calm(): void;
  /** Restarts the board. */
  reboot(reason: string): Promise<void>;
  /**
   * Goes on until `look` returns true; false when it has not after so much of the application's
   * time. Rejects with what `look` throws.
   */
  until(look: () => boolean | Promise<boolean>, within_ms: number): Promise<boolean>;
  /** Goes on for so much of the application's time. Rejects where time is real. */
  advance(ms: number): Promise<void>;
  /** Ends everything. */
  stop(): Promise<void>;
}
