/**
 * The connection of a client: made when the service is there, once its server has said that it is
 * the same version.
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
  TimerTimeout,
  waitForName,
} from "../index.js";
import { RemoteCall, RemotePulse } from "./calls.js";
import type { Members, Service } from "./define.js";
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

/** The status of a client that has not tried to connect. */
const NOT_TRIED = -EAGAIN;

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

export class Connection implements ClientConnection {
  status = NOT_TRIED;
  coid = -1;
  readonly #service: Service<Members>;
  readonly #timeout_ms: number;
  readonly #recovery: RecoveryFunction;
  #members: readonly { coid: number }[] = [];

  constructor(service: Service<Members>, timeout_ms: number, recovery: RecoveryFunction) {
    this.#service = service;
    this.#timeout_ms = timeout_ms;
    this.#recovery = recovery;
  }

  /** The calls and pulses that go through it, by name. They are told which one it is. */
  createMembers(): Record<string, RemoteCall | RemotePulse> {
    const members: Record<string, RemoteCall | RemotePulse> = {};
    const { calls, pulses } = this.#service;
    for (const call of calls) members[call.name] = new RemoteCall(this, call);
    for (const { name, code } of pulses) members[name] = new RemotePulse(code);
    this.#members = Object.values(members);
    return members;
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
