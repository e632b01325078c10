/**
 * Serves the seats of all threads, one request at a time and in no task's favour.
 *
 * Before each request it looks for threads that are over, so that what they had open is closed when
 * their successors open it. Their place in the shared memory says so, before the main thread starts
 * a successor: there is no message that could come late.
 */
import type { Interrupt, InterruptPort } from "../wire/protocol.js";
import { CLOSE, KINDS, OPEN } from "../wire/operations.js";
import { type Answer, type Request, Seat } from "../wire/seat.js";
import { type Opened, type OpenOptions, openPart } from "./open.js";
import type { Parts } from "./parts.js";

/** The longest timer of Node.js. */
const TIMER_MAX_MS = 0x7fff_ffff;

/** A thread of a task. */
class Guest {
  readonly task: string;
  readonly seat: Seat;
  readonly port: InterruptPort;
  /** By handle. */
  readonly opened = new Map<number, Opened>();
  /** Its request takes its time. */
  delay: NodeJS.Timeout | null = null;

  constructor(task: string, seat: Seat, port: InterruptPort) {
    this.task = task;
    this.seat = seat;
    this.port = port;
  }
}

/** What a task has open, for people. */
export interface OpenView {
  readonly task: string;
  /** How many peripherals. */
  readonly count: number;
}

export class Seats {
  readonly #parts: Parts;
  readonly #bell: Int32Array;
  readonly #guests = new Set<Guest>();
  /** I2C devices that are open. */
  readonly #devices = new Map<string, string>();
  /** Of the last that was opened: never used twice. */
  #handle = 0;

  constructor(parts: Parts, bell: Int32Array) {
    this.#parts = parts;
    this.#bell = bell;
  }

  add(task: string, memory: SharedArrayBuffer, port: InterruptPort): void {
    this.#guests.add(new Guest(task, new Seat(memory, this.#bell), port));
  }

  /** Serves each that asks now. */
  look(): void {
    this.#sweep();
    for (const guest of this.#guests) {
      if (guest.delay !== null || !guest.seat.isAsking || guest.seat.isGone) continue;
      this.#answer(guest, this.#perform(guest, guest.seat.read()));
    }
  }

  view(): OpenView[] {
    this.#sweep();
    return [...this.#guests].map(({ task, opened }) => ({ task, count: opened.size }));
  }

  /** Closes what threads that are over have left open, and drops what they have asked for. */
  #sweep(): void {
    for (const guest of this.#guests) {
      if (!guest.seat.isGone) continue;
      this.#guests.delete(guest);
      if (guest.delay !== null) clearTimeout(guest.delay);
      for (const opened of guest.opened.values()) opened.close();
      guest.port.close();
    }
  }

  #perform(guest: Guest, request: Request): Answer {
    try {
      if (request.operation === OPEN) return this.#open(guest, request);
      const opened = guest.opened.get(request.handle);
      if (opened === undefined) throw new Error("it is not open");
      if (request.operation !== CLOSE) return opened.perform(request);
      guest.opened.delete(request.handle);
      opened.close();
      return {};
    } catch (error) {
      return { failure: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  #open(guest: Guest, { value, bytes }: Request): Answer {
    const options = JSON.parse(new TextDecoder().decode(bytes)) as OpenOptions;
    const id = ++this.#handle;
    const interrupt = (): void => guest.port.postMessage({ handle: id } satisfies Interrupt);
    const opener = { task: guest.task, id, interrupt };
    const opened = openPart(KINDS[value]!, this.#parts, options, opener, this.#devices);
    guest.opened.set(id, opened);
    return { value: id };
  }

  #answer(guest: Guest, answer: Answer): void {
    const { after_ms = 0 } = answer;
    if (after_ms <= 0) return guest.seat.answer(answer);
    const wait_ms = Math.min(after_ms, TIMER_MAX_MS);
    guest.delay = setTimeout(() => {
      guest.delay = null;
      if (after_ms <= TIMER_MAX_MS) guest.seat.answer(answer);
      else this.#answer(guest, { ...answer, after_ms: after_ms - wait_ms });
    }, wait_ms);
  }
}
