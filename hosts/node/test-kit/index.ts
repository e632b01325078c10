/**
 * What a test imports from "reattach/test", and `simulation.ts` beside a manifest.
 *
 * @module reattach/test
 */
export { App, type KillOptions, TestError } from "./app.js";
export type { Duration } from "./duration.js";
export type { KillAt } from "./kill-at.js";
export { startApp, type StartOptions } from "./start-app.js";
export type { Happenings, Match } from "./happenings.js";
export type {
  Answer,
  CallName,
  Checks,
  CreateChecks,
  Death,
  Examine,
  Line,
  Look,
  Observed,
  Plain,
  Recurrence,
  Request,
  Rested,
} from "../checks/checks.js";
export type { Failure } from "../checks/judge.js";
export type { Allocated, XsTest, XsTests } from "../xs/kit.js";
