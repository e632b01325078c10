/**
 * What counts as life, with real threads: idle is not hung, a deadlock is seen, a server that does
 * not answer is hung, a thread that cannot be ended is said.
 */
import { execFileSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import inspector from "node:inspector";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "tape";
import { boot, type System, type TaskDeath, type TaskStatus } from "reattach/node";
import type { Life } from "./lives.js";
import { folderOf } from "./temp-folder.js";

const LIVES = fileURLToPath(new URL("./lives", import.meta.url));
/** For what must come, on a machine that does other things too. */
const PATIENCE_MS = 60_000;

type Spec = Life & Readonly<Record<string, unknown>>;

/** What happened to a system. */
interface Seen {
  readonly system: System;
  readonly deaths: TaskDeath[];
  readonly deadlocks: (readonly string[])[];
  readonly logs: string[];
}

/** Keys of a task's declaration; the others are for its program. */
const KEYS = ["heartbeat_ms", "heartbeatHigh", "answer_ms", "priority", "dependsOn", "restart"];

async function systemOf(lives: Readonly<Record<string, Spec>>, board = {}): Promise<Seen> {
  const tasks = Object.fromEntries(
    Object.entries(lives).map(([name, life]) => {
      const entries = Object.entries(life);
      const keys = Object.fromEntries(entries.filter(([key]) => KEYS.includes(key)));
      const args = Object.fromEntries(entries.filter(([key]) => !KEYS.includes(key)));
      return [name, { module: "lives", args, ...keys }];
    }),
  );
  const system = await boot({ modules: { lives: LIVES }, config: { reattach: { tasks, board } } });
  const seen: Seen = { system, deaths: [], deadlocks: [], logs: [] };
  system.on("log", (name, _level, text) => seen.logs.push(`${name}: ${text}`));
  system.on("death", (death) => seen.deaths.push(death));
  system.on("deadlock", (names) => seen.deadlocks.push(names));
  return seen;
}

async function until(isDone: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!isDone()) {
    if (performance.now() > end) throw new Error(`never happened: ${String(isDone)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function look({ system }: Seen, name: string): TaskStatus {
  return system.ps().find((task) => task.name === name)!;
}

for (const act of ["events", "awaits"]) {
  test(`heartbeat: a task that ${act} sits in its event loop, and lives`, async (t) => {
    const seen = await systemOf({ idle: { act, heartbeat_ms: 200, heartbeatHigh: 20 } });
    await seen.system.start();
    await until(() => look(seen, "idle").state === "IDLE");
    const { sleeps } = look(seen, "idle").counters;
    // Each period it answers one nudge.
    await until(() => look(seen, "idle").counters.sleeps >= sleeps + 8);
    t.deepEqual(seen.deaths, []);
    t.ok(look(seen, "idle").silent_ms < PATIENCE_MS / 10);
    await seen.system.stop();
  });
}

for (const act of ["loop", "loopLater", "microtasks"]) {
  test(`heartbeat: a task that does "${act}" without end is hung`, async (t) => {
    const seen = await systemOf({
      busy: { act, heartbeat_ms: 200, restart: { when: "never" } },
      idle: { act: "events", heartbeat_ms: 200, heartbeatHigh: 100 },
    });
    await seen.system.start();
    await until(() => seen.deaths.length > 0);
    t.deepEqual(
      seen.deaths.map(({ name, cause }) => `${name} ${cause}`),
      ["busy hung"],
    );
    await seen.system.stop();
  });
}

test("ps: a loop is not a delay, and neither is an idle event loop", async (t) => {
  const seen = await systemOf({
    loop: { act: "loop" },
    later: { act: "loopLater" },
    delay: { act: "delay" },
    idle: { act: "events" },
    server: { act: "serve", own: "heat" },
  });
  await seen.system.start();
  await until(() => look(seen, "delay").state === "NANOSLEEP");
  await until(() => look(seen, "idle").state === "IDLE");
  await until(() => look(seen, "server").state === "RECEIVE");
  await until(() => look(seen, "loop").silent_ms > 2_000);
  t.equal(look(seen, "loop").state, "RUNNING");
  await until(() => look(seen, "later").state === "RUNNING");
  t.ok(
    look(seen, "later").silent_ms > 2_000,
    "it came out of its event loop, and does not go back",
  );
  t.deepEqual(look(seen, "server").services, ["heat"]);
  await seen.system.stop();
});

/** A ring of tasks p0, p1, … with the same keys. */
function ringOf(length: number, keys: object = {}): Record<string, Spec> {
  const names = Array.from({ length }, (_, i) => `p${i}`);
  return Object.fromEntries(
    names.map((own, i) => [own, { act: "ring", own, next: names[(i + 1) % length]!, ...keys }]),
  );
}

for (const length of [2, 3, 5]) {
  const names = Object.keys(ringOf(length));

  test(`deadlock: a ring of ${length} is told, and by default nobody is ended`, async (t) => {
    const seen = await systemOf({ ...ringOf(length), outside: { act: "ask", next: "p0" } });
    await seen.system.start();
    await until(() => seen.deadlocks.length > 0);
    t.deepEqual(seen.deadlocks, [names]);
    const chain = [...names, "p0"].join(" > ");
    const line = `main: deadlock: ${chain}: each waits for the next, for ever`;
    t.ok(seen.logs.includes(line), seen.logs.join());
    t.deepEqual(look(seen, "p1").deadlock, [...names.slice(1), "p0"], "ps");
    t.equal(look(seen, "outside").deadlock, null, "who waits for them is not in it");
    await until(() => look(seen, "p0").waitsFor!.ms > 2_000);
    t.deepEqual([seen.deadlocks.length, seen.deaths.length], [1, 0], "told once, nobody dies");
    await seen.system.stop();
  });

  test(`deadlock: "break" ends exactly one of a ring of ${length}`, async (t) => {
    // A heartbeat that a busy machine does not miss: whoever is starved would be hung.
    const lives = ringOf(length, { heartbeat_ms: 5_000, restart: { when: "never" } });
    const seen = await systemOf(
      { ...lives, p1: { ...lives["p1"]!, priority: 5 } },
      { deadlock: "break" },
    );
    await seen.system.start();
    await until(() => seen.deaths.length > 0);
    t.deepEqual(seen.deaths[0]?.name, "p1", "the least urgent");
    t.equal(seen.deaths[0]?.cause, "deadlock");
    t.match(seen.deaths[0]?.text ?? "", /^deadlock: p0 > p1 > /);
    await until(() => names.every((name) => name === "p1" || look(seen, name).waitsFor === null));
    // Who waited for it goes on, and so do all others.
    await until(() => seen.logs.includes("p0: ESRCH"));
    t.equal(seen.deaths.length, 1);
    await seen.system.stop();
  });
}

test("deadlock: a heartbeat in a ring ends one of those that have one, and no more", async (t) => {
  const seen = await systemOf(ringOf(3, { heartbeat_ms: 200, restart: { when: "never" } }));
  await seen.system.start();
  await until(() => seen.deaths.length > 0);
  await until(() => ["p0", "p1"].every((name) => look(seen, name).state !== "SEND"));
  t.deepEqual(
    seen.deaths.map(({ cause }) => cause),
    ["hung"],
  );
  await seen.system.stop();
});

test("deadlock: none is told when a wait of the ring has a limit", async (t) => {
  const lives = ringOf(2);
  const seen = await systemOf({ ...lives, p0: { ...lives["p0"]!, limit_ms: 4_000 } });
  await seen.system.start();
  await until(() => seen.logs.includes("p0: ETIMEDOUT"));
  await until(() => seen.logs.includes("p1: EOK"));
  t.deepEqual(seen.deadlocks, []);
  await seen.system.stop();
});

for (const act of ["mute", "returned", "busy"]) {
  test(`answer_ms: a server that is ${act} is hung`, async (t) => {
    const seen = await systemOf({
      server: { act, own: "service", answer_ms: 300, restart: { when: "never" } },
      asker: { act: "ask", next: "service", heartbeat_ms: 200, heartbeatHigh: 100 },
    });
    await seen.system.start();
    await until(() => seen.deaths.length > 0);
    const { name, cause, text } = seen.deaths[0]!;
    t.deepEqual([name, cause], ["server", "hung"]);
    t.match(text, /^did not answer asker within 300 ms: for \d+ ms so far$/);
    await until(() => seen.logs.includes("asker: ESRCH"));
    t.equal(seen.deaths.length, 1);
    await seen.system.stop();
  });
}

test("answer_ms: a server that waits for its own server is excused", async (t) => {
  const seen = await systemOf({
    asker: { act: "ask", next: "first" },
    first: { act: "pass", own: "first", next: "second", answer_ms: 300 },
    second: { act: "slow", own: "second", limit_ms: 3_000 },
  });
  await seen.system.start();
  await until(() => seen.logs.includes("asker: EOK"));
  t.deepEqual(seen.deaths, []);
  await seen.system.stop();
});

test("debugger: while one may hold a task nobody is hung", async (t) => {
  inspector.open(0, "127.0.0.1");
  const seen = await systemOf({
    loop: { act: "loop", heartbeat_ms: 200, restart: { when: "never" } },
    server: { act: "mute", own: "service", answer_ms: 300, restart: { when: "never" } },
    asker: { act: "ask", next: "service" },
  });
  await seen.system.start();
  await until(() => look(seen, "loop").silent_ms > 2_000);
  await until(() => (look(seen, "asker").waitsFor?.ms ?? 0) > 2_000);
  t.deepEqual(seen.deaths, []);
  inspector.close();
  await until(() => seen.deaths.length === 2);
  t.deepEqual(
    seen.deaths.map(({ cause }) => cause),
    ["hung", "hung"],
    "when it has gone",
  );
  await seen.system.stop();
});

test("stuck: a thread that cannot be ended is said, and the orders about it end", async (t) => {
  const pipe = join(folderOf(t, {}), "pipe");
  execFileSync("mkfifo", [pipe]);
  const seen = await systemOf({ reader: { act: "read", path: pipe }, idle: { act: "events" } });
  const stuck: string[] = [];
  seen.system.on("stuck", (name, pid, text) => stuck.push(`${name} ${pid} ${text}`));
  await seen.system.start();
  await until(() => look(seen, "reader").silent_ms > 500);
  const { pid } = look(seen, "reader");
  t.equal(await seen.system.kill("reader"), "stuck", "kill");
  t.equal(stuck.length, 1);
  t.match(stuck[0]!, new RegExp(`^reader ${pid} .* it is in native code$`));
  t.ok(
    seen.logs.some((line) => line.startsWith("main: reader") && line.includes("native code")),
    "in the log",
  );
  t.equal(look(seen, "reader").state, "STUCK", "ps");
  t.equal(await seen.system.stop(), "stuck", "stop");
  // It comes back, and is gone.
  closeSync(openSync(pipe, "w"));
});
