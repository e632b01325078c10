/**
 * The search: all schedules of a scenario with at most so many preemptions and faults, depth first.
 *
 * A run is repeated from its beginning with the decisions so far and one changed. At each point of
 * decision the thread that ran goes on, unless another takes over (a preemption when it could have
 * gone on), it is killed, a sleeper wakes for nothing, or the clock jumps. A state that was reached
 * before with as much left to decide is not searched again: what follows would be the same.
 */
import type { Vm } from "../../../src/arena/vm.js";
import type { Actor, Cast, Scenario } from "./scenario.js";
import { Endless, Machine, type Observer } from "./machine.js";
import type { Program, Thread } from "./thread.js";
import { decodeSchedule, encodeSchedule, letterOf, type Turn } from "./schedule.js";

/** How much is tried. */
export interface Bounds {
  readonly preemptions: number;
  readonly kills: number;
  /** Wake-ups for nothing. */
  readonly spurious: number;
  /** Wake-ups can be lost, as on XS. */
  readonly isLossy: boolean;
  /** Between plain reads and writes too, not only between atomic operations. */
  readonly isFine: boolean;
}

/** What a search has found. */
export interface Findings {
  /** Runs, whole or until a state that was known. */
  readonly schedules: number;
  /** Those that went to their end, and were judged. */
  readonly ended: number;
  /** Operations that were points of decision, of all runs. */
  readonly steps: number;
  readonly states: number;
  /** Runs in which somebody was killed. */
  readonly killed: number;
  readonly failure: Failure | null;
}

export interface Failure {
  readonly schedule: string;
  readonly reason: string;
}

/** An alternative at a point of decision. */
interface Way {
  readonly kind: "go" | "kill" | "wake" | "jump" | "time";
  readonly thread: Thread | null;
  /** As a schedule has it. */
  readonly code: string;
  /** It takes the processor from a thread that could go on. */
  readonly isPreemption: boolean;
}

/** Thrown to end a run whose rest is known. */
const KNOWN = Symbol("known");
/** More simulated time than any call may take. */
const CLOCK_MAX_MS = 3_000;

export class Search {
  readonly #scenario: Scenario;
  readonly #bounds: Bounds;
  readonly #machine: Machine;
  /** State -> most preemptions that were left when it was searched. */
  readonly #seen = new Map<number, number>();
  /** The decisions of this run, how many ways there were at each, and where it was. */
  #choices: number[] = [];
  #ways: number[] = [];
  #places: { readonly thread: number; readonly operations: number }[] = [];
  /** The code of the way that was taken at each. */
  #codes: string[] = [];
  /** What is left of a schedule that is replayed; null while searching. */
  #turns: Turn[] | null = null;
  #depth = 0;
  #preemptions = 0;
  #kills = 0;
  #spurious = 0;
  #jumps = 0;
  #isSettled = false;
  #last: Thread | null = null;
  #ended = 0;
  #runs = 0;
  #steps = 0;
  #killed = 0;

  constructor(scenario: Scenario, bounds: Bounds) {
    this.#scenario = scenario;
    this.#bounds = bounds;
    this.#machine = new Machine(bounds);
    this.#machine.isClockShared = scenario.jumps_ms !== undefined;
    this.#machine.stopsAlways = scenario.stopsAlways === true;
  }

