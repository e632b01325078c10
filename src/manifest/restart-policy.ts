/**
 * What a manifest says to the manager, checked: a task's `restart`, its heartbeat and the limit
 * for its loading, and `config.reattach.board`.
 */
import {
  type BoardPolicy,
  DEADLOCK_POLICIES,
  type DeadlockPolicy,
  DEFAULT_BOARD,
  DEFAULT_POLICY,
  RESTART_WHEN,
  type RestartPolicy,
  type Step,
  STEPS,
} from "../manager/supervise/policy.js";
import { type HeartbeatSpec, LOAD_MS } from "../manager/supervise/task-spec.js";
import { allowedNames } from "./suggest.js";
import { found, isObject, type JsonObject } from "./value.js";

/** The key and its smallest and largest value; whole numbers unless it says otherwise. */
interface NumberRule {
  readonly key: string;
  readonly min: number;
  readonly max: number;
}

/** 24 days: what timers of all hosts take. */
const MS_MAX = 0x7fff_ffff;

function number(key: string, min: number, max: number): NumberRule {
  return Object.freeze({ key, min, max });
}

const POLICY_NUMBERS: readonly NumberRule[] = Object.freeze([
  number("minRun_ms", 0, MS_MAX),
  number("backoff_ms", 0, MS_MAX),
  number("backoffMax_ms", 0, MS_MAX),
  number("settled_ms", 0, MS_MAX),
  // As many times are remembered for each task.
  number("intensity", 0, 100),
  number("period_ms", 1, MS_MAX),
]);
const POLICY_KEYS: readonly string[] = Object.freeze([
  "when",
  ...POLICY_NUMBERS.map(({ key }) => key),
  "jitter",
  "escalate",
]);

const BOARD_NUMBERS: readonly NumberRule[] = Object.freeze([
  number("guardian_ms", 0, MS_MAX),
  number("rebootsMax", 0, 1_000),
  number("stop_ms", 1, MS_MAX),
  number("settled_ms", 0, MS_MAX),
]);

const BOARD_KEYS: readonly string[] = Object.freeze([
  ...BOARD_NUMBERS.map(({ key }) => key),
  "deadlock",
]);

/** Shorter, and main would look at it all the time. */
const ANSWER_MIN_MS = 50;
/** Shorter, and the heartbeat costs more than the work. */
const HEARTBEAT_MIN_MS = 100;
const MISSED_MAX = 1_000;

/** A whole number, or the smallest allowed and a sentence about what is wrong. */
export function checkWhole(
  value: unknown,
  min: number,
  max: number,
  path: string,
  problems: string[],
): number {
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) {
    return value as number;
  }
  problems.push(`${path}: found ${found(value)}, allowed is a whole number from ${min} to ${max}`);
  return min;
}

/** The numbers of an object that it has; the other keys must be among `keys`. */
function readNumbers(
  input: JsonObject,
  rules: readonly NumberRule[],
  keys: readonly string[],
  path: string,
  problems: string[],
): Record<string, number> {
  const numbers: Record<string, number> = {};
  for (const key of Object.keys(input)) {
    const rule = rules.find((candidate) => candidate.key === key);
    if (rule !== undefined) {
      numbers[key] = checkWhole(input[key], rule.min, rule.max, `${path}.${key}`, problems);
    } else if (!keys.includes(key)) {
      problems.push(`${path}.${key}: no such key, ${allowedNames(key, keys)}`);
    }
  }
  return numbers;
}

function readSteps(value: unknown, path: string, problems: string[]): readonly Step[] {
  if (!Array.isArray(value)) {
    problems.push(`${path}: found ${found(value)}, allowed is a list of ${STEPS.join(", ")}`);
    return [];
  }
  for (const step of value) {
    if (STEPS.includes(step as Step)) continue;
    problems.push(`${path}: found ${found(step)}, ${allowedNames(String(step), STEPS)}`);
  }
  const last = value.findIndex((step) => step === "board" || step === "hold");
  if (last >= 0 && last < value.length - 1) {
    problems.push(
      `${path}: found steps after ${found(value[last])}, which is the end: it must be the last`,
    );
  }
  return value as Step[];
}

