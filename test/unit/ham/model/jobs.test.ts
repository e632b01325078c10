/**
 * What conditions set off: order, rows, waiting, failing.
 */
import test from "tape";
import { EAGAIN, EEXIST, EINVAL, ENOENT } from "../../../../src/kernel/errno.js";
import {
  actionHandle,
  addFail,
  conditionHandle,
  removeAction,
  removeCondition,
  removeFail,
} from "../../../../src/ham/model/conditions.js";
import * as C from "../../../../src/ham/protocol/constants.js";
import { controlCondition } from "../../../../src/ham/model/control.js";
import { raise } from "../../../../src/ham/model/entities.js";
import { JOBS_MAX, REPORTED_JOBS_MAX } from "../../../../src/ham/model/jobs.js";
import type { ActionSpec } from "../../../../src/ham/model/tree.js";
import { execute, log, MAIN, Stage, waitfor } from "../fake-task-control.js";

const KEEP = C.HACTIONKEEPONFAIL;

function stageOf() {
  const stage = new Stage();
  const entity = stage.entity("e");
  const fire = (): void => stage.model.fire(stage.model.registry.entityNamed("e")!, C.CONDDETACH);
  const condition = (name: string, flags = 0): number =>
    stage.condition(entity, C.CONDDETACH, name, flags);
  return { stage, entity, fire, condition };
}

test("actions: in the order in which they were added, at the next poll", (t) => {
  const { stage, fire, condition } = stageOf();
  const first = condition("first");
  const second = condition("second");
  stage.action(second, "3", log("3"));
  stage.action(first, "1", log("1"));
  stage.action(first, "2", log("2"));
  fire();
  t.deepEqual(stage.logged(), [], "not inside the event");
  t.equal(stage.model.nextDue(), 0, "but as soon as may be");
  stage.at(0);
  t.deepEqual(stage.logged(), ["1", "2", "3"], "in order");
  t.end();
});

/** What is logged at once, and what after the waitfor of the condition "slow" is over. */
const ROWS = [
  ["others share one row", 0, 0, ["slow"], ["slow", "after", "quick"]],
  ["an independent one has its own", C.HCONDINDEPENDENT, 0, ["slow", "quick"], ["after"]],
  ["also when it is the slow one", 0, C.HCONDINDEPENDENT, ["slow", "quick"], ["after"]],
  ["one that never waits does not wait", C.HCONDNOWAIT, 0, ["quick", "slow"], ["after"]],
  [
    "HCONDNOWAIT wins",
    C.HCONDNOWAIT | C.HCONDINDEPENDENT | C.HCONDOTHER,
    0,
    ["quick", "slow"],
    ["after"],
  ],
] as const;

for (const [title, quickFlags, slowFlags, now, later] of ROWS) {
  test(`rows: ${title}`, (t) => {
    const { stage, fire, condition } = stageOf();
    const slow = condition("slow", slowFlags);
    const quick = condition("quick", quickFlags);
    stage.action(slow, "slow", log("slow"));
    stage.action(slow, "wait", waitfor("", 100));
    stage.action(slow, "after", log("after"));
    stage.action(quick, "quick", log("quick"));
    fire();
    stage.at(10);
    t.deepEqual(stage.logged().sort(), [...now].sort(), "at once");
    t.equal(stage.model.nextDue(), 110, "due");
    stage.at(109);
    t.deepEqual(stage.logged(), [], "not yet");
    stage.at(110);
    t.deepEqual(stage.logged(), later.slice(later.length === 3 ? 1 : 0), "when it is over");
    t.equal(stage.model.nextDue(), Infinity, "and nothing is left");
    t.end();
  });
}

test("waitfor: ends as soon as the name is there, or fails when its time is over", (t) => {
  const { stage, fire, condition } = stageOf();
  const c = condition("c");
  const wait = stage.action(c, "wait", waitfor("net", 100), KEEP | C.HACTIONBREAKONFAIL);
  t.equal(addFail(stage.model, MAIN, wait, "oh", log("too late"), 0), 0, "with a fail list");
  stage.action(c, "go", log("go"));
  fire();
  stage.at(0);
  stage.board.services.add("net");
  stage.at(40);
  t.deepEqual(stage.logged(), ["go"], "there");
  stage.board.services.clear();
  fire();
  stage.at(50);
  stage.at(149);
  t.deepEqual(stage.logged(), [], "not there");
  stage.at(150);
  t.deepEqual(stage.logged(), ["too late"], "failed, and what comes after it is left out");
  t.end();
});

