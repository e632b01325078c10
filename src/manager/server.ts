/**
 * The manager's side of its clients' requests: takes them from its channel, puts together what came
 * in parts, answers its own, and hands the others to its extension. Every request comes from a task
 * that may be wrong, or hostile: it is checked as a whole, and what is wrong with it is an errno.
 * Who sent it says the kernel.
 */
import * as L from "../arena/layout.js";
import { createMsgInfo } from "../arena/records.js";
import { EINVAL } from "../kernel/errno.js";
// The kernel's own: main never takes the common case of a task.
import { MsgError, MsgReply } from "../kernel/message/reply.js";
import { pollMessage } from "../kernel/message/receive.js";
import {
  createRequest,
  decode,
  OP_PART,
  PART_HEADER_BYTES,
  readWord,
  type Request,
  REQUEST_BYTES_MAX,
  START_SERVICE,
} from "./request.js";

/** Requests of one poll(): busy clients must not keep the main VM from its other work. */
export const REQUESTS_MAX = 32;

/** Where the words of a part's head are. */
const PART_OFFSET_AT = 4;
const PART_TOTAL_AT = 8;

/** Who answers. Each returns what the client's call does. */
export interface RequestTarget {
  startService(service: string): number;
  /** A request of an extension. */
  perform(caller: number, request: Request): number;
}

/** A request of which not all parts have come. */
interface Pieces {
  readonly bytes: Uint8Array;
  count: number;
}

export class ManagerServer {
  readonly #target: RequestTarget;
  readonly #chid: number;
  readonly #message = new Uint8Array($words[L.HEAD_MESSAGE_BYTES]);
  readonly #info = createMsgInfo();
  readonly #request = createRequest();
  /** By pid; of a task at most one. */
  readonly #pieces = new Map<number, Pieces>();

  /** `chid` is what openManagerChannel() gave. Main VM only. */
  constructor(target: RequestTarget, chid: number) {
    this.#target = target;
    this.#chid = chid;
  }

  /** Answers the requests that have come. Does not block. Returns how many there were. */
  poll(): number {
    for (let count = 0; count < REQUESTS_MAX; count++) {
      const message = this.#message;
      const rcvid = pollMessage(this.#chid, message, message.length, this.#info);
      if (rcvid <= 0) return count;
      const { pid, msglen, srcmsglen } = this.#info;
      const status = srcmsglen > msglen ? -EINVAL : this.handle(pid, message, msglen);
      if (status >= 0) MsgReply(rcvid, status, null, 0);
      else MsgError(rcvid, -status);
    }
    return REQUESTS_MAX;
  }

  /** Does what a message of `count` bytes asks for. Returns what the client's call does. */
  handle(caller: number, message: Uint8Array, count: number): number {
    const isPart = count > PART_HEADER_BYTES && readWord(message, 0) === OP_PART;
    return isPart ? this.#gather(caller, message, count) : this.#answer(caller, message, count);
  }

  /** Its task is gone: what it has sent of a request will never be whole. */
  forget(pid: number): void {
    this.#pieces.delete(pid);
  }

  #answer(caller: number, message: Uint8Array, count: number): number {
    const request = this.#request;
    if (!decode(message, count, request)) return -EINVAL;
    if (request.op !== START_SERVICE.op) return this.#target.perform(caller, request);
    return request.flags === 0 ? this.#target.startService(request.texts[0]) : -EINVAL;
  }

  /** Takes a part. 0 for one that is not the last, else the answer. */
  #gather(caller: number, message: Uint8Array, count: number): number {
    const offset = readWord(message, PART_OFFSET_AT);
    const total = readWord(message, PART_TOTAL_AT);
    if (offset === 0 && total > 0 && total <= REQUEST_BYTES_MAX) {
      this.#pieces.set(caller, { bytes: new Uint8Array(total), count: 0 });
    }
    const pieces = this.#pieces.get(caller);
    const more = count - PART_HEADER_BYTES;
    if (pieces === undefined || pieces.count !== offset || pieces.bytes.length !== total) {
      return -EINVAL;
    }
    if (more > total - offset) return -EINVAL;
    for (let i = 0; i < more; i++) pieces.bytes[offset + i] = message[PART_HEADER_BYTES + i];
    pieces.count += more;
    if (pieces.count < total) return 0;
    this.#pieces.delete(caller);
    return this.#answer(caller, pieces.bytes, total);
  }
}
