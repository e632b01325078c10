/**
 * Where a device counts its restarts: memory of the chip that a reset leaves alone, else flash.
 *
 * Flash wears out, so a boot writes there twice at most: the mark, and then either that it is taken
 * back or why the board restarts, whichever comes first.
 */
import { loadModule, restarted, retain, retained } from "reattach/moddable/native";
import type { BootMemory } from "../../src/manager/boot-count.js";

/** Where the record lies in flash; native.c writes it too. */
const DOMAIN = "reattach";
const KEY = "boot";
const FLASH_WRITES_MAX = 2;

type Preference = (typeof import("preference"))["default"];

/** Memory that a reset leaves alone. */
const CHIP_MEMORY: BootMemory = Object.freeze({
  writesMax: Infinity,
  read: () => retained(),
  write: (text: string) => retain(text),
});

class FlashMemory implements BootMemory {
  readonly writesMax = FLASH_WRITES_MAX;
  #preference: Preference | null = null;

  read(): string | undefined {
    try {
      // Not linked: Moddable's module for Linux reads a file when it is loaded.
      this.#preference = loadModule("preference")["default"] as Preference;
      // A record is for the boot that follows it, and not for one after the power was off.
      if (!restarted()) return undefined;
      const text = this.#preference.get(DOMAIN, KEY);
      return typeof text === "string" ? text : undefined;
    } catch (error) {
      trace(`reattach: no memory for restarts: ${String(error)}\n`);
      return undefined;
    }
  }

  write(text: string): void {
    this.#preference?.set(DOMAIN, KEY, text);
  }
}

/** The memory of this device. */
export function bootMemory(): BootMemory {
  return retained() === undefined ? new FlashMemory() : CHIP_MEMORY;
}
