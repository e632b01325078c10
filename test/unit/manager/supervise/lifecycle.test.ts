/**
 * What crosses in the life of a task: orders from listeners, holds, groups, services, limits.
 */
import test from "tape";
import type { ManagedTask } from "../../../../src/manager/supervise/managed-task.js";
import { FakeHost } from "./fake-host.js";

const MODULE = { module: "m" };

/** All run; nothing of that is of interest. It is 2,000 ms then. */
function running(tasks: Record<string, object>, settings = {}): FakeHost {
  const host = new FakeHost(tasks, settings);
  void host.supervisor.start(host.supervisor.tasks);
  host.pass(1_000);
  host.taken();
  return host;
}

function task(host: FakeHost, name: string): ManagedTask {
  return host.supervisor.lookUp(name)!;
}

/** What happened, without the times. */
function what(host: FakeHost): string[] {
  return host.taken().map((line) => line.replace(/^\S+ /, ""));
}

test("listeners are told when the host has been told", (t) => {
  const host = running({ a: { ...MODULE, standby: true, restart: { when: "never" } } });
  let standby = "";
  host.listen = () => (standby = task(host, "a").standby);
  host.die("a", "throw");
  t.equal(standby, "none", "the standby of a task that is not restarted was sent away before");
  t.end();
});

test("restart, from a death listener: in place of the start that is due at once", (t) => {
  const host = running({ a: MODULE });
  let launches = 0;
  host.launched = () => launches++;
  host.listen = (line) => {
    if (line.startsWith("death")) void host.supervisor.restart(task(host, "a"));
  };
  host.die("a", "throw");
  host.pass(1_000);
  t.equal(launches, 1, "one launch");
  t.deepEqual(what(host), ["death a throw", "start a", "ready a"]);
  t.equal(task(host, "a").restarts, 1, "one restart");
  t.end();
});

for (const order of ["start", "restart"] as const) {
  for (const when of ["crash", "never"]) {
    test(`${order}, from a death listener, restart.when ${when}: once, counted once`, (t) => {
      const host = running({ a: { ...MODULE, restart: { when, minRun_ms: 5_000 } } });
      const a = task(host, "a");
      const { supervisor } = host;
      host.listen = (line) => {
        if (!line.startsWith("death")) return;
        void (order === "start" ? supervisor.start([a]) : supervisor.restart(a));
      };
      host.die("a", "throw");
      host.pass(10_000);
      const events = what(host);
      t.deepEqual(events, ["death a throw", "start a", "ready a"]);
      const isNew = order === "start" && when === "never";
      t.equal(task(host, "a").restarts, isNew ? 0 : 1, "restarts");
      t.end();
    });
  }
}

test("start, from an end listener: once", (t) => {
  const host = running({ a: MODULE });
  let left = 3;
  host.listen = (line) => {
    if (line === "end a" && left-- > 0) void host.supervisor.start([task(host, "a")]);
    if (line === "ready a") host.die("a", null);
  };
  host.die("a", null);
  host.pass(1_000);
  t.equal(what(host).filter((line) => line === "start a").length, 3, "as often as it was ordered");
  t.end();
});

test("a listener that throws is reported, and changes nothing", (t) => {
  const host = running({ a: MODULE });
  host.listen = () => {
    throw new Error("in a listener");
  };
  host.die("a", "throw");
  host.pass(1_000);
  t.deepEqual(what(host), ["death a throw", "start a", "ready a"]);
  t.equal(host.logged.length, 3, "for each that it threw");
  t.end();
});

test("hold, then start of a running task: those that depend on it are restarted", (t) => {
  const host = running({ bus: MODULE, sensor: { ...MODULE, dependsOn: ["bus"] } });
  host.supervisor.hold(task(host, "bus"));
  void host.supervisor.start([task(host, "bus")]);
  host.die("sensor", "throw");
  host.pass(1_000);
  t.deepEqual(what(host), ["death sensor throw", "start sensor", "ready sensor"]);
  t.equal(host.supervisor.nextDue(), Infinity, "nothing is due for ever");
  t.end();
});

