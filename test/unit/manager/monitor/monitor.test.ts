/**
 * Who is to blame when a blocked task does not beat: the chain of sends, and deadlocks.
 */
import test from "tape";
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

for (const length of [1, 2, 3, 5]) {
  test(`deadlock: ${length} tasks that wait in a cycle miss from the second boundary on`, (t) => {
    const names = ["A", "B", "C", "D", "E"].slice(0, length);
    const stage = stageOf(...names);
    names.forEach((name, i) => waits(stage, name, names[(i + 1) % length]!));
    run(stage, 1, 1);
    t.deepEqual(
      names.map((name) => missed(stage, name)),
      names.map(() => 0),
      "one look proves nothing",
    );
    run(stage, 2, 2);
    t.deepEqual(
      names.map((name) => missed(stage, name)),
      names.map(() => 1),
      "the same messages a period later do",
    );
    t.end();
  });
}

test("deadlock: none when a message of the cycle is another than a period ago", (t) => {
  const stage = stageOf("A", "b");
  waits(stage, "A", "b");
  run(stage, 1, 9, () => waits(stage, "b", "A"));
  t.equal(missed(stage, "A"), 0, "they time out, and send again");
  t.end();
});

test("deadlock: a task of the manifest does not live by its sleeps", (t) => {
  const stage = new Stage();
  for (const name of ["a", "b"]) {
    stage.declare(name, { period_ms: 1_000, low: 1, high: 3 });
    stage.start(name);
  }
  waits(stage, "a", "b");
  waits(stage, "b", "a");
  const sleep = (): void => {
    stage.task("a").passes++;
    stage.task("b").passes++;
  };
  run(stage, 1, 4, sleep);
  t.deepEqual([missed(stage, "a"), missed(stage, "b")], [3, 3], "both miss");
  t.deepEqual(stage.asked(), ["hung a", "hung b"], "and are hung");
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
  stage.at(10_998);
  t.equal(missed(stage, "slow"), 0, "then its first period begins");
  stage.at(10_999);
  t.equal(missed(stage, "slow"), 1, "and ends");
  const other = new Stage();
  other.declare("stuck", { period_ms: 1_000, low: 1, high: 2 });
  other.started("stuck", other.board.run("stuck"));
  other.at(10_000);
  t.equal(missed(other, "stuck"), 1, "one that is never loaded is found too");
  t.end();
});
