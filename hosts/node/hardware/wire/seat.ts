/**
 * The seat of a thread at the simulated board: memory through which it asks the hardware's thread
 * for one thing at a time, and sleeps until that is done, as a driver's call does on a device.
 *
 * Who writes what: the task's thread everything of a request and then STATE = ASKED; the hardware's
 * thread everything of the answer and then STATE = ANSWERED; the main thread IS_GONE, once, when
 * the task's thread is over. After that nobody answers, and a request that is under way is dropped.
 */

const STATE = 0;
const IS_GONE = 1;
const OPERATION = 2;
const HANDLE = 3;
const VALUE = 4;
const BYTES = 5;
const FAILURE = 6;
const HEAD_WORDS = 8;

/** The thread computes, or sleeps elsewhere. */
const IDLE = 0;
const ASKED = 1;
const ANSWERED = 2;

/** The most bytes of one request or answer: longer than any page that a sensor or a memory has. */
export const DATA_BYTES_MAX = 16_384;

const HEAD_BYTES = HEAD_WORDS * Int32Array.BYTES_PER_ELEMENT;

/** What a failed request throws in the task, by the number in FAILURE; 0: it has not failed. */
const FAILURES = [undefined, Error, RangeError, TypeError];

function failureNumber(failure: Error | undefined): number {
  if (failure === undefined) return 0;
  return failure instanceof RangeError ? 2 : failure instanceof TypeError ? 3 : 1;
}

/** What a task asks for. */
export interface Request {
  readonly operation: number;
  /** Of what is open; 0 for OPEN. */
  readonly handle: number;
  readonly value: number;
  /** Of this request's own. */
  readonly bytes: Uint8Array;
}

/** What it gets. */
export interface Answer {
  /** A number that fits 32 bits; default 0. */
  readonly value?: number;
  readonly bytes?: Uint8Array;
  /** Thrown in the task: an Error, a RangeError or a TypeError with this message. */
  readonly failure?: Error;
  /** How long the hardware takes, in milliseconds; Infinity: it never comes to an end. */
  readonly after_ms?: number;
}

/** Memory for a new seat. */
export function createSeat(): SharedArrayBuffer {
  return new SharedArrayBuffer(HEAD_BYTES + DATA_BYTES_MAX);
}

/** One side of a seat. */
export class Seat {
  readonly #words: Int32Array;
  readonly #data: Uint8Array;
  /** One word for all seats of a board, on which the hardware's thread sleeps. */
  readonly #bell: Int32Array;

  constructor(memory: SharedArrayBuffer, bell: Int32Array) {
    this.#words = new Int32Array(memory, 0, HEAD_WORDS);
    this.#data = new Uint8Array(memory, HEAD_BYTES);
    this.#bell = bell;
  }

  /**
   * The task: asks, and blocks until there is an answer. Returns its value; its bytes are in
   * answerBytes() until the next request. Throws what the hardware's thread answers as a failure.
   */
  ask(operation: number, handle: number, value: number, bytes?: Uint8Array): number {
    const words = this.#words;
    const count = bytes?.length ?? 0;
    if (count > DATA_BYTES_MAX) {
      throw new RangeError(`found ${count} bytes, allowed are ${DATA_BYTES_MAX}`);
    }
    words[OPERATION] = operation;
    words[HANDLE] = handle;
    words[VALUE] = value;
    words[BYTES] = count;
    if (bytes !== undefined) this.#data.set(bytes);
    Atomics.store(words, STATE, ASKED);
    ring(this.#bell);
    while (Atomics.load(words, STATE) !== ANSWERED) Atomics.wait(words, STATE, ASKED);
    Atomics.store(words, STATE, IDLE);
    const Failure = FAILURES[words[FAILURE]!];
    if (Failure === undefined) return words[VALUE]!;
    throw new Failure(new TextDecoder().decode(this.answerBytes()));
  }

  /** A copy of the bytes of the last answer. */
  answerBytes(): Uint8Array {
    return this.#data.slice(0, this.#words[BYTES]);
  }

  /** The hardware: is there a request that nobody has answered? */
  get isAsking(): boolean {
    return Atomics.load(this.#words, STATE) === ASKED;
  }

  /** The hardware: is the thread over? */
  get isGone(): boolean {
    return Atomics.load(this.#words, IS_GONE) !== 0;
  }

  /** The hardware: what is asked for, while isAsking. */
  read(): Request {
    const words = this.#words;
    return {
      operation: words[OPERATION]!,
      handle: words[HANDLE]!,
      value: words[VALUE]!,
      bytes: this.answerBytes(),
    };
  }

  /** The hardware: answers what is asked for. */
  answer({ value = 0, bytes, failure }: Answer): void {
    const words = this.#words;
    const data = failure === undefined ? bytes : new TextEncoder().encode(failure.message);
    const sent = data?.subarray(0, DATA_BYTES_MAX);
    words[VALUE] = value;
    words[FAILURE] = failureNumber(failure);
    words[BYTES] = sent?.length ?? 0;
    if (sent !== undefined) this.#data.set(sent);
    Atomics.store(words, STATE, ANSWERED);
    Atomics.notify(words, STATE);
  }

  /** The main thread: the task's thread is over, and with it all that it has open. */
  leave(): void {
    Atomics.store(this.#words, IS_GONE, 1);
    ring(this.#bell);
  }
}

function ring(bell: Int32Array): void {
  Atomics.add(bell, 0, 1);
  Atomics.notify(bell, 0);
}
