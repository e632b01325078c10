/**
 * The System of every host, on a fake one: random orders that cross each other. Whatever they are,
 * each settles; nothing is started twice; and what was stopped stays stopped.
 */
import * as fc from "fast-check";
import test from "tape";
import { checkAsync, seeded } from "../kernel/seed.js";
import { configOf, type Delays, FakeSystem } from "./fake-system.js";
import type { Outcome } from "../../../src/manager/supervise/outcome.js";

const NAMES = ["base", "middle", "top"] as const;
type Name = (typeof NAMES)[number];

const CONFIG = configOf({
  base: {},
  middle: { dependsOn: ["base"] },
  top: { dependsOn: ["middle"], restart: { intensity: 1, escalate: ["board"] } },
});
const NOW: Delays = { launch: 0, leave: 0, kill: 0, clear: 0, rest: 0 };

const ALL_ORDERS = ["start", "stop", "reboot", "guardian"] as const;
const ONE_ORDERS = ["start", "stop", "kill", "restart", "hold", "release", "die", "end"] as const;

/** One step of a run: an order about all, an order about one, or time that passes. */
type Step =
  | { readonly all: (typeof ALL_ORDERS)[number] }
  | { readonly one: (typeof ONE_ORDERS)[number]; readonly name: Name }
  | { readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: fc.record({ all: fc.constantFrom(...ALL_ORDERS) }), weight: 3 },
  {
    arbitrary: fc.record({
      one: fc.constantFrom(...ONE_ORDERS),
      name: fc.constantFrom(...NAMES),
    }),
    weight: 5,
  },
  { arbitrary: fc.record({ ms: fc.constantFrom(0, 5, 20, 60) }), weight: 3 },
);
const late = fc.constantFrom(0, 1, 10, 45);
const delays: fc.Arbitrary<Delays> = fc.record({
  launch: late,
  leave: late,
  kill: late,
  clear: late,
  rest: late,
});

/** A run: the system, the orders that have not settled, and who is to stay stopped. */
class Run {
  readonly system: FakeSystem;
  readonly open = new Map<Promise<Outcome>, string>();
  readonly outcomes: string[] = [];
  readonly stopped = new Set<Name>(NAMES);
  #isStopping = false;

  constructor(taken: Delays) {
    this.system = new FakeSystem(CONFIG, taken);
  }

  take(next: Step): Promise<void> | void {
    if ("ms" in next) return this.system.pass(next.ms);
    if ("all" in next) this.#all(next.all);
    else this.#one(next.one, next.name);
  }

  #expect(order: string, promise: Promise<Outcome>): void {
    this.open.set(promise, order);
    void promise.then((outcome) => {
      this.open.delete(promise);
      this.outcomes.push(`${order}: ${outcome}`);
    });
  }

  #all(order: (typeof ALL_ORDERS)[number]): void {
    if (order === "guardian") {
      this.system.port.keeper.restart("stalled", "");
    } else if (order === "reboot") {
      this.#expect("reboot", this.system.reboot("test"));
    } else if (order === "start") {
      this.stopped.clear();
      this.#isStopping = false;
      this.#expect("start", this.system.start());
    } else {
      for (const name of NAMES) this.stopped.add(name);
      this.#isStopping = true;
      const stopping = this.system.stop();
      void stopping.then(() => (this.#isStopping = false));
      this.#expect("stop", stopping);
    }
  }

  #one(order: (typeof ONE_ORDERS)[number], name: Name): void {
    const { system } = this;
    if (order === "die" || order === "end")
      return system.die(name, order === "end" ? null : "throw");
    if (order === "hold" || order === "release") {
      // Who releases a task has it started, if it was held.
      this.stopped.delete(name);
      return system[order](name);
    }
    if (order === "stop") this.stopped.add(name);
    // While everything is being stopped a single task is not started. It is once the board is off,
    // which may be before those who wait for the stop have heard of it.
    else if (order !== "kill" && !(this.#isStopping && system.state !== "off")) {
      this.stopped.delete(name);
    }
    this.#expect(`${order} ${name}`, system[order](name));
  }

  /** What is wrong at the end; "" for nothing. */
  async complaint(): Promise<string> {
    await this.system.pass(2_000);
    const { wrong, reported } = this.system.port;
    if (wrong.length + reported.length > 0) return [...wrong, ...reported].join("; ");
    if (this.open.size > 0) return `never settled: ${[...this.open.values()].join(", ")}`;
    const up = this.system.up.filter((name) => this.stopped.has(name as Name));
    if (up.length > 0) return `stopped, and up: ${up.join(", ")}`;
    const isOff = this.system.state === "off";
    if (isOff && this.system.up.length > 0) return `off, and up: ${this.system.up.join(", ")}`;
    if (!isOff && this.system.state !== "running") return `still ${this.system.state}`;
    const last = this.system.stop();
    await this.system.pass(500);
    return (await last) === "done" && this.system.up.length === 0 ? "" : "it cannot be stopped";
  }
}

test(seeded("System: every order settles, and what was stopped stays stopped"), async (t) => {
  const property = fc.asyncProperty(
    delays,
    fc.array(step, { minLength: 1, maxLength: 14 }),
    async (taken, steps) => {
      const run = new Run(taken);
      for (const each of steps) await run.take(each);
      const complaint = await run.complaint();
      if (complaint !== "") throw new Error(`${complaint} (${run.outcomes.join(", ")})`);
    },
  );
  await checkAsync(property, 300);
  t.pass("all of them");
});

test("System: an order from inside a listener is carried out once", async (t) => {
  for (const delay of [0, 10]) {
    const system = new FakeSystem(CONFIG, { ...NOW, leave: delay, launch: delay });
    let reboots = 0;
    let hasOrdered = false;
    system.listener = (event) => {
      if (event !== "reboot") return;
      reboots++;
      if (hasOrdered) return;
      hasOrdered = true;
      void system.reboot("in the listener");
      void system.reboot("once more");
    };
    void system.start();
    await system.pass(100);
    void system.reboot("the first");
    await system.pass(300);
    t.equal(reboots, 2, `${delay} ms: the first, and one for both orders`);
    t.deepEqual(system.up, [...NAMES]);
    void system.stop();
    await system.pass(100);
  }
});

test("System: listeners come last, and what they throw changes nothing", async (t) => {
  const system = new FakeSystem(CONFIG, NOW);
  const states: string[] = [];
  system.listener = (event) => {
    if (event === "reboot" || event === "stop") states.push(`${event}: ${system.state}`);
    throw new Error(event);
  };
  void system.start();
  await system.pass(20);
  t.deepEqual(system.up, [...NAMES], "all run");
  void system.reboot("test");
  await system.pass(20);
  t.deepEqual(system.up, [...NAMES], "all run again");
  t.equal(await system.stop(), "done");
  t.deepEqual(states, ["reboot: starting", "stop: stopping"]);
  const thrown = new Set(system.port.reported);
  for (const event of ["start", "ready", "reboot", "stop", "end"]) {
    t.ok(thrown.has(`Error: ${event}`), `${event} is reported`);
  }
});