test("waitfor: each has its own time, also after one that was disabled while it waited", (t) => {
  const { stage, fire, condition } = stageOf();
  const c = condition("c");
  stage.action(c, "one", waitfor("", 100));
  stage.action(c, "two", waitfor("", 100));
  stage.action(c, "go", log("go"));
  fire();
  stage.at(0);
  stage.model.registry.entityNamed("e")!.conditions[0]!.actions[0]!.isEnabled = false;
  stage.at(50);
  stage.at(149);
  t.deepEqual(stage.logged(), [], "the second waits for 100 ms from 50 on");
  stage.at(150);
  t.deepEqual(stage.logged(), ["go"]);
  t.end();
});

test("waitfor: -EINVAL without a time, and where nothing may wait", (t) => {
  const { stage, condition } = stageOf();
  const c = condition("c");
  for (const ms of [0, -1, 86_400_001]) {
    t.equal(stage.action(c, "w", waitfor("x", ms)), -EINVAL, `${ms} ms`);
  }
  const nowait = condition("nowait", C.HCONDNOWAIT);
  t.equal(stage.action(nowait, "w", waitfor("x", 1)), -EINVAL, "HCONDNOWAIT");
  const action = stage.action(nowait, "l", log("l"));
  t.equal(
    addFail(stage.model, MAIN, action, "w", waitfor("x", 1), 0),
    -EINVAL,
    "nor in a fail list",
  );
  t.end();
});

test("failing: an action goes unless it is to stay, and its condition with the last", (t) => {
  const { stage, fire, condition } = stageOf();
  stage.board.startResult = -ENOENT;
  const goes = condition("goes");
  stage.action(goes, "x", execute());
  const empty = condition("empty", C.HCONDKEEPONEMPTY);
  stage.action(empty, "x", execute());
  const stays = condition("stays");
  stage.action(stays, "x", execute(), KEEP);
  stage.action(stays, "y", log("y"));
  fire();
  stage.at(0);
  t.deepEqual(stage.logged(), ["y"], "without BREAKONFAIL the list goes on");
  t.equal(conditionHandle(stage.model, MAIN, "e", "goes"), -ENOENT, "gone with its action");
  t.equal(conditionHandle(stage.model, MAIN, "e", "empty"), empty, "HCONDKEEPONEMPTY");
  t.equal(actionHandle(stage.model, MAIN, "e", "empty", "x"), -ENOENT, "without the action");
  t.ok(actionHandle(stage.model, MAIN, "e", "stays", "x") > 0, "HACTIONKEEPONFAIL");
  t.equal(stage.model.registry.actions, 2, "counted");
  t.end();
});

test("fail list: runs in order, and may break off itself", (t) => {
  const { stage, fire, condition } = stageOf();
  stage.board.startResult = -ENOENT;
  const action = stage.action(condition("c"), "x", execute(), KEEP);
  const { model } = stage;
  addFail(model, MAIN, action, "1", log("1"), 0);
  addFail(model, MAIN, action, "2", execute("other"), C.HACTIONBREAKONFAIL | KEEP);
  addFail(model, MAIN, action, "3", log("3"), 0);
  t.equal(addFail(model, MAIN, action, "1", log("1"), 0), -17, "a name twice: EEXIST");
  t.equal(addFail(model, MAIN, action, "4", { kind: "restart", line: "" }, 0), -EINVAL, "restart");
  t.equal(addFail(model, MAIN, action, "4", { kind: "heartbeat_healthy" }, 0), -EINVAL, "healthy");
  fire();
  stage.at(0);
  t.deepEqual(stage.logged(), ["1"], "the second fails, and the third is left out");
  t.equal(removeFail(model, MAIN, action, "2"), 0, "removed");
  t.equal(removeFail(model, MAIN, action, "2"), -ENOENT, "once");
  fire();
  stage.at(0);
  t.deepEqual(stage.logged(), ["1", "3"], "now it goes on");
  t.end();
});

test("HACTIONDONOW: once at once, without its condition", (t) => {
  const { stage, condition } = stageOf();
  stage.action(condition("c"), "x", log("now"), C.HACTIONDONOW);
  stage.at(0);
  stage.at(1);
  t.deepEqual(stage.logged(), ["now"]);
  const death = stage.condition(stage.entity("f"), C.CONDDEATH);
  const restart = { kind: "restart", line: "" } as const;
  t.equal(stage.action(death, "r", restart, C.HACTIONDONOW), -EINVAL, "not of a restart");
  t.end();
});

