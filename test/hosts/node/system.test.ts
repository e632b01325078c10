/**
 * The Node host: every kind of death with its reason, logs, the view, and an end that leaves
 * nothing.
 */
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "tape";
import { boot, type DeathCause, type System, type TaskDeath } from "reattach/node";
import { Patience } from "../../patience.js";
import { folderOf, writeFiles } from "./temp-folder.js";

const TASKS = fileURLToPath(new URL("./tasks", import.meta.url));

interface Act {
  readonly act: string;
  readonly name?: string;
  readonly creation?: Record<string, unknown>;
}

/** A system with a task for each act, and its log kept off the terminal. */
async function systemOf(acts: Readonly<Record<string, Act>>): Promise<System> {
  const tasks = Object.fromEntries(
    Object.entries(acts).map(([task, { creation, ...args }]) => [
      task,
      { module: "tasks", args, ...(creation === undefined ? {} : { creation }) },
    ]),
  );
  const system = await boot({ modules: { tasks: TASKS }, config: { reattach: { tasks } } });
  system.on("log", () => undefined);
  return system;
}

function nextDeath(system: System): Promise<TaskDeath> {
  return new Promise((resolve) => system.once("death", resolve));
}

async function until(isDone: () => boolean): Promise<void> {
  const patience = new Patience(10_000);
  while (!isDone()) {
    if (patience.isOver) throw new Error(`never happened: ${String(isDone)}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const DEATHS: readonly [act: string, cause: DeathCause, text: RegExp][] = [
  ["throw", "throw", /RangeError: thrown on purpose\n.*tasks\.ts:\d+:\d+/],
  ["throwLater", "throw", /RangeError: thrown later\n.*tasks\.ts:\d+:\d+/],
  ["reject", "throw", /RangeError: rejected on purpose/],
  ["rejectLater", "throw", /RangeError: rejected later/],
  ["exit", "exit", /^exit code 3$/],
  ["awaitNothing", "exit", /^exit code 13$/],
  ["eat", "memory", /memory/],
];

for (const [act, cause, text] of DEATHS) {
  test(`death: a task that does "${act}" dies of "${cause}" and is started again`, async (t) => {
    const system = await systemOf({ mortal: { act }, bystander: { act: "serve" } });
    const died = nextDeath(system);
    await system.start();
    const death = await died;
    t.equal(death.name, "mortal");
    t.equal(death.cause, cause);
    t.match(death.text, text);
    const [name, pid] = (await once(system, "start")) as [string, number];
    t.equal(name, "mortal", "it is started again");
    t.notEqual(pid, death.pid, "with another pid");
    t.equal(system.view().find((row) => row.name === "bystander")?.restarts, 0, "nobody else is");
    await system.stop();
  });
}

test("death: a task is not started again sooner than 50 ms after its last start", async (t) => {
  const system = await systemOf({ mortal: { act: "throw" } });
  const starts: number[] = [];
  system.on("start", () => starts.push(performance.now()));
  await system.start();
  await until(() => starts.length >= 5);
  await system.stop();
  const shortest = Math.min(...starts.slice(1).map((at, i) => at - starts[i]!));
  // The event comes a little after the start it tells of: compare with room for that.
  t.ok(shortest > 40, `the shortest time between two starts was ${shortest.toFixed(1)} ms`);
});

test("death: a program that does not compile; its correction is picked up", async (t) => {
  const folder = folderOf(t, { "bad.ts": "export function main() { return }}" });
  const system = await boot({
    modules: { bad: join(folder, "bad") },
    config: { reattach: { tasks: { bad: { module: "bad" } } } },
  });
  const died = nextDeath(system);
  await system.start();
  const { cause, text, pid } = await died;
  t.equal(cause, "syntax");
  t.match(text, /bad\.ts:1:\d+: Unexpected/);
  t.equal(pid, 0, "it never had a pid");
  writeFiles(folder, { "bad.ts": "export function main() {}" }, new Date());
  const [name] = (await once(system, "end")) as [string];
  t.equal(name, "bad", "the corrected one runs to its end");
  await system.stop();
});

test("kill: ends a task in an endless loop", async (t) => {
  const system = await systemOf({ looper: { act: "loop" } });
  await system.start();
  await once(system, "ready");
  const died = nextDeath(system);
  await system.kill("looper");
  t.equal((await died).cause, "killed");
  await system.stop();
});

test("hang: the task is deaf and shows no sign of life; killed, it comes back", async (t) => {
  const system = await systemOf({
    server: { act: "serve", name: "echo" },
    asker: { act: "ask", name: "echo" },
  });
  await system.start("server");
  await until(() => system.view()[1]!.state === "RECEIVE");
  system.hang("server");
  await system.start("asker");
  await until(() => (system.view()[2]!.waitsFor?.ms ?? 0) > 0);
  const { heartbeat } = system.view()[1]!;
  await until(() => (system.view()[2]!.waitsFor?.ms ?? 0) > 300);
  t.equal(system.view()[2]!.state, "SEND", "its client's message is not received");
  t.equal(system.view()[1]!.heartbeat, heartbeat, "no heartbeat for two slices of sleep");
  const died = nextDeath(system);
  const ended = once(system, "end");
  await system.kill("server");
  t.equal((await died).cause, "killed", "a hang that is killed is a death");
  t.equal((await ended)[0], "asker", "its client is free");
  await once(system, "ready");
  t.equal(system.view()[1]!.restarts, 1);
  await system.stop();
});

test("log: a line is seen while its task blocks, and says how bad it is", async (t) => {
  const system = await systemOf({ blocked: { act: "block" }, talker: { act: "log" } });
  const lines: unknown[][] = [];
  system.on("log", (...line) => lines.push(line.slice(0, 3)));
  await system.start();
  await until(() => lines.length === 3 && system.view()[1]!.state === "RECEIVE");
  t.deepEqual(
    lines.sort((a, b) => String(a[2]).localeCompare(String(b[2]))),
    [
      ["talker", "error", "an error line"],
      ["blocked", "info", "before blocking"],
      ["talker", "info", "traced 7"],
    ],
  );
  await system.stop();
});

test("view: shows who waits on whom, and since when", async (t) => {
  const system = await systemOf({
    silent: { act: "receiveOnly", name: "silence" },
    asker: { act: "ask", name: "silence" },
  });
  await system.start();
  await until(() => (system.view()[2]!.waitsFor?.ms ?? 0) > 0);
  const [main, silent, asker] = system.view();
  t.equal(main!.name, "main");
  t.equal(silent!.state, "RECEIVE");
  t.equal(silent!.counters.received, 1);
  t.equal(asker!.state, "REPLY");
  t.equal(asker!.counters.sent, 1);
  t.equal(asker!.generation, 1);
  t.equal(asker!.waitsFor?.pid, silent!.pid);
  t.equal(asker!.waitsFor?.name, "silence");
  t.deepEqual(system.usage().connections, { used: 1, total: 32, highest: 1 });
  t.deepEqual(
    system.trace().map(({ event }) => event),
    ["start", "start"],
  );
  await system.stop();
});

test("stop: a task that has ended by itself is not started again", async (t) => {
  const system = await systemOf({ short: { act: "return" } });
  await system.start();
  const [name] = (await once(system, "end")) as [string];
  t.equal(name, "short");
  t.equal(system.view()[1]!.state, "STOPPED");
  await system.stop();
});

test("stop: leaves no task, wherever each of them is", async (t) => {
  const system = await systemOf({
    receiver: { act: "serve" },
    silent: { act: "receiveOnly", name: "silence" },
    asker: { act: "ask", name: "silence" },
    looper: { act: "loop" },
    idler: { act: "idle" },
  });
  const deaths: TaskDeath[] = [];
  system.on("death", (death) => deaths.push(death));
  const ready = new Set<string>();
  system.on("ready", (name) => ready.add(name));
  await system.start();
  // All of them are loaded: one that still loads its program cannot leave.
  await until(() => ready.size === 5);
  await until(() => system.view()[3]!.state === "REPLY");
  await system.stop();
  t.deepEqual(
    deaths.map(({ name, cause }) => [name, cause]),
    [["looper", "stuck"]],
    "only the one in an endless loop had to be forced",
  );
  t.ok(
    system.view().every(({ name, pid }) => name === "main" || pid === 0),
    "none is left",
  );
  const { channels, connections, names } = system.usage();
  t.equal(channels.used + connections.used + names.used, 0, "and nothing of theirs");
});

test("stop_ms: how long one that does not leave is waited for", async (t) => {
  const looper = { module: "tasks", args: { act: "loop" } };
  const reattach = { tasks: { looper }, board: { stop_ms: 20 } };
  const system = await boot({ modules: { tasks: TASKS }, config: { reattach } });
  system.on("log", () => undefined);
  await system.start();
  await once(system, "ready");
  const death = nextDeath(system);
  await system.stop();
  const { cause, text } = await death;
  t.deepEqual([cause, text], ["stuck", "did not leave within 20 ms"]);
});

test("start: one task by its name; an unknown one is an error that names the others", async (t) => {
  const system = await systemOf({ one: { act: "serve" }, two: { act: "serve", name: "other" } });
  await system.start("two");
  await once(system, "ready");
  t.deepEqual(
    system.view().map(({ state }) => state === "STOPPED"),
    [false, true, false],
  );
  try {
    await system.start("tow");
    t.fail("it must reject");
  } catch (error) {
    t.match(String(error), /found task "tow".*two/);
  }
  await system.stop();
});

test("guardian: a main thread that stood still restarts the board, and says why", async (t) => {
  const system = await boot({
    modules: { tasks: TASKS },
    config: {
      reattach: {
        tasks: { server: { module: "tasks", args: { act: "serve", name: "echo" } } },
        board: { guardian_ms: 300 },
      },
    },
  });
  await system.start();
  await until(() => system.view()[1]!.state === "RECEIVE");
  const rebooted = once(system, "reboot");
  system.on("log", () => {});
  // Nothing is shared with anybody: it only takes time.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500);
  const [reason] = (await rebooted) as [string];
  t.equal(reason, "the main VM stood still for 300 ms");
  await until(() => system.view()[1]!.state === "RECEIVE");
  t.equal(system.view()[1]!.generation, 1, "in a new arena");
  await system.stop();
});

test("board: one that has run well restarts again, however often it has before", async (t) => {
  const restart = { intensity: 1, backoff_ms: 0, minRun_ms: 0, escalate: ["board"] };
  const task = { module: "tasks", args: { act: "throw" }, restart };
  // With 0 every board has run well; rebootsMax is for those that have not.
  const board = { rebootsMax: 1, settled_ms: 0 };
  const reattach = { tasks: { mortal: task }, board };
  const system = await boot({ modules: { tasks: TASKS }, config: { reattach } });
  system.on("log", () => undefined);
  let reboots = 0;
  system.on("reboot", () => reboots++);
  await system.start();
  try {
    await until(() => reboots === 3);
    t.equal(system.ps()[0]!.isHeld, false, "and the task is not held");
  } finally {
    await system.stop();
  }
});

test("reboot: begins again with a new arena, and without stable state", async (t) => {
  const system = await systemOf({ keeper: { act: "keep", name: "keeper" } });
  await system.start();
  await until(() => system.ps()[0]!.stableBytes === 6);
  system.on("log", () => {});
  await system.kill("keeper");
  await until(() => system.ps()[0]!.state === "RECEIVE");
  t.equal(system.ps()[0]!.stableBytes, 6, "it outlives its task");
  const rebooted = once(system, "reboot");
  system.hold("keeper");
  await system.reboot("on purpose");
  t.deepEqual(await rebooted, ["on purpose"]);
  t.equal(system.ps()[0]!.restarts, 0, "started anew");
  await until(() => system.ps()[0]!.state === "RECEIVE");
  t.equal(system.ps()[0]!.generation, 1);
  await system.stop();
});

test("ha_creat: has the manager start the task that is declared for the service", async (t) => {
  const system = await boot({
    modules: { tasks: TASKS },
    config: {
      reattach: {
        tasks: {
          client: { module: "tasks", args: { act: "create", name: "echo" } },
          lost: { module: "tasks", args: { act: "create", name: "nothing" } },
          provider: {
            module: "tasks",
            args: { act: "serve", name: "echo" },
            services: ["echo"],
          },
        },
      },
    },
  });
  const lines: string[] = [];
  system.on("log", (name, _level, text) => lines.push(`${name}: ${text}`));
  await system.start("client");
  await until(() => lines.length === 1);
  t.deepEqual(lines, ["client: ha_creat: 0"], "it is there, and answers");
  // Nobody else has started it. The main thread may see the name a moment after the client.
  await until(() => system.isRunning("provider"));
  await system.start("lost");
  await until(() => lines.length === 2);
  t.equal(lines[1], "lost: ha_creat: -2", "-ENOENT for a service that nobody declares");
  await system.stop();
});

test("stop: those that depend on a task leave before it", async (t) => {
  const act = { module: "tasks" };
  const system = await boot({
    modules: { tasks: TASKS },
    config: {
      reattach: {
        tasks: {
          client: { ...act, args: { act: "serve", name: "c" }, dependsOn: ["server"] },
          server: { ...act, args: { act: "serve", name: "s" } },
        },
      },
    },
  });
  const events: string[] = [];
  system.on("ready", (name) => events.push(`ready ${name}`));
  system.on("end", (name) => events.push(`end ${name}`));
  await system.start();
  await until(() => system.isRunning("client"));
  await system.stop();
  t.deepEqual(events, ["ready server", "ready client", "end client", "end server"]);
});

test("hold, release, restart: by hand", async (t) => {
  const system = await systemOf({ server: { act: "serve", name: "echo" } });
  const state = (): string => system.ps()[0]!.state;
  await system.start();
  await until(() => state() === "RECEIVE");
  const first = system.ps()[0]!.pid;
  await system.restart("server");
  await until(() => state() === "RECEIVE");
  t.notEqual(system.ps()[0]!.pid, first, "restart: another incarnation");
  t.equal(system.ps()[0]!.lastDeath, null, "and no death");
  system.hold("server");
  await system.kill("server");
  t.equal(state(), "HELD", "hold: it stays dead");
  t.equal(system.ps()[0]!.lastDeath?.cause, "killed");
  system.release("server");
  await until(() => state() === "RECEIVE");
  t.equal(system.ps()[0]!.isHeld, false, "release: it runs again");
  await system.stop();
});
