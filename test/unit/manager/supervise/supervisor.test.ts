/**
 * The supervisor on a board with fake time: who is started when, to the millisecond.
 */
import test from "tape";
import type { DeathCause } from "../../../../src/manager/status.js";
import type { ManagedTask } from "../../../../src/manager/supervise/managed-task.js";
import { FakeHost } from "./fake-host.js";
import { CAUSES, KINDS, MATRIX_TASKS, matrixTasks, STRATEGIES } from "./matrix.js";

const MODULE = { module: "m" };

/** All run; nothing of that is of interest. */
function running(tasks: Record<string, object>, settings = {}): FakeHost {
  const host = new FakeHost(tasks, settings);
  host.supervisor.start(host.supervisor.tasks);
  host.pass(1_000);
  host.taken();
  return host;
}

/** Milliseconds to subtract: when running() has done its work. */
const STARTED = 2_000;

function since(host: FakeHost, start = STARTED): string[] {
  return host.taken().map((line) => {
    const [at = "", ...rest] = line.split(" ");
    return `${Number(at) - start} ${rest.join(" ")}`;
  });
}

test("start: each task when what it depends on runs", (t) => {
  const host = new FakeHost({
    client: { ...MODULE, dependsOn: ["server", "sensor"] },
    server: { ...MODULE, dependsOn: ["flash"] },
    flash: MODULE,
    sensor: MODULE,
  });
  host.supervisor.start(host.supervisor.tasks);
  host.pass(200);
  t.deepEqual(since(host, 1_000), [
    "0 start flash",
    "0 start sensor",
    "30 ready flash",
    "30 ready sensor",
    "30 start server",
    "60 ready server",
    "60 start client",
    "90 ready client",
  ]);
  t.end();
});

const CHANCES: readonly (readonly [string, (host: FakeHost) => void])[] = [
  ["dies", () => undefined],
  ["is held", (host) => host.supervisor.hold(host.supervisor.lookUp("server")!)],
];

for (const [title, act] of CHANCES) {
  test(`start: a task that ${title} keeps those that depend on it waiting no longer`, (t) => {
    const host = new FakeHost({ client: { ...MODULE, dependsOn: ["server"] }, server: MODULE });
    host.broken.set("server", "syntax");
    act(host);
    host.supervisor.start(host.supervisor.tasks);
    host.pass(100);
    t.ok(host.pidOf("client") > 0, "the client runs");
    t.end();
  });
}

test("stop: each task when those that depend on it are gone", async (t) => {
  const host = running(
    { client: { ...MODULE, dependsOn: ["server"] }, server: MODULE, other: MODULE },
    { leave_ms: 10 },
  );
  const stopped = host.supervisor.stop(host.supervisor.tasks);
  for (let i = 0; i < 50; i++) {
    await Promise.resolve();
    host.pass(1);
  }
  await stopped;
  const events = since(host).map((line) => line.replace(/^\d+ /, ""));
  t.ok(events.indexOf("stop client") < events.indexOf("stop server"), events.join(", "));
  t.equal(events.length, 3, "all three");
  host.pass(10_000);
  t.deepEqual(host.taken(), [], "and nothing is started again");
  t.end();
});

for (const strategy of STRATEGIES) {
  for (const kind of KINDS) {
    test(`matrix: ${strategy.name} x ${kind}`, (t) => {
      const modules = { mortal: "mortal", bystander: "bystander" };
      const host = running(matrixTasks(strategy, kind, kind, modules));
      const before = MATRIX_TASKS.map((name) => host.pidOf(name));
      const cause = CAUSES[kind];
      if (kind === "syntax error") host.broken.set("mortal", "syntax");
      if (kind === "hang") void host.supervisor.kill(host.supervisor.lookUp("mortal")!, "hung");
      else if (kind === "kill") void host.supervisor.kill(host.supervisor.lookUp("mortal")!);
      else host.die("mortal", cause);
      host.pass(500);
      t.ok(
        host.taken().some((line) => line.endsWith(`death mortal ${cause}`)),
        "it died of it",
      );
      host.broken.clear();
      host.pass(20_000);
      const after = MATRIX_TASKS.map((name) => host.pidOf(name));
      const restarted = MATRIX_TASKS.filter((_, i) => after[i] !== before[i] && after[i] !== 0);
      if (strategy.restarted === null) {
        t.match(host.rebooted.join(), /^task mortal keeps dying, the last time of \w+$/);
      } else {
        t.deepEqual(restarted.sort(), strategy.restarted, "who was restarted");
        t.deepEqual(host.rebooted, [], "the board was not");
      }
      t.end();
    });
  }
}

