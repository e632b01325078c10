/**
 * What an application's main module imports from "reattach/moddable": the device.
 */
export { boot, System } from "./device.js";
export type { SystemEvents, TaskView } from "./system.js";
export type { DeathCause, TaskStatus } from "../../src/ham/status.js";
export type { TaskDeath } from "../../src/ham/supervisor.js";
export type {
  SystemUsage,
  TaskCounters,
  TaskState,
  Usage,
  WaitsFor,
} from "../../src/kernel/view.js";
export type { TraceRecord } from "../../src/kernel/trace.js";
