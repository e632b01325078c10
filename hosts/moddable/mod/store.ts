/**
 * The mod of a board, and its replacement while the board runs.
 *
 * Code of a mod is executed where it lies, so nobody may be there when it is erased: the tasks that
 * come from it are stopped first, with those that stand by. For their clients it is a restart.
 */
import type { SystemFacade } from "../../../src/manager/system.js";
import type { Outcome } from "../../../src/manager/supervise/outcome.js";
import type { TaskStatus } from "../../../src/manager/status.js";
import { modulesIn } from "./archive.js";
import { ModWriter, type Partition } from "./writer.js";

/**
 * Gives an archive, piece by piece and in order: calls `write` for each, and resolves after the
 * last. It is called when no VM executes from the mod any more, and their clients wait: whatever
 * takes long, a download, belongs before it.
 */
export type ModSource = (write: (piece: Uint8Array) => void) => void | Promise<void>;

/** What replace() is told beside the archive. */
export interface ReplaceOptions {
  /**
   * More tasks that have something of the mod: those whose own module lies elsewhere but which
   * import one of it, and those that a HAM action has executed.
   */
  readonly tasks?: readonly string[];
}

/** What it does with tasks; a System has that. */
export type Orders = Pick<SystemFacade, "ps" | "stop" | "start" | "restart" | "hold">;

/** What a store is made of. */
export interface StoreParts {
  readonly system: Orders;
  readonly partition: Partition;
  /** The tasks of the application's manifest. */
  readonly tasks: readonly { readonly name: string; readonly module: string }[];
  /** Calls back a little later, when the main VM has looked at its tasks. */
  readonly soon: (done: () => void) => void;
}

/** Is it there, or will it be? */
function isToRun({ pid, startsIn_ms, isHeld }: TaskStatus): boolean {
  return pid !== 0 || (startsIn_ms !== null && !isHeld);
}

export class Store {
  readonly #parts: StoreParts;
  #isBusy = false;

  constructor(parts: StoreParts) {
    this.#parts = parts;
  }

  modules(): string[] {
    const { partition } = this.#parts;
    if (partition.byteLength() === 0) return [];
    return modulesIn((offset, count) => partition.read(offset, count));
  }

  async replace(source: ModSource, { tasks = [] }: ReplaceOptions = {}): Promise<Outcome> {
    if (this.#isBusy) throw new Error("mod: one is being replaced already");
    if (this.#parts.partition.byteLength() === 0) throw new Error("mod: this board has no room");
    this.#isBusy = true;
    try {
      return await this.#replace(source, tasks);
    } finally {
      this.#isBusy = false;
    }
  }

  async #replace(source: ModSource, tasks: readonly string[]): Promise<Outcome> {
    const { system } = this.#parts;
    const left = this.#rowsOf([...this.#namesOf(this.modules()), ...tasks]).filter(isToRun);
    const outcomes = await Promise.all(left.map(({ name }) => system.stop(name)));
    const bad = outcomes.find((outcome) => outcome !== "done");
    if (bad !== undefined) {
      const gone = left.filter((_row, i) => outcomes[i] === "done");
      await this.#start(gone);
      return bad;
    }
    await this.#untilNobodyStandsBy(left);
    const writer = new ModWriter(this.#parts.partition);
    try {
      await source((piece) => writer.write(piece));
      writer.finish();
    } catch (error) {
      // Else there is no mod: they could not be loaded.
      if (writer.isUntouched) await this.#start(left);
      throw error;
    }
    return this.#startAll(left);
  }

  /** Starts those that were stopped, and has others that the new mod has a module of take it. */
  async #startAll(left: readonly TaskStatus[]): Promise<Outcome> {
    const known = left.map(({ name }) => name);
    const others = this.#namesOf(this.modules()).filter((name) => !known.includes(name));
    const outcomes = await Promise.all([
      this.#start(left),
      ...this.#rowsOf(others)
        .filter(isToRun)
        .map(({ name }) => this.#parts.system.restart(name)),
    ]);
    return outcomes.find((outcome) => outcome !== "done") ?? "done";
  }

  async #start(rows: readonly TaskStatus[]): Promise<Outcome> {
    const { system } = this.#parts;
    const outcomes = await Promise.all(rows.map(({ name }) => system.start(name)));
    // A start ends a hold.
    for (const { name, isHeld } of rows) if (isHeld) system.hold(name);
    return outcomes.find((outcome) => outcome !== "done") ?? "done";
  }

  async #untilNobodyStandsBy(rows: readonly TaskStatus[]): Promise<void> {
    const names = rows.map(({ name }) => name);
    while (this.#rowsOf(names).some(({ standby }) => standby !== "none")) {
      await new Promise<void>((resolve) => this.#parts.soon(resolve));
    }
  }

  /** Tasks of the manifest that have one of these modules for their program. */
  #namesOf(modules: readonly string[]): string[] {
    return this.#parts.tasks
      .filter(({ module }) => modules.includes(module))
      .map(({ name }) => name);
  }

  #rowsOf(names: readonly string[]): TaskStatus[] {
    return this.#parts.system.ps().filter(({ name }) => names.includes(name));
  }
}
