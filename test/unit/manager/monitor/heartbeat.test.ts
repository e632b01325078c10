/**
 * Heartbeats to the millisecond: when a period ends, what counts as a beat, when marks are reached.
 */
import test from "tape";
import * as C from "../../../../src/ham/protocol/constants.js";
import { controlHeartbeats } from "../../../../src/ham/model/control.js";
import { attachSelf, entityHandle } from "../../../../src/ham/model/entities.js";
import { MAIN, Stage } from "../../ham/fake-task-control.js";

const SECOND_NS = 1_000_000_000;

/** A task that has attached itself at time 0, with conditions that log what they are. */
function stageOf(period_ns: number, low: number, high: number): Stage {
  const stage = new Stage();
  const entity = attachSelf(
    stage.model,
    stage.as(stage.board.run("a")),
    "a",
    period_ns,
    low,
    high,
    0,
  );
  stage.logs(entity, C.CONDHBEATMISSEDLOW, "low");
  stage.logs(entity, C.CONDHBEATMISSEDHIGH, "high");
  return stage;
}

const missed = (stage: Stage): number => stage.missed("a");

test("heartbeat: QNX's example, 5 s and beats at 2 s, 7 s and 8 s", (t) => {
  const stage = stageOf(5 * SECOND_NS, 1, 2);
  const beats = [2_000, 7_000, 8_000];
  const seen: [number, number][] = [];
  for (let ms = 0; ms <= 20_000; ms++) {
    if (beats.includes(ms)) stage.task("a").beats++;
    const before = missed(stage);
    stage.at(ms);
    if (missed(stage) !== before) seen.push([ms, missed(stage)]);
    for (const text of stage.logged()) t.equal(ms, text === "low" ? 15_000 : 20_000, text);
  }
  t.deepEqual(
    seen,
    [
      [15_000, 1],
      [20_000, 2],
    ],
    "two beats in one period count once",
  );
  t.end();
});

test("heartbeat: a boundary counts at its own millisecond, not before", (t) => {
  const stage = stageOf(1.5 * SECOND_NS, 1, 0);
  t.equal(stage.nextDue(), 1_500, "due");
  stage.at(1_499);
  t.equal(missed(stage), 0, "not yet");
  stage.at(1_500);
  t.equal(missed(stage), 1, "now");
  stage.at(1_500);
  t.equal(missed(stage), 1, "once");
  t.equal(stage.nextDue(), 3_000, "and the next");
  t.end();
});

test("heartbeat: a poll that is a little late counts, and stays on the grid", (t) => {
  const stage = stageOf(SECOND_NS, 2, 3);
  stage.at(1_400);
  t.equal(missed(stage), 1);
  t.equal(stage.nextDue(), 2_000, "the grid");
  t.end();
});

test("heartbeat: a poll that is late by half a period blames nobody, and begins anew", (t) => {
  const stage = stageOf(SECOND_NS, 2, 3);
  stage.at(1_000);
  stage.at(5_700);
  t.equal(missed(stage), 1, "main stood still: it cannot tell");
  t.equal(stage.nextDue(), 7_000, "on the grid, and no period is shorter than it should be");
  stage.task("a").beats++;
  stage.at(99_999);
  t.equal(missed(stage), 0, "a beat in a long period counts");
  t.end();
});

test("heartbeat: marks fire once; a beat takes back what was missed, until the high mark", (t) => {
  const stage = stageOf(SECOND_NS, 1, 3);
  const log: string[] = [];
  const beats = new Set([2, 8, 9]);
  for (let s = 1; s <= 12; s++) {
    if (beats.has(s)) stage.task("a").beats++;
    stage.at(s * 1_000);
    log.push(...stage.logged().map((text) => `${s} ${text}`));
  }
  t.deepEqual(log, ["1 low", "3 low", "5 high"], "at 1 s, and after the beat at 2 s again");
  t.equal(missed(stage), 3, "then it rests");
  t.end();
});

