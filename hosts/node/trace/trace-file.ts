/**
 * A file of events, written while they come.
 *
 * It is a JSON array at any moment: the bracket that ends it is written behind every part, and the
 * next part over it. So a process that is killed leaves a file that opens. What waits to be written
 * is bounded: whoever has more to say asks first.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";

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

export class TraceFile {
  readonly path: string;
  #waiting: string[] = [];
  #chars = 0;
  #at: number;
  #isFirst = true;
  #writing: Promise<void> | null = null;
  #file: FileHandle | null = null;
  #error: Error | null = null;

  /** Makes the file, empty. Throws when it cannot be made. */
  constructor(path: string) {
    this.path = path;
    // At once: whoever named a folder that is not there hears of it before anything runs.
    const file = openSync(path, "w");
    writeSync(file, `[${END}`);
    closeSync(file);
    this.#at = 1;
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
    this.#writing ??= this.#write().finally(() => (this.#writing = null));
    return this.#writing;
  }

  /** Writes what waits and closes the file; it is opened again when there is more. */
  async close(): Promise<void> {
    while (this.#chars > 0 && this.#error === null) await this.flush();
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
      this.#error = error as Error;
      this.#waiting = [];
      this.#chars = 0;
    }
  }
}
