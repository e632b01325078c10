/**
 * How a server answers one call: where its records lie, and the function that fills them. All that
 * it needs is made when the server is; a call allocates nothing.
 */
import {
  createMsgInfo,
  type DispatchContext,
  EINVAL,
  ESRCH,
  errnoName,
  type Ledger,
  MsgError,
  MsgInfo,
  MsgReply,
} from "../index.js";
import type { CallDefinition, Members, Service } from "./define.js";
import { createRecord } from "./layout.js";
import {
  ANSWER_BYTES,
  ANSWER_KNOWN_AT,
  ANSWER_MEMBER_AT,
  ANSWER_SERVICE_AT,
  pulseNumber,
  QUESTION_BYTES,
  QUESTION_MEMBER_AT,
  questionTag,
} from "./protocol.js";

/** What a handler returns when it will answer later, with answer(). No status is a fraction. */
export const LATER = 0.5;

/** A handler, whatever its records are. */
export type AnyHandler = (request: object, reply: object, server: object) => number | void;

/** What a route is told of its server. */
export interface Handling {
  readonly handler: AnyHandler;
  /** What it is a method of. */
  readonly handlers: object;
  readonly server: object;
}

/** A call that is answered with a record. */
export class CallRoute {
  readonly tag: number;
  /** How long its requests are. */
  readonly bytes: number;
  readonly reply: object;
  protected readonly out: Uint8Array;
  protected readonly outBytes: number;
  readonly #layout: CallDefinition["request"];
  readonly #name: string;
  readonly #handler: AnyHandler;
  readonly #handlers: object;
  readonly #server: object;
  #request: object;

  constructor(call: CallDefinition, { handler, handlers, server }: Handling) {
    const buffer = new ArrayBuffer(call.reply.bytes);
    this.tag = call.tag;
    this.bytes = call.request.bytes;
    this.reply = createRecord(call.reply, buffer, 0);
    this.out = new Uint8Array(buffer);
    this.outBytes = call.reply.bytes;
    this.#layout = call.request;
    this.#name = call.name;
    this.#handler = handler;
    this.#handlers = handlers;
    this.#server = server;
    this.#request = this.reply;
  }

  /** Requests arrive in this buffer from now on. */
  readFrom(buffer: ArrayBuffer): void {
    this.#request = createRecord(this.#layout, buffer, 0);
  }

  serve({ rcvid }: DispatchContext): void {
    const status = this.handle();
    if (status !== LATER) this.answer(rcvid, status);
  }

  /** MsgReply with the reply's record, or MsgError for a negative status. Their result. */
  answer(rcvid: number, status: number): number {
    const result =
      status < 0 ? MsgError(rcvid, -status) : MsgReply(rcvid, status, this.out, this.outBytes);
    if (result === -EINVAL) this.complain(status);
    return result;
  }

  /** What the handler returns; 0 for nothing. It begins with a reply of zeros. */
  protected handle(): number {
    this.out.fill(0);
    const request = this.#request;
    return this.#handler.call(this.#handlers, request, this.reply, this.#server) ?? 0;
  }

  /** A status that no call has: the client would wait for ever, and the program is wrong. */
  protected complain(status: unknown): never {
    throw new RangeError(
      `${this.#name}: found the status ${String(status)}, which no call returns`,
    );
  }
}

/** A call that takes effect once: its reply is committed together with the server's state. */
export class OnceRoute extends CallRoute {
  readonly #ledger: Ledger;
  readonly #info = createMsgInfo();

  constructor(call: CallDefinition, handling: Handling, ledger: Ledger) {
    super(call, handling);
    this.#ledger = ledger;
  }

  override serve({ rcvid, info }: DispatchContext): void {
    if (this.#ledger.answers(rcvid, info)) return;
    const status = this.handle();
    if (status !== LATER) this.#commit(rcvid, status, info);
  }

  override answer(rcvid: number, status: number): number {
    const error = MsgInfo(rcvid, this.#info);
    return error < 0 ? error : this.#commit(rcvid, status, this.#info);
  }

  #commit(rcvid: number, status: number, info: DispatchContext["info"]): number {
    if (status < 0) return super.answer(rcvid, status);
    const result = this.#ledger.reply(rcvid, info, status, this.out, this.outBytes);
    if (result === -EINVAL) this.complain(status);
    // Nothing was committed, and nothing is to stay of what the handler has changed.
    if (result < 0 && result !== -ESRCH) throw new Error(`Ledger.reply: ${errnoName(result)}`);
    return result;
  }
}

/** The question which version of the service this is. */
export class VersionRoute {
  readonly tag: number;
  readonly bytes = QUESTION_BYTES;
  readonly #service: Service<Members>;
  #question = new DataView(new ArrayBuffer(QUESTION_BYTES));
  readonly #answer = new DataView(new ArrayBuffer(ANSWER_BYTES));
  readonly #out = new Uint8Array(this.#answer.buffer);

  constructor(service: Service<Members>) {
    this.tag = questionTag(service.type);
    this.#service = service;
  }

  readFrom(buffer: ArrayBuffer): void {
    this.#question = new DataView(buffer, 0, QUESTION_BYTES);
  }

  serve({ rcvid }: DispatchContext): void {
    const { fingerprint, calls, pulses } = this.#service;
    const number = this.#question.getInt32(QUESTION_MEMBER_AT, true);
    let known = 0;
    let found = 0;
    const call = calls[number - 1];
    if (call !== undefined) {
      known = 1;
      found = call.fingerprint;
    }
    for (let i = 0; i < pulses.length; i++) {
      const pulse = pulses[i]!;
      if (pulseNumber(pulse.code) !== number) continue;
      known = 1;
      found = pulse.fingerprint;
    }
    const answer = this.#answer;
    answer.setInt32(ANSWER_SERVICE_AT, fingerprint, true);
    answer.setInt32(ANSWER_KNOWN_AT, known, true);
    answer.setInt32(ANSWER_MEMBER_AT, found, true);
    MsgReply(rcvid, 0, this.#out, ANSWER_BYTES);
  }
}

/** What a server does with a type of messages. */
export type Route = CallRoute | VersionRoute;
