/**
 * A board of the Node host with puppets on it, for the contract suite.
 *
 * Between two cases every puppet gives back what it owns, and then every table of the system must
 * be as large as its limit: a case, or a death in it, that leaks a record fails.
 */
import { fileURLToPath } from "node:url";
import { BroadcastChannel } from "node:worker_threads";
import * as reattach from "reattach";
import { boot, type NetView, type System } from "reattach/node";
import { PATIENT } from "../../patient-board.js";
import { Patience, watch } from "../../patience.js";
import { countRoom, type Room, shortages } from "../../contract/acts/room.js";
import type {
  Assert,
  Board,
  CallName,
  Cast,
  ContractCase,
  Outcome,
  Puppet,
} from "../../contract/board.js";
import type { Performed } from "../../contract/perform.js";

/** What a board is booted with. */
export interface Setting extends Required<
  Pick<ContractCase, "limits" | "priorities" | "abilities">
> {
  /** config.reattach.net, for a board among others. */
  readonly net?: object;
}

/** What a case wants of a board. */
export function settingOf({ limits = {}, priorities = [], abilities = [] }: ContractCase): Setting {
  return { limits, priorities, abilities };
}

/** A case that has not got where it wants to be by now never will. */
const PATIENCE_MS = 20_000;
/** As many looks without a pause: most waits end within them. */
const EAGER_LOOKS = 20;
const PUPPET_FILE = fileURLToPath(new URL("./puppet", import.meta.url));
/** How many puppets a system has room for: the default limits' tasks. */
const PUPPETS_MAX = 8;

let boards = 0;

/** Waits until it is so; rejects with what has not happened. */
export async function until(isDone: () => boolean, what: () => string): Promise<void> {
  const patience = new Patience(PATIENCE_MS);
  for (let looks = 0; !isDone(); looks++) {
    if (patience.isOver) throw new Error(`never happened: ${what()}`);
    // First give way to what is ready in this thread, then give the processor to other threads.
    if (looks < EAGER_LOOKS) await new Promise((resolve) => setImmediate(resolve));
    else await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** A command that has not been answered. */
interface Pending {
  readonly name: string;
  readonly resolve: (outcome: Outcome) => void;
}

export class NodePuppet implements Puppet {
  readonly name: string;
  readonly pid: number;
  readonly #system: System;
  readonly #channel: BroadcastChannel;
  readonly #pending = new Map<number, Pending>();
  #next = 1;

  constructor(name: string, pid: number, system: System, channel: BroadcastChannel) {
    this.name = name;
    this.pid = pid;
    this.#system = system;
    this.#channel = channel;
    channel.onmessage = ({ data }: MessageEvent) => {
      const { id, result, args } = data as Performed;
      const pending = this.#pending.get(id);
      this.#pending.delete(id);
      pending?.resolve({ result, args });
    };
  }

  /** Names of the calls that have not returned. */
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
    const look = (): string | undefined =>
      this.#system.view().find(({ name }) => name === this.name)?.state;
    return until(
      () => look() === state,
      () => `${this.name} is ${state}, it is ${look()}`,
    );
  }

  close(): void {
    this.#channel.close();
  }

  #tell(kind: "call" | "act", name: string, args: readonly unknown[]): Promise<Outcome> {
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#pending.set(id, { name, resolve });
      this.#channel.postMessage({ id, kind, name, args });
    });
  }
}

/** Where a case is played: the boards and puppets that may fail it, or be left hanging by it. */
export interface Scene {
  /** Resolves when a puppet died that was not killed: never, if all is well. */
  readonly failed: Promise<string>;
  /** Calls that have not returned. */
  readonly pending: readonly string[];
}

/** Waits for the end of a case; rejects when something fails below it, or it never ends. */
export async function endOf(played: Promise<void>, scenes: readonly Scene[]): Promise<void> {
  const pending = (): string => scenes.flatMap((scene) => scene.pending).join(", ");
  let endWatch = (): void => undefined;
  const stuck = new Promise<string>((resolve) => {
    endWatch = watch(new Patience(PATIENCE_MS), () => resolve(`never returned: ${pending()}`));
  });
  try {
    const failed = scenes.map((scene) => scene.failed);
    const why = await Promise.race([played.then(() => ""), ...failed, stuck]);
    if (why !== "") throw new Error(why);
  } finally {
    endWatch();
  }
  if (pending() !== "") throw new Error(`the case leaves ${pending()}`);
}

