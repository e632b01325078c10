/**
 * A call of a service from outside: a plain object is sent, and a plain object comes back.
 *
 * For those who ask now and then, a test or a check: each call has a client of its own, so it finds
 * the service also when the board was restarted in between.
 */
import { inspect } from "node:util";
import { EAGAIN } from "../../../src/index.js";
import { type Members, open, type Service } from "../../../src/service/index.js";
import { allowedNames } from "../../../src/manifest/suggest.js";
import { isObject } from "../../../src/manifest/value.js";
import { UsageError } from "../input-error.js";
import type { Answer, CallName, Request } from "./checks.js";

/** Who calls: the main VM of a system. */
export interface Caller {
  /** Makes its system the one that calls work on. */
  use(): void;
  /** Waits a little, as nobody has the name yet. Rejects when it has waited enough. */
  pause(): Promise<void>;
}

type Values = Record<string, unknown>;

/** A call of a client, without the types of its fields. */
interface AnyCall {
  readonly request: Values;
  readonly reply: Values;
  sendAsync(): Promise<number>;
}

/** Names of the fields of a record: of its own are its parts, it inherits the scalars. */
function fieldsOf(record: object): string[] {
  const names: string[] = [];
  for (const name in record) names.push(name);
  return names;
}

/** A record, or a part of one, as plain values that stay as they are. */
function plain(value: unknown): unknown {
  if (value instanceof DataView) {
    const record = value as unknown as Values;
    return Object.fromEntries(fieldsOf(record).map((name) => [name, plain(record[name])]));
  }
  if (Array.isArray(value)) return value.map(plain);
  return ArrayBuffer.isView(value) ? (value as Uint8Array).slice() : value;
}

/** Writes plain values into a record. Throws a UsageError that names what does not fit. */
function fill(record: Values, values: unknown, where: string): void {
  if (!isObject(values)) throw new UsageError(`${where}: ${whatFor(values, "an object")}`);
  const names = fieldsOf(record);
  for (const [name, value] of Object.entries(values)) {
    if (!names.includes(name)) {
      const allowed = names.length === 0 ? "but it has no fields" : allowedNames(name, names);
      throw new UsageError(`${where}: found the field "${name}", ${allowed}`);
    }
    const current = record[name];
    const place = `${where}.${name}`;
    if (current instanceof DataView) fill(current as unknown as Values, value, place);
    else if (typeof current === "object") fillArray(current as ArrayLike<unknown>, value, place);
    else if (typeof value === typeof current) record[name] = value;
    else throw new UsageError(`${place}: ${whatFor(value, `a ${typeof current}`)}`);
  }
}

function fillArray(array: ArrayLike<unknown>, value: unknown, where: string): void {
  const isList = Array.isArray(value) || ArrayBuffer.isView(value);
  const values = value as ArrayLike<unknown>;
  if (!isList || values.length > array.length) {
    throw new UsageError(`${where}: ${whatFor(value, `up to ${array.length} values`)}`);
  }
  if (!Array.isArray(array)) return (array as Uint8Array).set(values as ArrayLike<number>);
  for (let i = 0; i < values.length; i++) fill(array[i] as Values, values[i], `${where}[${i}]`);
}

function whatFor(value: unknown, allowed: string): string {
  return `found ${inspect(value, { depth: 1, breakLength: Infinity })}, allowed is ${allowed}`;
}

function isService(service: unknown): service is Service<Members> {
  return isObject(service) && Array.isArray(service["calls"]);
}

/**
 * Calls a service by the name of its call. Waits until somebody has the service's name. Rejects
 * with a UsageError for what is no service, no call of it, or no request of the call; with what
 * `caller.pause()` throws; and with a RangeError where messages are too long for the system.
 */
export async function callService<M extends Members, N extends CallName<M>>(
  caller: Caller,
  service: Service<M>,
  name: N,
  request: Request<M, N> | undefined,
): Promise<Answer<M, N>> {
  if (!isService(service)) {
    throw new UsageError(`call: ${whatFor(service, "what defineService() returns")}`);
  }
  const names = service.calls.map((call) => call.name);
  if (!names.includes(name)) {
    throw new UsageError(`call: found "${name}" of ${service.name}, ${allowedNames(name, names)}`);
  }
  caller.use();
  const client = open(service);
  const call = (client as unknown as Record<string, AnyCall>)[name]!;
  fill(call.request, request ?? {}, `call: ${service.name}.${name}`);
  let status = await call.sendAsync();
  while (status === -EAGAIN && client.connection.coid < 0) {
    await caller.pause();
    caller.use();
    status = await call.sendAsync();
  }
  const reply = plain(call.reply);
  caller.use();
  client.connection.close();
  return { status, reply } as Answer<M, N>;
}