  /** Searches until all is known or a schedule fails. */
  all(): Findings {
    for (;;) {
      const reason = this.#run();
      if (reason !== null) return this.#findings(reason);
      if (this.#machine.hasLearned) this.#restart();
      else if (!this.#backtrack()) return this.#findings(null);
    }
  }

  /** One run of a schedule; the reason of its failure, or null. */
  replay(schedule: string, observer: Observer): string | null {
    this.#turns = decodeSchedule(schedule);
    this.#machine.stopsAlways = true;
    this.#machine.observer = observer;
    const reason = this.#run();
    if (reason !== null || this.#turns.length === 0) return reason;
    throw new Error(`schedule: the run did not come to ${encodeSchedule(this.#turns)}`);
  }

  #findings(reason: string | null): Findings {
    return {
      schedules: this.#runs,
      ended: this.#ended,
      steps: this.#steps,
      states: this.#seen.size,
      killed: this.#killed,
      failure: reason === null ? null : { schedule: encodeSchedule(this.#taken()), reason },
    };
  }

  /** The decisions of this run that were not the first choice. */
  #taken(): Turn[] {
    const turns: Turn[] = [];
    this.#choices.forEach((choice, i) => {
      if (choice !== 0) turns.push({ ...this.#places[i]!, way: this.#codes[i]! });
    });
    return turns;
  }

  #restart(): void {
    this.#seen.clear();
    this.#choices = [];
    this.#ways = [];
    this.#ended = 0;
    this.#runs = 0;
    this.#steps = 0;
    this.#killed = 0;
  }

  /** Changes the last decision that has a way left; false when none has. */
  #backtrack(): boolean {
    for (let i = this.#choices.length - 1; i >= 0; i--) {
      if (this.#choices[i]! + 1 < this.#ways[i]!) {
        this.#choices[i]!++;
        this.#choices.length = i + 1;
        this.#ways.length = i + 1;
        return true;
      }
    }
    return false;
  }

  /** One run. Null, or why it failed. */
  #run(): string | null {
    const machine = this.#machine;
    this.#runs++;
    globalThis.$x = machine;
    this.#depth = 0;
    this.#preemptions = this.#bounds.preemptions;
    this.#kills = this.#bounds.kills;
    this.#spurious = this.#bounds.spurious;
    this.#jumps = 0;
    this.#isSettled = false;
    this.#last = null;
    const cast = machine.run(this.#scenario.cast()) as Cast;
    machine.adopt(globalThis.$words);
    machine.begin(cast.actors.map((actor, id) => createThread(actor, id)));
    let reason: string | null = null;
    try {
      this.#play(cast);
      this.#ended++;
      if (this.#kills < this.#bounds.kills) this.#killed++;
      this.#judge(cast);
    } catch (error) {
      if (error !== KNOWN) reason = reasonOf(error);
    }
    machine.end();
    return reason;
  }

  #play(cast: Cast): void {
    for (;;) {
      this.#startActors(cast);
      if (this.#repeats()) continue;
      const ways = this.#waysHere(cast);
      if (ways.length === 0) {
        if (!this.#maySettle()) return;
        continue;
      }
      const choice = this.#decide(ways);
      this.#codes[this.#depth - 1] = ways[choice]!.code;
      this.#take(ways[choice]!);
    }
  }

  /** Most of a run is what the run before has done: its thread goes on as it did there. */
  #repeats(): boolean {
    const last = this.#last;
    if (this.#choices[this.#depth] !== 0 || last?.state !== "ready") return false;
    this.#depth++;
    this.#steps++;
    this.#machine.step(last);
    return true;
  }

  #startActors(cast: Cast): void {
    cast.actors.forEach((actor, id) => {
      const thread = this.#machine.threads[id]!;
      if (thread.state !== "waiting to start" || !this.#mayStart(actor)) return;
      this.#machine.start(thread, programOf(actor.act));
    });
  }

  #mayStart({ onDeathOf, after = [] }: Actor): boolean {
    const { threads } = this.#machine;
    const stateOf = (name: string): string => threads.find((other) => other.name === name)!.state;
    if (onDeathOf !== undefined && stateOf(onDeathOf) !== "killed") return false;
    return after.every((name) => ["over", "killed"].includes(stateOf(name)));
  }

  /** What can happen now; the first is that the last thread goes on. */
  #waysHere(cast: Cast): readonly Way[] {
    const { threads } = this.#machine;
    const last = this.#last;
    const ready = threads.filter(({ state }) => state === "ready");
    const canGoOn = last?.state === "ready";
    const ways: Way[] = [];
    if (canGoOn) ways.push({ kind: "go", thread: last, code: "", isPreemption: false });
    if (!canGoOn || this.#preemptions > 0) {
      for (const thread of ready) {
        if (thread === last) continue;
        const code = `>${letterOf(thread.id)}`;
        ways.push({ kind: "go", thread, code, isPreemption: canGoOn });
      }
    }
    if (ways.length === 0) {
      if (!this.#isUnfinished(cast)) return ways;
      ways.push({ kind: "time", thread: null, code: "", isPreemption: false });
    }
    if (last !== null && this.#kills > 0 && cast.actors[last.id]!.isMortal === true) {
      const isAlive = last.state === "ready" || last.state === "asleep";
      if (isAlive) ways.push({ kind: "kill", thread: last, code: "!", isPreemption: false });
    }
    if (this.#spurious > 0) {
      for (const thread of threads) {
        if (thread.state !== "asleep") continue;
        const code = `~${letterOf(thread.id)}`;
        ways.push({ kind: "wake", thread, code, isPreemption: false });
      }
    }
    if (this.#jumps < (this.#scenario.jumps_ms?.length ?? 0)) {
      ways.push({ kind: "jump", thread: null, code: "+", isPreemption: false });
    }
    return ways;
  }

  #decide(ways: readonly Way[]): number {
    const thread = this.#last?.id ?? -1;
    const operations = this.#last?.count ?? 0;
    if (this.#turns !== null) return nextTurn(this.#turns, thread, operations, ways);
    const depth = this.#depth++;
    this.#places[depth] = { thread, operations };
    if (depth < this.#choices.length) {
      this.#ways[depth] = ways.length;
      return this.#choices[depth]!;
    }
    const faults = this.#kills + 8 * this.#spurious + 64 * this.#jumps;
    const state = this.#machine.state(thread, faults);
    const known = this.#seen.get(state);
    if (known !== undefined && known >= this.#preemptions) throw KNOWN;
    this.#seen.set(state, this.#preemptions);
    this.#choices.push(0);
    this.#ways.push(ways.length);
    return 0;
  }

  #take({ kind, thread, isPreemption }: Way): void {
    if (kind === "time") {
      this.#passTime();
    } else if (kind === "jump") {
      this.#machine.advance(this.#scenario.jumps_ms![this.#jumps++]!);
    } else if (kind === "kill") {
      this.#kills--;
      this.#machine.kill(thread!);
    } else if (kind === "wake") {
      this.#spurious--;
      this.#machine.wake(thread!, "ok");
    } else {
      if (isPreemption) this.#preemptions--;
      this.#last = thread;
      this.#steps++;
      this.#machine.step(thread!);
    }
  }

  /** Somebody who has to come to an end has not. */
  #isUnfinished(cast: Cast): boolean {
    return cast.actors.some(({ isDaemon = false }, id) => {
      const { state } = this.#machine.threads[id]!;
      return !isDaemon && (state === "ready" || state === "asleep");
    });
  }

  /** All sleep: the clock goes on to the end of the first sleep. */
  #passTime(): void {
    const { threads } = this.#machine;
    const sleeping = threads.filter(({ state }) => state === "asleep");
    const names = sleeping.map(({ name }) => name).join(", ");
    const { needsTime = false } = this.#scenario;
    if (!needsTime && !this.#bounds.isLossy) {
      throw new Error(`nobody wakes ${names}: only the end of a slice would`);
    }
    const until = Math.min(...sleeping.map((thread) => thread.until));
    if (until > CLOCK_MAX_MS) throw new Error(`${names}: still asleep after ${until} ms`);
    this.#machine.advance(until);
  }