test("rest_for_one: all leave in reverse order, then start in order", (t) => {
  const restart = { intensity: 0, escalate: ["rest_for_one"] };
  const host = running(
    {
      top: { ...MODULE, dependsOn: ["middle"] },
      middle: { ...MODULE, dependsOn: ["bottom"] },
      bottom: { ...MODULE, restart },
      apart: MODULE,
    },
    { leave_ms: 100 },
  );
  host.die("bottom", "throw");
  host.pass(1_000);
  t.deepEqual(since(host), [
    "0 death bottom throw",
    "100 stop top",
    "100 stop middle",
    "100 start bottom",
    "130 ready bottom",
    "130 start middle",
    "160 ready middle",
    "160 start top",
    "190 ready top",
  ]);
  t.end();
});

test("board: after rebootsMax restarts in a row the task is held", (t) => {
  const tasks = { a: { ...MODULE, restart: { intensity: 0, escalate: ["board"] } }, b: MODULE };
  for (const [reboots, held] of [
    [0, false],
    [2, false],
    [3, true],
  ] as const) {
    const host = running(tasks, { reboots });
    host.die("a", "throw");
    host.pass(10_000);
    t.equal(host.rebooted.length, held ? 0 : 1, `${reboots} in a row: reboot`);
    t.equal(host.supervisor.lookUp("a")!.isHeld, held, `${reboots} in a row: held`);
    t.equal(host.pidOf("b") !== 0, true, "others run on");
  }
  t.end();
});

test("hold: a task that dies is not started until it is released", (t) => {
  const host = running({ a: MODULE });
  const a = host.supervisor.lookUp("a")!;
  host.supervisor.hold(a);
  host.pass(100);
  t.deepEqual(host.taken(), [], "it runs on");
  host.die("a", "throw");
  host.pass(50_000);
  t.deepEqual(since(host), ["100 death a throw"], "and stays dead");
  host.supervisor.release(a);
  host.pass(30);
  t.deepEqual(since(host), ["50100 start a", "50130 ready a"], "at once");
  t.end();
});

test("release: forgets what the restarts have led to", (t) => {
  const host = running({ a: { ...MODULE, restart: { intensity: 1, escalate: ["hold"] } } });
  const a = host.supervisor.lookUp("a")!;
  host.die("a", "throw");
  host.pass(100);
  host.die("a", "throw");
  t.ok(a.isHeld, "held by its policy");
  host.supervisor.release(a);
  host.pass(100);
  host.die("a", "throw");
  t.notOk(a.isHeld, "the next death is the first again");
  t.end();
});

test("restart: by order it is no death, and leaves the history", (t) => {
  const host = running({ a: MODULE, b: { ...MODULE, dependsOn: ["a"] } });
  void host.supervisor.restart(host.supervisor.lookUp("a")!);
  host.pass(100);
  t.deepEqual(since(host), ["0 stop a", "0 start a", "30 ready a"], "b is left alone");
  t.equal(host.supervisor.lookUp("a")!.lastCause, null);
  t.end();
});

test("gone, ready: an event about an earlier incarnation does nothing", (t) => {
  const host = running({ a: MODULE });
  const first = host.pidOf("a");
  host.die("a", "throw");
  host.pass(100);
  const second = host.pidOf("a");
  host.supervisor.gone(1, first, "throw", "late");
  host.supervisor.ready(1, first);
  host.pass(100);
  t.equal(host.pidOf("a"), second);
  const lines = since(host);
  t.deepEqual(
    lines.filter((line) => line.includes("death")),
    ["0 death a throw"],
  );
  t.equal(lines.filter((line) => line.includes("ready")).length, 1, "it was ready once");
  t.end();
});

test("standby: a spare is made when the task runs, and again when it was used", (t) => {
  const host = running({ a: { ...MODULE, standby: true } });
  const a = host.supervisor.lookUp("a")!;
  t.equal(a.standby, "ready");
  host.die("a", "throw");
  host.pass(0);
  t.deepEqual(since(host), ["0 death a throw", "0 start a", "0 ready a"], "at once");
  host.pass(99);
  t.equal(a.standby, "none", "its clients first");
  host.pass(1);
  t.equal(a.standby, "starting");
  host.pass(30);
  t.equal(a.standby, "ready");
  t.equal(host.supervisor.nextDue(), Infinity);
  t.end();
});

