/**
 * Has tasks stand still at a certain message, for a fault to strike them exactly there: the main
 * thread's side of point-words.ts.
 */
import * as P from "./point-words.js";

/** Which message it is. */
export interface MessagePoint {
  /** Place of the task that receives it. */
  readonly place: number;
  /** P.AT_MESSAGE or P.AT_ANSWER. */
  readonly at: number;
  /** The first word of the messages that count; null for all messages. */
  readonly tag: number | null;
  /** From 1 on. */
  readonly number: number;
}

/** Told when a task stands still there: which incarnation. False: it is to go on. */
export type Reached = (pid: number) => boolean;

export class MessagePoints {
  /** For the threads of tasks. */
  readonly memory = new SharedArrayBuffer(P.POINTS_WORDS * Int32Array.BYTES_PER_ELEMENT);
  readonly #words = new Int32Array(this.memory);
  readonly #reached = new Map<number, Reached>();

  /** Sets a point: the messages from now on count. Returns its number; -1 when there is no room. */
  set(point: MessagePoint, reached: Reached): number {
    let free = 0;
    while (this.#reached.has(free)) free++;
    if (free === P.POINTS_MAX) return -1;
    this.#reached.set(free, reached);
    this.#words[P.pointAt(free) + P.POINT_COUNT] = 0;
    this.move(free, point);
    return free;
  }

  /** Another place, or tag, for a point that is set; what it has counted stays. */
  move(number: number, point: MessagePoint): void {
    const at = P.pointAt(number);
    this.#words[at + P.POINT_TAG] = point.tag ?? 0;
    this.#words[at + P.POINT_IS_TAGGED] = point.tag === null ? 0 : 1;
    this.#words[at + P.POINT_NUMBER] = point.number;
    Atomics.store(this.#words, at + P.POINT_KEY, P.keyOf(point.place, point.at));
    Atomics.store(this.#words, P.POINTS_END, Math.max(...this.#reached.keys()) + 1);
  }

  /** No message counts there until it is moved; what it has counted stays. */
  suspend(number: number): void {
    Atomics.store(this.#words, P.pointAt(number) + P.POINT_KEY, 0);
  }

  /** Takes a point back; a task that stands still there goes on. */
  clear(number: number): void {
    this.#reached.delete(number);
    Atomics.store(this.#words, P.pointAt(number) + P.POINT_KEY, 0);
    Atomics.store(this.#words, P.POINTS_END, Math.max(-1, ...this.#reached.keys()) + 1);
  }

  /**
   * An incarnation says that it stands still at a point. False when that is not so, or nobody cares
   * any more: then it is to go on.
   */
  reached(number: number, pid: number): boolean {
    const reached = this.#reached.get(number);
    if (reached === undefined) return false;
    const at = P.pointAt(number);
    // Its program could have said so.
    const isThere = this.#words[at + P.POINT_COUNT]! >= this.#words[at + P.POINT_NUMBER]!;
    return isThere && reached(pid);
  }
}
