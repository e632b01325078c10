/**
 * Reads the requests of those who watch and steer a simulator (watch/protocol.ts): what somebody
 * else has written is checked before anything is done.
 */
import { found, isObject, type JsonObject } from "../../../src/manifest/value.js";
import { allowedNames } from "../../../src/manifest/suggest.js";
import { SEED_MAX } from "../faults/seed.js";
import { ACTIONS, FRAME_MS, FRAME_MS_MAX, LOOKS, type Request } from "../watch/protocol.js";

/** A line that is no request. */
export class RequestError extends Error {}

/** The longest text in a request: a name, or a fault. */
const TEXT_MAX = 200;

/** What the value of a key must be, and whether it may be left out. */
interface Rule {
  readonly allows: (value: unknown) => boolean;
  readonly said: string;
  readonly isOptional?: boolean;
}

function text(said: string): Rule {
  return { allows: (value) => typeof value === "string" && value.length <= TEXT_MAX, said };
}

function count(min: number, max: number, isOptional: boolean): Rule {
  return {
    allows: (value) => Number.isInteger(value) && (value as number) >= min && Number(value) <= max,
    said: `a whole number from ${min} to ${max}`,
    isOptional,
  };
}

const TIME: Rule = {
  allows: (value) => typeof value === "number" && value >= 0,
  said: "milliseconds from 0 on",
};

type Rules = Readonly<Record<string, Rule>>;

const NOTHING: Rules = {};
const TASK: Rules = { task: text("the name of a task") };

/** What each call takes beside its name. */
const CALLS: Readonly<Record<string, Rules>> = {
  ...Object.fromEntries(LOOKS.map((look) => [look, NOTHING])),
  ...Object.fromEntries(ACTIONS.map((action) => [action, TASK])),
  reboot: NOTHING,
  lastRecords: NOTHING,
  addFault: { fault: text("a fault such as kill:sensor:2s") },
  strike: { fault: text("a fault such as hold=300ms:sensor") },
  removeFault: { id: count(1, Number.MAX_SAFE_INTEGER, false) },
  clearFaults: { seed: count(0, SEED_MAX, true) },
  messages: { from_ms: TIME, to_ms: TIME },
  watch: { frame_ms: count(FRAME_MS, FRAME_MS_MAX, true) },
};

function parse(line: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new RequestError(`found no JSON: ${(error as SyntaxError).message}`, { cause: error });
  }
  if (isObject(value)) return value;
  throw new RequestError(`found ${found(value)}, allowed is an object`);
}

/** Reads a line. Throws a RequestError that names what was found and what is allowed. */
export function readRequest(line: string): Request {
  const { call, ...values } = parse(line);
  const rules = typeof call === "string" && Object.hasOwn(CALLS, call) ? CALLS[call] : undefined;
  if (rules === undefined) {
    const word = typeof call === "string" ? call : "";
    throw new RequestError(`call: found ${found(call)}, ${allowedNames(word, Object.keys(CALLS))}`);
  }
  for (const [key, { allows, said, isOptional = false }] of Object.entries(rules)) {
    const value = values[key];
    if ((value === undefined && isOptional) || allows(value)) continue;
    throw new RequestError(`${key}: found ${found(value)}, allowed is ${said}`);
  }
  for (const key of Object.keys(values)) {
    if (Object.hasOwn(rules, key)) continue;
    const keys = Object.keys(rules);
    if (keys.length === 0) throw new RequestError(`found ${found(key)}, but ${call} takes nothing`);
    throw new RequestError(`found ${found(key)}, ${allowedNames(key, ["call", ...keys])}`);
  }
  // Its call is one of CALLS, and its values are what they say.
  return { call, ...values } as unknown as Request;
}
