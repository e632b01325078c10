/**
 * open: a service as its client sees it.
 */
import {
  _NTO_TIMEOUT_REPLY,
  _NTO_TIMEOUT_SEND,
  EAGAIN,
  EBADF,
  ENOENT,
  ENOSYS,
  EOK,
  EPROTO,
  errnoName,
  ha_close,
  ha_open,
  MsgSend,
  type RecoveryFunction,
  restartRecovery,
  TimerTimeout,
  waitForName,
} from "../index.js";
import { RemoteCall, RemotePulse } from "./calls.js";
import type { CallSpec, Members, PulseSpec, Service } from "./define.js";
import type { Fields, Readable, Writable } from "./layout.js";
import { checkLimits } from "./limits.js";
import {
  ANSWER_BYTES,
  ANSWER_KNOWN_AT,
  ANSWER_MEMBER_AT,
  ANSWER_SERVICE_AT,
  inHex,
  pulseNumber,
  QUESTION_BYTES,
  QUESTION_MEMBER_AT,
  questionTag,
} from "./protocol.js";

/** How long open() waits. As long as a recovery does, unless told otherwise. */
const TIMEOUT_MS = 10_000;

/** The status of a client that has not tried to connect. */
const NOT_TRIED = -EAGAIN;

/** How a service is opened. */
export interface OpenOptions {
  /** How long to wait until it is there, in milliseconds; Infinity for any time. Default 10,000. */
  readonly timeout_ms?: number;
  /** What is done when its server dies: see ha_attach. Default restartRecovery(service.name). */
  readonly recovery?: RecoveryFunction;
}

/** A call: fill `request`, send, read `reply`. */
export interface ClientCall<Q extends Fields, P extends Fields> {
  /** Keeps what it holds from one send to the next. */
  readonly request: Writable<Q>;
  /** What came with the last answer that was no error. */
  readonly reply: Readable<P>;
  /**
   * MsgSend: the server's status, 0 or more; or a negative errno, as MsgSend or as the server
   * decides. -ENOSYS: the server is another version, or does not know this call. Without a
   * connection it waits as open() does, and may return what `status` tells. Blocks; TimerTimeout
   * limits it. Allocates nothing.
   */
  send(): number;
}

/** A pulse of a client. */
export interface ClientPulse {
  /**
   * MsgSendPulse: sends a signed 32-bit number, with the task's priority. 0, or -EAGAIN (the
   * channel's pulses are full, or there is no connection yet), or an error of MsgSendPulse. Does
   * not block.
   */
  send(value: number): number;
}

/** A service as a client sees it: its calls and pulses, and the connection behind them. */
export type Client<M extends Members> = ClientMembers<M> & ClientConnection;

type ClientMembers<M extends Members> = {
  readonly [N in keyof M]: M[N] extends CallSpec<infer Q, infer P>
    ? ClientCall<Q, P>
    : M[N] extends PulseSpec
      ? ClientPulse
      : never;
};

/** What all clients have beside their calls. */
export interface ClientConnection {
  /** 0 when it is connected; else the negative errno of the last try. */
  readonly status: number;
  /** The connection, for calls of "reattach"; -1 while there is none. */
  readonly coid: number;
  /** Tries again what open() does, where that has failed. Returns the new status. */
  connect(): number;
  /** Ends the connection. Returns 0, or -EBADF (there is none). Its calls would connect again. */
  close(): number;
}

/**
 * Connects to a service, and stays connected when its server is restarted.
 *
 * In a task it blocks until the service is there and has said that it is the same version: up to
 * `timeout_ms`, or as long as TimerTimeout allows, which this uses up. Nothing is thrown when that
 * fails; the log says why, and `status` tells: -ETIMEDOUT, -EPROTO (another version: a call or a
 * pulse of this definition has other fields there, or is missing), or an error of name_open. Each
 * call then tries again before it is sent.
 *
 * Throws a RangeError when the service's messages are longer than limits.messageBytes, or when
 * `timeout_ms` is no time.
 */
export function open<M extends Members>(service: Service<M>, options: OpenOptions = {}): Client<M> {
  checkLimits(service, "open");
  const { timeout_ms = TIMEOUT_MS, recovery = restartRecovery(service.name) } = options;
  if (typeof timeout_ms !== "number" || !(timeout_ms >= 0)) {
    throw new RangeError(
      `open: found timeout_ms ${String(timeout_ms)}, allowed is a number from 0`,
    );
  }
  const client = new Connection(service, timeout_ms, recovery);
  client.connect();
  return client as unknown as Client<M>;
}

class Connection implements ClientConnection {
  status = NOT_TRIED;
  coid = -1;
  readonly #service: Service<Members>;
  readonly #timeout_ms: number;
  readonly #recovery: RecoveryFunction;
  readonly #members: readonly { coid: number }[];

