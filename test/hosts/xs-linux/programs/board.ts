/**
 * The contract suite's board on the device host: the same as test/hosts/node/puppets.ts, but that
 * main is a VM of XS, and everything of Node.js is Moddable's.
 */
import Timer from "timer";
import * as reattach from "reattach";
import { boot, type System } from "reattach/moddable";
import { viewPlace } from "../../../../src/kernel/inspect/view.js";
import { countRoom, shortages } from "../../../contract/acts/room.js";
import type { Assert, Board, CallName, Cast, ContractCase } from "../../../contract/board.js";
import type { Outcome, Puppet } from "../../../contract/board.js";
import type { Performed } from "../../../contract/perform.js";
import { workerOf } from "./worker.js";

/**
 * A case that has not got where it wants to be after so many looks, a millisecond or more apart,
 * never will. Looks, not time: on a busy machine main has fewer of them in a second.
 */
const LOOKS_MAX = 15_000;

/** Resolves after some milliseconds; with 0, when everything that is due has been done. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    Timer.set(() => resolve(), ms);
  });
}

/** A command that has not been answered. */
interface Pending {
  readonly name: string;
  readonly resolve: (outcome: Outcome) => void;
}

class XsPuppet implements Puppet {
  readonly name: string;
  readonly pid: number;
  readonly #stage: Stage;
  readonly #index: number;
  readonly #pending = new Map<number, Pending>();
  #next = 1;

  constructor(name: string, pid: number, stage: Stage) {
    this.name = name;
    this.pid = pid;
    this.#stage = stage;
    this.#index = Number(name.slice(1));
    workerOf(name).onmessage = ({ id, result, args }: Performed): void => {
      const pending = this.#pending.get(id);
      this.#pending.delete(id);
      pending?.resolve({ result, args });
    };
  }

  get pending(): string[] {
    return [...this.#pending.values()].map(({ name }) => `${this.name} in ${name}`);
  }

  call(name: CallName, ...args: readonly unknown[]): Promise<Outcome> {
    return this.#tell("call", name, args);
  }

  act(name: string, ...args: readonly unknown[]): Promise<Outcome> {
    return this.#tell("act", name, args);
  }

  async result(name: CallName, ...args: readonly unknown[]): Promise<number> {
    return (await this.#tell("call", name, args)).result;
  }

  until(state: string): Promise<void> {
    const look = (): string => viewPlace(this.#index).state;
    return this.#stage.until(
      () => look() === state,
      () => `${this.name} is ${state}, it is ${look()}`,
    );
  }

  #tell(kind: "call" | "act", name: string, args: readonly unknown[]): Promise<Outcome> {
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#pending.set(id, { name, resolve });
      workerOf(this.name).postMessage({ id, kind, name, args });
    });
  }
}

/** A running system and its puppets. */
export class Stage {
  readonly system: System = boot();
  readonly #puppets = new Map<string, XsPuppet>();
  readonly #pids = new Map<string, number>();
  readonly #ready = new Set<string>();
  #accident = "";
  #usesMain = false;

  constructor() {
    this.system.on("start", (name, pid) => this.#pids.set(name, pid));
    this.system.on("ready", (name) => this.#ready.add(name));
    this.system.on("death", ({ name, cause }) => {
      this.#ready.delete(name);
      if (cause !== "killed") this.#accident = `${name}: ${cause}`;
    });
    this.system.on("end", (name) => this.#ready.delete(name));
  }

  /** May another case be played here? */
  get isUsable(): boolean {
    return !this.#usesMain && this.#accident === "";
  }

  /** Resolves when `isDone()` is true; rejects when it does not get there, or a puppet died. */
  async until(isDone: () => boolean, what: () => string): Promise<void> {
    for (let looks = 0; !isDone(); looks++) {
      if (this.#accident !== "") throw new Error(this.#accident);
      if (looks > LOOKS_MAX) throw new Error(`never happened: ${what()}`);
      await pause(1);
      this.system.poll();
    }
  }

  /** Plays a case and clears up; rejects when the stage cannot be used again. */
  async play({ puppets: count, run }: ContractCase, t: Assert): Promise<void> {
    const cast: XsPuppet[] = [];
    for (let i = 1; i <= count; i++) {
      cast.push(this.#puppets.get(`p${i}`) ?? (await this.#raise(`p${i}`)));
    }
    let isPlayed = false;
    let error: unknown = null;
    const note = (thrown: unknown): void => {
      error = thrown ?? new Error("rejected with nothing");
    };
    run(t, this.#board(cast), ...(cast as unknown as Cast))
      .catch(note)
      .then(() => (isPlayed = true))
      .catch(note);
    await this.until(
      () => isPlayed,
      () => `never returned: ${this.#pending().join(", ")}`,
    );
    if (error !== null) throw error;
    await this.#clear();
  }

  /** Takes the system down. */
  async close(): Promise<void> {
    await this.system.stop();
  }

  #board(puppets: readonly Puppet[]): Board {
    const useMain = (): typeof reattach => {
      this.#usesMain = true;
      return reattach;
    };
    return {
      get main() {
        return useMain();
      },
      limits: this.system.layout.limits,
      puppets,
      kill: ({ name }) => this.#kill(name),
      restart: ({ name }) => this.#raise(name),
      until: (isDone) => this.until(isDone, () => String(isDone)),
    };
  }

  #pending(): string[] {
    return [...this.#puppets.values()].flatMap(({ pending }) => pending);
  }

  async #raise(name: string): Promise<XsPuppet> {
    this.system.start(name);
    await this.until(
      () => this.#ready.has(name),
      () => `${name} is ready`,
    );
    const puppet = new XsPuppet(name, this.#pids.get(name)!, this);
    this.#puppets.set(name, puppet);
    return puppet;
  }

  async #kill(name: string): Promise<void> {
    // Not restarted by the host: the case decides when.
    const killed = this.system.kill(name);
    await this.system.stop(name);
    await killed;
    this.#puppets.delete(name);
  }

  /** Every puppet gives back what it has; then nothing may be missing. */
  async #clear(): Promise<void> {
    const pending = this.#pending();
    if (pending.length > 0) throw new Error(`the case leaves ${pending.join(", ")}`);
    if (this.#usesMain) return;
    for (const puppet of this.#puppets.values()) await puppet.act("reset");
    const missing = shortages(countRoom(), this.system.layout.limits);
    if (missing !== "") throw new Error(`the case leaks: ${missing}`);
  }
}
