/**
 * What an application imports from "reattach/node": the simulator.
 *
 * @module reattach/node
 */
export {
  boot,
  type BootOptions,
  type InspectOptions,
  System,
  type SystemEvents,
  type TaskView,
} from "./system/system.js";
export type { BoardState } from "../../src/manager/board-state.js";
export type { Outcome, TaskOrder } from "../../src/manager/supervise/outcome.js";
export { openControl, type Control, type ControlOptions } from "./control/control.js";
export type { Controllable } from "./control/desk.js";
export type { PinView } from "./hardware/calls.js";
export type { SimulatedHardware } from "./hardware/hardware.js";
export type { LevelChange } from "./hardware/board/line.js";
export type { FaultCounts, PartFault } from "./hardware/board/parts.js";
export type { OpenView } from "./hardware/board/seats.js";
export type {
  AnalogValue,
  BoardDescription,
  BoardHands,
  BoardModule,
  I2CBus,
  I2CDevice,
  Level,
  Pin,
  RegisterDevice,
  RegisterValue,
  SerialDevice,
  TransferDevice,
} from "./hardware/board/description.js";
export { type FaultInjection, type FaultRule, injectFaults } from "./faults/injector.js";
export { type SourceWatch, watchSources } from "./reload/watch-sources.js";
export type { ReloadNews, ReloadStep, ReplacedSince } from "./reload/news.js";
export { CompileError } from "./compile/compile.js";
export { InputError, UsageError } from "./input-error.js";
export type { AppManifest, TaskProgram } from "./manifest/read.js";
export type { ImportName, NetConfig, NetTimes } from "../../src/manifest/net.js";
export type { ExportCounts } from "../../src/net/exports.js";
export type { NetCounts, NetView, OtherBoard } from "../../src/net/gateway.js";
export type { ImportCounts } from "../../src/net/imports.js";
export type { NetOptions } from "./net/connection.js";
export type { Abilities } from "../../src/manager/abilities.js";
export type {
  BoardPolicy,
  DeadlockPolicy,
  RestartPolicy,
  RestartWhen,
  Step,
} from "../../src/manager/supervise/policy.js";
export type { HeartbeatSpec } from "../../src/manager/supervise/task-spec.js";
export type { Creation, Pool } from "../../src/manifest/creation.js";
export type { JsonObject } from "../../src/manifest/value.js";
export type { Layout } from "../../src/arena/regions.js";
export { ManifestError } from "./manifest/problems.js";
export type { LogLevel } from "./log/line.js";
export type { LogFilter } from "./log/terminal.js";
export type { RouteView } from "./trace/routes.js";
export type { TraceOptions, Tracing } from "./trace/tracing.js";
export type { TaskDeath } from "../../src/manager/supervise/supervisor-events.js";
export type {
  DeathCause,
  HamDirectory,
  LastDeath,
  StandbyState,
  TaskStatus,
  TaskTotals,
  WatchStatus,
} from "../../src/manager/status.js";
export type { TaskCounters, TaskState, WaitsFor } from "../../src/kernel/inspect/view.js";
export type { SystemUsage, Usage } from "../../src/kernel/inspect/usage.js";
export type { ChannelView, ConnectionView } from "../../src/kernel/inspect/connections.js";
export type { TraceRecord } from "../../src/kernel/inspect/trace.js";
