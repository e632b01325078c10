/**
 * The logs of a system: collects what its threads write, and hands each line to the application's
 * listeners or, without any, to standard error.
 *
 * The main thread owes the tasks nothing: it reads in portions, so that whatever they write it soon
 * does something else; and it reads nothing while standard error takes nothing. Then the rings fill
 * up, and who writes waits a little and drops (ring.ts).
 */
import type { LogLevel, LogLine } from "./line.js";
import { createRing, RingReader } from "./ring.js";
import type { Terminal } from "./terminal.js";

/** How long a portion may take. A line more may be on its way: a listener is not interrupted. */
const PORTION_MS = 4;
/** How long the last words of a thread may take: all of them, unless a listener is slow. */
const LAST_WORDS_MS = 20;
/** So many are heard in any case. */
const LAST_WORDS_LINES = 64;
/** Lines of one thread in a row, while others have lines too. */
const TURN_LINES = 16;

/** The log of one thread. */
export interface ThreadLog {
  /** What its thread writes into: RingWriter. */
  readonly memory: SharedArrayBuffer;
  /** The thread has said that there is something to read. */
  told(): void;
  /** The thread is gone: reads what it has left. */
  end(): void;
}

/** What the logs are made of. */
export interface LogsOptions {
  /** Hands a line to whoever listens; false when nobody does. */
  readonly emit: (line: LogLine) => boolean;
  /** Does anybody listen? */
  readonly hasListeners: () => boolean;
  readonly terminal: Terminal;
}

interface Source {
  readonly task: string;
  readonly reader: RingReader;
}

export class Logs {
  readonly #options: LogsOptions;
  /** Those with something to read, whose turn is next first. */
  readonly #waiting: Source[] = [];
  #isScheduled = false;

  constructor(options: LogsOptions) {
    this.#options = options;
  }

  /** A line of the main thread's own. */
  say(task: string, level: LogLevel, text: string): void {
    this.#deliver({ task, level, time_ms: Date.now(), text });
  }

  /** The log of a new thread of a task. */
  open(task: string): ThreadLog {
    const memory = createRing();
    const source: Source = { task, reader: new RingReader(memory) };
    return { memory, told: () => this.#told(source), end: () => this.#end(source) };
  }

  #told(source: Source): void {
    if (!this.#waiting.includes(source)) this.#waiting.push(source);
    this.#read();
  }

  /**
   * Last words come before whatever is told of the death, unless it would take long to hear them
   * all: then what is left has its turn later.
   */
  #end(source: Source): void {
    const until = performance.now() + LAST_WORDS_MS;
    for (let lines = 1; this.#readOne(source); lines++) {
      if (lines < LAST_WORDS_LINES || performance.now() < until) continue;
      if (!this.#waiting.includes(source)) this.#waiting.push(source);
      this.#schedule();
      return;
    }
  }

  /** Reads a portion, and comes back for more when others have had their turn. */
  #read(): void {
    if (this.#isScheduled) return;
    const until = performance.now() + PORTION_MS;
    while (this.#waiting.length > 0 && performance.now() < until && !this.#isBlocked()) {
      const source = this.#waiting.shift()!;
      source.reader.listen();
      if (this.#readTurn(source, until)) this.#waiting.push(source);
    }
    this.#schedule();
  }

  /** Reads some lines. Are there more? */
  #readTurn(source: Source, until: number): boolean {
    for (let lines = 0; lines < TURN_LINES; lines++) {
      if (performance.now() >= until || this.#isBlocked()) return true;
      if (!this.#readOne(source)) return false;
    }
    return true;
  }

  #readOne({ task, reader }: Source): boolean {
    const record = reader.take();
    if (record === null) return false;
    this.#deliver({ task, ...record });
    return true;
  }

  /**
   * A listener that throws is its application's fault, and told as such, but not from here: of a
   * thread whose message is being read Node.js would never tell the exit.
   */
  #deliver(line: LogLine): void {
    try {
      if (!this.#options.emit(line)) this.#options.terminal.write(line);
    } catch (error) {
      process.nextTick(() => {
        throw error;
      });
    }
  }

  #isBlocked(): boolean {
    return this.#options.terminal.isFull && !this.#options.hasListeners();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#waiting.length === 0) return;
    this.#isScheduled = true;
    const again = (): void => {
      this.#isScheduled = false;
      this.#read();
    };
    if (this.#isBlocked()) this.#options.terminal.whenRoom(again);
    else setImmediate(again);
  }
}
