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
import { type QueuedSend, sendQueue } from "./queue.js";

/** The status of a client that has not tried to connect. */
const NOT_TRIED = -EAGAIN;

/** The version of the server is not known yet: another question. */
const GO_ON = 1;

/** What all clients have beside their calls. */
export interface ClientConnection {
  /** 0 when it is connected; else the negative errno of the last try. */
  readonly status: number;
  /** The connection, for calls of "reattach"; -1 while there is none. */
  readonly coid: number;
  /**
   * Tries again what open() does, where that has failed. Returns the new status; on the main VM
   * -EAGAIN until a call has connected.
   */
  connect(): number;
  /** Ends the connection. Returns 0, or -EBADF (there is none). Its calls would connect again. */
  close(): number;
}

export class Connection implements ClientConnection {
  status = NOT_TRIED;
  coid = -1;
  readonly #service: Service<Members>;
  /** Those under which it is found: the first one that is there. */
  readonly #names: readonly string[];
  readonly #timeout_ms: number;
  readonly #recovery: RecoveryFunction;
  #members: readonly { coid: number }[] = [];
  /** Calls of the main VM that wait until it is connected; the queue keeps a place for each. */
  #pending: Omit<QueuedSend, "coid">[] = [];

  constructor(
    service: Service<Members>,
    names: readonly string[],
    timeout_ms: number,
    recovery: RecoveryFunction,
  ) {
    this.#service = service;
    this.#names = names;
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
    // The main VM looks when it sends.
    if (!$vm.port.mayBlock) return NOT_TRIED;
    const limit = $vm.armedStates === 0 ? Infinity : $vm.armedUntil;
    const status = this.#connect(Math.min($vm.port.now() + this.#timeout_ms, limit));
    this.status = status;
    return status;
  }

  /** A call of the main VM: connects in front of the first one. Returns as SendQueue.add(). */
  sendAsync(send: Omit<QueuedSend, "coid">): number {
    if ($vm.port.mayBlock) return -ENOSYS;
    const queue = sendQueue();
    if (this.coid >= 0) return queue.add({ ...send, coid: this.coid });
    let error = queue.hold();
    if (error < 0) return error;
    if (this.#pending.length === 0) error = this.#beginAsync();
    if (error < 0) queue.release(1);
    else this.#pending.push(send);
    return error;
  }

  close(): number {
    const { coid } = this;
    if (coid < 0) return -EBADF;
    this.#keep(-1);
    this.status = NOT_TRIED;
    return ha_close(coid);
  }

  #connect(until: number): number {
    let coid = -ENOENT;
    while (coid === -ENOENT) {
      const error = waitForName(this.#names, timeLeft(until));
      if (error < 0) return this.#fail(error, `waitForName: ${errnoName(error)}`);
      coid = this.#open();
    }
    if (coid < 0) return this.#fail(coid, `ha_open: ${errnoName(coid)}`);
    const status = this.#compare(coid, until);
    if (status === EOK) this.#keep(coid);
    else ha_close(coid);
    return status;
  }

  /** A connection to the first that is there: a coid, or -ENOENT, or another error. */
  #open(): number {
    let coid = -ENOENT;
    for (let i = 0; i < this.#names.length && coid === -ENOENT; i++) {
      coid = ha_open(this.#names[i]!, 0, this.#recovery, null, 0);
    }
    return coid;
  }

  /** Is what this client knows of the service the same at its server? 0 or a negative errno. */
  #compare(coid: number, until: number): number {
    const version = new Version(coid, this.#service.type);
    let verdict = GO_ON;
    for (let i = 0; verdict === GO_ON; i++) {
      verdict = this.#judge(version, i, version.ask(this.#numberAt(i), until));
    }
    return verdict;
  }

  /** The same on the main VM, question after question: 0 when it has begun. */
  #beginAsync(): number {
    const coid = this.#open();
    if (coid < 0) return coid === -ENOENT ? NOT_TRIED : this.#fail(coid, errnoName(coid));
    const version = new Version(coid, this.#service.type);
    const ask = (i: number): number =>
      version.askAsync(this.#numberAt(i), (status) => {
        const verdict = this.#judge(version, i, status);
        const error = verdict === GO_ON ? ask(i + 1) : verdict;
        if (verdict !== GO_ON || error < 0) this.#endAsync(coid, error);
      });
    const error = ask(0);
    if (error < 0) ha_close(coid);
    return error;
  }

  /** The questions are answered, or cannot be: so are the calls that have waited for that. */
  #endAsync(coid: number, status: number): void {
    const pending = this.#pending;
    this.#pending = [];
    this.status = status;
    const queue = sendQueue();
    queue.release(pending.length);
    if (status === EOK) {
      this.#keep(coid);
      queue.admit(pending.map((send) => ({ ...send, coid })));
    } else {
      ha_close(coid);
      for (const send of pending) send.done(status);
    }
  }

  /** What the question number `i` asks for: nothing in particular, then each member. */
  #numberAt(i: number): number {
    const { calls, pulses } = this.#service;
    if (i <= calls.length) return i;
    return pulseNumber(pulses[i - calls.length - 1]!.code);
  }

  /** What an answer means: 0, a negative errno, or GO_ON. */
  #judge(version: Version, i: number, status: number): number {
    const { fingerprint, calls, pulses } = this.#service;
    if (status !== EOK) return this.#failAsked(status);
    if (version.fingerprint === fingerprint) return EOK;
    if (i === 0) return calls.length + pulses.length === 0 ? EOK : GO_ON;
    // A server may know more than its clients, if what they know is as they know it.
    const member = i <= calls.length ? calls[i - 1]! : pulses[i - calls.length - 1]!;
    if (version.member === member.fingerprint) {
      return i === calls.length + pulses.length ? EOK : GO_ON;
    }
    const theirs = version.isKnown ? `is ${inHex(version.member)}` : "does not exist";
    const ours = inHex(member.fingerprint);
    return this.#fail(-EPROTO, `another version: ${member.name} is ${ours}, there it ${theirs}`);
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
  readonly #question = new DataView(new ArrayBuffer(QUESTION_BYTES));
  readonly #answer = new DataView(new ArrayBuffer(ANSWER_BYTES));

  constructor(coid: number, type: number) {
    this.#coid = coid;
    this.#question.setInt32(0, questionTag(type), true);
  }

  /** Asks for a member by its number. 0 or a negative errno. */
  ask(number: number, until: number): number {
    const { question, answer } = this.#messages(number);
    TimerTimeout(_NTO_TIMEOUT_SEND | _NTO_TIMEOUT_REPLY, timeLeft(until));
    return MsgSend(this.#coid, question, question.length, answer, answer.length);
  }

  /** The same from the main VM: returns as SendQueue.ask(). */
  askAsync(number: number, done: (status: number) => void): number {
    const { question, answer } = this.#messages(number);
    return sendQueue().ask({ coid: this.#coid, sent: question, received: answer, done });
  }

  #messages(number: number): { readonly question: Uint8Array; readonly answer: Uint8Array } {
    this.#question.setInt32(QUESTION_MEMBER_AT, number, true);
    const question = new Uint8Array(this.#question.buffer);
    return { question, answer: new Uint8Array(this.#answer.buffer) };
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