test("rest_for_one while a dependent is being launched: they start in order", (t) => {
  const restart = { intensity: 0, escalate: ["rest_for_one"] };
  const tasks = { bus: { ...MODULE, restart }, app: { ...MODULE, dependsOn: ["bus"] } };
  const host = new FakeHost(tasks, { cancels: true });
  const seen: string[] = [];
  host.launched = (name) => seen.push(name);
  void host.supervisor.start(host.supervisor.tasks);
  host.pass(30);
  t.deepEqual(seen, ["bus", "app"], "app is on its way");
  host.die("bus", "throw");
  host.pass(1_000);
  t.deepEqual(seen.slice(2), ["bus", "app"], "again in order");
  t.end();
});

test("one_for_all: the others run on until the restart is due", (t) => {
  const restart = { intensity: 0, escalate: ["one_for_all"], minRun_ms: 6_000 };
  const host = running({ a: { ...MODULE, restart }, b: { ...MODULE, dependsOn: ["a"] } });
  host.die("a", "throw");
  host.pass(4_900);
  t.deepEqual(what(host), ["death a throw"], "b is not disturbed");
  host.pass(1_000);
  t.deepEqual(what(host), ["stop b", "start a", "ready a", "start b", "ready b"], "then together");
  t.end();
});

test("ready: when the services of the manifest are attached; dependsOn waits for that", (t) => {
  const host = new FakeHost({
    store: { ...MODULE, services: ["store", "log"] },
    app: { ...MODULE, dependsOn: ["store"] },
  });
  void host.supervisor.start(host.supervisor.tasks);
  host.pass(100);
  host.attached.add(`${host.pidOf("store")} store`);
  host.pass(100);
  t.deepEqual(what(host), ["start store"], "one of two is not enough");
  host.attached.add(`${host.pidOf("store")} log`);
  host.pass(100);
  t.deepEqual(what(host), ["ready store", "start app", "ready app"]);
  t.end();
});

const LATE: readonly (readonly [string, object, number, string])[] = [
  ["loaded", {}, 60_000, "its program was not loaded within 10000 ms"],
  ["attached", { services: ["store"] }, 30, '"store" was not attached within 10000 ms'],
  ["loaded, its own limit", { load_ms: 50 }, 60_000, "its program was not loaded within 50 ms"],
];

for (const [title, spec, start_ms, text] of LATE) {
  test(`load_ms: a task that is never ${title} is hung`, (t) => {
    const restart = { when: "never" };
    const tasks = {
      store: { ...MODULE, ...spec, restart },
      app: { ...MODULE, dependsOn: ["store"] },
    };
    const host = new FakeHost(tasks, { start_ms });
    void host.supervisor.start(host.supervisor.tasks);
    host.pass(10_001);
    t.ok(what(host).includes("death store hung"), "it dies");
    t.equal(task(host, "store").lastText, text, "why");
    t.ok(host.pidOf("app") !== 0, "those that depend on it need not wait any longer");
    t.end();
  });
}

test("load_ms 0: no limit", (t) => {
  const host = new FakeHost({ a: { ...MODULE, load_ms: 0 } }, { start_ms: 100_000 });
  void host.supervisor.start(host.supervisor.tasks);
  host.pass(99_999);
  t.equal(task(host, "a").lastCause, null);
  t.equal(host.supervisor.nextDue(), Infinity);
  t.end();
});

test("stuck: orders end with it, and the task goes on when it is gone after all", async (t) => {
  const host = running({ a: MODULE, b: { ...MODULE, dependsOn: ["a"] } }, { leave_ms: 100_000 });
  const [a, b] = [task(host, "a"), task(host, "b")];
  const orders = [host.supervisor.stop([a]), host.supervisor.kill(b)];
  host.supervisor.stuck(a.place, a.pid, "it is in native code");
  host.pass(10);
  t.equal(await orders[0], "stuck");
  t.equal(await orders[1], "done");
  t.ok(what(host).includes("stuck a"), "listeners are told");
  t.equal(await host.supervisor.start([a]), "stuck", "and so do later ones");
  t.equal(await host.supervisor.kill(a), "stuck", "of any kind");
  host.pass(100);
  t.ok(a.isReady, "it runs again");
  t.end();
});

test("stop, then start before it is gone: the stop is superseded", async (t) => {
  const host = running({ a: MODULE }, { leave_ms: 50 });
  const a = task(host, "a");
  const stopped = host.supervisor.stop([a]);
  const started = host.supervisor.start([a]);
  host.pass(100);
  t.equal(await stopped, "superseded");
  t.equal(await started, "done");
  t.ok(a.isReady, "it runs");
  t.end();
});
