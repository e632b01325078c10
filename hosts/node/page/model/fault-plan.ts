/**
 * What the fault lab knows of faults before the server says no: which there are, how one is made up
 * of what has been chosen, and how the plan is written on a command line.
 */
import {
  BOARD,
  BOARD_KINDS,
  FAULT_POINTS,
  FAULT_TIMES,
  type FaultPoint,
  TASK_KINDS,
  TRACED_KINDS,
} from "../../faults/kinds.js";
import type { FaultRule } from "../../watch/protocol.js";

/** As hosts/node/hardware/board/parts.ts has them; a test compares. */
const I2C_KINDS = ["nack", "hang", "noise"];
const PART_KINDS = ["hang", "noise"];

/** When a fault strikes: about every so often, or at a point of a message. */
export type FaultWhen = "rate" | FaultPoint;

/** What has been chosen. */
export interface FaultChoice {
  readonly target: string;
  readonly kind: string;
  /** "300ms", or "10ms,1s"; "" for what the kind does by itself. */
  readonly times: string;
  readonly when: FaultWhen;
  /** About how often, at a rate. */
  readonly every: string;
  /** Of all its messages: "". */
  readonly call: string;
  /** Which message it is. */
  readonly number: string;
}

/** What can be struck: the tasks, the board as a whole, and its parts. */
export function targetsOf(tasks: readonly string[], parts: readonly string[]): readonly string[] {
  return [...tasks, ...(tasks.includes(BOARD) ? [] : [BOARD]), ...parts];
}

/** The faults that a task, the board, or a part of it can have; `isTraced`: its kernel traces. */
export function kindsFor(
  target: string,
  tasks: readonly string[],
  isTraced: boolean,
): readonly string[] {
  if (tasks.includes(target)) {
    return isTraced
      ? [...TASK_KINDS, ...BOARD_KINDS]
      : TASK_KINDS.filter((kind) => !TRACED_KINDS.includes(kind));
  }
  if (target === BOARD) return BOARD_KINDS;
  return target.startsWith("i2c.") ? I2C_KINDS : PART_KINDS;
}

/** When such a fault can strike: only tasks get messages. */
export function whensFor(kind: string, isTask: boolean, isTraced: boolean): readonly FaultWhen[] {
  const points: readonly FaultPoint[] = isTask && isTraced ? FAULT_POINTS : [];
  return isOfMessage(kind, isTask) ? points : ["rate", ...points];
}

/** Of a task it means: at a message of that task. Else it is chosen for the board. */
export function isOfMessage(kind: string, isTask: boolean): boolean {
  return isTask && BOARD_KINDS.some((name) => name === kind);
}

/** The times of a kind as they are by default, "10ms,1s"; "" for a kind without. */
export function timesOf(kind: string, isTask: boolean): string {
  return isTask ? (FAULT_TIMES[kind] ?? []).map(({ text }) => text).join(",") : "";
}

/** Is it a time as options have it: 500ms, 2s, 1.5? */
export function isTime(text: string): boolean {
  return /^\d+(\.\d+)?(ms|s|m|h)?$/.test(text);
}

/** A fault that strikes once and now. */
export function strikeOf({ kind, times, target }: FaultChoice): string {
  return `${kind}${times === "" ? "" : `=${times}`}:${target}`;
}

/** A fault of a plan, as `--fault` has it. */
export function faultOf(choice: FaultChoice): string {
  const { when, every, call, number } = choice;
  const strike = strikeOf(choice);
  if (when === "rate") return `${strike}:${every}`;
  return `${strike}@${when}:${call === "" ? "" : `${call}#`}${number}`;
}

/** The command that repeats the plan. */
export function commandOf(manifest: string, rules: readonly FaultRule[], seed: number): string {
  const folder = manifest.replace(/\/?manifest\.json$/, "") || ".";
  const faults = rules.map(({ fault }) => ` --fault ${fault}`).join("");
  return `npx reattach run ${shellWord(folder)}${faults} --seed ${seed}`;
}

/** Quoted where a shell would read more than one word in it. */
function shellWord(text: string): string {
  return /^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
