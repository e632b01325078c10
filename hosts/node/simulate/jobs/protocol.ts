/**
 * What a process that makes runs is told, and tells: types only.
 */
import type { ManifestOptions } from "../../manifest/read.js";
import type { Ran, RunOrder } from "./job.js";

/** The application, first of all. */
export interface JobStart {
  readonly type: "start";
  /** Path of its manifest. */
  readonly manifest: string;
  readonly options: ManifestOptions;
}

export type ToJob =
  | JobStart
  | { readonly type: "run"; readonly order: RunOrder }
  | {
      readonly type: "shrink";
      readonly ran: Ran;
      readonly check: string;
      readonly limit_ms: number;
    }
  | { readonly type: "cut" };

export type FromJob =
  | { readonly type: "passed"; readonly ms: number }
  /** What was asked is done; processor time is that of the whole process. */
  | { readonly type: "done"; readonly ran: Ran; readonly cpu_s: number }
  /** It could not be done: nothing of it will. */
  | { readonly type: "failed"; readonly text: string };
