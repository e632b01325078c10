/**
 * What a task writes with: console, process.stdout and process.stderr, and Moddable's trace(). All
 * of it becomes lines of its thread's log.
 *
 * Node.js's own console of a thread waits for the event loop, which a task in MsgReceive never
 * returns to, and for the main thread, which nobody may wait for without a limit.
 */
import { Console } from "node:console";
import { Writable } from "node:stream";
import type { LogLevel } from "./line.js";
import type { RingWriter } from "./ring.js";

/** What takes the lines. */
export type LineWriter = Pick<RingWriter, "write">;

/** Text without a line end waits for it up to this length. In UTF-16 units. */
const UNFINISHED_LENGTH_MAX = 4_096;

function withoutEnd(text: string): string {
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}

/** Each write is a line, with all the lines that it has. */
class CallStream extends Writable {
  /** Of what is being written. */
  level: LogLevel;
  readonly #log: LineWriter;

  constructor(log: LineWriter, level: LogLevel) {
    super({ decodeStrings: false });
    this.#log = log;
    this.level = level;
  }

  override _write(text: string, _encoding: string, done: () => void): void {
    this.#log.write(this.level, withoutEnd(text));
    done();
  }
}

/** What is written up to a line end is a line. */
class LineStream extends Writable {
  readonly #log: LineWriter;
  readonly #level: LogLevel;
  #unfinished = "";

  constructor(log: LineWriter, level: LogLevel) {
    super();
    this.#log = log;
    this.#level = level;
  }

  /** What has been begun is a line. */
  finish(): void {
    if (this.#unfinished !== "") this.#log.write(this.#level, this.#unfinished);
    this.#unfinished = "";
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const lines = (this.#unfinished + chunk.toString()).split("\n");
    this.#unfinished = lines.pop() ?? "";
    for (const line of lines) this.#log.write(this.#level, line);
    if (this.#unfinished.length > UNFINISHED_LENGTH_MAX) this.finish();
    done();
  }
}

/** A console; what goes to standard error is of level "error", but for warnings. */
function consoleFor(log: LineWriter): Console {
  const out = new CallStream(log, "info");
  const error = new CallStream(log, "error");
  const made = new Console({ stdout: out, stderr: error });
  const relabel = (method: "debug" | "warn", stream: CallStream, level: LogLevel): void => {
    const usual = stream.level;
    const write = made[method];
    made[method] = (...values: unknown[]): void => {
      stream.level = level;
      try {
        write(...values);
      } finally {
        stream.level = usual;
      }
    };
  };
  relabel("debug", out, "debug");
  relabel("warn", error, "warn");
  return made;
}

/** What a task writes with. */
export interface TaskConsole {
  readonly console: Console;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** What a program writes with on the device. */
  readonly trace: (...values: unknown[]) => void;
  /** Writes down a line that has been begun and not ended: to be called when the task ends. */
  readonly finish: () => void;
}

/** What a task writes with, as lines of a log. */
export function createConsole(log: LineWriter): TaskConsole {
  const stdout = new LineStream(log, "info");
  const stderr = new LineStream(log, "error");
  return {
    console: consoleFor(log),
    stdout,
    stderr,
    trace: (...values) => log.write("info", withoutEnd(values.map(String).join(""))),
    finish: () => {
      stdout.finish();
      stderr.finish();
    },
  };
}

/**
 * Has everything that this thread writes go to its log. Returns what writes down a line that has
 * been begun and not ended: to be called when the thread ends.
 */
export function installConsole(log: LineWriter): () => void {
  const { console: own, stdout, stderr, trace, finish } = createConsole(log);
  Object.assign(console, own);
  Object.defineProperty(process, "stdout", { get: () => stdout });
  Object.defineProperty(process, "stderr", { get: () => stderr });
  Object.assign(globalThis, { trace });
  return finish;
}
