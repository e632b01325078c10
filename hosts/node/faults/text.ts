/**
 * Reads a fault as people write it, for the command line, for scenarios and for the page: kinds.ts
 * says how it is made up. A part of the simulated board has a dot in its name, and a task has none.
 *
 * Each fault that strikes again and again has its delays from a stream of its own, so that a run
 * can be replayed from its seed however the tasks interleave, and adding a fault leaves the
 * schedule of the others as it was.
 */
import { readDuration } from "../system/duration.js";
import { seededRandom } from "../../../src/manager/supervise/random.js";
import { type PartFault, partName, whyNoFault } from "../hardware/board/parts.js";
import { allowedNames } from "../../../src/manifest/suggest.js";
import { UsageError } from "../input-error.js";
import {
  BOARD,
  BOARD_KINDS,
  type BoardKind,
  FAULT_POINTS,
  FAULT_TIMES,
  type FaultPoint,
  type FaultTime,
  TASK_KINDS,
  type TaskKind,
  TRACED_KINDS,
} from "./kinds.js";

/** Again and again: the mean time between two strikes. */
export interface AtRate {
  readonly every_ms: number;
}

/** Once, so many milliseconds from now on. */
export interface AtMoment {
  readonly at_ms: number;
}

/** Once, when a task comes to its n-th message from now on, or of one call of its services. */
export interface AtPoint {
  readonly task: string;
  readonly point: FaultPoint;
  /** null for all its messages. */
  readonly call: string | null;
  readonly number: number;
}

/** What it does, and to whom. */
type Effect =
  | { readonly kind: TaskKind; readonly task: string; readonly times_ms: readonly number[] }
  | { readonly kind: BoardKind }
  | { readonly kind: PartFault; readonly part: string };

/** A fault, read; `text` is how it was written. */
export type Fault = Effect & { readonly text: string };

/** One that says when it strikes. */
export type PlannedFault = Fault & { readonly when: AtRate | AtMoment | AtPoint };

/** What a fault may name. */
export interface Subjects {
  readonly tasks: readonly string[];
  /** Parts of the simulated board; none when it is left out. */
  readonly parts?: readonly string[];
  /** Names of the calls of a task's services, as far as they are known. */
  readonly callsOf?: (task: string) => readonly string[];
}

/** A hundred years: more is a slip of the finger. */
const MOMENT_MAX_MS = 876_000 * 3_600_000;
/** The numbers of messages end here: they are counted in a word. */
const NUMBER_MAX = 0x7fff_ffff;
/** A standstill of more than a day is a hang; and a word has to hold it. */
const TIME_MAX_MS = 86_400_000;
/** Apart enough that neighbouring faults have unrelated streams: 2^32 over the golden ratio. */
const STREAM_STEP = 0x9e37_79b9;

const SHAPES =
  "allowed is kind:what:every, such as kill:sensor:2s, " +
  "kind:what@time, such as kill:sensor@1500ms, " +
  "or kind:task@message:number, such as kill:sensor@message:57";

/** A time behind "@", with its unit: fractions of milliseconds count where time is virtual. */
const MOMENT = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Does this fault, as far as it can be read, take the tracing build of the kernel? */
export function needsTracing(text: string): boolean {
  const [kind = ""] = text.split(/[:=]/, 1);
  return /@[^\d]/.test(text) || TRACED_KINDS.includes(kind);
}

/** One of `names`, or the end of it. */
function oneOf<Name extends string>(
  word: string,
  names: readonly Name[],
  what: string,
  text: string,
): Name {
  const name = names.find((candidate) => candidate === word);
  if (name !== undefined) return name;
  throw new UsageError(`--fault ${text}: found ${what} "${word}", ${allowedNames(word, names)}`);
}

/** The times of a kind; `written` is what stands behind "=", undefined for nothing. */
function readTimes(
  kind: string,
  times: readonly FaultTime[],
  written: string | undefined,
  text: string,
): number[] {
  const words = written === undefined ? [] : written.split(",");
  if (words.length > times.length) {
    const what = times.map(({ text: time }) => time).join(",");
    const allowed = times.length === 0 ? `${kind} takes no time` : `allowed is ${kind}=${what}`;
    throw new UsageError(`--fault ${text}: found "=${written}", ${allowed}`);
  }
  return times.map((time, index) => {
    const ms = readDuration(words[index] ?? time.text, `--fault ${text}`);
    if (ms <= TIME_MAX_MS) return ms;
    throw new UsageError(`--fault ${text}: found "${words[index]}", allowed is at most 24h`);
  });
}

function readPart(kind: string, name: string, parts: readonly string[], text: string): Effect {
  const part = partName(name);
  if (!parts.includes(part)) {
    const allowed =
      parts.length === 0
        ? "but no board is described in config.reattach.hardware"
        : allowedNames(part, parts);
    throw new UsageError(`--fault ${text}: found part "${name}", ${allowed}`);
  }
  const why = whyNoFault(kind, part);
  if (why !== "") throw new UsageError(`--fault ${text}: ${why}`);
  return { kind: kind as PartFault, part };
}