/** Reads a task's `restart`: what it leaves out is the default. */
export function readPolicy(input: unknown, path: string, problems: string[]): RestartPolicy {
  if (input === undefined) return DEFAULT_POLICY;
  if (!isObject(input)) {
    problems.push(`${path}: found ${found(input)}, allowed is an object`);
    return DEFAULT_POLICY;
  }
  const { when = DEFAULT_POLICY.when, jitter = DEFAULT_POLICY.jitter, escalate } = input;
  const numbers = readNumbers(input, POLICY_NUMBERS, POLICY_KEYS, path, problems);
  if (!RESTART_WHEN.includes(when as RestartPolicy["when"])) {
    problems.push(
      `${path}.when: found ${found(when)}, ${allowedNames(String(when), RESTART_WHEN)}`,
    );
  }
  if (typeof jitter !== "number" || !(jitter >= 0 && jitter <= 1)) {
    problems.push(`${path}.jitter: found ${found(jitter)}, allowed is a number from 0 to 1`);
  }
  const policy = { ...DEFAULT_POLICY, ...numbers, when, jitter } as RestartPolicy;
  const steps =
    escalate === undefined ? policy.escalate : readSteps(escalate, `${path}.escalate`, problems);
  if (policy.backoffMax_ms < policy.backoff_ms) {
    problems.push(
      `${path}.backoffMax_ms: found ${policy.backoffMax_ms}, ` +
        `allowed is ${policy.backoff_ms} or more, which is backoff_ms`,
    );
  }
  return { ...policy, escalate: steps };
}

/** Reads `config.reattach.board`. */
export function readBoard(input: unknown, path: string, problems: string[]): BoardPolicy {
  if (input === undefined) return DEFAULT_BOARD;
  if (!isObject(input)) {
    problems.push(`${path}: found ${found(input)}, allowed is an object`);
    return DEFAULT_BOARD;
  }
  const { deadlock = DEFAULT_BOARD.deadlock } = input;
  if (!DEADLOCK_POLICIES.includes(deadlock as DeadlockPolicy)) {
    problems.push(
      `${path}.deadlock: found ${found(deadlock)}, ` +
        allowedNames(String(deadlock), DEADLOCK_POLICIES),
    );
  }
  const numbers = readNumbers(input, BOARD_NUMBERS, BOARD_KEYS, path, problems);
  return { ...DEFAULT_BOARD, ...numbers, deadlock: deadlock as DeadlockPolicy };
}

/** Reads a task's `load_ms`. */
export function readLoad(value: unknown, path: string, problems: string[]): number {
  return value === undefined ? LOAD_MS : checkWhole(value, 0, MS_MAX, path, problems);
}

/** Reads `heartbeat_ms`, `heartbeatLow` and `heartbeatHigh` of a task; null for no heartbeat. */
export function readHeartbeat(
  { heartbeat_ms = 0, heartbeatLow = 1, heartbeatHigh = 2 }: JsonObject,
  path: string,
  problems: string[],
): HeartbeatSpec | null {
  if (heartbeat_ms === 0) return null;
  const ms = Number.isInteger(heartbeat_ms) ? (heartbeat_ms as number) : -1;
  if (ms < HEARTBEAT_MIN_MS || ms > MS_MAX) {
    problems.push(
      `${path}.heartbeat_ms: found ${found(heartbeat_ms)}, allowed is 0 for none or a whole ` +
        `number of milliseconds from ${HEARTBEAT_MIN_MS} to ${MS_MAX}`,
    );
  }
  const low = checkWhole(heartbeatLow, 0, MISSED_MAX, `${path}.heartbeatLow`, problems);
  const high = checkWhole(heartbeatHigh, 1, MISSED_MAX, `${path}.heartbeatHigh`, problems);
  if (low > high) {
    problems.push(
      `${path}.heartbeatLow: found ${low}, allowed is at most ${high}, which is heartbeatHigh`,
    );
  }
  return { period_ms: ms, low, high };
}

/** Reads `answer_ms` of a task: 0 for a server that may take as long as it wants. */
export function readAnswer(value: unknown, path: string, problems: string[]): number {
  if (value === undefined || value === 0) return 0;
  const ms = Number.isInteger(value) ? (value as number) : -1;
  if (ms < ANSWER_MIN_MS || ms > MS_MAX) {
    problems.push(
      `${path}: found ${found(value)}, allowed is 0 for no limit or a whole number of ` +
        `milliseconds from ${ANSWER_MIN_MS} to ${MS_MAX}`,
    );
  }
  return ms;
}