  /**
   * All is over. Where wake-ups are lost a server may still sleep over the last message: let the
   * slices end, once, before anything is judged.
   */
  #maySettle(): boolean {
    const sleeping = this.#machine.threads.filter(({ state }) => state === "asleep");
    if (!this.#bounds.isLossy || this.#isSettled || sleeping.length === 0) return false;
    this.#isSettled = true;
    this.#machine.advance(Math.max(...sleeping.map(({ until }) => until)));
    return true;
  }

  #judge(cast: Cast): void {
    const killed = new Set<string>();
    for (const { state, name } of this.#machine.threads) if (state === "killed") killed.add(name);
    this.#machine.run(cast.check({ killed, clock: this.#machine.clock }));
    this.#machine.run(this.#scenario.strike());
  }
}

function createThread(actor: Actor, id: number): Thread {
  return {
    id,
    name: actor.name,
    enter: entry(actor),
    program: null,
    state: "waiting to start",
    next: { kind: "", at: 0, a: 0, b: 0 },
    bell: 0,
    until: 0,
    outcome: "",
    count: 0,
    history: id,
    history2: id,
  };
}

function entry({ vm }: Actor): () => void {
  let attached = typeof vm === "function" ? null : vm;
  return () => {
    attached ??= globalThis.$x.run((vm as () => unknown)()) as Vm;
    globalThis.$words = attached.words;
    globalThis.$own = attached.own;
    globalThis.$me = attached.me;
    globalThis.$vm = attached;
  };
}

/** An actor's program; one that touches nothing shared is a plain function. */
function* programOf(act: () => unknown): Program {
  return yield* globalThis.$x.finish(act());
}

/** The choice at a point of a schedule that is replayed. */
function nextTurn(turns: Turn[], thread: number, operations: number, ways: readonly Way[]): number {
  const [turn] = turns;
  if (turn?.thread !== thread || turn.operations !== operations) return 0;
  const choice = ways.findIndex(({ code }) => code === turn.way);
  if (choice < 0) throw new Error(`schedule: no way "${turn.way}" at ${operations}`);
  turns.shift();
  return choice;
}

function reasonOf(error: unknown): string {
  if (error instanceof Endless) return error.message;
  if (error instanceof Error) return error.stack ?? error.message;
  return JSON.stringify(error);
}

declare global {
  // oxlint-disable-next-line no-var
  var $x: Machine;
}
