/**
 * Servers that hold messages and do not answer: `answer_ms` of a task.
 *
 * A message is held from when it is sent until it is answered, whatever its server does: it works,
 * loops, waits for another message, or has returned from main() with its channel open. Two times do
 * not count, as the server is not to blame for them: while it waits for an answer of its own, and,
 * for a message that it has not received yet, as long as it receives others.
 *
 * Ages are sums over looks, so a message may be held for up to two looks longer.
 */
import { PID_INDEX_MASK } from "../../arena/layout.js";
import type { Vitals } from "../../kernel/inspect/vitals.js";

export class Answers {
  /** Of the task at each place: how many messages it had received, now and a look ago. */
  readonly #received: Int32Array;
  readonly #receivedBefore: Int32Array;
  /** It waits for an answer of its own. */
  readonly #isWaiting: Uint8Array;
  /** The message that it waits with, its server, and for how long. */
  readonly #message: Int32Array;
  readonly #server: Int32Array;
  readonly #isReceived: Uint8Array;
  readonly #age_ms: Float64Array;
  /** Of each place: the pid that was told of for not answering. */
  readonly #told: Int32Array;

  constructor(places: number) {
    this.#received = new Int32Array(places);
    this.#receivedBefore = new Int32Array(places);
    this.#isWaiting = new Uint8Array(places);
    this.#message = new Int32Array(places);
    this.#server = new Int32Array(places);
    this.#isReceived = new Uint8Array(places);
    this.#age_ms = new Float64Array(places);
    this.#told = new Int32Array(places);
  }

  /** A look at the task at a place, as a server. All are noted before anybody is judged. */
  note(place: number, { received, waitsFor }: Vitals): void {
    this.#receivedBefore[place] = this.#received[place]!;
    this.#received[place] = received;
    this.#isWaiting[place] = waitsFor === 0 ? 0 : 1;
  }

  /**
   * The look at the task at a place, as a client: for how long its server has held its message, in
   * milliseconds; `elapsed_ms` since the look before. 0 when it waits for nobody.
   */
  age(place: number, { waitsFor, message, isReceived }: Vitals, elapsed_ms: number): number {
    const server = waitsFor & PID_INDEX_MASK;
    const isSame = waitsFor !== 0 && waitsFor === this.#server[place];
    const isOld = isSame && message === this.#message[place];
    this.#server[place] = waitsFor;
    this.#message[place] = message;
    const wasQueued = this.#isReceived[place] === 0;
    const isServed = wasQueued && this.#received[server] !== this.#receivedBefore[server];
    this.#isReceived[place] = isReceived ? 1 : 0;
    if (!isOld || isServed) this.#age_ms[place] = 0;
    else if (this.#isWaiting[server] === 0) this.#age_ms[place]! += elapsed_ms;
    return this.#age_ms[place]!;
  }

  /** True once for each server: it holds a message for too long. */
  isNews(place: number, pid: number): boolean {
    if (this.#told[place] === pid) return false;
    this.#told[place] = pid;
    return true;
  }
}
