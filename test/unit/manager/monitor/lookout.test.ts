/**
 * The slow look: deadlocks, answers that do not come, signs of life; with fake tasks and fake time.
 */
import { array, assert, integer, property } from "fast-check";
import test from "tape";
import { createVitals, type Vitals } from "../../../../src/kernel/inspect/vitals.js";
import { MAIN_PID } from "../../../../src/kernel/task/task.js";
import { Lookout } from "../../../../src/manager/monitor/lookout.js";
import { Nudger } from "../../../../src/manager/monitor/nudger.js";
import { victimOf } from "../../../../src/manager/monitor/victim.js";

/** The first incarnation of the task at a place. */
const GENERATION = 512;
const LOOK_MS = 500;

interface FakeTask {
  readonly name: string;
  readonly place: number;
  pid: number;
  started_ms: number;
  readonly spec: { priority: number; answer_ms: number };
  readonly vitals: Vitals;
}

/** Tasks a, b, c, … with fake signs of life, and a lookout over them. */
class Scene {
  readonly tasks: FakeTask[];
  readonly main: Vitals = createVitals();
  readonly said: string[] = [];
  readonly nudged: number[] = [];
  readonly lookout: Lookout<FakeTask>;
  isSuspended = false;
  isCalm = false;
  time = 0;

  constructor(names: string, answer_ms: Readonly<Record<string, number>> = {}) {
    this.tasks = [...names].map((name, i) => ({
      name,
      place: i + 1,
      pid: GENERATION + i + 1,
      started_ms: 0,
      spec: { priority: 10, answer_ms: answer_ms[name] ?? 0 },
      vitals: createVitals(),
    }));
    const places = names.length + 1;
    const nudger = new Nudger(places, { nudge: (place) => void this.nudged.push(place) });
    this.lookout = new Lookout(this.tasks, places, nudger, {
      lookAt: (pid, into) => {
        const seen = pid === MAIN_PID ? this.main : this.tasks.find((t) => t.pid === pid)?.vitals;
        if (seen === undefined) return false;
        Object.assign(into, seen);
        return true;
      },
      isCalm: () => this.isCalm,
      isLenient: () => this.isSuspended,
      deadlocked: (ring) => void this.said.push(ring.map(({ name }) => name).join(">")),
      overdue: ({ name }, client, held_ms) => {
        this.said.push(`${name} ${this.nameOf(client)} ${held_ms}`);
      },
    });
  }

  nameOf(pid: number): string {
    return this.tasks.find((task) => task.pid === pid)?.name ?? "main";
  }

  task(name: string): FakeTask {
    return this.tasks.find((task) => task.name === name)!;
  }

  /** "a>b" : a waits for b, with the next message. */
  waits(...arrows: string[]): void {
    for (const arrow of arrows) {
      const [client, server] = arrow.split(">") as [string, string];
      const vitals = client === "main" ? this.main : this.task(client).vitals;
      vitals.waitsFor = server === "main" ? MAIN_PID : this.task(server).pid;
      vitals.message++;
      vitals.isReceived = false;
    }
  }

  /** Looks `count` times, at every tick in between too. What was said meanwhile. */
  looks(count: number, each: () => void = () => undefined): string[] {
    for (let i = 0; i < count; i++) {
      each();
      this.time += LOOK_MS;
      for (let ms = this.time - LOOK_MS + 10; ms <= this.time; ms += 10) {
        this.lookout.poll(ms);
      }
    }
    return this.said.splice(0);
  }
}

for (const names of ["a", "ab", "abc", "abcdefgh"]) {
  test(`deadlock: a ring of ${names.length}, told once, after two looks`, (t) => {
    const scene = new Scene(`${names}x`);
    [...names].forEach((name, i) => scene.waits(`${name}>${names[(i + 1) % names.length]}`));
    t.deepEqual(scene.looks(1), [], "one look proves nothing");
    t.deepEqual(scene.looks(1), [[...names].join(">")], "two do");
    t.deepEqual(scene.looks(9), [], "it is told once");
    t.equal(scene.lookout.ringOf(scene.task("x").pid), null, "who is not in it");
    const last = scene.task(names.at(-1)!);
    t.equal(scene.lookout.ringOf(last.pid)?.[0], last, "a ring begins with whom it is asked for");
    scene.task("a").vitals.waitsFor = 0;
    scene.looks(1);
    t.equal(scene.lookout.ringOf(last.pid), null, "it is over when one goes on");
    t.end();
  });
}