/** `kind=times` and `what`; `isAtPoint`: at a message of the task that `what` names. */
function readEffect(
  head: string,
  what: string,
  isAtPoint: boolean,
  { tasks, parts = [] }: Subjects,
  text: string,
): Effect {
  const [kindText = "", ...written] = head.split("=");
  const times = written.length === 0 ? undefined : written.join("=");
  if (what.includes(".")) {
    const effect = readPart(kindText, what, parts, text);
    readTimes(kindText, [], times, text);
    return effect;
  }
  const kind = oneOf(kindText, [...TASK_KINDS, ...BOARD_KINDS], "kind", text);
  const times_ms = readTimes(kind, FAULT_TIMES[kind] ?? [], times, text);
  if (kind !== "reboot") return { kind, task: oneOf(what, tasks, "task", text), times_ms };
  if (isAtPoint) oneOf(what, tasks, "task", text);
  else oneOf(what, [BOARD], "what", text);
  return { kind };
}

/** What stands behind "@", where that is a time. */
function readMoment(written: string, text: string): AtMoment {
  const [, number, unit = ""] = MOMENT.exec(written) ?? [];
  const at_ms = Number((Number(number) * UNIT_MS[unit]!).toFixed(3));
  if (at_ms <= MOMENT_MAX_MS) return { at_ms };
  throw new UsageError(
    `--fault ${text}: found time "${written}", allowed is a number with ms, s, m or h, ` +
      "such as 1500ms, up to 876000h",
  );
}

/** `number`, or `call#number`; the first when it is left out. */
function readPoint(
  task: string,
  pointText: string,
  words: string | undefined,
  { callsOf = () => [] }: Subjects,
  text: string,
): AtPoint {
  const point = oneOf(pointText, FAULT_POINTS, "point", text);
  if (words === undefined) return { task, point, call: null, number: 1 };
  const [numberText = "", callText, ...more] = words.split("#").reverse();
  const number = Number(numberText);
  if (!/^[1-9]\d*$/.test(numberText) || number > NUMBER_MAX || more.length > 0) {
    throw new UsageError(
      `--fault ${text}: found "${words}", allowed is the number of a message, from 1 on, ` +
        "such as 57, or call#57",
    );
  }
  if (callText === undefined) return { task, point, call: null, number };
  const calls = callsOf(task);
  if (calls.length === 0) {
    throw new UsageError(
      `--fault ${text}: found call "${callText}", but ${task} has no services that ` +
        "defineService has made: leave the call out",
    );
  }
  return { task, point, call: oneOf(callText, calls, "call", text), number };
}

/**
 * Reads a fault that says when it strikes. Throws a UsageError with what was found and what is
 * allowed.
 */
export function readFault(text: string, subjects: Subjects): PlannedFault {
  const [head = "", target = "", when, ...more] = text.split(":");
  const [what = "", point, ...rest] = target.split("@");
  const isWhole = head !== "" && what !== "" && more.length === 0 && rest.length === 0;
  if (!isWhole || (when === undefined && point === undefined)) {
    throw new UsageError(`--fault: found "${text}", ${SHAPES}`);
  }
  if (point === undefined) {
    const effect = readEffect(head, what, false, subjects, text);
    return { ...effect, text, when: { every_ms: readDuration(when!, `--fault ${text}`) } };
  }
  if (/^\d/.test(point) && when === undefined) {
    const moment = readMoment(point, text);
    return { ...readEffect(head, what, false, subjects, text), text, when: moment };
  }
  if (what.includes(".")) {
    throw new UsageError(`--fault ${text}: found part "${what}", but parts get no messages`);
  }
  const effect = readEffect(head, what, true, subjects, text);
  return { ...effect, text, when: readPoint(what, point, when, subjects, text) };
}

/** Reads one that strikes now, and says no time: "hold=300ms:store". Throws a UsageError. */
export function readStrike(text: string, subjects: Subjects): Fault {
  const [head = "", what = "", ...more] = text.split(":");
  if (head === "" || what === "" || what.includes("@") || more.length > 0) {
    throw new UsageError(`--fault: found "${text}", allowed is kind:what, such as kill:sensor`);
  }
  return { ...readEffect(head, what, false, subjects, text), text };
}

/** Reads all `--fault` options of a run. Throws a UsageError for the first that is wrong. */
export function readFaultPlan(texts: readonly string[], subjects: Subjects): PlannedFault[] {
  return texts.map((text) => readFault(text, subjects));
}

/**
 * The delays before each next strike, in milliseconds: uniform from half to one and a half times
 * `every_ms`. `index` is the fault's place in its plan.
 */
export function faultDelays({ every_ms }: AtRate, index: number, seed: number): () => number {
  const random = seededRandom(seed + index * STREAM_STEP);
  return () => (0.5 + random()) * every_ms;
}
