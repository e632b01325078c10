/**
 * The whole simulated system: one board with its arena, its manager and its tasks, in one thread
 * and in fake time. At each turn somebody who has something to do is chosen by the seed: a task,
 * the main VM, or an event. When nobody has, the clock jumps.
 */
import type { HostPort } from "../../../src/host.js";
import { createHam } from "../../../src/ham/extension.js";
import { Manager } from "../../../src/manager/manager.js";
import type { DeathCause } from "../../../src/manager/status.js";
import { seededRandom } from "../../../src/manager/supervise/random.js";
import * as L from "../../../src/arena/layout.js";
import { createVm, use, type Vm } from "../../../src/arena/vm.js";
import { stableRead } from "../../../src/kernel/stable.js";
import { Clock } from "./clock.js";
import { type Place, SimHost } from "./host.js";
import { Journal } from "./journal.js";
import { Oracle } from "./oracle.js";
import { PolicyWatch } from "./policy-watch.js";
import { programOf, STABLE_BYTES } from "./programs.js";
import { configOfSystem } from "./tasks.js";
import type { Thread, ThreadWorld } from "./thread.js";
import { createArena } from "../../../src/kernel/task/boot.js";

/** A turn takes up to this. */
const TURN_MS = 1;
/** An hour takes 10,000 turns. */
const TURNS_MAX = 500_000;
/** Turns of others while a task is inside a call, and how often that is. */
const INTERLEAVED_MAX = 4;
const INTERLEAVE_SHARE = 0.15;
const DEPTH_MAX = 2;
/** An event this close may come while a task is inside a call. */
const SOON_MS = 20;
const FUSE_MAX = 10;

/** A board, from one restart of it to the next. */
export interface SimBoard {
  readonly main: Vm;
  readonly host: SimHost;
  readonly manager: Manager;
}

export class World implements ThreadWorld {
  readonly clock = new Clock();
  readonly journal = new Journal(this.clock);
  readonly oracle = new Oracle(this.clock, this.journal);
  readonly policies = new PolicyWatch(this.clock, this.journal);
  readonly random: () => number;
  /** Tasks ask for something until then, and again from then on. */
  storm = { from_ms: 0, to_ms: 0 };
  turns = 0;
  boards = 0;
  kills = 0;
  stale = 0;
  staleOnSuccessor = 0;
  recoveries = 0;
  /** Ends inside a claim on a client's slot, and with a message that was not answered. */
  endsInClaim = 0;
  endsHolding = 0;
  board: SimBoard;
  readonly #config = configOfSystem();
  readonly #state = new Uint8Array(STABLE_BYTES);
  readonly #stateWords = new Int32Array(this.#state.buffer, 0, 2);
  #bank: Vm | null = null;
  #reboots = 0;
  #booted_ms = 0;
  #due_ms = 0;
  #bell = 0;
  #depth = 0;
  readonly #ready: (Thread | null)[] = [];

  readonly #isForgetful: boolean;

  constructor(seed: number, isForgetful: boolean) {
    this.#isForgetful = isForgetful;
    this.random = seededRandom(seed);
    this.board = this.#assemble();
  }

  get manager(): Manager {
    return this.board.manager;
  }

  /** Starts all tasks. */
  start(): void {
    this.onMain(() => void this.manager.supervisor.start(this.manager.supervisor.tasks));
  }