test("deadlock: none while one of the ring sends another message between two looks", (t) => {
  const scene = new Scene("abc");
  scene.waits("a>b", "b>c", "c>a");
  t.deepEqual(
    scene.looks(20, () => scene.waits("b>c")),
    [],
  );
  t.end();
});

test("deadlock: none when the wait of one has a limit; one when that limit is gone", (t) => {
  const scene = new Scene("ab");
  scene.waits("a>b", "b>a");
  scene.task("b").vitals.isLimited = true;
  t.deepEqual(scene.looks(20), [], "b gives up some day");
  scene.task("b").vitals.isLimited = false;
  t.deepEqual(scene.looks(2), ["a>b"]);
  t.end();
});

test("deadlock: the main VM is in none, as it does not wait", (t) => {
  const scene = new Scene("ab");
  scene.waits("a>b", "b>main", "main>a");
  t.deepEqual(scene.looks(20), []);
  t.end();
});

test("deadlock: two rings, and those who wait for them", (t) => {
  const scene = new Scene("abcdef");
  scene.waits("a>b", "b>a", "c>a", "d>e", "e>d", "f>c");
  t.deepEqual(scene.looks(5), ["a>b", "d>e"]);
  t.equal(scene.lookout.ringOf(scene.task("c").pid), null, "a task outside is in none");
  t.end();
});

test("deadlock: a successor of a member is not in its ring", (t) => {
  const scene = new Scene("ab");
  scene.waits("a>b", "b>a");
  scene.looks(2);
  scene.task("b").pid += GENERATION;
  t.equal(scene.lookout.ringOf(scene.task("b").pid), null, "before the next look");
  scene.task("b").vitals.waitsFor = 0;
  scene.looks(1);
  t.equal(scene.lookout.ringOf(scene.task("a").pid), null);
  t.end();
});

test("deadlock: whoever waits for whom, a ring is told exactly when there is one", (t) => {
  const size = 8;
  const waitsFor = array(integer({ min: -1, max: size - 1 }), {
    minLength: size,
    maxLength: size,
  });
  assert(
    property(waitsFor, (servers) => {
      const scene = new Scene("abcdefgh".slice(0, size));
      servers.forEach((server, i) => {
        if (server >= 0) scene.waits(`${scene.tasks[i]!.name}>${scene.tasks[server]!.name}`);
      });
      scene.looks(3);
      return servers.every((_, start) => {
        let at = servers[start]!;
        for (let i = 0; i < size && at !== start && at >= 0; i++) at = servers[at]!;
        return (scene.lookout.ringOf(scene.tasks[start]!.pid) !== null) === (at === start);
      });
    }),
  );
  t.end();
});

test("victimOf: the least urgent; of equals the one that was started last", (t) => {
  const scene = new Scene("abc");
  const [a, b, c] = scene.tasks as [FakeTask, FakeTask, FakeTask];
  t.equal(victimOf([b, c, a]), c, "all alike: the last place");
  b.started_ms = 9;
  t.equal(victimOf([a, b, c]), b, "the youngest");
  a.spec.priority = 9;
  t.equal(victimOf([c, b, a]), a, "the least urgent");
  t.equal(victimOf([]), null);
  t.end();
});

test("answer_ms: a message that nobody receives is held", (t) => {
  const scene = new Scene("abx", { b: 1_000, x: 100_000 });
  scene.waits("a>b");
  t.deepEqual(scene.looks(2), [], "for a second it may be");
  t.match(scene.looks(2).join(), /^b a 1[0-9]{3}$/, "then the server is told of");
  t.deepEqual(scene.looks(20), [], "once");
  scene.task("b").pid += GENERATION;
  scene.waits("a>b");
  t.equal(scene.looks(4).length, 1, "its successor again");
  t.end();
});

test("answer_ms: off by default; no client is blamed for its server", (t) => {
  const scene = new Scene("ab", { a: 100 });
  scene.waits("a>b");
  t.deepEqual(scene.looks(20), []);
  t.end();
});

