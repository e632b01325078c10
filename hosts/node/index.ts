/**
 * What an application imports from "reattach/node": the simulator.
 */
export { boot, type BootOptions, System, type SystemEvents, type TaskView } from "./system.js";
export { openControl, type Control, type Controllable, type ControlOptions } from "./control.js";
export { type FaultInjection, injectFaults } from "./fault-injector.js";
export { CompileError } from "./compile.js";
export { InputError, UsageError } from "./input-error.js";
export { ManifestError } from "./manifest/problems.js";
export type { LogLevel } from "./protocol.js";
export type { TaskDeath } from "../../src/ham/supervisor.js";
export type {
  DeathCause,
  HamDirectory,
  LastDeath,
  StandbyState,
  TaskStatus,
  WatchStatus,
} from "../../src/ham/status.js";
export type {
  SystemUsage,
  TaskCounters,
  TaskState,
  Usage,
  WaitsFor,
} from "../../src/kernel/view.js";
export type { TraceRecord } from "../../src/kernel/trace.js";