test("counts: of an action with a fail list, also when it goes while it is carried out", (t) => {
  const { stage, fire, condition } = stageOf();
  const { model } = stage;
  stage.board.startResult = -ENOENT;
  const c = condition("c");
  const action = stage.action(c, "x", execute());
  addFail(model, MAIN, action, "wait", waitfor("", 10), 0);
  addFail(model, MAIN, action, "run", execute(), 0);
  t.equal(model.registry.actions, 3, "three");
  fire();
  stage.at(0);
  t.equal(removeAction(model, MAIN, action), 0, "gone, at the waitfor of its list");
  t.equal(model.registry.actions, 0, "none");
  stage.at(10);
  t.equal(model.registry.actions, 0, "still none, when one of the list has failed");
  t.end();
});

test("a board that tells of a death while it brings it about: each thing is done once", (t) => {
  const { stage, fire, condition } = stageOf();
  stage.declare("t", { period_ms: 1_000, low: 0, high: 1 });
  const pid = stage.start("t");
  stage.logs(stage.model.registry.entityNamed("t")!.handle, C.CONDDEATH, "died", 1);
  stage.board.atEnd = () => stage.end("t");
  const c = condition("c");
  stage.action(c, "kill", { kind: "notify_signal", pid, signum: C.SIGKILL });
  stage.action(c, "log", log("killed"));
  fire();
  stage.at(0);
  stage.at(0);
  t.deepEqual(stage.asked(), [`kill ${pid}`], "by an action");
  t.deepEqual(stage.logged(), ["killed", "died"], "and what comes of it");
  stage.start("t");
  stage.at(1_000);
  t.deepEqual(stage.asked(), ["hung t"], "by the heartbeat");
  t.deepEqual(stage.logged(), ["died"], "and what comes of that");
  t.end();
});

test("removing: what was set off and waits is dropped", (t) => {
  const { stage, fire, condition } = stageOf();
  const c = condition("c");
  stage.action(c, "wait", waitfor("", 10));
  const x = stage.action(c, "x", log("x"));
  stage.action(c, "y", log("y"));
  fire();
  stage.at(0);
  t.equal(removeAction(stage.model, MAIN, x), 0, "an action");
  t.equal(removeAction(stage.model, MAIN, x), -ENOENT, "is stale then");
  stage.at(10);
  t.deepEqual(stage.logged(), ["y"], "without it");
  fire();
  stage.at(20);
  t.equal(removeCondition(stage.model, MAIN, c), 0, "a condition");
  stage.at(99);
  t.deepEqual(stage.logged(), [], "with all of it");
  t.end();
});

test("disabled: entity, condition and action do not react", (t) => {
  const { stage, fire, condition } = stageOf();
  stage.action(condition("c"), "x", log("x"));
  const entity = stage.model.registry.entityNamed("e")!;
  const [c] = entity.conditions;
  for (const node of [entity, c!, c!.actions[0]!]) {
    node.isEnabled = false;
    fire();
    stage.at(0);
    t.deepEqual(stage.logged(), [], `${node.name} is disabled`);
    node.isEnabled = true;
  }
  fire();
  stage.at(0);
  t.deepEqual(stage.logged(), ["x"], "all are enabled");
  t.end();
});

test("too much: reports are refused first, then what the manager has seen is dropped", (t) => {
  const { stage, entity, fire, condition } = stageOf();
  stage.action(condition("c"), "wait", waitfor("", 1_000));
  const raised = stage.model.registry.addCondition(
    stage.model.registry.entityNamed("e")!,
    "r",
    C.CONDRAISE,
    0,
    MAIN.pid,
  );
  if (typeof raised === "number") throw new Error("no condition");
  stage.action(raised.handle, "x", log("raised"));
  fire();
  stage.at(0);
  const before = stage.tree();
  for (let i = 1; i < REPORTED_JOBS_MAX; i++) raise(stage.model, MAIN, entity, 1, 1, 1);
  t.equal(raise(stage.model, MAIN, entity, 1, 1, 1), -EAGAIN, "a client's report");
  t.equal(stage.tree(), before, "changes nothing");
  for (let i = REPORTED_JOBS_MAX; i < JOBS_MAX; i++) fire();
  t.deepEqual(stage.logged(), [], "there is room for what the manager sees");
  fire();
  t.deepEqual(stage.logged(), ["ham: e/c: dropped, 96 others wait"], "up to a point");
  removeCondition(stage.model, MAIN, raised.handle);
  t.equal(
    raise(stage.model, MAIN, entity, 1, 1, 1),
    0,
    "a report that sets nothing off needs no room",
  );
  t.end();
});