test("answer_ms: a message that was received and is not answered is held, others or not", (t) => {
  const scene = new Scene("abc", { b: 1_000 });
  scene.waits("a>b");
  scene.task("a").vitals.isReceived = true;
  scene.task("b").vitals.received = 1;
  const serveOthers = (): void => void scene.task("b").vitals.received++;
  t.match(scene.looks(4, serveOthers).join(), /^b a 1[0-9]{3}$/);
  t.end();
});

test("answer_ms: a queue that moves is no fault", (t) => {
  const scene = new Scene("abc", { b: 1_000 });
  scene.waits("a>b");
  t.deepEqual(
    scene.looks(20, () => scene.task("b").vitals.received++),
    [],
    "it receives others",
  );
  scene.looks(1);
  scene.task("b").vitals.received++;
  scene.task("a").vitals.isReceived = true;
  t.deepEqual(scene.looks(2), [], "from its receipt on it has its time");
  t.equal(scene.looks(2).length, 1);
  t.end();
});

test("answer_ms: the time in which a server waits for its own server does not count", (t) => {
  const scene = new Scene("abc", { b: 1_000, c: 5_000 });
  scene.waits("a>b", "b>c");
  const clients = [scene.task("a"), scene.task("b")];
  for (const { vitals } of clients) vitals.isReceived = true;
  t.match(scene.looks(20).join(), /^c b 5[0-9]{3}$/, "the last one of the chain is to blame");
  scene.task("b").vitals.waitsFor = 0;
  t.deepEqual(scene.looks(2), [], "it has its second yet");
  t.equal(scene.looks(2)[0]?.slice(0, 3), "b a");
  t.end();
});

test("answer_ms: main's sends count; time that is suspended or lost to main does not", (t) => {
  const scene = new Scene("b", { b: 1_000 });
  scene.waits("main>b");
  scene.isSuspended = true;
  t.deepEqual(scene.looks(20), [], "suspended");
  scene.isSuspended = false;
  scene.looks(1);
  scene.time += 60_000;
  scene.lookout.poll(scene.time);
  t.deepEqual(scene.said, [], "a minute without a look");
  t.equal(scene.looks(4)[0]?.slice(0, 6), "b main");
  t.end();
});

test("signs of life: silent while nothing changes; nudged while it is in its event loop", (t) => {
  const scene = new Scene("ab");
  const { vitals, place, pid } = scene.task("a");
  const silent = (): number => scene.lookout.activity.silent_ms(place, pid, scene.time);
  scene.looks(3, () => vitals.passes++);
  t.ok(silent() < LOOK_MS, "it passes through the kernel");
  scene.looks(8);
  t.ok(silent() >= 8 * LOOK_MS, "it loops");
  t.deepEqual(scene.nudged, [], "in its own code nobody can be nudged");
  vitals.isInLoop = true;
  scene.looks(8);
  t.deepEqual(scene.nudged, [place], "one nudge, as it does not answer");
  const answer = (): void => {
    vitals.isNudged = scene.nudged.length % 2 === 1;
    vitals.passes = scene.nudged.length;
  };
  scene.looks(40, answer);
  t.ok(scene.nudged.length > 5, "again when it has answered");
  t.ok(silent() <= 4 * LOOK_MS, "that is a sign of life");
  t.end();
});

test("signs of life: since when it recovers", (t) => {
  const scene = new Scene("a");
  const { vitals, place, pid } = scene.task("a");
  const since = (): number => scene.lookout.activity.recovering_ms(place, pid, scene.time);
  scene.looks(2);
  t.equal(since(), 0);
  vitals.recovery = 7;
  scene.looks(6);
  t.ok(since() >= 5 * LOOK_MS && since() <= 6 * LOOK_MS);
  vitals.recovery = 8;
  scene.looks(1);
  t.ok(since() < LOOK_MS, "another one");
  vitals.recovery = 0;
  scene.looks(1);
  t.equal(since(), 0);
  t.end();
});

test("lookout: due twice a second while a task runs, four times in a short answer_ms", (t) => {
  const scene = new Scene("a");
  scene.lookout.poll(1_000);
  t.equal(scene.lookout.nextDue(), 1_000 + LOOK_MS);
  scene.task("a").pid = 0;
  t.equal(scene.lookout.nextDue(), Infinity, "an idle system is left alone");
  const quick = new Scene("a", { a: 200 });
  quick.lookout.poll(1_000);
  t.equal(quick.lookout.nextDue(), 1_050);
  t.end();
});
