/**
 * One trial: a supervisor on a restless board, what people order and what happens, and in the end a
 * look whether all has come to rest as it should.
 */
import * as fc from "fast-check";
import { DEFAULT_ABILITIES } from "../../../src/manager/abilities.js";
import type { DeathCause } from "../../../src/manager/status.js";
import type { Outcome } from "../../../src/manager/supervise/outcome.js";
import { DEFAULT_BOARD, DEFAULT_POLICY } from "../../../src/manager/supervise/policy.js";
import type { Step } from "../../../src/manager/supervise/policy.js";
import { seededRandom } from "../../../src/manager/supervise/random.js";
import { Supervisor } from "../../../src/manager/supervise/supervisor.js";
import type { TaskSpec } from "../../../src/manager/supervise/task-spec.js";
import { GOOD, PACES, RestlessBoard, type Temper } from "./board.js";
import { Oracle, type TaskNews } from "./oracle.js";

/** A diamond with a tail, and one that is alone. */
const NEEDS: ReadonlyMap<string, readonly string[]> = new Map([
  ["bus", []],
  ["flash", []],
  ["store", ["flash", "bus"]],
  ["sensor", ["bus"]],
  ["app", ["store", "sensor"]],
  ["clock", []],
]);
const NAMES = [...NEEDS.keys()];

/** The ladders that are tried, by task. */
const LADDERS: Readonly<Record<string, readonly Step[]>> = {
  bus: ["rest_for_one"],
  flash: ["rest_for_one", "one_for_all"],
  sensor: ["one_for_all", "hold"],
  clock: ["hold"],
};

/** Longer than any back-off, any limit for loading, and any patience. */
const REST_MS = 60_000;

export const ORDERS = [
  "start",
  "stop",
  "kill",
  "restart",
  "hold",
  "release",
  "revive",
  "terminate",
] as const;
export type OrderName = (typeof ORDERS)[number];

function specOf(name: string, isFierce: boolean): TaskSpec {
  const escalate = isFierce ? (["board"] as const) : (LADDERS[name] ?? []);
  const intensity = isFierce ? 0 : 1;
  const when = name === "app" ? "always" : "crash";
  return {
    name,
    module: name,
    priority: 10,
    heartbeat: null,
    answer_ms: 0,
    load_ms: 10_000,
    dependsOn: NEEDS.get(name)!,
    services: name === "store" || name === "bus" ? [name] : [],
    standby: name === "sensor",
    essential: false,
    abilities: DEFAULT_ABILITIES,
    restart: { ...DEFAULT_POLICY, intensity, escalate, when },
  };
}

/** A promise of the supervisor's, and what has come of it. */
interface Promised {
  readonly what: string;
  outcome: Outcome | null;
}

export class Trial {
  readonly board = new RestlessBoard();
  readonly oracle = new Oracle(this.board, NEEDS);
  readonly supervisor: Supervisor;
  readonly promised: Promised[] = [];
  /** What listeners do when they hear something, once. */
  readonly #reactions: { name: string; news: TaskNews; order: OrderName | "throw" }[] = [];
  #thrown = 0;

  /** `isFierce`: every death restarts the board. */
  constructor(isFierce: boolean) {
    this.supervisor = new Supervisor({
      host: this.board,
      tasks: NAMES.map((name) => specOf(name, isFierce)),
      board: DEFAULT_BOARD,
      places: NAMES.length,
      reboots: () => 0,
      random: seededRandom(1),
      isAttached: (pid) => this.board.isAttached(pid),
      collect: () => undefined,
      events: this.oracle,
    });
    this.board.supervisor = this.supervisor;
    this.board.witness = this.oracle;
    this.oracle.listen = (name, news) => this.#hear(name, news);
  }

  order(order: OrderName, names: readonly string[]): void {
    const tasks = names.map((name) => this.supervisor.lookUp(name)!);
    const what = `${this.board.now()} ${order} ${names.join(" ")}`;
    this.oracle.journal.push(what);
    for (const name of names) this.#foretell(order, name);
    const [first] = tasks;
    if (first === undefined) return;
    switch (order) {
      case "start":
        return this.#expect(what, this.supervisor.start(tasks));
      case "stop":
        return this.#expect(what, this.supervisor.stop(tasks));
      case "kill":
        return this.#expect(what, this.supervisor.kill(first));
      case "restart":
        return this.#expect(what, this.supervisor.restart(first));
      default:
        return this.supervisor[order](first);
    }
  }

  react(name: string, news: TaskNews, order: OrderName | "throw"): void {
    this.#reactions.push({ name, news, order });
  }

  /** A task dies of its own doing; null: its main() returns. */
  die(name: string, cause: DeathCause | null): void {
    const life = this.board.lifeOf(name);
    if (life === undefined || life.pid === 0) return;
    this.oracle.journal.push(`${this.board.now()} ${name} ends: ${cause}`);
    this.board.end(life, cause);
  }

  /** A late report about one that is gone long since: it concerns nobody. */
  stale(name: string): void {
    const { place } = this.supervisor.lookUp(name)!;
    for (const pid of this.board.buried(place)) {
      this.supervisor.ready(place, pid);
      this.supervisor.gone(place, pid, "throw", "stale");
      this.supervisor.stuck(place, pid, "stale");
    }
  }

