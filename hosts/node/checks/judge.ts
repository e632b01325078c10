/**
 * The judge of a run: makes the checks of an application, and tells each that fails, once.
 *
 * It knows nothing of threads or clocks: whoever runs the application calls it after each event and
 * at rest. So a simulation and a test on real threads judge alike.
 */
import { inspect } from "node:util";
import { allowedNames } from "../../../src/manifest/suggest.js";
import { InputError } from "../input-error.js";
import type { Checks, Death, Examine, Line, Look, Observed, Rested } from "./checks.js";

/** A check that has failed. */
export interface Failure {
  /** Its name. */
  readonly check: string;
  /** What is wrong. */
  readonly text: string;
  /** When, in milliseconds of the application's clock. */
  readonly at_ms: number;
}

/** One that is true again and again, and when it last was. */
interface Recurring {
  readonly name: string;
  readonly within_ms: number;
  readonly holds: Look;
  held_ms: number;
}

/** Where a listener of the checks has thrown. */
const MODEL = "on";

/** So often in a row a check may be cut short by a restart of the board; then it has failed. */
const CUTS_MAX = 3;

const KINDS = ["on", "always", "never", "eventually", "atRest", "atEnd"] as const;

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : inspect(error);
}

/** Throws an InputError for what can be no checks. `where` is what they are called there. */
function checkShape(checks: unknown, where: string): asserts checks is Checks {
  const problems: string[] = [];
  if (typeof checks !== "object" || checks === null) {
    problems.push(`${where}: found ${inspect(checks)}, allowed is an object of checks`);
  } else {
    for (const [kind, group] of Object.entries(checks)) {
      if (!KINDS.some((known) => known === kind)) {
        problems.push(`${where}: found "${kind}", ${allowedNames(kind, KINDS)}`);
      } else problems.push(...problemsIn(`${where}.${kind}`, kind, group));
    }
  }
  if (problems.length > 0) throw new InputError(problems.join("\n"), problems);
}

function problemsIn(where: string, kind: string, group: unknown): string[] {
  if (group === undefined) return [];
  if (typeof group !== "object" || group === null) {
    return [`${where}: found ${inspect(group)}, allowed is an object`];
  }
  return Object.entries(group).flatMap(([name, check]: [string, unknown]) => {
    const isFine = kind === "eventually" ? isRecurrence(check) : typeof check === "function";
    const allowed = kind === "eventually" ? "{ within_ms: number, holds: function }" : "a function";
    return isFine ? [] : [`${where}: "${name}": found ${inspect(check)}, allowed is ${allowed}`];
  });
}

function isRecurrence(check: unknown): boolean {
  if (typeof check !== "object" || check === null) return false;
  const { within_ms, holds } = check as Record<string, unknown>;
  return typeof within_ms === "number" && within_ms > 0 && typeof holds === "function";
}

/** Makes the checks of one run. */
export class Judge {
  readonly #tell: (failure: Failure) => void;
  readonly #checks: Checks;
  readonly #failed = new Set<string>();
  readonly #recurring: Recurring[];
  #boards = 1;
  /** How often in a row a restart of the board has cut checks short. */
  #cuts = 0;

  /**
   * `tell` is called with each failure, once for each name. Throws an InputError for what can be no
   * checks; `where` says where they come from.
   */
  constructor(checks: Checks, tell: (failure: Failure) => void, where = "checks") {
    checkShape(checks, where);
    this.#checks = checks;
    this.#tell = tell;
    this.#recurring = Object.entries(checks.eventually ?? {}).map(
      ([name, { within_ms, holds }]) => ({ name, within_ms, holds, held_ms: 0 }),
    );
  }

  /** Names of all checks that it makes. */
  get names(): readonly string[] {
    const { always, never, eventually, atRest, atEnd } = this.#checks;
    return [always, never, eventually, atRest, atEnd].flatMap((group) => Object.keys(group ?? {}));
  }

  /**
   * When the next check that has to be true again is overdue, on the application's clock; Infinity
   * when none is. A clock that jumps stops there, and calls afterEvent().
   */
  get due_ms(): number {
    const open = this.#recurring.filter(({ name }) => !this.#failed.has(name));
    // Overdue is later than the last moment that is allowed.
    return Math.min(...open.map(({ held_ms, within_ms }) => held_ms + within_ms + 1));
  }

  /** A line has been written. */
  line(line: Line, app: Observed): void {
    this.#guard(MODEL, app, () => this.#checks.on?.line?.(line, app));
  }

  /** A task has died. */
  death(death: Death, app: Observed): void {
    this.#guard(MODEL, app, () => this.#checks.on?.death?.(death, app));
  }

  /** The board was restarted: what has to be true again begins to wait anew. */
  reboot(reason: string, app: Observed): void {
    this.#boards++;
    for (const each of this.#recurring) each.held_ms = app.now_ms;
    this.#guard(MODEL, app, () => this.#checks.on?.reboot?.(reason, app));
  }

  /** Something has happened. */
  afterEvent(app: Observed): void {
    this.#look(this.#checks.always, app, false, "it is false");
    this.#look(this.#checks.never, app, true, "it is true");
    for (const each of this.#recurring) this.#lookAgain(each, app);
  }

  /**
   * Faults have stopped for a while, and all tasks are up. Resolves to true when all checks have
   * been made, and to false when the board was restarted under one, which says nothing then: they
   * are to be made again, at the next rest.
   */
  atRest(app: Rested): Promise<boolean> {
    return this.#examine(this.#checks.atRest, app);
  }

  /** The run ends. Resolves as atRest() does. */
  atEnd(app: Rested): Promise<boolean> {
    return this.#examine(this.#checks.atEnd, app);
  }

  #look(group: Readonly<Record<string, Look>> = {}, app: Observed, bad: boolean, text: string) {
    for (const name of Object.keys(group)) {
      this.#guard(name, app, () => {
        if (group[name]!(app) === bad) this.#fail(name, text, app);
      });
    }
  }

  #lookAgain(each: Recurring, app: Observed): void {
    this.#guard(each.name, app, () => {
      const now = app.now_ms;
      if (each.holds(app)) each.held_ms = now;
      else if (now > each.held_ms + each.within_ms) {
        this.#fail(each.name, `it has been false for more than ${each.within_ms} ms`, app);
      }
    });
  }

  async #examine(group: Readonly<Record<string, Examine>> = {}, app: Rested): Promise<boolean> {
    for (const [name, examine] of Object.entries(group)) {
      if (this.#failed.has(name)) continue;
      const board = this.#boards;
      try {
        await examine(app);
      } catch (error) {
        if (board !== this.#boards && ++this.#cuts < CUTS_MAX) return false;
        this.#fail(name, textOf(error), app);
      }
    }
    this.#cuts = 0;
    return true;
  }

  /** What a check throws is its failure; one that has failed is not asked again. */
  #guard(name: string, app: Observed, check: () => void): void {
    if (this.#failed.has(name)) return;
    try {
      check();
    } catch (error) {
      this.#fail(name, textOf(error), app);
    }
  }

  #fail(check: string, text: string, app: Observed): void {
    this.#failed.add(check);
    this.#tell({ check, text, at_ms: app.now_ms });
  }
}
