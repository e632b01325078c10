/**
 * The board on Node.js: orders that cross each other settle, each with a result that says what
 * happened; restarts are exclusive and counted; what a listener throws changes nothing.
 */
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import test from "tape";
import { name_open, sendAsync } from "reattach";
import { boot, type Outcome, type System } from "reattach/node";

const TASKS = fileURLToPath(new URL("./tasks", import.meta.url));
/** By then something is wrong. */
const PATIENCE_MS = 20_000;

type Tasks = Readonly<Record<string, object>>;

const serve = (name: string): object => ({ args: { act: "serve", name } });
const TWO: Tasks = { one: serve("one"), two: serve("two") };

async function systemOf(tasks: Tasks = TWO, board: object = {}): Promise<System> {
  const entries = Object.entries(tasks).map(([name, task]) => [name, { module: "tasks", ...task }]);
  const reattach = { tasks: Object.fromEntries(entries) as object, board };
  const system = await boot({ modules: { tasks: TASKS }, config: { reattach } }, { seed: 1 });
  system.on("log", () => {});
  return system;
}

async function until(what: string, isDone: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!isDone()) {
    if (performance.now() > end) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** What a promise has come to; a sentence when it does not settle. */
async function settled(promise: Promise<Outcome>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve("it never settled"), PATIENCE_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

const statesOf = (system: System): string[] => system.ps().map(({ state }) => state);
const isServing = (system: System): boolean =>
  statesOf(system).every((state) => state === "RECEIVE");

/** A system whose tasks all serve. */
async function running(tasks?: Tasks, board?: object): Promise<System> {
  const system = await systemOf(tasks, board);
  await system.start();
  await until("all serve", () => isServing(system));
  return system;
}

test("start: after stop() starts again", async (t) => {
  const system = await running();
  t.equal(system.state, "running");
  const first = system.ps()[0]!.pid;
  t.equal(await settled(system.stop()), "done");
  t.equal(system.state, "off");
  t.equal(await settled(system.start()), "done");
  await until("all serve", () => isServing(system));
  t.notEqual(system.ps()[0]!.pid, first, "another incarnation");
  t.equal(system.ps()[0]!.restarts, 0, "started anew");
  t.equal(await settled(system.stop()), "done");
  t.deepEqual(statesOf(system), ["STOPPED", "STOPPED"]);
});

test("start: while everything is being stopped waits for that, and starts again", async (t) => {
  const system = await running();
  const [stopped, started] = [system.stop(), system.start()];
  t.equal(system.state, "stopping");
  t.equal(await settled(stopped), "done");
  t.equal(await settled(started), "done");
  await until("all serve", () => isServing(system));
  await system.stop();
});

test("start: of one task while everything is being stopped does not keep it up", async (t) => {
  const system = await running();
  let ordered: Promise<Outcome> | undefined;
  system.on("end", (name) => (ordered ??= system.start(name)));
  t.equal(await settled(system.stop()), "done");
  t.equal(await settled(ordered!), "superseded");
  t.deepEqual(statesOf(system), ["STOPPED", "STOPPED"]);
});

test("reboot: two at once are one", async (t) => {
  const system = await running();
  const reasons: string[] = [];
  system.on("reboot", (reason) => reasons.push(reason));
  const starts: string[] = [];
  system.on("start", (name) => starts.push(name));
  const [first, second] = [system.reboot("first"), system.reboot("second")];
  t.equal(system.state, "restarting");
  t.equal(await settled(first), "done");
  t.equal(await settled(second), "done");
  t.deepEqual(reasons, ["first"]);
  t.deepEqual(starts.sort(), ["one", "two"], "each task is started once");
  await system.stop();
});

test("stop: during a restart of the board is a stop", async (t) => {
  const system = await running();
  const [rebooted, stopped] = [system.reboot("test"), system.stop()];
  t.equal(await settled(stopped), "done");
  t.equal(await settled(rebooted), "superseded");
  t.equal(system.state, "off");
  t.deepEqual(statesOf(system), ["STOPPED", "STOPPED"]);
});

test("reboot: during a stop is none", async (t) => {
  const system = await running();
  const [stopped, rebooted] = [system.stop(), system.reboot("test")];
  t.equal(await settled(rebooted), "superseded");
  t.equal(await settled(stopped), "done");
  t.equal(system.state, "off");
});

test("start: between a restart and a stop starts what it names", async (t) => {
  const system = await running();
  const orders = [system.reboot("test"), system.stop(), system.start()];
  t.deepEqual(await Promise.all(orders.map(settled)), ["superseded", "done", "done"]);
  await until("all serve", () => isServing(system));
  await system.stop();
});

/** Orders about a task, given while the board restarts, and whether it runs afterwards. */
const DURING: readonly [call: "stop" | "kill" | "restart" | "start", Outcome, boolean][] = [
  ["stop", "done", false],
  ["kill", "rebooted", true],
  ["restart", "rebooted", true],
  ["start", "done", true],
];

for (const [call, outcome, runs] of DURING) {
  test(`${call}: during a restart of the board settles: ${outcome}`, async (t) => {
    const system = await running();
    const rebooted = system.reboot("test");
    t.equal(await settled(system[call]("two")), outcome);
    t.equal(await settled(rebooted), "done");
    const expected = ["RECEIVE", runs ? "RECEIVE" : "STOPPED"];
    await until(`${expected}`, () => `${statesOf(system)}` === `${expected}`);
    t.pass(runs ? "it runs" : "it stays stopped");
    await system.stop();
  });
}

test("kill, stop, restart: under way when the board restarts, they settle", async (t) => {
  const tasks = { ...TWO, three: serve("three") };
  const system = await running(tasks);
  const orders = [system.kill("one"), system.stop("two"), system.restart("three")];
  const deaths: string[] = [];
  system.on("death", ({ name }) => deaths.push(name));
  const rebooted = system.reboot("test");
  t.deepEqual(await Promise.all(orders.map(settled)), ["rebooted", "rebooted", "rebooted"]);
  t.equal(await settled(rebooted), "done");
  await until("it serves", () => `${statesOf(system)}` === "RECEIVE,STOPPED,RECEIVE");
  t.deepEqual(deaths, [], "the restart of the board is no death");
  await system.stop();
});

test("stop: while a policy restarts the board again and again", async (t) => {
  const restart = { backoff_ms: 0, minRun_ms: 0, intensity: 0, escalate: ["board"] };
  const tasks = { dies: { args: { act: "throw" }, restart }, ...TWO };
  const system = await systemOf(tasks, { rebootsMax: 1000 });
  let stopped: Promise<Outcome> | undefined;
  system.on("reboot", () => (stopped ??= system.stop()));
  await system.start();
  await until("a restart", () => stopped !== undefined);
  t.equal(await settled(stopped!), "done");
  t.deepEqual(statesOf(system), ["STOPPED", "STOPPED", "STOPPED"]);
});

test("hold: during a restart of the board holds from the next death on", async (t) => {
  const system = await running();
  const rebooted = system.reboot("test");
  system.hold("two");
  await rebooted;
  await until("all serve", () => isServing(system));
  await system.kill("two");
  t.deepEqual(statesOf(system), ["RECEIVE", "HELD"]);
  await system.stop();
});

test("orders: an unknown task is a rejection, or an error", async (t) => {
  const system = await systemOf();
  for (const call of ["start", "stop", "kill", "restart"] as const) {
    const error: unknown = await system[call]("oen").catch((reason: unknown) => reason);
    t.match(String(error), /found task "oen", allowed are one, two/, call);
  }
  for (const call of ["hang", "hold", "release", "isRunning"] as const) {
    t.throws(() => system[call]("oen"), /found task "oen"/, call);
  }
});

/** What sendAsync's `done` was given when that happened to the system. */
async function statusAfter(act: (system: System) => Promise<unknown>): Promise<number> {
  const system = await running({ mute: { args: { act: "receiveOnly", name: "mute" } } });
  system.use();
  const coid = name_open("mute", 0);
  const done = new Promise<number>((resolve) => {
    if (sendAsync(coid, null, 0, null, 0, resolve) !== 0) throw new Error("it was not sent");
  });
  await until("it is received", () => system.view()[0]!.state === "REPLY");
  await act(system);
  const status = await done;
  await system.stop();
  return status;
}

const ENDS: readonly [string, (system: System) => Promise<unknown>][] = [
  ["its server is killed", (system) => system.kill("mute")],
  ["its server is stopped", (system) => system.stop("mute")],
  ["everything is stopped", (system) => system.stop()],
  ["the board restarts", (system) => system.reboot("test")],
];

for (const [what, act] of ENDS) {
  test(`sendAsync: done is called when ${what}`, async (t) => {
    t.equal(await statusAfter(act), -3, "-ESRCH");
  });
}

test("sendAsync: on a system that was stopped is -ESRCH, at once", async (t) => {
  const system = await running();
  await system.stop();
  system.use();
  const never = (): void => t.fail("done was called");
  t.equal(sendAsync(1, null, 0, null, 0, never), -3);
});

/** Does something while what is uncaught is collected, as a program with a handler does. */
async function collectUncaught(act: () => Promise<void>): Promise<string[]> {
  const uncaught: string[] = [];
  const others = process.listeners("uncaughtException");
  const note = (error: Error): void => void uncaught.push(error.message);
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", note);
  try {
    await act();
  } finally {
    process.off("uncaughtException", note);
    for (const listener of others) process.on("uncaughtException", listener);
  }
  return uncaught;
}

test("listeners: one that throws is uncaught, and changes nothing", async (t) => {
  const system = await systemOf({ dies: { args: { act: "throw" } }, ...TWO });
  const deaths: string[] = [];
  const uncaught = await collectUncaught(async () => {
    for (const event of ["start", "ready", "death", "reboot", "stop"] as const) {
      system.once(event, () => {
        throw new Error(`in ${event}`);
      });
    }
    system.on("death", ({ name }) => deaths.push(name));
    await system.start();
    await until("it dies again", () => deaths.length >= 2);
    await system.reboot("test");
    t.equal(await settled(system.stop()), "done");
    await new Promise((resolve) => setImmediate(resolve));
  });
  t.deepEqual(uncaught.sort(), ["in death", "in ready", "in reboot", "in start", "in stop"]);
  t.ok(deaths.length >= 2, "the other listener hears all deaths, and the task is started again");
});

test("System: is an EventEmitter, and can be disposed of", async (t) => {
  const system = await running();
  const stopped = once(system, "stop");
  t.equal(system.listenerCount("log"), 1);
  await system[Symbol.asyncDispose]();
  await stopped;
  t.equal(system.state, "off");
});

test("boot count: restarts that nobody is to blame for hold all but the essential", async (t) => {
  const tasks = { one: serve("one"), two: { ...serve("two"), essential: true } };
  const system = await running(tasks, { rebootsMax: 1, guardian_ms: 300 });
  const lines: string[] = [];
  system.on("log", (_name, _level, text) => lines.push(text));
  const rebooted = once(system, "reboot");
  // Nothing is shared with anybody: it only takes time.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500);
  await rebooted;
  await until("they settle", () => `${statesOf(system)}` === "HELD,RECEIVE");
  t.ok(lines.includes("held: one: 1 restarts of the board have not helped"), "it says so");
  system.release("one");
  await until("it is back", () => isServing(system));
  t.equal(await settled(system.reboot("ordered")), "done");
  await until("all serve", () => isServing(system));
  t.pass("an ordered restart holds nobody");
  await system.stop();
});
