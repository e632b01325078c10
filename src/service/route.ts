/**
 * How a server answers one call: where its records lie, and the function that fills them. All that
 * it needs is made when the server is; a call allocates nothing.
 */
import {
  createMsgInfo,
  EINVAL,
  ESRCH,
  errnoName,
  type Ledger,
  type MessageInfo,
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

/** What a handler returns when it will answer later, with answer(). No errno is a fraction. */
export const LATER = -0.5;

/** A handler, whatever its records are. */
export type AnyHandler = (request: object, reply: object, server: object) => number | void;

/** A handler that has its records. */
type BoundHandler = () => number | void;

/** What a route is told of its server. */
export interface Handling {
  readonly handler: AnyHandler;
  /** What it is a method of. */
  readonly handlers: object;
  readonly server: object;
}

/**
 * What is done with one type of messages. The fields of an ordinary call are read by the server's
 * own loop, which does what serve() does.
 */
export interface Route {
  /** The first word of its messages. */
  readonly tag: number;
  /** The same, or NaN when the loop leaves it to serve(). */
  readonly plainTag: number;
  /** How long they are. */
  readonly bytes: number;
  /** With its records: see CallRoute.readFrom. */
  readonly handler: BoundHandler;
  readonly out: Uint8Array;
  readonly outBytes: number;
  /** Messages arrive in this buffer from now on. */
  readFrom(buffer: ArrayBuffer): void;
  /** Answers a message that has this tag and is so long. */
  serve(rcvid: number, info: MessageInfo): void;
  /** MsgReply has refused this status, or found nobody: answers, if that is to be done. */
  refused(rcvid: number, status: number): void;
}

/** A call that is answered with a record. */
export class CallRoute implements Route {
  readonly tag: number;
  readonly plainTag: number;
  readonly bytes: number;
  readonly reply: object;
  readonly out: Uint8Array;
  readonly outBytes: number;
  /** Made by readFrom(), before the first message. */
  handler!: BoundHandler;
  readonly #call: CallDefinition;
  readonly #handling: Handling;

  constructor(call: CallDefinition, handling: Handling) {
    const buffer = new ArrayBuffer(call.reply.bytes);
    this.tag = call.tag;
    this.plainTag = call.once ? NaN : call.tag;
    this.bytes = call.request.bytes;
    this.reply = createRecord(call.reply, buffer, 0);
    this.out = new Uint8Array(buffer);
    this.outBytes = call.reply.bytes;
    this.#call = call;
    this.#handling = handling;
  }

  /** Bound with all its arguments: on XS each that a call hands over is one or two bytecodes. */
  readFrom(buffer: ArrayBuffer): void {
    const { handler, handlers, server } = this.#handling;
    const request = createRecord(this.#call.request, buffer, 0);
    this.handler = handler.bind(handlers, request, this.reply, server);
  }

  serve(rcvid: number, _info: MessageInfo): void {
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

  refused(rcvid: number, status: number): void {
    if (status === LATER) return;
    // Of a success: -ESRCH, which is no fault. The client does not wait any more.
    if (status >= 0 && (status | 0) === status) return;
    if (!(status < 0) || MsgError(rcvid, -status) === -EINVAL) this.complain(status);
  }

  /** What the handler returns; 0 for nothing. It begins with a reply of zeros. */
  protected handle(): number {
    this.out.fill(0);
    return this.handler() ?? 0;
  }

  /** A status that no call has: the client would wait for ever, and the program is wrong. */
  protected complain(status: unknown): never {
    const found = `the status ${String(status)}, which no call returns`;
    throw new RangeError(`${this.#call.name}: found ${found}`);
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

  override serve(rcvid: number, info: MessageInfo): void {
    if (this.#ledger.answers(rcvid, info)) return;
    const status = this.handle();
    if (status !== LATER) this.#commit(rcvid, status, info);
  }

  override answer(rcvid: number, status: number): number {
    const error = MsgInfo(rcvid, this.#info);
    return error < 0 ? error : this.#commit(rcvid, status, this.#info);
  }

  #commit(rcvid: number, status: number, info: MessageInfo): number {
    if (status < 0) return super.answer(rcvid, status);
    const result = this.#ledger.reply(rcvid, info, status, this.out, this.outBytes);
    if (result === -EINVAL) this.complain(status);
    // Nothing was committed, and nothing is to stay of what the handler has changed.
    if (result < 0 && result !== -ESRCH) throw new Error(`Ledger.reply: ${errnoName(result)}`);
    return result;
  }
}

/** A number that no call has: no tag is NaN. */
export class NoRoute implements Route {
  readonly tag: number = NaN;
  readonly plainTag = NaN;
  readonly bytes: number = 0;
  readonly out = new Uint8Array(0);
  readonly outBytes = 0;
  handler(): void {}
  readFrom(_buffer: ArrayBuffer): void {}
  serve(_rcvid: number, _info: MessageInfo): void {}
  refused(): void {}
}

/** The question which version of the service this is. */
export class VersionRoute extends NoRoute {
  override readonly tag: number;
  override readonly bytes: number = QUESTION_BYTES;
  readonly #service: Service<Members>;
  #question = new DataView(new ArrayBuffer(QUESTION_BYTES));
  readonly #answer = new DataView(new ArrayBuffer(ANSWER_BYTES));
  readonly #out = new Uint8Array(this.#answer.buffer);

  constructor(service: Service<Members>) {
    super();
    this.tag = questionTag(service.type);
    this.#service = service;
  }

  override readFrom(buffer: ArrayBuffer): void {
    this.#question = new DataView(buffer, 0, QUESTION_BYTES);
  }

  override serve(rcvid: number, _info: MessageInfo): void {
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