  /** Lets time pass, until then at least. */
  run(until_ms: number): void {
    const most = this.turns + TURNS_MAX;
    while (this.clock.now_ms < until_ms && this.journal.problems.length === 0) {
      if (this.turns > most) this.journal.problem(`it does not come to rest in ${TURNS_MAX} turns`);
      if (this.#turn()) continue;
      this.clock.now_ms = Math.min(until_ms, Math.max(this.clock.now_ms, this.#next_ms()));
    }
  }

  /** Has the main VM act. */
  onMain(act: () => void): void {
    const before = globalThis.$vm;
    use(this.board.main);
    act();
    this.#due_ms = this.manager.nextDue();
    this.policies.settled();
    use(before);
  }

  // -------------------------------------------------------------------------------------------
  // ThreadWorld, and what programs know.

  now(): number {
    return this.clock.now_ms;
  }

  log(text: string): void {
    this.journal.note(text);
    this.policies.logged(text);
  }

  programOf({ name }: { readonly name: string }): ReturnType<ThreadWorld["programOf"]> {
    return programOf(name, {
      oracle: this.oracle,
      random: this.random,
      isForgetful: this.#isForgetful,
      look: () => this.#look(),
      pause: () => this.#pause(),
    });
  }

  /** Others have their turn; or time passes, and something happens. */
  interleave(): void {
    if (this.#depth === DEPTH_MAX) return;
    this.#depth++;
    for (let i = Math.floor(this.random() * INTERLEAVED_MAX); i >= 0; i--) {
      if (this.#turn()) continue;
      const { clock } = this;
      if (clock.next_ms > clock.now_ms + SOON_MS) break;
      clock.now_ms = Math.max(clock.now_ms, clock.next_ms);
    }
    this.#depth--;
  }

  /** A pause of a client. */
  #pause(): number {
    const { from_ms, to_ms } = this.storm;
    const { now_ms } = this.clock;
    if (now_ms < from_ms) return from_ms - now_ms;
    // The next storm is not known yet: look again later.
    return now_ms < to_ms ? this.random() * 40 : 1_000;
  }

  // -------------------------------------------------------------------------------------------
  // Turns.

  /** Somebody acts, or false. */
  #turn(): boolean {
    const ready = this.#ready;
    const now = this.clock.now_ms;
    ready.length = 0;
    for (const thread of this.board.host.threads) if (thread.isReady(now)) ready.push(thread);
    const isMainReady = this.#due_ms <= now || this.#bell !== this.#mainBell;
    const isEventDue = this.clock.next_ms <= now;
    const count = ready.length + Number(isMainReady) + Number(isEventDue);
    if (count === 0) return false;
    this.turns++;
    const choice = Math.floor(this.random() * count);
    const thread = ready[choice];
    if (thread !== undefined && thread !== null) this.#step(thread);
    else if (isEventDue && choice === count - 1) this.#strike();
    else this.#poll();
    this.clock.now_ms += this.random() * TURN_MS;
    return true;
  }

  get #mainBell(): number {
    const { own } = this.board.main;
    return own[L.TASK_BELL]!;
  }

  #step(thread: Thread): void {
    if (thread.fuse === 0 && this.#depth < DEPTH_MAX && this.random() < INTERLEAVE_SHARE) {
      thread.fuse = 1 + Math.floor(this.random() * FUSE_MAX);
    }
    this.board.host.step(thread);
    if (thread.spec.name === "bank") this.#look();
  }

  /** An event of the board or of the fault plan, on the main VM. */
  #strike(): void {
    this.onMain(() => this.clock.strike());
  }

