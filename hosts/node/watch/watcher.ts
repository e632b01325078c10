/**
 * One who watches, behind a stream that may be read slowly or not at all.
 *
 * What it is told is bounded: a Frame that finds the stream full is dropped, for the next one says
 * the same better. Events wait, up to EVENTS_WAITING_MAX and a number of bytes; beyond that all
 * that wait are dropped, and counted in a Gap. The process holds no more for a reader that sleeps.
 */
import type { Writable } from "node:stream";
import { EVENTS_WAITING_MAX, type Gap } from "./protocol.js";

/** Of the events that wait for a watcher. */
const WAITING_BYTES_MAX = 1 << 20;

/** What a watcher is made of. */
export interface WatcherOptions {
  readonly stream: Writable;
  /** How a message stands in the stream: with what before and after its JSON. */
  readonly wrap: (json: string) => string;
  /** It takes every n-th frame. */
  readonly every: number;
  /** It has gone. Called once. */
  readonly gone: () => void;
}

export class Watcher {
  readonly #options: WatcherOptions;
  #waiting: string[] = [];
  #waitingBytes = 0;
  #lost = 0;
  #isFull = false;
  #skips = 0;

  constructor(options: WatcherOptions) {
    this.#options = options;
    const { stream, gone } = options;
    stream.on("drain", () => this.#drain());
    stream.once("close", gone);
  }

  /** Events that wait for it to read. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Something that it must have: the first message. */
  welcome(json: string): void {
    this.#write(json);
  }

  frame(json: string): void {
    if (this.#skips-- > 0) return;
    this.#skips = this.#options.every - 1;
    if (!this.#isFull) this.#write(json);
  }

  event(json: string): void {
    if (!this.#isFull) return this.#write(json);
    this.#waiting.push(json);
    this.#waitingBytes += json.length;
    if (this.#waiting.length <= EVENTS_WAITING_MAX && this.#waitingBytes <= WAITING_BYTES_MAX)
      return;
    this.#lost += this.#waiting.length;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  /** Nothing more comes. */
  end(): void {
    this.#options.stream.end();
  }

  #drain(): void {
    this.#isFull = false;
    if (this.#lost > 0) {
      const gap: Gap = { type: "gap", events: this.#lost };
      this.#lost = 0;
      this.#write(JSON.stringify(gap));
    }
    while (!this.#isFull) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#waitingBytes -= next.length;
      this.#write(next);
    }
  }

  #write(json: string): void {
    const { stream, wrap } = this.#options;
    if (!stream.write(wrap(json))) this.#isFull = true;
  }
}
