/**
 * Standard output or standard error, written to without ever waiting for whoever reads it, with a
 * bound on what is kept for a slow reader. What it does not take is counted.
 *
 * How to write without waiting depends on what it is: a pipe or a socket is Node.js's own stream,
 * which is asynchronous there; a terminal, which stands still after Ctrl-S, is opened once more for
 * writes that do not block; a file takes everything at once.
 *
 * An error (nobody reads the pipe any more, somebody has closed the descriptor) loses the line and
 * is nobody's death.
 */
import { constants, fstatSync, openSync, readFileSync, writeSync } from "node:fs";
import { isatty } from "node:tty";
import { droppedText } from "./ring.js";

export type OutputFd = 1 | 2;

/** From here on a writer should stop: some screens of text. In UTF-16 units. */
const FULL_LENGTH = 0x1_0000;
/** From here on lines are dropped. Between the two is room for those that cannot stop. */
const QUEUE_LENGTH_MAX = 0x4_0000;
/** How often a terminal that took nothing is tried again. */
const RETRY_MS = 10;

/** Where an Output writes to. Neither of its functions blocks or throws. */
interface Channel {
  /** How much of what it was given is still to be written, in UTF-16 units. */
  pending(): number;
  write(text: string): void;
  /** Calls back once, when less is pending than before. */
  whenLess(callback: () => void): void;
}

/** What Node.js's streams of pipes have, and few need. */
interface PipeStream {
  readonly _handle?: { setBlocking?(isBlocking: boolean): void } | null;
}

/**
 * Node.js's own stream of a pipe or a socket. Every child process that inherits it, as esbuild
 * does, makes it block again, for all who share it: so each write says that it must not.
 */
function streamChannel(fd: OutputFd): Channel {
  const stream = fd === 1 ? process.stdout : process.stderr;
  const { _handle: handle } = stream as unknown as PipeStream;
  let isOver = false;
  // Without a listener the process would die of it.
  stream.on("error", () => {
    isOver = true;
  });
  return {
    pending: () => (isOver ? 0 : stream.writableLength),
    write: (text) => {
      if (isOver) return;
      handle?.setBlocking?.(false);
      stream.write(text);
    },
    whenLess: (callback) => {
      // Called with an error when nobody reads it any more.
      if (isOver) setImmediate(callback);
      else stream.write("", () => callback());
    },
  };
}

/** A descriptor that takes what it can at once. */
function descriptorChannel(fd: number): Channel {
  let queue = Buffer.alloc(0);
  const callbacks: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    timer = undefined;
    while (queue.length > 0) {
      const written = tryWrite(fd, queue);
      if (written === 0) {
        // What is not read when all else is over is not waited for.
        timer = setTimeout(flush, RETRY_MS).unref();
        return;
      }
      queue = queue.subarray(written);
    }
    for (const callback of callbacks.splice(0)) callback();
  };
  return {
    pending: () => queue.length,
    write: (text) => {
      queue = Buffer.concat([queue, Buffer.from(text)]);
      if (timer === undefined) flush();
    },
    whenLess: (callback) => {
      if (queue.length === 0) setImmediate(callback);
      else callbacks.push(callback);
    },
  };
}

/** How many bytes it took: none when it would block. What fails is taken, and lost. */
export function tryWrite(fd: number, bytes: Uint8Array): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EAGAIN" ? 0 : bytes.length;
  }
}

/**
 * The same pipe or terminal once more, for writes that do not block; where that is not possible,
 * the descriptor itself. A file does not block, and has a place where the next write goes.
 */
export function openNonBlocking(fd: OutputFd): number {
  const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
  try {
    if (!isatty(fd) && !fstatSync(fd).isFIFO()) return fd;
    return openSync(`/dev/fd/${fd}`, O_WRONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    return fd;
  }
}

/** Would a write to this descriptor wait for a reader, as far as the system tells? */
export function isBlocking(fd: number): boolean {
  try {
    if (!fstatSync(fd).isSocket()) return false;
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, "utf8"))?.[1];
    return (parseInt(flags ?? "0", 8) & constants.O_NONBLOCK) === 0;
  } catch {
    return true;
  }
}

function channelOf(fd: OutputFd): Channel {
  try {
    const stats = fstatSync(fd);
    if (stats.isFIFO() || stats.isSocket()) return streamChannel(fd);
  } catch {
    // It is closed. Each write will find that out.
  }
  return descriptorChannel(openNonBlocking(fd));
}

export class Output {
  readonly #channel: Channel;
  #dropped = 0;

  /** Use outputOf(). */
  constructor(fd: OutputFd) {
    this.#channel = channelOf(fd);
  }

  /** Should whoever can wait, wait? */
  get isFull(): boolean {
    return this.#channel.pending() >= FULL_LENGTH;
  }

  /** Writes text that ends with a line end, or drops it. Does not block. */
  write(text: string): void {
    if (this.#channel.pending() >= QUEUE_LENGTH_MAX) {
      this.#dropped++;
      return;
    }
    const dropped = this.#dropped;
    this.#dropped = 0;
    this.#channel.write(dropped === 0 ? text : `${droppedText(dropped)}\n${text}`);
  }

  /** Calls back when it is full no more. */
  whenRoom(callback: () => void): void {
    this.#channel.whenLess(() => (this.isFull ? this.whenRoom(callback) : callback()));
  }

  /**
   * Resolves when all is written: true; or false when nothing of it has been for `patience_ms`.
   */
  async flush(patience_ms: number): Promise<boolean> {
    for (;;) {
      const pending = this.#channel.pending();
      if (pending === 0) return true;
      const until = performance.now() + patience_ms;
      while (this.#channel.pending() >= pending) {
        if (performance.now() >= until) return false;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }
}

const outputs = new Map<OutputFd, Output>();

/** The one Output of this process for a descriptor. */
export function outputOf(fd: OutputFd): Output {
  const known = outputs.get(fd);
  if (known !== undefined) return known;
  const output = new Output(fd);
  outputs.set(fd, output);
  return output;
}