  /** The manager's turn. */
  #poll(): void {
    const isRung = this.#bell !== this.#mainBell;
    this.#bell = this.#mainBell;
    for (const thread of this.board.host.threads) thread.showLife(this.clock.now_ms);
    this.onMain(() => this.manager.poll(this.clock.now_ms, isRung));
  }

  #next_ms(): number {
    let next = Math.min(this.clock.next_ms, this.#due_ms);
    for (const thread of this.board.host.threads) next = Math.min(next, thread.wake_ms);
    return next;
  }

  // -------------------------------------------------------------------------------------------
  // The board.

  /** What the bank has committed, for the oracle. */
  #look(): void {
    const before = globalThis.$vm;
    const place = this.manager.supervisor.lookUp("bank")!.place;
    // Its pid is the bare number of the place: all that stableRead needs.
    this.#bank ??= createVm(this.board.main.words, this.board.main.port, place);
    use(this.#bank);
    const bytes = stableRead(this.#state);
    use(before);
    if (bytes !== 0) this.oracle.see(this.#stateWords[0]!, this.#stateWords[1]!);
  }

  #assemble(): SimBoard {
    const { limits, tasks, board } = this.#config;
    this.boards++;
    this.#booted_ms = this.clock.now_ms;
    const main = createArena(limits, this.#createPort());
    const host = new SimHost(
      {
        main,
        clock: this.clock,
        journal: this.journal,
        world: this,
        random: this.random,
        reboot: (reason) => this.reboot(reason),
        going: (place, cause) => this.#judge(place, cause),
        launched: (spec) => this.policies.launched(spec),
        ended: (thread) => this.#ended(thread),
      },
      limits.tasks,
    );
    const manager: Manager = new Manager({
      host,
      tasks,
      board,
      places: limits.tasks,
      reboots: () => this.#rebootsInARow(),
      random: this.random,
      extension: createHam,
      events: {
        started: () => undefined,
        ordered: () => undefined,
        stuck: (name) => this.journal.problem(`${name} is stuck`),
        deadlocked: (names) => this.journal.note(`deadlock ${names.join()}`, 0),
        ready: (name, pid) => this.journal.note(`ready ${name}`, pid),
        ended: (name, pid) => this.journal.note(`end ${name}`, pid),
        died: ({ name, cause, pid }) => {
          this.journal.note(`death ${name} ${cause}`, pid);
        },
      },
    });
    host.events = manager.supervisor;
    return { main, host, manager };
  }

  #createPort(): HostPort {
    return {
      mayBlock: false,
      spinMax: 0,
      sliceMin_ms: 100,
      manager: null,
      now: () => this.clock.now_ms,
      log: (text) => this.log(text),
      copy: (target, targetStart, source, sourceStart, count) => {
        for (let i = 0; i < count; i++) target[targetStart + i] = source[sourceStart + i]!;
      },
    };
  }

  /** A task is about to be gone: is that for its policy to judge? */
  #judge({ index, order }: Place, cause: DeathCause | null): void {
    const task = this.manager.supervisor.tasks.find(({ place }) => place === index)!;
    const isDeath = order === "kill" || (order === "none" && cause !== null);
    if (isDeath && task.isWanted && !task.isHeld) this.policies.died(task.spec);
  }

  #ended({ spec: { name }, vm }: Thread): void {
    if (vm !== null) this.#countEnd(vm);
    if (name === "bank") this.#look();
    if (name.startsWith("client")) this.oracle.abandon(Number(name.slice(6)));
  }

  /** Where it was when it ended. */
  #countEnd({ own, pid, words }: Vm): void {
    this.recoveries += own[L.TASK_RECOVERIES]!;
    for (const { vm } of this.board.host.threads) {
      if (vm === null) continue;
      const channel = vm.own[L.SLOT_CHANNEL]!;
      const state = vm.own[L.SLOT_STATE]! & L.SLOT_STATE_MASK;
      if (channel === 0 || words[channel + L.CHANNEL_OWNER] !== pid) continue;
      if (state === L.SLOT_CLAIMED) this.endsInClaim++;
      if (state === L.SLOT_REPLY) this.endsHolding++;
    }
  }

  /** The board restarts: a new arena, and nothing of before. */
  reboot(reason: string): void {
    this.journal.note(`reboot: ${reason}`);
    this.#reboots = this.#rebootsInARow() + 1;
    this.leave();
    this.policies.begin(this.#config.tasks.map(({ name }) => name));
    this.#bank = null;
    this.oracle.reset();
    this.board = this.#assemble();
    this.start();
  }

  /** As a host counts: none once the board has run well. */
  #rebootsInARow(): number {
    const isSettled = this.clock.now_ms - this.#booted_ms >= this.#config.board.settled_ms;
    return isSettled ? 0 : this.#reboots;
  }

  /** Ends a board, and keeps what was counted on it. */
  leave(): void {
    const { host, manager } = this.board;
    manager.supervisor.close();
    host.close();
    this.kills += host.kills;
    this.stale += host.stale;
    this.staleOnSuccessor += host.staleOnSuccessor;
    host.kills = host.stale = host.staleOnSuccessor = 0;
  }
}
