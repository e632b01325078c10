/**
 * Real I/O in a task of a simulation: what the world outside answers, and when, does not repeat. It
 * is refused with an error that says what to do instead; or let through with one warning.
 */

/** What somebody has to do who is refused. */
const HOW =
  "give what does it a module of its own, and the manifest another module of the same name in " +
  'the entry "simulate" of "platforms", as for a board: docs/simulate.md; ' +
  "or --allow-io lets it through, and the run will not repeat";

export class Refusal {
  readonly #task: string;
  readonly #isAllowed: boolean;
  readonly #warn: (text: string) => void;
  readonly #told = new Set<string>();

  constructor(task: string, isAllowed: boolean, warn: (text: string) => void) {
    this.#task = task;
    this.#isAllowed = isAllowed;
    this.#warn = warn;
  }

  /** Something is about to be done that is real: throws, or warns. */
  meet(what: string): void {
    if (!this.#isAllowed) {
      throw new Error(
        `the task ${this.#task} uses ${what}, which is real in simulated time: ${HOW}`,
      );
    }
    if (this.#told.has(what)) return;
    this.#told.add(what);
    this.#warn(`it uses ${what}, which is real: this run will not repeat`);
  }

  /** The same function, or object with functions, which meet() before they do something. */
  guard<Value extends object>(what: string, value: Value): Value {
    return new Proxy(value, {
      get: (target, key) => {
        const member = Reflect.get(target, key) as unknown;
        if (typeof key === "symbol" || isFixed(target, key)) return member;
        const isGuarded = typeof member === "function" || isNamespace(member);
        return isGuarded ? this.guard(`${what}.${key}`, member as object) : member;
      },
      apply: (target, self, args) => {
        this.meet(what);
        return Reflect.apply(target as CallableFunction, self, args) as unknown;
      },
      construct: (target, args, newTarget) => {
        this.meet(what);
        return Reflect.construct(target as CallableFunction, args, newTarget) as object;
      },
    });
  }
}

/** A proxy must show what cannot change as it is. */
function isFixed(target: object, key: string): boolean {
  const descriptor = Object.getOwnPropertyDescriptor(target, key);
  return descriptor?.configurable === false && descriptor.writable === false;
}

/** fs.promises and its like. */
function isNamespace(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) !== null;
}