test("heartbeat_healthy: the watch goes on", (t) => {
  const stage = stageOf(SECOND_NS, 0, 1);
  const entity = entityHandle(stage.model, MAIN, "a");
  const raised = stage.model.registry.addCondition(entityOf(stage), "heal", C.CONDRAISE, 0, 512);
  if (typeof raised === "number") throw new Error("no condition");
  stage.action(raised.handle, "healthy", { kind: "heartbeat_healthy" });
  stage.at(1_000);
  stage.at(2_000);
  t.deepEqual(stage.logged(), ["high"], "once");
  stage.model.fire(entityOf(stage), C.CONDRAISE, 1, 1, 1);
  stage.at(2_500);
  t.equal(missed(stage), 0, "healthy");
  stage.at(3_000);
  t.deepEqual(stage.logged(), ["high"], "and missed again");
  t.ok(entity > 0);
  t.end();
});

function entityOf(stage: Stage) {
  return stage.model.registry.entityNamed("a")!;
}

test("ham_heartbeat_control: nobody misses while suspended, all have just beaten after", (t) => {
  const stage = stageOf(SECOND_NS, 1, 2);
  const control = (command: number): number => controlHeartbeats(stage.model, MAIN, command);
  t.equal(control(C.HAM_HEARTBEAT_QUERY), C.HAM_HEARTBEAT_ACTIVE, "active at first");
  t.equal(control(C.HAM_HEARTBEAT_SUSPEND), C.HAM_HEARTBEAT_ACTIVE, "the state before");
  for (let s = 1; s <= 4; s++) stage.at(s * 1_000);
  t.equal(missed(stage), 0, "suspended");
  stage.at(4_500);
  t.equal(control(C.HAM_HEARTBEAT_ACTIVE), C.HAM_HEARTBEAT_SUSPEND, "resumed");
  stage.at(5_000);
  t.equal(missed(stage), 0, "it has just beaten");
  stage.at(6_000);
  t.equal(missed(stage), 1, "then it counts");
  t.equal(control(0), -22, "EINVAL");
  t.end();
});

/** Tasks of the manifest with a heartbeat of a second, and one without. */
function declared(...names: string[]): Stage {
  const stage = new Stage();
  const heartbeat = { period_ms: 1_000, low: 1, high: 2 };
  for (const name of names) {
    stage.declare(name, name === "plain" ? null : heartbeat);
    stage.start(name);
  }
  return stage;
}

test("declared: a pass through the kernel or a beat is life; the high mark calls hung", (t) => {
  const stage = declared("a");
  const entity = entityHandle(stage.model, MAIN, "a");
  stage.logs(entity, C.CONDHBEATMISSEDHIGH, "high");
  stage.task("a").passes++;
  stage.at(1_000);
  stage.task("a").beats++;
  stage.at(2_000);
  t.equal(missed(stage), 0, "alive");
  stage.at(3_000);
  t.deepEqual(stage.asked(), [], "the low mark asks for nothing");
  stage.at(4_000);
  t.deepEqual(stage.asked(), ["hung a"], "the high mark");
  t.deepEqual(stage.logged(), ["high"], "and its condition");
  t.end();
});

test("declared: the watch begins at the start, and starts anew with the successor", (t) => {
  const stage = new Stage();
  stage.declare("a", { period_ms: 1_000, low: 0, high: 1 });
  stage.at(5_000);
  t.equal(missed(stage), 0, "nobody runs, nobody misses");
  stage.start("a");
  t.equal(stage.nextDue(), 6_000, "from its start on");
  stage.end("a");
  t.ok(stage.nextDue() >= 6_000, "not before, while it is dead");
  stage.board.time = 5_600;
  stage.start("a");
  t.equal(stage.nextDue(), 7_000, "on the grid, and no period is shorter than it should be");
  t.end();
});

test("declared: one that has gone before anybody has said so is not hung", (t) => {
  const stage = declared("a");
  stage.board.tasks.delete("a");
  stage.at(1_000);
  t.equal(missed(stage), 0, "its death is somebody else's to tell");
  t.end();
});
