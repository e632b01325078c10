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
export type { Outcome, TaskOrder } from "../../src/manager/supervise/outcome.js";
export type { DeathCause, TaskStatus, TaskTotals } from "../../src/manager/status.js";
export type { TaskDeath } from "../../src/manager/supervise/supervisor-events.js";
export type { TaskCounters, TaskState, WaitsFor } from "../../src/kernel/inspect/view.js";
export type { SystemUsage, Usage } from "../../src/kernel/inspect/usage.js";
export type { ChannelView, ConnectionView } from "../../src/kernel/inspect/connections.js";
export type { TraceRecord } from "../../src/kernel/inspect/trace.js";
