/**
 * What an application's main module imports from "reattach/moddable": the device.
 *
 * @module reattach/moddable
 */
export { boot, System } from "./device.js";
export type { SystemEvents, TaskView } from "./system.js";
export type { BoardEvents } from "../../src/manager/system.js";
export type { Layout } from "../../src/arena/regions.js";
export type { BoardState } from "../../src/manager/board-state.js";
export type { Outcome } from "../../src/manager/supervise/outcome.js";
export type { DeathCause, TaskStatus } from "../../src/manager/status.js";
export type { TaskDeath } from "../../src/manager/supervise/supervisor-events.js";
export type {
  SystemUsage,
  TaskCounters,
  TaskState,
  Usage,
  WaitsFor,
} from "../../src/kernel/inspect/view.js";
export type { TraceRecord } from "../../src/kernel/inspect/trace.js";
