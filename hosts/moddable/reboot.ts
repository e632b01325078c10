/**
 * The last resort: restarting the board, with the reason kept in its non-volatile memory.
 */
import { restart } from "reattach/moddable/native";

const DOMAIN = "reattach";
/** Why it was restarted; native.c writes it too. */
const REASON = "reboot";
/** How many restarts of ours in a row that was. */
const COUNT = "reboots";
/** NVS keeps strings of up to 4,000 bytes; a reason is a sentence. */
const REASON_CHARS_MAX = 200;

type Preference = (typeof import("preference"))["default"];

/** Restarts the board, keeps why, and tells at the next start. */
export class Rebooter {
  readonly #settled_ms: number;
  readonly #uptime: () => number;
  #preference: Preference | null = null;
  /** Restarts in a row that led to this boot. */
  #before = 0;

  /** A board that has been up for `settled_ms` is well. `uptime` in milliseconds. */
  constructor(settled_ms: number, uptime: () => number) {
    this.#settled_ms = settled_ms;
    this.#uptime = uptime;
  }

  /** Restarts in a row so far. */
  get count(): number {
    return this.#uptime() >= this.#settled_ms ? 0 : this.#before;
  }

  /**
   * Opens the non-volatile memory. `tell` is called, soon, with the reason for which this restarted
   * the board; not at all when the last start was another one.
   */
  open(tell: (reason: string) => void): void {
    // Loaded now and not linked: Moddable's module for Linux reads a file when it is loaded.
    import("preference")
      .then(({ default: preference }) => {
        this.#preference = preference;
        const reason = preference.get(DOMAIN, REASON);
        const count = preference.get(DOMAIN, COUNT);
        if (count !== undefined) preference.delete(DOMAIN, COUNT);
        if (reason === undefined) return;
        preference.delete(DOMAIN, REASON);
        this.#before = typeof count === "number" ? count : 1;
        trace(`reattach: the board was restarted: ${String(reason)}\n`);
        tell(String(reason));
      })
      .catch((error: unknown) => trace(`reattach: no memory for reasons: ${String(error)}\n`));
  }

  /** Keeps why the board is about to restart. The last reason is the one that is told. */
  keep(reason: string): void {
    this.#preference?.set(DOMAIN, REASON, reason.slice(0, REASON_CHARS_MAX));
    this.#preference?.set(DOMAIN, COUNT, this.count + 1);
  }

  /** Restarts the board and says why, now and after the restart. */
  reboot(reason: string): never {
    trace(`reattach: restarting the board: ${reason}\n`);
    this.keep(reason);
    return restart();
  }
}