  constructor(service: Service<Members>, timeout_ms: number, recovery: RecoveryFunction) {
    this.#service = service;
    this.#timeout_ms = timeout_ms;
    this.#recovery = recovery;
    const calls = service.calls.map((call) => new RemoteCall(this, call));
    const pulses = service.pulses.map(({ code }) => new RemotePulse(code));
    this.#members = [...calls, ...pulses];
    [...service.calls, ...service.pulses].forEach(({ name }, i) => {
      Object.defineProperty(this, name, { value: this.#members[i], enumerable: true });
    });
  }

  connect(): number {
    if (this.coid >= 0) return EOK;
    const limit = $vm.armedStates === 0 ? Infinity : $vm.armedUntil;
    const status = this.#connect(Math.min($vm.port.now() + this.#timeout_ms, limit));
    this.status = status;
    return status;
  }

  close(): number {
    const { coid } = this;
    if (coid < 0) return -EBADF;
    this.#keep(-1);
    this.status = NOT_TRIED;
    return ha_close(coid);
  }

  #connect(until: number): number {
    const { name } = this.#service;
    let coid = -ENOENT;
    while (coid === -ENOENT) {
      const error = waitForName(name, timeLeft(until));
      if (error < 0) return this.#fail(error, `waitForName: ${errnoName(error)}`);
      coid = ha_open(name, 0, this.#recovery, null, 0);
    }
    if (coid < 0) return this.#fail(coid, `ha_open: ${errnoName(coid)}`);
    const status = this.#compare(coid, until);
    if (status === EOK) this.#keep(coid);
    else ha_close(coid);
    return status;
  }

  /** Is what this client knows of the service the same at its server? 0 or a negative errno. */
  #compare(coid: number, until: number): number {
    const { type, fingerprint, calls, pulses } = this.#service;
    const version = new Version(coid, type, until);
    const error = version.ask(0);
    if (error !== EOK) return this.#failAsked(error);
    if (version.fingerprint === fingerprint) return EOK;
    // A server may know more than its clients, if what they know is as they know it.
    for (const [i, member] of [...calls, ...pulses].entries()) {
      const asked = version.ask(
        i < calls.length ? i + 1 : pulseNumber(pulses[i - calls.length]!.code),
      );
      if (asked !== EOK) return this.#failAsked(asked);
      if (version.member === member.fingerprint) continue;
      const theirs = version.isKnown ? `is ${inHex(version.member)}` : "does not exist";
      const ours = inHex(member.fingerprint);
      return this.#fail(-EPROTO, `another version: ${member.name} is ${ours}, there it ${theirs}`);
    }
    return EOK;
  }

  #failAsked(error: number): number {
    if (error !== -ENOSYS) return this.#fail(error, `its version: ${errnoName(error)}`);
    return this.#fail(-EPROTO, "what has this name does not know the service");
  }

  /** A line in the log, unless the last try has failed with the same. */
  #fail(status: number, why: string): number {
    if (status !== this.status) $vm.port.log(`open: ${this.#service.name}: ${why}`);
    return status;
  }

  #keep(coid: number): void {
    this.coid = coid;
    for (const member of this.#members) member.coid = coid;
  }
}

/** The question which version of a service the server has. */
class Version {
  readonly #coid: number;
  readonly #until: number;
  readonly #question = new DataView(new ArrayBuffer(QUESTION_BYTES));
  readonly #answer = new DataView(new ArrayBuffer(ANSWER_BYTES));

  constructor(coid: number, type: number, until: number) {
    this.#coid = coid;
    this.#until = until;
    this.#question.setInt32(0, questionTag(type), true);
  }

  /** Asks for a member by its number. 0 or a negative errno. */
  ask(number: number): number {
    this.#question.setInt32(QUESTION_MEMBER_AT, number, true);
    const question = new Uint8Array(this.#question.buffer);
    const answer = new Uint8Array(this.#answer.buffer);
    TimerTimeout(_NTO_TIMEOUT_SEND | _NTO_TIMEOUT_REPLY, timeLeft(this.#until));
    return MsgSend(this.#coid, question, question.length, answer, answer.length);
  }

  /** Of the whole service. */
  get fingerprint(): number {
    return this.#answer.getInt32(ANSWER_SERVICE_AT, true);
  }

  /** Does the server have the member? */
  get isKnown(): boolean {
    return this.#answer.getInt32(ANSWER_KNOWN_AT, true) !== 0;
  }

  /** Of the member, if the server has it. */
  get member(): number {
    return this.#answer.getInt32(ANSWER_MEMBER_AT, true);
  }
}

function timeLeft(until: number): number {
  return Math.max(0, until - $vm.port.now());
}
