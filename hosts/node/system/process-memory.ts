/**
 * What lasts while the process does: where restarts of the board are counted on Node.js.
 */
import type { BootMemory } from "../../../src/manager/boot-count.js";

export class ProcessMemory implements BootMemory {
  readonly writesMax = Infinity;
  #text: string | undefined;

  read(): string | undefined {
    return this.#text;
  }

  write(text: string): void {
    this.#text = text;
  }
}
