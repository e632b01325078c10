/**
 * The file that has the last records of all tasks when a task or the board has died: lines for
 * `reattach trace decode`.
 *
 * It is that of the last death: written beside, and then given the name, so whatever stands under
 * the name is whole. While one is being written, the next waits; of several only the last is.
 */
import { accessSync, constants } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

export class PostMortem {
  readonly path: string;
  readonly #told: (error: Error | null) => void;
  #waiting: string | null = null;
  #writing: Promise<void> | null = null;

  /**
   * `told` hears of each file that was written, or why it was not. Throws when there is no folder
   * to write to.
   */
  constructor(path: string, told: (error: Error | null) => void) {
    accessSync(dirname(path), constants.W_OK);
    this.path = path;
    this.#told = told;
  }

  /** Writes the file: what has happened, and the lines. */
  keep(what: string, lines: readonly string[]): void {
    this.#waiting = `${[what.split("\n")[0], ...lines].join("\n")}\n`;
    this.#writing ??= this.#write();
  }

  /** Resolves when nothing is left to write. */
  async close(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    for (let text = this.#waiting; text !== null; text = this.#waiting) {
      this.#waiting = null;
      const part = `${this.path}.part`;
      try {
        await writeFile(part, text);
        await rename(part, this.path);
        this.#told(null);
      } catch (error) {
        this.#told(error as Error);
      }
    }
    // In the same step as the last look at what waits.
    this.#writing = null;
  }
}