test("actions: what the board is asked for", (t) => {
  const { stage, fire, condition } = stageOf();
  const c = condition("c");
  stage.board.run("t");
  const pulse = { kind: "notify_pulse", pid: 513, chid: 2 ** 40, code: 5, value: -1 } as const;
  stage.action(c, "pulse", pulse);
  stage.action(c, "term", { kind: "notify_signal", pid: 513, signum: C.SIGTERM });
  stage.action(c, "kill", { kind: "notify_signal", pid: 513, signum: C.SIGKILL });
  stage.action(c, "job", execute('module {"a":1}'));
  const verbose = { kind: "log", text: "hi", hasPrefix: true, verbosity: 1 } as const;
  stage.action(c, "log", verbose);
  fire();
  stage.at(0);
  const asked = ["pulse 0 513 1099511627776 5 -1", "end 513", "kill 513"];
  t.deepEqual(stage.asked(), [...asked, 'start job module {"a":1}']);
  t.deepEqual(stage.logged(), [], "the level is below");
  stage.model.verbosity = 1;
  fire();
  stage.at(0);
  t.deepEqual(stage.logged(), ["e/c/log: hi"], "with its prefix");
  t.end();
});

const BAD_ACTIONS = [
  { kind: "execute", line: "" },
  { kind: "execute", line: "a\nb" },
  { kind: "restart", line: "ü" },
  { kind: "notify_pulse", pid: 0, chid: 1, code: 0, value: 0 },
  { kind: "notify_pulse", pid: 513, chid: 0, code: 0, value: 0 },
  { kind: "notify_pulse", pid: 513, chid: 2 ** 60, code: 0, value: 0 },
  { kind: "notify_pulse", pid: 513, chid: 1, code: -1, value: 0 },
  { kind: "notify_pulse", pid: 513, chid: 1, code: 128, value: 0 },
  { kind: "notify_signal", pid: 513, signum: 1 },
  { kind: "notify_signal", pid: -1, signum: C.SIGTERM },
  { kind: "log", text: "\0", hasPrefix: false, verbosity: 0 },
  { kind: "log", text: "a", hasPrefix: false, verbosity: -1 },
] as const;

test("actions: -EINVAL for what cannot be done, and nothing changes", (t) => {
  const { stage } = stageOf();
  const c = stage.condition(stage.entity("d"), C.CONDDEATH);
  const before = stage.tree();
  for (const spec of BAD_ACTIONS) {
    t.equal(stage.action(c, "x", spec), -EINVAL, JSON.stringify(spec));
  }
  t.equal(stage.tree(), before);
  t.end();
});

test("ham_action_fail_*: a name once, a delay above 0, and no waiting under HCONDNOWAIT", (t) => {
  const { stage, condition } = stageOf();
  const { model } = stage;
  const c = condition("c");
  const action = stage.action(c, "a", log("a"));
  const fail = (name: string, spec: ActionSpec): number =>
    addFail(model, MAIN, action, name, spec, 0);
  t.equal(fail("w", waitfor("x", 0)), -EINVAL, "no time at all");
  t.equal(fail("w", waitfor("", -1)), -EINVAL, "less");
  t.equal(fail("w", waitfor("x", 1)), 0, "a millisecond");
  t.equal(fail("w", waitfor("x", 1)), -EEXIST, "the name is taken");
  const set = (command: number): number => controlCondition(model, MAIN, c, command, C.HCONDNOWAIT);
  t.equal(set(C.HADDFLAGS), -EINVAL, "HADDFLAGS where a fail list waits");
  t.equal(set(C.HSETFLAGS), -EINVAL, "HSETFLAGS");
  t.equal(removeFail(model, MAIN, action, "w"), 0, "it waits no more");
  t.equal(set(C.HADDFLAGS), 0, "now it may");
  t.equal(fail("w", waitfor("x", 1)), -EINVAL, "and then no waitfor");
  t.end();
});
