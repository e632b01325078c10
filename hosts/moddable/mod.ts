/**
 * "reattach/mod": replaces the mod of a board, the archive that mcrun makes, while the board runs.
 * Only a board whose manifest includes mod/manifest.json has it in flash.
 *
 * @module reattach/mod
 */
import Timer from "timer";
import { blockBytes, byteLength, engine, erase, map, read, write } from "reattach/mod/partition";
import type { Outcome } from "../../src/manager/supervise/outcome.js";
import { application } from "./application.js";
import { type ModSource, type ReplaceOptions, Store } from "./mod/store.js";
import type { System } from "./system.js";

export type { ModSource, ReplaceOptions } from "./mod/store.js";
export type { Outcome } from "../../src/manager/supervise/outcome.js";

const PARTITION = Object.freeze({ blockBytes, byteLength, engine, erase, map, read, write });
/** As often as the main VM looks at its tasks. */
const SOON_MS = 10;

/** The mod of this board. One for a system, in the main VM. */
export class ModStore {
  readonly #store: Store;

  /** `system` is what boot() has returned. */
  constructor(system: System) {
    this.#store = new Store({
      system,
      partition: PARTITION,
      tasks: application.tasks,
      soon: (done) => void Timer.set(done, SOON_MS),
    });
  }

  /** Names of the modules that the mod has; none where there is no mod. */
  modules(): string[] {
    return this.#store.modules();
  }

  /**
   * Puts another mod in the place of the one that is there, if there is one, while the board runs:
   * stops the tasks whose programs are in it, and those that stand by for them; writes what
   * `source` gives; starts the tasks with the new code, and those whose programs are new in it.
   * Others run on. It is no death: clients that recover send their messages again, to the new code.
   *
   * Does not block. Resolves to "done" when the tasks have their VMs; else to what kept it from
   * that: "superseded" or "rebooted" as System.stop() and start() say it. Rejects when the archive
   * is damaged, too long or for another version of XS. If that is found in its first 20 bytes, as
   * the last two are, the old mod is still there and its tasks run; else there is none any more,
   * and they stay stopped. Rejects too while another replacement is under way, and where the board
   * has no room for a mod.
   */
  replace(source: ModSource, options?: ReplaceOptions): Promise<Outcome> {
    return this.#store.replace(source, options);
  }
}
