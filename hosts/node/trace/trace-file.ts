/**
 * A file of events, written while they come.
 *
 * It is a JSON array at any moment: the bracket that ends it is written behind every part, and the
 * next part over it. So a process that is killed leaves a file that opens. What waits to be written
 * is bounded: whoever has more to say asks first.
 */
import { accessSync, closeSync, constants, openSync, writeFileSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { UsageError } from "../input-error.js";

/** So much may wait before isBusy says so. */
const WAITING_CHARS_MAX = 8_000_000;
const END = "\n]\n";

/** A disk that is nearly full takes a part of what it is given, without an error. */
async function writeAll(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}

/** Throws when a file cannot be written or made; it stays as it is. */
function checkAccess(path: string): void {
  try {
    closeSync(openSync(path, "r+"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    accessSync(dirname(path), constants.W_OK);
  }
}

/** Has a file made by `make`. Throws a UsageError when it cannot be written. */
export function openAt<File>(path: string, make: (path: string) => File): File {
  try {
    return make(path);
  } catch (error) {
    throw new UsageError(`trace: ${path} cannot be written: ${(error as Error).message}`);
  }
}

export class TraceFile {
  readonly path: string;
  #waiting: string[] = [];
  #chars = 0;
  /** Where the next part is written; 0 before begin(). */
  #at = 0;
  #isFirst = true;
  #writing: Promise<void> | null = null;
  #file: FileHandle | null = null;
  #error: Error | null = null;

  /**
   * Throws when the file cannot be written: whoever named a folder that is not there hears of it
   * before anything runs. What is in it stays there until begin().
   */
  constructor(path: string) {
    checkAccess(path);
    this.path = path;
  }

  /** Makes the file, or empties it, once: what is added is written from now on. Blocks. */
  begin(): void {
    if (this.#at > 0 || this.#error !== null) return;
    try {
      writeFileSync(this.path, `[${END}`);
      this.#at = 1;
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  /** The disk is slower than what comes: nothing should be added for now. */
  get isBusy(): boolean {
    return this.#chars > WAITING_CHARS_MAX;
  }

  /** Why nothing can be written any more; null while it can. */
  get error(): Error | null {
    return this.#error;
  }

  add(event: string): void {
    if (this.#error !== null) return;
    const text = this.#isFirst ? `\n${event}` : `,\n${event}`;
    this.#isFirst = false;
    this.#waiting.push(text);
    this.#chars += text.length;
  }

  /** Writes what waits. Resolves when that is done; never rejects: see `error`. */
  flush(): Promise<void> {
    if (this.#at === 0) return Promise.resolve();
    this.#writing ??= this.#write().finally(() => (this.#writing = null));
    return this.#writing;
  }

  /** Writes what waits and closes the file; it is opened again when there is more. */
  async close(): Promise<void> {
    while (this.#at > 0 && this.#chars > 0 && this.#error === null) await this.flush();
    await this.#writing;
    await this.#file?.close();
    this.#file = null;
  }

  async #write(): Promise<void> {
    try {
      this.#file ??= await open(this.path, "r+");
      while (this.#chars > 0) {
        const part = Buffer.from(this.#waiting.join("") + END);
        this.#waiting = [];
        this.#chars = 0;
        await writeAll(this.#file, part, this.#at);
        this.#at += part.length - END.length;
      }
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #fail(error: Error): void {
    this.#error = error;
    this.#waiting = [];
    this.#chars = 0;
  }
}
