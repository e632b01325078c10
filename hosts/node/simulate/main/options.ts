/**
 * What a simulation is made of: types only.
 */
import type { BoardConfig } from "../../../../src/manager/board-port.js";
import type { NodeTaskHostOptions } from "../../host/task-host.js";

/** How a simulation is made. */
export interface SimulationOptions {
  /** The application's manifest, checked, and the absolute path of its folder. */
  readonly config: BoardConfig & { readonly dir: string };
  /** Its programs, compiled to scripts. */
  readonly programs: NodeTaskHostOptions["programs"];
  /** The module that describes the simulated board, compiled to a script; null for none. */
  readonly board: BoardSource | null;
  /** From 0 to 2^32 - 1: the run repeats with it. */
  readonly seed: number;
  /** Mean number of scheduling points between two preemptions; 0 for none. Default 200. */
  readonly preemption?: number;
  /** Real I/O of tasks is let through, with a warning; then a run need not repeat. */
  readonly allowsIo?: boolean;
  /** Rings in which tasks record their messages; null for none. The run is the same. */
  readonly trace?: SharedArrayBuffer | null;
  /** How long a task may run without passing through the kernel, in real milliseconds. */
  readonly patience_ms?: number;
}

/** Where a simulated board comes from. */
export interface BoardSource {
  /** `data:` URL of the script. */
  readonly program: string;
  /** Path of the module, for problems. */
  readonly file: string;
}