test("standby: it goes when its task is stopped", async (t) => {
  const host = running({ a: { ...MODULE, standby: true } });
  const a = host.supervisor.lookUp("a")!;
  const stopped = host.supervisor.stop([a]);
  for (let i = 0; i < 5; i++) {
    await Promise.resolve();
    host.pass(1);
  }
  await stopped;
  t.equal(a.standby, "none");
  t.end();
});

const ENDINGS: readonly (readonly [string, DeathCause | null, boolean])[] = [
  ["crash", null, false],
  ["crash", "throw", true],
  ["always", null, true],
  ["never", "throw", false],
];

for (const [when, cause, isStarted] of ENDINGS) {
  test(`restart.when ${when}: after ${cause ?? "main() returned"}`, (t) => {
    const host = running({ a: { ...MODULE, restart: { when } } });
    host.die("a", cause);
    host.pass(100);
    t.equal(host.pidOf("a") !== 0, isStarted);
    t.end();
  });
}

test("kill: what it threw meanwhile is told instead", (t) => {
  const host = running({ a: MODULE });
  void host.supervisor.kill(host.supervisor.lookUp("a")!);
  host.die("a", "throw");
  t.deepEqual(since(host), ["0 death a throw"]);
  t.end();
});

test("add: takes a free place, then that of another task which has ended", (t) => {
  const tasks = Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`t${i}`, MODULE]));
  const host = running(tasks);
  const spec = { ...host.supervisor.tasks[0]!.spec, name: "extra" };
  const extra = host.supervisor.add(spec)!;
  t.equal(extra.place, 8);
  host.supervisor.start([extra]);
  host.pass(100);
  t.equal(host.supervisor.add({ ...spec, name: "more" }), null, "while it runs there is no room");
  host.die("extra", null);
  t.equal(host.supervisor.add({ ...spec, name: "more" })?.place, 8);
  t.equal(host.supervisor.lookUp("extra"), null);
  t.end();
});

test("nextDue: when the next start may be", (t) => {
  const host = running({ a: { ...MODULE, restart: { minRun_ms: 5_000 } }, b: MODULE });
  t.equal(host.supervisor.nextDue(), Infinity, "all run");
  host.die("a", "throw");
  t.equal(host.supervisor.nextDue(), 1_000 + 5_000, "five seconds after its start");
  host.supervisor.hold(host.supervisor.lookUp("a")!);
  t.equal(host.supervisor.nextDue(), Infinity, "held");
  t.end();
});

test("retire: who dies stays dead, until somebody starts it", (t) => {
  const host = running({ a: MODULE, b: MODULE });
  host.supervisor.retire();
  host.die("a", "throw");
  host.pass(60_000);
  t.equal(host.pidOf("a"), 0, "it stays dead");
  t.ok(host.pidOf("b") > 0, "others run on");
  t.equal(host.supervisor.nextDue(), Infinity);
  void host.supervisor.restart(host.supervisor.lookUp("a")!);
  host.pass(100);
  t.ok(host.pidOf("a") > 0, "somebody has started it");
  t.end();
});

test("close: nothing is done any more, and every order ends", async (t) => {
  const host = running({ a: MODULE, b: MODULE }, { leave_ms: 100 });
  const [a, b] = host.supervisor.tasks as [ManagedTask, ManagedTask];
  const before = host.supervisor.stop([a]);
  host.supervisor.close();
  host.die("b", "throw");
  const after = host.supervisor.restart(b);
  host.pass(60_000);
  t.deepEqual(host.taken(), [], "nothing is told");
  t.deepEqual(await Promise.all([before, after]), ["rebooted", "rebooted"]);
  t.end();
});

test("standby: one that fails is tried again after ten seconds", (t) => {
  const host = running({ a: { ...MODULE, standby: true } });
  const a = host.supervisor.lookUp("a")!;
  host.broken.set("a", "syntax");
  host.supervisor.spare(1, "none", "lost");
  host.pass(9_999);
  t.equal(a.standby, "none");
  host.pass(1);
  t.equal(a.standby, "starting");
  host.broken.clear();
  host.pass(30);
  t.equal(a.standby, "ready");
  t.deepEqual(host.logged, ["the standby of a failed: lost"]);
  t.end();
});
