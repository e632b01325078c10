/**
 * defineService: what a service can be asked, written once for its server and its clients.
 *
 * A definition is made of numbers, texts, and functions without state, and frozen, so that its
 * module can be preloaded: on a device all of it is made by the linker and lies in flash.
 */
import {
  type Layout,
  layOut,
  type Fields,
  type Pool,
  type Readable,
  WORD_BYTES,
} from "./layout.js";
import { MESSAGE_BYTES_MAX } from "./declared.js";
import type { Writable } from "./layout.js";
import { checkLimits } from "./limits.js";
import {
  ANSWER_BYTES,
  CALLS_MAX,
  fingerprintOf,
  isFirstType,
  QUESTION_BYTES,
  TAG_BYTES,
  tagOf,
  typeOf,
  TYPES,
} from "./protocol.js";

/** Pulses have the codes that QNX leaves to users: 0 to 127. */
const CODES_END = 128;

/** What a client has beside its calls and pulses. */
const RESERVED = "connection";

/** How a call is served. */
export interface CallOptions {
  /**
   * It takes effect once, even when it is sent again because its server died: its server needs a
   * Ledger. Default false.
   */
  readonly once?: boolean;
}

/** What call() returns. */
export interface CallSpec<Q extends Fields, P extends Fields, Once extends boolean = boolean> {
  readonly request: Q;
  readonly reply: P;
  readonly once: Once;
}

/** What pulse() returns. */
export interface PulseSpec {
  readonly isPulse: true;
}

/** The calls and pulses of a service, by name. */
export type Members = { readonly [name: string]: CallSpec<Fields, Fields> | PulseSpec };

/** A call, its question and its answer: `call({ sensor: u8 }, { celsius: f32 })`. */
export function call<const Q extends Fields, const P extends Fields>(
  request: Q,
  reply: P,
): CallSpec<Q, P, false>;
export function call<const Q extends Fields, const P extends Fields, const O extends CallOptions>(
  request: Q,
  reply: P,
  options: O,
): CallSpec<Q, P, O["once"] extends true ? true : false>;
export function call(
  request: Fields,
  reply: Fields,
  options: CallOptions = {},
): CallSpec<Fields, Fields> {
  return Object.freeze({ request, reply, once: options.once === true });
}

/** A pulse: a signed 32-bit number that goes to the server and waits for nobody. */
export function pulse(): PulseSpec {
  return Object.freeze({ isPulse: true });
}

/** What defineService makes of a call. */
export interface CallDefinition {
  readonly name: string;
  /** The first word of its requests. */
  readonly tag: number;
  readonly once: boolean;
  readonly request: Layout;
  readonly reply: Layout;
  readonly fingerprint: number;
}

/** What defineService makes of a pulse. */
export interface PulseDefinition {
  readonly name: string;
  readonly code: number;
  readonly fingerprint: number;
}

/** Where a service's messages and pulses begin, when it shares a channel with others. */
export interface ServiceOptions {
  /**
   * The first of its 64 types of messages, a multiple of 64 from 0x200 on. By default it is made of
   * the name: only when two services of one channel have the same, one of them needs another.
   */
  readonly type?: number;
  /** The code of its first pulse. Default 0. */
  readonly code?: number;
}

/** A service. `members` is for the types alone: what was defined is not kept. */
export interface Service<M extends Members> {
  readonly name: string;
  readonly type: number;
  /** Of all calls and pulses, in order. */
  readonly fingerprint: number;
  readonly calls: readonly CallDefinition[];
  readonly pulses: readonly PulseDefinition[];
  /** The longest message, in bytes: limits.messageBytes has to be as much. */
  readonly messageBytes: number;
  readonly members?: M;
}

type SpecOf<S, N extends string> = S extends Service<infer M> ? M[N] : never;

/** The record in which a call's request arrives: `RequestOf<typeof Store, "put">`. */
export type RequestOf<S, N extends string> =
  SpecOf<S, N> extends CallSpec<infer Q, Fields> ? Readable<Q> : never;
/** The record into which a call's server writes its reply. */
export type ReplyOf<S, N extends string> =
  SpecOf<S, N> extends CallSpec<Fields, infer P> ? Writable<P> : never;

/**
 * Defines a service. Throws for what cannot be: a TypeError for a name or a field, a RangeError for
 * too much of something. On a device, where the module is preloaded, that stops the build; so do
 * messages that are longer than limits.messageBytes of the manifest.
 */
export function defineService<const M extends Members>(
  name: string,
  members: M,
  options: ServiceOptions = {},
): Service<M> {
  const { type = typeOf(name), code = 0 } = options;
  if (!isFirstType(type)) {
    throw new RangeError(`${name}: found type ${type}, allowed is a multiple of ${TYPES} from 512`);
  }
  const pool: Pool = new Map();
  const calls: CallDefinition[] = [];
  const pulses: PulseDefinition[] = [];
  for (const member of Object.keys(members)) {
    const spec = members[member]!;
    checkMember(`${name}.${member}`, member, spec);
    if ("isPulse" in spec) {
      const fingerprint = fingerprintOf(`${member}!${code + pulses.length}`);
      pulses.push(Object.freeze({ name: member, code: code + pulses.length, fingerprint }));
    } else {
      calls.push(defineCall(name, member, spec, type + calls.length + 1, pool));
    }
  }
  checkCounts(name, calls.length, code, pulses.length);
  const all = [...calls, ...pulses].map(({ fingerprint }) => fingerprint);
  const service: Service<M> = Object.freeze({
    name,
    type,
    fingerprint: fingerprintOf(all.join()),
    calls: Object.freeze(calls),
    pulses: Object.freeze(pulses),
    messageBytes: longest(calls),
  });
  checkLimits(service, MESSAGE_BYTES_MAX);
  return service;
}

function checkMember(where: string, member: string, spec: unknown): void {
  if (member === RESERVED) throw new TypeError(`${where}: a client has this name itself`);
  if (/^\d/.test(member)) throw new TypeError(`${where}: a name does not begin with a digit`);
  if (typeof spec === "object" && spec !== null && ("isPulse" in spec || "request" in spec)) return;
  throw new TypeError(`${where}: this is neither call() nor pulse()`);
}

function defineCall(
  service: string,
  name: string,
  spec: CallSpec<Fields, Fields>,
  type: number,
  pool: Pool,
): CallDefinition {
  const where = `${service}.${name}`;
  const request = layOut(spec.request, TAG_BYTES, WORD_BYTES, pool, `${where}.request`);
  const reply = layOut(spec.reply, 0, WORD_BYTES, pool, `${where}.reply`);
  const { once } = spec;
  const fingerprint = fingerprintOf(`${name}(${request.shape})${reply.shape}${once}`);
  return Object.freeze({ name, tag: tagOf(type, fingerprint), once, request, reply, fingerprint });
}

function checkCounts(name: string, calls: number, code: number, pulses: number): void {
  if (calls > CALLS_MAX) {
    throw new RangeError(`${name}: found ${calls} calls, allowed are up to ${CALLS_MAX}`);
  }
  if (Number.isInteger(code) && code >= 0 && code + pulses <= CODES_END) return;
  const found = `${pulses} pulses from code ${code} on`;
  throw new RangeError(`${name}: found ${found}, allowed are codes from 0 to ${CODES_END - 1}`);
}

function longest(calls: readonly CallDefinition[]): number {
  const lengths = calls.flatMap(({ request, reply }) => [request.bytes, reply.bytes]);
  return Math.max(QUESTION_BYTES, ANSWER_BYTES, ...lengths);
}
