/**
 * What a running simulator and the command line say to each other: a request is one line of JSON,
 * and so is its answer. Requests of one connection are answered in their order.
 *
 *     {"call":"kill","task":"store"}
 *     {"ok":true,"value":null}
 */
import { found, isObject, type JsonObject } from "../../../src/manifest/value.js";
import { allowedNames } from "../../../src/manifest/suggest.js";

/** Raised when an old command line would misread an answer. `hello` tells it. */
export const PROTOCOL_VERSION = 1;

/** The longest line of a request, in UTF-16 units: a call and the name of a task need 100. */
export const LINE_MAX = 4096;

/** The calls that only look. */
const LOOKS = ["hello", "ps", "ham", "usage"] as const;
/** The calls that do something to one task. */
export const ACTIONS = ["kill", "hang", "hold", "release", "restart"] as const;

export type Look = (typeof LOOKS)[number];
export type Action = (typeof ACTIONS)[number];

export type Request = { readonly call: Look } | { readonly call: Action; readonly task: string };

/** The value of `hello`. */
export interface Hello {
  readonly protocol: number;
  readonly pid: number;
  /** Path of the manifest. */
  readonly manifest: string;
}

/** Why a request was not obeyed. */
export type Refusal =
  /** It is no request: nothing was done. */
  | "BAD_REQUEST"
  /** There is no such task: nothing was done. */
  | "UNKNOWN_TASK"
  /** There are too many clients: nothing was done. */
  | "BUSY"
  /** The system could not do it. */
  | "FAILED";

export type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly refusal: Refusal; readonly error: string };

/** A line that is no request. */
export class RequestError extends Error {}

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

function isOneOf<T extends string>(names: readonly T[], value: unknown): value is T {
  return (names as readonly unknown[]).includes(value);
}

/** Reads a line. Throws a RequestError that names what was found and what is allowed. */
export function readRequest(line: string): Request {
  const { call, task, ...others } = parse(line);
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw new RequestError(`found ${found(other)}, ${allowedNames(other, ["call", "task"])}`);
  }
  if (isOneOf(LOOKS, call)) {
    if (task === undefined) return { call };
    throw new RequestError(`task: found ${found(task)}, but ${call} takes none`);
  }
  if (isOneOf(ACTIONS, call)) {
    if (typeof task === "string") return { call, task };
    throw new RequestError(`task: found ${found(task)}, allowed is the name of a task`);
  }
  const word = typeof call === "string" ? call : "";
  throw new RequestError(
    `call: found ${found(call)}, ${allowedNames(word, [...LOOKS, ...ACTIONS])}`,
  );
}
