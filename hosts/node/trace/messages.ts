/**
 * The last messages of each task, put together from the records of both sides: who sent what to
 * whom, and when each step of it was.
 *
 * It is told records in the order of their times. Of each client a number of messages is kept, in
 * objects that are used again: a flood pushes out its own and nobody else's, and makes no garbage.
 */
import type { TraceEntry } from "../../../src/kernel/trace/entry.js";
import * as R from "../../../src/kernel/trace/ring.js";
import { ENTRIES } from "./details.js";

/** Messages of a client that are kept: as many as there are details of. */
const MESSAGES = ENTRIES;

/** How a message has ended. */
export type Outcome =
  /** It has not. */
  | "open"
  /** With `result`, a status. */
  | "returned"
  /** With `result`, an errno. */
  | "failed"
  /** Its client has died. */
  | "died";

/** One transmission of a message. Times are NaN for what has not been, or was not recorded. */
export interface TracedMessage {
  /** Places of the tasks. */
  client: number;
  server: number;
  /** RECORD_MESSAGE: its number, and its attempt. */
  message: number;
  /** Number of the record of its sending; 0 when there is none. */
  record: number;
  sent_us: number;
  received_us: number;
  replied_us: number;
  /** When the call has returned, or its client has died. */
  ended_us: number;
  bytes: number;
  /** Of the answer. */
  replyBytes: number;
  outcome: Outcome;
  /** NaN where it is not known: see `record`. */
  result: number;
}

/** The messages of one span. */
export interface MessagesBetween {
  /** How many were under way in it. */
  readonly total: number;
  /** The first of them, in the order of their times. */
  readonly messages: readonly Readonly<TracedMessage>[];
  /** Of what was before this some may be missing. */
  readonly known_us: number;
}

/** When it began, as far as it is recorded. */
export function beginOf({ sent_us, received_us }: TracedMessage): number {
  return Number.isNaN(sent_us) ? received_us : sent_us;
}

function endOf({ ended_us, outcome }: TracedMessage): number {
  return outcome === "open" ? Infinity : ended_us;
}

/** The messages of one client, the oldest first: one follows the other, as it waits for each. */
class Outgoing {
  readonly #kept: TracedMessage[] = [];
  #count = 0;

  get length(): number {
    return this.#kept.length;
  }

  get hasLost(): boolean {
    return this.#count > MESSAGES;
  }

  /** The n-th that is kept. */
  at(index: number): TracedMessage {
    return this.#kept[this.hasLost ? (this.#count + index) % MESSAGES : index]!;
  }

  get last(): TracedMessage | null {
    return this.#count === 0 ? null : this.#kept[(this.#count - 1) % MESSAGES]!;
  }

  /** A new one, that says nothing yet. */
  add(client: number, server: number, message: number): TracedMessage {
    const blank: TracedMessage = {
      client,
      server,
      message,
      record: 0,
      sent_us: NaN,
      received_us: NaN,
      replied_us: NaN,
      ended_us: NaN,
      bytes: 0,
      replyBytes: 0,
      outcome: "open",
      result: 0,
    };
    const at = this.#count++ % MESSAGES;
    if (at >= this.#kept.length) this.#kept.push(blank);
    else Object.assign(this.#kept[at]!, blank);
    return this.#kept[at]!;
  }

  /** Index of the first for which this holds: it holds for all after it. */
  find(isSo: (message: TracedMessage) => boolean): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isSo(this.at(middle))) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

export class MessageLog {
  /** By the place of the client. */
  readonly #outgoing = new Map<number, Outgoing>();
  #known_us: number;

  /** Nothing is known of what was before `origin_us`. */
  constructor(origin_us: number) {
    this.#known_us = origin_us;
  }

  /** A record. */
  tell({ place, number, kind, peer, time_us, value, message }: TraceEntry): void {
    switch (kind) {
      case R.KIND_SEND: {
        this.#end(place, time_us, "died", 0);
        const sent = this.#of(place).add(place, peer, message);
        sent.record = number;
        sent.sent_us = time_us;
        sent.bytes = value;
        return;
      }
      case R.KIND_RECEIVE: {
        const open = this.#open(peer, message);
        // The main VM makes no records, and others may be lost.
        const received = open ?? this.#of(peer).add(peer, place, message);
        received.received_us = time_us;
        received.bytes = value;
        return;
      }
      case R.KIND_REPLY:
      case R.KIND_ERROR:
        return this.#reply(peer, time_us, kind === R.KIND_REPLY, value, message);
      case R.KIND_RETURN:
      case R.KIND_FAIL:
        if (this.#open(place, message) === null) return;
        return this.#end(place, time_us, kind === R.KIND_RETURN ? "returned" : "failed", value);
      case R.KIND_START:
        return this.#end(peer, time_us, "died", 0);
      default:
    }
  }

  /** Records of a task are missing until this time. */
  gap(until_us: number): void {
    this.#known_us = Math.max(this.#known_us, until_us);
  }

  /** The task in this place has died. */
  died(place: number, time_us: number): void {
    this.#end(place, time_us, "died", 0);
  }

  /** The messages that were under way between two times: all are counted, the first `max` told. */
  between(from_us: number, to_us: number, max: number): MessagesBetween {
    let total = 0;
    let known_us = this.#known_us;
    const found: TracedMessage[] = [];
    for (const outgoing of this.#outgoing.values()) {
      const first = outgoing.find((message) => endOf(message) >= from_us);
      const end = outgoing.find((message) => beginOf(message) > to_us);
      total += Math.max(0, end - first);
      for (let i = first; i < Math.min(end, first + max); i++) found.push({ ...outgoing.at(i) });
      if (outgoing.hasLost) known_us = Math.max(known_us, beginOf(outgoing.at(0)));
    }
    found.sort((a, b) => beginOf(a) - beginOf(b));
    return { total, messages: found.slice(0, max), known_us };
  }

  #reply(client: number, time_us: number, isGood: boolean, value: number, message: number): void {
    const open = this.#open(client, message);
    if (open === null) return;
    open.replied_us = time_us;
    if (isGood) open.replyBytes = value;
    if (open.record !== 0) return;
    // Nobody records how the call of such a client ends: for all that is known, with its answer.
    this.#end(client, time_us, isGood ? "returned" : "failed", isGood ? NaN : value);
  }

  #of(place: number): Outgoing {
    let outgoing = this.#outgoing.get(place);
    if (outgoing === undefined) this.#outgoing.set(place, (outgoing = new Outgoing()));
    return outgoing;
  }

  /** The message of a client that is under way, if it is this one. */
  #open(client: number, message: number): TracedMessage | null {
    const last = this.#outgoing.get(client)?.last ?? null;
    return last !== null && last.outcome === "open" && last.message === message ? last : null;
  }

  #end(client: number, time_us: number, outcome: Outcome, result: number): void {
    const last = this.#outgoing.get(client)?.last ?? null;
    if (last === null || last.outcome !== "open") return;
    last.ended_us = time_us;
    last.outcome = outcome;
    last.result = result;
  }
}
