/**
 * Effects once: a ledger in which a server keeps, with its state, the last reply to each client.
 *
 * A message that is transmitted again has the number of its first transmission (MessageInfo). The
 * server may have died before it acted on it, or after; the client cannot know. The ledger knows:
 * state and replies are committed together, in one step, before the reply goes out (stableCommit).
 * - The server dies before the commit: nothing has happened. The repeat is a new message.
 * - It dies after the commit: the repeat gets the reply that was kept.
 * A task has one message outstanding, so the last reply of each client is all that can be asked for
 * again.
 */
import { isInt32, isInteger, isRecord, isUint32 } from "../kernel/argument.js";
import { bufferError } from "../kernel/message/copy.js";
import { EFAULT, EINVAL, EMSGSIZE, ENOMEM } from "../kernel/errno.js";
import { MsgReply } from "../kernel/message/common-case.js";
import * as L from "../arena/layout.js";
import type { MessageInfo } from "../arena/records.js";
import { requireAttached } from "../arena/vm.js";
import { stableCommit, stableRead, stableRoom } from "../kernel/stable.js";
import { aliveTask } from "../kernel/task/task.js";

// A client's record, in words; then the reply.
const PID = 0;
const NUMBER_HIGH = 1;
const NUMBER_LOW = 2;
const STATUS = 3;
const LENGTH = 4;
const RECORD_WORDS = 5;

/** What a ledger is made for. */
export interface LedgerOptions {
  /** Bytes of the server's state. */
  readonly stateBytes: number;
  /** The longest reply that is kept, in bytes. Default 0: replies are a status only. */
  readonly replyBytes?: number;
  /** The most clients that are alive at a time. */
  readonly clients: number;
}

function wordsFor(bytes: number): number {
  return Math.ceil(bytes / L.WORD_BYTES);
}

/** The stableBytes that a ledger needs. Throws a RangeError for what are no sizes. */
export function ledgerBytes(options: LedgerOptions): number {
  if (!isRecord(options)) throw new RangeError("Ledger: the options are no object");
  const { stateBytes, replyBytes = 0, clients } = options;
  if (!isUint32(stateBytes) || !isUint32(replyBytes) || !isUint32(clients) || clients === 0) {
    throw new RangeError(
      "Ledger: stateBytes and replyBytes are whole numbers from 0 on, clients from 1 on",
    );
  }
  const words = wordsFor(stateBytes) + clients * (RECORD_WORDS + wordsFor(replyBytes));
  return words * L.WORD_BYTES;
}

/**
 * A server's state and its last replies. Make one at the start of main(): it begins with what the
 * incarnation before has committed.
 */
export class Ledger {
  /** The server's state. Change it as the message asks; reply() commits it. */
  readonly state: Uint8Array;
  /** The longest reply that it keeps, in bytes. */
  readonly replyBytes: number;
  /** False for the first incarnation since the board started: `state` is all zeros. */
  readonly isRestored: boolean;
  readonly #image: Uint8Array;
  readonly #words: Int32Array;
  readonly #kept: Uint8Array;
  readonly #recordsAt: number;
  readonly #recordWords: number;

  /**
   * Throws when the task's stableBytes are less than ledgerBytes(options), and for what is no
   * size; the state of a ledger of other sizes (another version of the server) throws too: it would
   * be read as nonsense.
   */
  constructor(options: LedgerOptions) {
    requireAttached();
    const bytes = ledgerBytes(options);
    const { stateBytes, replyBytes = 0 } = options;
    const room = stableRoom();
    if (bytes > room) {
      throw new RangeError(`Ledger: needs stableBytes of ${bytes}, found ${room}`);
    }
    this.replyBytes = replyBytes;
    this.#image = new Uint8Array(bytes);
    this.#words = new Int32Array(this.#image.buffer);
    this.#kept = new Uint8Array(replyBytes);
    this.#recordsAt = wordsFor(stateBytes);
    this.#recordWords = RECORD_WORDS + wordsFor(replyBytes);
    this.state = new Uint8Array(this.#image.buffer, 0, stateBytes);
    const found = stableRead(this.#image);
    if (found !== 0 && found !== bytes) {
      throw new RangeError(`Ledger: found ${found} stable bytes of another ledger, not ${bytes}`);
    }
    this.isRestored = found !== 0;
  }

  /**
   * Call it first for every message. True: it had been answered before, and now has got the same
   * reply again; there is nothing left to do. Does not block, and allocates nothing.
   */
  answers(rcvid: number, info: MessageInfo): boolean {
    if (!isRecord(info)) return false;
    const record = this.#find(info.pid);
    if (record < 0 || !this.#isSame(record, info.number)) return false;
    const length = this.#words[record + LENGTH];
    $vm.port.copy(this.#kept, 0, this.#image, (record + RECORD_WORDS) * L.WORD_BYTES, length);
    MsgReply(rcvid, this.#words[record + STATUS], this.#kept, length);
    return true;
  }

  /**
   * Commits `state` and the reply, then answers: MsgReply. What is answered with MsgError, or with
   * MsgReply itself, is not kept: a repeat of it is a new message. Does not block, and allocates
   * nothing.
   *
   * Returns as MsgReply; or also -EINVAL (a negative status), -EFAULT (no MessageInfo), -EMSGSIZE
   * (more than replyBytes), -ENOMEM (more clients are alive than the ledger is made for): then
   * nothing was committed, and the client goes on waiting.
   */
  reply(
    rcvid: number,
    info: MessageInfo,
    status: number,
    msg: Uint8Array | null,
    bytes: number,
  ): number {
    if (!isInt32(status) || status < 0) return -EINVAL;
    if (!isRecord(info) || !isInt32(info.pid) || !isInteger(info.number)) return -EFAULT;
    const error = bufferError(msg, bytes);
    if (error !== 0) return error;
    if (bytes > this.#kept.length) return -EMSGSIZE;
    const record = this.#take(info.pid);
    if (record < 0) return -ENOMEM;
    this.#words[record + PID] = info.pid;
    this.#words[record + NUMBER_HIGH] = (info.number / L.SEQ_LOW_RANGE) | 0;
    this.#words[record + NUMBER_LOW] = info.number & L.SEQ_LOW_MASK;
    this.#words[record + STATUS] = status;
    this.#words[record + LENGTH] = bytes;
    if (msg !== null) {
      $vm.port.copy(this.#image, (record + RECORD_WORDS) * L.WORD_BYTES, msg, 0, bytes);
    }
    stableCommit(this.#image, this.#image.length);
    return MsgReply(rcvid, status, msg, bytes);
  }

  /** Commits `state` alone: a change that no message has asked for. */
  commit(): void {
    stableCommit(this.#image, this.#image.length);
  }

  #isSame(record: number, number: number): boolean {
    const high = this.#words[record + NUMBER_HIGH];
    return high * L.SEQ_LOW_RANGE + this.#words[record + NUMBER_LOW] === number;
  }

  #find(pid: number): number {
    for (let at = this.#recordsAt; at < this.#words.length; at += this.#recordWords) {
      if (this.#words[at + PID] === pid) return at;
    }
    return -1;
  }

  /** The client's record, or one that is free, or whose client is dead. */
  #take(pid: number): number {
    const own = this.#find(pid);
    if (own >= 0) return own;
    for (let at = this.#recordsAt; at < this.#words.length; at += this.#recordWords) {
      const holder = this.#words[at + PID];
      if (holder === 0 || aliveTask(holder) === 0) return at;
    }
    return -1;
  }
}