  /** Lets everything come to rest, and says what is wrong then. */
  async rest(): Promise<string[]> {
    this.#reactions.length = 0;
    this.board.tempers.clear();
    this.board.pass(REST_MS);
    // Before what is stuck ends after all: nobody is to wait for that.
    const problems = await this.unsettled();
    this.board.freeAll();
    this.board.pass(REST_MS);
    problems.push(...this.oracle.problems);
    if (this.board.reboots.length === 0) problems.push(...this.#wrongTasks());
    if (this.board.reports.length !== this.#thrown) problems.push("an error was not reported");
    return problems;
  }

  /** The promises that have not settled. */
  async unsettled(): Promise<string[]> {
    await settled();
    const open = this.promised.filter(({ outcome }) => outcome === null);
    return open.map(({ what }) => `never settled: ${what}`);
  }

  #wrongTasks(): string[] {
    const problems: string[] = [];
    const { ends } = this.oracle;
    for (const task of this.supervisor.tasks) {
      const { name, isWanted, isHeld, isReady } = task;
      if (isWanted && !isHeld && !isReady) problems.push(`${name} does not run in the end`);
      if (!isWanted && this.board.lifeOf(name) !== undefined) problems.push(`${name} is left`);
    }
    if (ends !== this.board.ends) problems.push(`${this.board.ends} ends, ${ends} were told`);
    if (this.supervisor.nextDue() !== Infinity) problems.push("there is something due for ever");
    return problems;
  }

  /** What an order means for the oracle; before it is given. */
  #foretell(order: OrderName, name: string): void {
    const task = this.supervisor.lookUp(name)!;
    if (order === "start" || order === "revive") {
      this.oracle.wanted(name, !task.isWanted && !task.isUp);
    } else if (order === "restart") this.oracle.wanted(name, !task.isUp);
    else if (order === "release" && task.isHeld) this.oracle.wanted(name, !task.isUp);
    else if (order === "stop") this.oracle.stopped(name);
    else if (order === "hold") this.oracle.held(name);
    if (order === "terminate" || order === "restart") this.oracle.toLeaveAlone(name);
  }

  #expect(what: string, outcome: Promise<Outcome>): void {
    const promised: Promised = { what, outcome: null };
    this.promised.push(promised);
    void outcome.then((result) => {
      promised.outcome = result;
    });
  }

  #hear(name: string, news: TaskNews): void {
    const i = this.#reactions.findIndex((r) => r.name === name && r.news === news);
    if (i < 0) return;
    const { order } = this.#reactions[i]!;
    this.#reactions.splice(i, 1);
    if (order !== "throw") return this.order(order, [name]);
    this.#thrown++;
    throw new Error("in a listener");
  }
}

/** All that is due among promises has been done. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

// -------------------------------------------------------------------------------------------
// Commands, for fast-check.

type Act = fc.Command<object, Trial>;

function act(text: string, run: (trial: Trial) => void): Act {
  return { check: () => true, run: (_, trial) => run(trial), toString: () => text };
}

const name = fc.constantFrom(...NAMES);
const order = fc.constantFrom(...ORDERS);
const news = fc.constantFrom<TaskNews[]>("started", "ready", "died", "ended", "stuck");
const pace = fc.constantFrom(...PACES);
const temper: fc.Arbitrary<Temper> = fc.oneof(
  fc.constant(GOOD),
  fc.record({
    starts: pace,
    fails: fc.constantFrom("no" as const, "no" as const, "early" as const, "late" as const),
    leaves: pace,
    attaches: pace,
  }),
);
const pause = fc.constantFrom(0, 1, 3, 10, 100, 500, 1_000, 10_000);

/** Everything that people, tasks and time can do. */
export const ACTS = [
  fc.constant(act("start all", (trial) => trial.order("start", NAMES))),
  fc
    .tuple(fc.constantFrom("start" as const, "stop" as const), fc.subarray(NAMES, { minLength: 1 }))
    .map(([what, names]) => act(`${what} ${names}`, (trial) => trial.order(what, names))),
  fc.tuple(order, name).map(([what, who]) => act(`${what} ${who}`, (t) => t.order(what, [who]))),
  fc
    .tuple(name, fc.constantFrom("throw" as const, null))
    .map(([who, cause]) => act(`${who} ends: ${cause}`, (trial) => trial.die(who, cause))),
  name.map((who) => act(`stale reports of ${who}`, (trial) => trial.stale(who))),
  pause.map((ms) => act(`${ms} ms pass`, (trial) => trial.board.pass(ms))),
  fc
    .tuple(name, temper)
    .map(([who, how]) =>
      act(`${who} is ${JSON.stringify(how)}`, (trial) => trial.board.tempers.set(who, how)),
    ),
  fc
    .tuple(name, news, fc.oneof(order, fc.constant("throw" as const)))
    .map(([who, what, then]) =>
      act(`when ${who} has ${what}: ${then}`, (trial) => trial.react(who, what, then)),
    ),
];
