/**
 * Knows every message: what was asked, what was answered, and which effects it had. It says which
 * messages are lost, which answers are wrong, and which effects came about twice.
 *
 * An effect is what the bank has committed, read from its stable memory, not what it says.
 */
import { ETIMEDOUT } from "../../../src/index.js";
import { answerOf } from "../../load/stress/protocol.js";
import type { Clock } from "./clock.js";
import type { Journal } from "./journal.js";

/** A message may be under way for so long: every server is back long before. */
const PATIENCE_MS = 3_600_000;
/** Messages of dead clients, the last ones: the bank may still be working on them. */
const ORPHANS = 16;

/** One message. */
export interface Ask {
  readonly uid: number;
  readonly sender: number;
  readonly service: string;
  readonly value: number;
  readonly isLimited: boolean;
  readonly since_ms: number;
  /** The bank's count after its effect; 0 for none so far. */
  count: number;
}

export class Oracle {
  /** Messages that were sent, and that ended. */
  sent = 0;
  answered = 0;
  /** Ended by their own time limit. */
  late = 0;
  /** Their client died. */
  abandoned = 0;
  lost = 0;
  wrong = 0;
  effects = 0;
  /** Messages that the bank got again after it had acted on them. */
  repeats = 0;
  repeated = 0;
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #open = new Map<number, Ask>();
  readonly #orphans: Ask[] = [];
  /** What the bank had committed at the last look. */
  #count = 0;

  constructor(clock: Clock, journal: Journal) {
    this.#clock = clock;
    this.#journal = journal;
  }

  /** A client sends a message. */
  begin(sender: number, service: string, value: number, isLimited: boolean): Ask {
    const uid = ++this.sent;
    const since_ms = this.#clock.now_ms;
    const ask = { uid, sender, service, value, isLimited, since_ms, count: 0 };
    this.#open.set(sender, ask);
    return ask;
  }

  /** It has ended with this status; `answer` and `count` are what the reply says. */
  end(ask: Ask, status: number, answer: number, count: number): void {
    this.#open.delete(ask.sender);
    if (status === -ETIMEDOUT && ask.isLimited) {
      this.late++;
      return;
    }
    if (status !== 0) {
      this.lost++;
      this.#journal.problem(`message ${ask.uid} to ${ask.service} is lost: ${status}`);
      return;
    }
    this.answered++;
    const { uid, sender, service, value } = ask;
    if (answer !== answerOf(service, sender, uid, value)) {
      this.wrong++;
      this.#journal.problem(`message ${uid} to ${service}: the answer of another message`);
    }
    if (service !== "bank") return;
    if (ask.count === 0) {
      this.lost++;
      this.#journal.problem(`message ${uid} was answered without an effect`);
    } else if (ask.count !== count) {
      this.wrong++;
      this.#journal.problem(`message ${uid}: its effect was number ${ask.count}, not ${count}`);
    }
  }

  /** The client of a place died. */
  abandon(sender: number): void {
    const ask = this.#open.get(sender);
    if (ask === undefined) return;
    this.abandoned++;
    this.#open.delete(sender);
    this.#orphans.push(ask);
    if (this.#orphans.length > ORPHANS) this.#orphans.shift();
  }

  /** The bank has committed so many effects, the last one of this message. */
  see(count: number, uid: number): void {
    if (count === this.#count) return;
    if (count !== this.#count + 1) {
      this.#journal.problem(`the bank's count went from ${this.#count} to ${count}`);
    }
    this.#count = count;
    this.effects++;
    const ask = this.#find(uid);
    if (ask !== undefined && ask.count === 0) {
      ask.count = count;
      return;
    }
    this.repeated++;
    this.#journal.problem(`message ${uid} has had an effect before`);
  }

  /** A new board: the bank begins at 0, and nobody waits any more. */
  reset(): void {
    for (const sender of this.#open.keys()) this.abandon(sender);
    this.#orphans.length = 0;
    this.#count = 0;
  }

  /** Complains of messages that do not end. */
  audit(patience_ms = PATIENCE_MS): void {
    for (const { uid, service, since_ms, sender } of this.#open.values()) {
      if (this.#clock.now_ms - since_ms < patience_ms) continue;
      this.lost++;
      this.#open.delete(sender);
      this.#journal.problem(`message ${uid} to ${service} has not ended since ${since_ms} ms`);
    }
  }

  #find(uid: number): Ask | undefined {
    for (const ask of this.#open.values()) if (ask.uid === uid) return ask;
    return this.#orphans.find((ask) => ask.uid === uid);
  }
}
