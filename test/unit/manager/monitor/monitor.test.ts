/**
 * Who is to blame when a blocked task does not beat: the chain of sends, and deadlocks.
 */
import test from "tape";
import type { Judgement } from "../../../../src/manager/monitor/monitor.js";
import { attachSelf } from "../../../../src/ham/model/entities.js";
import { Stage } from "../../ham/fake-task-control.js";

const SECOND_NS = 1_000_000_000;

/** Tasks; those in capitals have attached themselves, with a period of 1 s, marks 1 and 3. */
function stageOf(...names: string[]): Stage {
  const stage = new Stage();
  for (const name of names) {
    const pid = stage.board.run(name);
    if (name !== name.toLowerCase())
      attachSelf(stage.model, stage.as(pid), name, SECOND_NS, 1, 3, 0);
  }
  return stage;
}

/** The first waits for the second: with the next message. */
function waits(stage: Stage, name: string, server: string): void {
  const task = stage.task(name);
  task.waitsFor = stage.board.pidOf(server);
  task.message++;
}

const missed = (stage: Stage, name: string): number => stage.missed(name);

function run(stage: Stage, from_s: number, to_s: number, each = (): void => undefined): void {
  for (let s = from_s; s <= to_s; s++) {
    each();
    stage.at(s * 1_000);
  }
}

test("chain: a task that waits for a server that nobody watches is excused", (t) => {
  const stage = stageOf("A", "b", "c");
  waits(stage, "A", "b");
  waits(stage, "b", "c");
  run(stage, 1, 9);
  t.equal(missed(stage, "A"), 0, "at the end is a live task");
  t.end();
});

test("chain: excused while the last one beats; not when that has reached its high mark", (t) => {
  const stage = stageOf("A", "b", "C");
  waits(stage, "A", "b");
  waits(stage, "b", "C");
  run(stage, 1, 5, () => stage.task("C").beats++);
  t.equal(missed(stage, "A"), 0, "C is well");
  run(stage, 6, 8);
  t.equal(missed(stage, "C"), 3, "C hangs");
  t.equal(missed(stage, "A"), 0, "it is C's turn");
  run(stage, 9, 9);
  t.equal(missed(stage, "A"), 1, "nobody has ended C");
  t.end();
});

test("chain: a server that has just died is no reason to miss", (t) => {
  const stage = stageOf("A", "b");
  waits(stage, "A", "b");
  stage.board.tasks.delete("b");
  run(stage, 1, 3);
  t.equal(missed(stage, "A"), 0);
  t.end();
});

/** What the lookout says: who waits in a deadlock, and who of them is to blame; whom it nudged. */
class Judge implements Judgement {
  isDebugging = false;
  readonly ring = new Set<number>();
  victim = 0;
  readonly nudged: number[] = [];

  constructor(stage: Stage) {
    stage.board.monitor.use(this);
  }

  isDebugged(): boolean {
    return this.isDebugging;
  }
  isInRing(pid: number): boolean {
    return this.ring.has(pid);
  }
  isVictim(pid: number): boolean {
    return pid === this.victim;
  }
  nudge(pid: number): void {
    this.nudged.push(pid);
  }
}

for (const length of [1, 2, 3, 5]) {
  test(`deadlock: of ${length} tasks that wait in a ring the one to blame misses`, (t) => {
    const names = ["A", "B", "C", "D", "E"].slice(0, length);
    const stage = stageOf(...names);
    const judge = new Judge(stage);
    names.forEach((name, i) => waits(stage, name, names[(i + 1) % length]!));
    run(stage, 1, 3);
    t.deepEqual(
      names.map((name) => missed(stage, name)),
      names.map(() => 0),
      "nobody, before the lookout has found it",
    );
    for (const name of names) judge.ring.add(stage.board.pidOf(name));
    judge.victim = stage.board.pidOf("A");
    run(stage, 4, 5);
    t.deepEqual(
      names.map((name) => missed(stage, name)),
      names.map((name) => (name === "A" ? 2 : 0)),
    );
    t.end();
  });
}

test("deadlock: the one to blame does not live by its sleeps, the others do", (t) => {
  const stage = new Stage();
  const judge = new Judge(stage);
  for (const name of ["a", "b"]) {
    stage.declare(name, { period_ms: 1_000, low: 1, high: 3 });
    stage.start(name);
    judge.ring.add(stage.board.pidOf(name));
  }
  judge.victim = stage.board.pidOf("b");
  waits(stage, "a", "b");
  waits(stage, "b", "a");
  const sleep = (): void => {
    stage.task("a").passes++;
    stage.task("b").passes++;
  };
  run(stage, 1, 4, sleep);
  t.deepEqual([missed(stage, "a"), missed(stage, "b")], [0, 3]);
  t.deepEqual(stage.asked(), ["hung b"], "it alone is hung");
  t.end();
});

test("debugger: who may be held by one misses nothing, and begins anew when it has gone", (t) => {
  const stage = stageOf("A");
  const judge = new Judge(stage);
  judge.isDebugging = true;
  run(stage, 1, 9);
  t.equal(missed(stage, "A"), 0);
  judge.isDebugging = false;
  run(stage, 10, 10);
  t.equal(missed(stage, "A"), 1);
  t.end();
});

test("nudge: at the start, and at the end of each period in which it is in its event loop", (t) => {
  const stage = new Stage();
  const judge = new Judge(stage);
  stage.declare("a", { period_ms: 1_000, low: 0, high: 50 });
  const pid = stage.start("a");
  stage.task("a").isInLoop = true;
  t.deepEqual(new Set(judge.nudged), new Set([pid]), "at the start");
  judge.nudged.length = 0;
  run(stage, 1, 3);
  t.deepEqual(judge.nudged, [pid, pid, pid]);
  t.end();
});

test("deadlock of others: who waits for it is excused if it is going to be ended", (t) => {
  for (const [member, expected] of [
    ["C", 0],
    ["c", 9],
  ] as const) {
    const stage = stageOf("A", "b", member);
    waits(stage, "A", "b");
    waits(stage, "b", member);
    waits(stage, member, "b");
    run(stage, 1, 9);
    t.equal(missed(stage, "A"), Math.min(expected, 3), `${member} is in it`);
  }
  t.end();
});

test("watch: a program that is being loaded has ten seconds, then a period", (t) => {
  const stage = new Stage();
  stage.declare("slow", { period_ms: 1_000, low: 1, high: 2 });
  const pid = stage.board.run("slow");
  stage.started("slow", pid);
  stage.at(9_999);
  t.equal(missed(stage, "slow"), 0, "while it is loaded nothing is missed");
  stage.ready("slow", pid);
  stage.at(10_999);
  t.equal(missed(stage, "slow"), 0, "then its first period begins");
  stage.at(11_000);
  t.equal(missed(stage, "slow"), 1, "and ends with all others of its length");
  const other = new Stage();
  other.declare("stuck", { period_ms: 1_000, low: 1, high: 2 });
  other.started("stuck", other.board.run("stuck"));
  other.at(10_000);
  t.equal(missed(other, "stuck"), 1, "one that is never loaded is found too");
  t.end();
});
