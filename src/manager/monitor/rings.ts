/**
 * Deadlocks: tasks that wait for each other in a ring, and will for ever.
 *
 * The tasks run while this looks at them, so nothing is concluded from one look. A task that waits
 * with the same message in two looks has waited all the time between them. If each of a ring has,
 * there was a moment, after the first look and before the second, at which all of them did; and as
 * each can be answered only by the next, none of them goes on. A wait with a limit (TimerTimeout)
 * ends by itself: that is no deadlock.
 *
 * A look makes nothing new: main looks again and again, for as long as the board is up.
 */
import { PID_INDEX_MASK } from "../../arena/layout.js";
import type { Vitals } from "../../kernel/inspect/vitals.js";

/** For a message: the task waits for nobody, or not for ever. */
const NONE = -1;

export class Rings {
  /** Of the task at each place, at the last look: its pid, its message, and its server's pid. */
  readonly #pid: Int32Array;
  readonly #message: Int32Array;
  readonly #server: Int32Array;
  /** The place that it waits for with the message of the look before; 0 for none. */
  readonly #next: Int32Array;
  /** Number of the ring that it is in, 0 for none: as it is, and as it was a look ago. */
  readonly #ring: Int32Array;
  /** It was told of the ring that it is in. */
  readonly #isTold: Uint8Array;
  /** Where search() has been: the place at which that walk began. */
  readonly #mark: Int32Array;
  /** Tasks with a #next: mostly none, and then there is nothing to search. */
  #waiting = 0;

  /** `places` of the arena: tasks and the main VM, which waits for nobody. */
  constructor(places: number) {
    this.#pid = new Int32Array(places);
    this.#message = new Int32Array(places).fill(NONE);
    this.#server = new Int32Array(places);
    this.#next = new Int32Array(places);
    this.#ring = new Int32Array(places);
    this.#isTold = new Uint8Array(places);
    this.#mark = new Int32Array(places);
  }

  /** A look at the task with this pid, at this place. */
  note(place: number, pid: number, { message, waitsFor, isLimited }: Vitals): void {
    if (waitsFor === 0 || isLimited) return this.forget(place);
    const isSame =
      pid === this.#pid[place] &&
      message === this.#message[place] &&
      waitsFor === this.#server[place];
    this.#pid[place] = pid;
    this.#message[place] = message;
    this.#server[place] = waitsFor;
    this.#setNext(place, isSame ? waitsFor & PID_INDEX_MASK : 0);
  }

  /** The task at a place waits for nobody, or is gone. */
  forget(place: number): void {
    this.#message[place] = NONE;
    this.#setNext(place, 0);
  }

  #setNext(place: number, next: number): void {
    if (this.#next[place] !== 0) this.#waiting--;
    if (next !== 0) this.#waiting++;
    this.#next[place] = next;
    if (next === 0) this.#ring[place] = 0;
    if (next === 0) this.#isTold[place] = 0;
  }

  /** Finds the rings, once all tasks have been noted. */
  search(): void {
    this.#ring.fill(0);
    if (this.#waiting === 0) return;
    this.#mark.fill(0);
    for (let start = 1; start < this.#next.length; start++) {
      let place = start;
      while (this.#next[place] !== 0 && this.#mark[place] === 0) {
        this.#mark[place] = start;
        place = this.#next[place]!;
      }
      if (this.#next[place] !== 0 && this.#mark[place] === start) this.#close(place);
    }
  }

  /** The walk has come back to a place that it had passed: that is on a ring. */
  #close(first: number): void {
    let place = first;
    do {
      this.#ring[place] = first;
      place = this.#next[place]!;
    } while (place !== first);
  }

  /** Is the task with this pid, at this place, in a ring, as of the last search? */
  has(place: number, pid: number): boolean {
    return this.#ring[place] !== 0 && this.#pid[place] === pid;
  }

  /** The place that the one at this place waits for. Only for one that is in a ring. */
  after(place: number): number {
    return this.#next[place]!;
  }

  /** True once for each ring, whichever of its places is asked about: it has to be told. */
  isNew(place: number): boolean {
    if (this.#ring[place] === 0) return false;
    let isNew = false;
    let each = place;
    do {
      if (this.#isTold[each] === 0) isNew = true;
      this.#isTold[each] = 1;
      each = this.#next[each]!;
    } while (each !== place);
    return isNew;
  }
}