/** A running system and its puppets. */
export class Stage implements Scene {
  readonly #key: string;
  readonly #prefix = `puppets-${process.pid}-${boards++}`;
  readonly #puppets = new Map<string, NodePuppet>();
  #system!: System;
  #failed!: Promise<string>;
  #usesMain = false;

  private constructor(key: string) {
    this.#key = key;
  }

  static async open(
    key: string,
    { limits, priorities, abilities: abilitiesOf, net }: Setting,
  ): Promise<Stage> {
    const stage = new Stage(key);
    const names = Array.from({ length: PUPPETS_MAX }, (_, i) => `p${i + 1}`);
    const tasks = names.map((name, i) => {
      const args = { channel: `${stage.#prefix}-${name}` };
      const abilities = abilitiesOf[i] ?? ["manage"];
      return [name, { module: "puppet", priority: priorities[i] ?? 10, args, abilities }];
    });
    const system = await boot({
      modules: { puppet: PUPPET_FILE },
      config: { reattach: { limits, tasks: Object.fromEntries(tasks), board: PATIENT, net } },
    });
    stage.#system = system;
    stage.#failed = new Promise((resolve) => {
      system.on("death", ({ name, cause, text }) => {
        if (cause !== "killed") resolve(`${name}: ${cause}: ${text}`);
      });
    });
    // A recovery function that throws is reported in the log; the cases look at what comes of it.
    system.on("log", () => {});
    return stage;
  }

  isFor(key: string): boolean {
    return this.#key === key && !this.#usesMain;
  }

  get failed(): Promise<string> {
    return this.#failed;
  }

  get pending(): string[] {
    return [...this.#puppets.values()].flatMap(({ pending }) => pending);
  }

  /** The limits that its manifest came to. */
  get limits(): Board["limits"] {
    return this.#system.layout.limits;
  }

  /** What its gateway has seen. */
  get net(): NetView {
    const view = this.#system.net();
    if (view === null) throw new Error("the board has no gateway");
    return view;
  }

  /** Plays a case and clears up; rejects when the stage cannot be used again. */
  async play({ puppets: count, run }: ContractCase, t: Assert): Promise<void> {
    const names = Array.from({ length: count }, (_, i) => `p${i + 1}`);
    const cast = await Promise.all(names.map((name) => this.puppet(name)));
    await endOf(run(t, this.#board(cast), ...(cast as unknown as Cast)), [this]);
    await this.#clear();
  }

  /** The puppet of this name; starts it where it does not run. */
  async puppet(name: string): Promise<NodePuppet> {
    return this.#puppets.get(name) ?? this.#raise(name);
  }

  /** Kills a puppet; it is not restarted by the host: the case decides when. */
  async kill(name: string): Promise<void> {
    const killed = this.#system.kill(name);
    await this.#system.stop(name);
    await killed;
    this.#puppets.get(name)?.close();
    this.#puppets.delete(name);
  }

  /** Every puppet gives back what it has. */
  async reset(): Promise<void> {
    await Promise.all([...this.#puppets.values()].map((puppet) => puppet.act("reset")));
  }

  /** How much room there is in its tables. */
  room(): Room {
    this.#system.use();
    return countRoom();
  }

  /** Those of `names` under which there is a service. */
  registered(names: readonly string[]): string[] {
    this.#system.use();
    return names.filter((name) => {
      const coid = reattach.name_open(name, 0);
      if (coid >= 0) reattach.ConnectDetach(coid);
      return coid >= 0;
    });
  }

  async close(): Promise<void> {
    for (const puppet of this.#puppets.values()) puppet.close();
    await this.#system.stop();
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
      limits: this.limits,
      puppets,
      kill: ({ name }) => this.kill(name),
      restart: ({ name }) => this.puppet(name),
      until: (isDone) => until(isDone, () => String(isDone)),
    };
  }

  async #raise(name: string): Promise<NodePuppet> {
    const channel = new BroadcastChannel(`${this.#prefix}-${name}`);
    const isReady = new Promise((resolve) => {
      channel.onmessage = resolve;
    });
    await this.#system.start(name);
    await Promise.race([isReady, this.#failed]);
    const pid = this.#system.view().find((row) => row.name === name)!.pid;
    const puppet = new NodePuppet(name, pid, this.#system, channel);
    this.#puppets.set(name, puppet);
    return puppet;
  }

  /** Every puppet gives back what it has; then nothing may be missing. */
  async #clear(): Promise<void> {
    if (this.#usesMain) return;
    await this.reset();
    const missing = shortages(this.room(), this.limits);
    if (missing !== "") throw new Error(`the case leaks: ${missing}`);
  }
}
