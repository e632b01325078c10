/**
 * The life of an entity: what fires when, what stays and what goes.
 */
import test from "tape";
import { EEXIST, EINVAL, ENOENT, ESRCH } from "../../../../src/kernel/errno.js";
import * as C from "../../../../src/ham/protocol/constants.js";
import {
  attach,
  attachSelf,
  detach,
  detachName,
  detachSelf,
  entityHandle,
} from "../../../../src/ham/model/entities.js";
import { execute, log, restart, MAIN, Stage, waitfor } from "../fake-task-control.js";

/** QNX's addinet: inetd is attached and restarted when it dies. */
function addinet(flags: number) {
  const stage = new Stage();
  stage.board.run("inetd");
  const entity = attach(stage.model, MAIN, "inetd", stage.board.pidOf("inetd"), "", 0);
  const condition = stage.condition(entity, C.CONDDEATH, "death", flags);
  stage.action(condition, "restart", restart("/usr/sbin/inetd -D"), flags);
  return { stage, entity, condition };
}

test("addinet: it is started again every time it dies", (t) => {
  const { stage, entity } = addinet(C.HREARMAFTERRESTART);
  for (let death = 1; death <= 3; death++) {
    stage.end("inetd");
    t.deepEqual(stage.asked(), ["start inetd /usr/sbin/inetd -D"], `death ${death}: started`);
    const pid = stage.start("inetd");
    t.ok(stage.tree().includes(`Entity Pid     : ${pid}`), "it has the successor's pid");
    t.ok(stage.tree().includes(`Num Restarts   : ${death}`), "and is counted");
  }
  t.equal(entityHandle(stage.model, MAIN, "inetd"), entity, "the handle is the same");
  t.end();
});

test("addinet: only once without HREARMAFTERRESTART, then the entity goes", (t) => {
  const { stage } = addinet(0);
  stage.end("inetd");
  t.deepEqual(stage.asked(), ["start inetd /usr/sbin/inetd -D"], "started");
  stage.start("inetd");
  t.notOk(stage.tree().includes("inetd/death"), "the condition is gone");
  stage.end("inetd");
  t.deepEqual(stage.asked(), [], "not a second time");
  t.equal(entityHandle(stage.model, MAIN, "inetd"), -ENOENT, "nor is there an entity");
  t.end();
});

test("addinet: a kept action goes with a condition that is not kept", (t) => {
  const stage = new Stage();
  const entity = attach(stage.model, MAIN, "inetd", stage.board.run("inetd"), "", 0);
  const condition = stage.condition(entity, C.CONDDEATH, "death", 0);
  stage.action(condition, "restart", restart(), C.HREARMAFTERRESTART);
  stage.end("inetd");
  stage.start("inetd");
  t.notOk(stage.tree().includes("inetd/death"), "both are gone");
  t.equal(stage.model.registry.actions, 0, "none is counted");
  t.end();
});

test("ham_attach: starts a task from its line, and watches it from its start on", (t) => {
  const stage = new Stage();
  const entity = attach(stage.model, MAIN, "inetd", -1, 'inet {"a":1}', 0);
  t.ok(entity > 0, "a handle");
  t.deepEqual(stage.asked(), ['start inetd inet {"a":1}'], "started");
  stage.logs(entity, C.CONDATTACH, "attached");
  stage.logs(entity, C.CONDRESTART, "restarted");
  stage.start("inetd");
  stage.at(1);
  t.deepEqual(stage.logged(), ["attached"], "CONDATTACH, and no restart");
  t.equal(attach(stage.model, MAIN, "b", 0, "", 0), -EINVAL, "no pid and no line");
  t.equal(attach(stage.model, MAIN, "b", 99, "", 0), -ESRCH, "no such task");
  t.equal(attach(stage.model, MAIN, "inetd", -1, "x", 0), -EEXIST, "a name twice");
  stage.board.startResult = -ENOENT;
  t.equal(attach(stage.model, MAIN, "b", -1, "x", 0), -ENOENT, "the board's error");
  t.equal(entityHandle(stage.model, MAIN, "b"), -ENOENT, "leaves no entity");
  t.end();
});

test("restart: death, abnormal death, then the successor, then CONDRESTART, then pruning", (t) => {
  const stage = new Stage();
  stage.board.supervised.add("a");
  stage.declare("a", null);
  const entity = entityHandle(stage.model, MAIN, "a");
  const keep = C.HREARMAFTERRESTART;
  stage.logs(entity, C.CONDABNORMALDEATH, "abnormal", keep);
  stage.logs(entity, C.CONDRESTART, "restart", keep);
  stage.logs(entity, C.CONDDEATH, "death", keep);
  stage.logs(entity, C.CONDDEATH, "once");
  stage.logs(entity, C.CONDATTACH, "attach", keep);
  stage.start("a");
  stage.at(1);
  t.deepEqual(stage.logged(), ["attach"], "the first start is none after a death");
  stage.end("a");
  t.deepEqual(stage.logged(), ["death", "once", "abnormal"], "the death");
  stage.start("a");
  stage.at(2);
  t.deepEqual(stage.logged(), ["restart"], "the successor");
  stage.end("a", "normal");
  t.deepEqual(stage.logged(), ["death"], "a normal end is a death, without what was not kept");
  stage.start("a");
  stage.end("a", "stopped");
  t.deepEqual(stage.logged(), ["restart"], "a stop is none");
  stage.start("a");
  stage.at(3);
  t.deepEqual(stage.logged(), ["attach"], "and the start after it no restart");
  t.end();
});

test("events: one about an earlier pid never touches the successor", (t) => {
  const stage = new Stage();
  stage.declare("a", null);
  const entity = entityHandle(stage.model, MAIN, "a");
  stage.logs(entity, C.CONDANY, "any", C.HREARMAFTERRESTART);
  const first = stage.start("a");
  stage.end("a");
  const second = stage.start("a");
  stage.at(1);
  stage.logged();
  const before = stage.tree();
  stage.model.gone("a", first, "abnormal");
  stage.model.started("a", first);
  stage.model.started("a", second);
  stage.at(2);
  t.deepEqual(stage.logged(), [], "nothing fires");
  t.equal(stage.tree(), before, "nothing has changed");
  stage.model.gone("a", second, "abnormal");
  stage.model.gone("a", second, "abnormal");
  stage.at(3);
  t.deepEqual(stage.logged(), ["any"], "and a death that is told twice fires once");
  stage.model.gone("a", second + 512, "abnormal");
  stage.at(4);
  t.deepEqual(stage.logged(), ["any"], "one that nobody has seen running has died too");
  t.end();
});

test("events: a start without the death before it tells of both", (t) => {
  const stage = new Stage();
  stage.declare("a", null);
  stage.logs(entityHandle(stage.model, MAIN, "a"), C.CONDDEATH, "death");
  stage.start("a");
  stage.start("a");
  stage.at(1);
  t.deepEqual(stage.logged(), ["death"], "the death fired");
  t.ok(stage.tree().includes("Num Restarts   : 1"), "and the restart counts");
  t.end();
});

for (const [flags, title, kind] of [
  [0, "goes", ""],
  [C.HENTITYKEEPONDEATH, "stays with HENTITYKEEPONDEATH", "PLACEHOLDER"],
] as const) {
  test(`death: an entity that nobody restarts ${title}`, (t) => {
    const stage = new Stage();
    const entity = attach(stage.model, MAIN, "a", stage.board.run("a"), "", flags);
    const condition = stage.condition(entity, C.CONDDEATH, "death", 0);
    stage.action(condition, "wait", waitfor("", 50));
    stage.action(condition, "log", log("over"));
    stage.end("a");
    t.ok(stage.tree().includes("ATTACHED"), "it stays while actions are under way");
    stage.at(50);
    t.deepEqual(stage.logged(), ["over"], "they come to their end");
    t.notOk(stage.tree().includes("ATTACHED"), "then it has no task");
    t.equal(stage.tree().includes("PLACEHOLDER"), kind !== "", title);
    t.end();
  });
}

test("ham_entity: is joined by an attach of its name, and CONDATTACH fires", (t) => {
  const stage = new Stage();
  const entity = stage.entity("a");
  stage.logs(entity, C.CONDATTACH, "joined");
  t.equal(stage.entity("a"), -EEXIST, "a name twice");
  const pid = stage.board.run("task");
  t.equal(attachSelf(stage.model, stage.as(pid), "a", 0, 0, 0, 0), entity, "the same handle");
  stage.at(1);
  t.deepEqual(stage.logged(), ["joined"], "CONDATTACH");
  t.equal(attach(stage.model, MAIN, "a", pid, "", 0), -EEXIST, "no second one joins");
  t.equal(attachSelf(stage.model, stage.as(pid), "a", 0, 0, 0, 0), entity, "but itself again");
  t.end();
});

test("ham_attach_self: the successor of a restarted task keeps the entity", (t) => {
  const stage = new Stage();
  const pid = stage.board.run("a");
  const entity = attachSelf(stage.model, stage.as(pid), "a", C.HAMHBEATMIN, 1, 2, 0);
  const condition = stage.condition(entity, C.CONDDEATH, "death", C.HREARMAFTERRESTART);
  stage.action(condition, "restart", restart(""), C.HREARMAFTERRESTART);
  stage.end("a");
  t.deepEqual(stage.asked(), ["start a"], "restarted, with the line it had");
  const successor = stage.start("a");
  t.notOk(stage.tree().includes("Heartbeat"), "it need not beat before it says so");
  t.equal(
    attachSelf(stage.model, stage.as(pid), "a", 0, 0, 0, 0),
    -EEXIST,
    "the dead one is a stranger",
  );
  const again = attachSelf(stage.model, stage.as(successor), "a", C.HAMHBEATMIN, 1, 2, 0);
  t.equal(again, entity, "the same handle");
  t.ok(stage.tree().includes("Heartbeat"), "its heart is watched");
  t.end();
});

test("ham_detach: CONDDETACH fires, what else was set off is dropped", (t) => {
  const stage = new Stage();
  const pid = stage.board.run("a");
  const entity = attach(stage.model, MAIN, "a", pid, "", 0);
  stage.logs(entity, C.CONDDETACH, "bye");
  stage.logs(entity, C.CONDDEATH, "death");
  stage.model.gone("a", pid, "abnormal");
  t.equal(detach(stage.model, MAIN, entity), 0, "detached");
  stage.at(1);
  t.deepEqual(stage.logged(), ["bye"], "the farewell alone");
  t.equal(detach(stage.model, MAIN, entity), -ENOENT, "its handle is stale");
  t.equal(detach(stage.model, MAIN, entity + 400), -EINVAL, "one that never was");
  stage.declare("d", null);
  t.equal(
    detach(stage.model, MAIN, entityHandle(stage.model, MAIN, "d")),
    -EINVAL,
    "not of the manifest",
  );
  t.equal(
    detach(stage.model, MAIN, entityHandle(stage.model, MAIN, ".global")),
    -EINVAL,
    "nor the global",
  );
  t.end();
});

test("ham_detach: not of who has attached itself; ham_detach_self: of nobody else", (t) => {
  const stage = new Stage();
  const pid = stage.board.run("a");
  const self = attachSelf(stage.model, stage.as(pid), "self", 0, 0, 0, 0);
  const attached = attach(stage.model, MAIN, "attached", pid, "", 0);
  t.equal(detach(stage.model, MAIN, self), -EINVAL, "ham_detach");
  t.equal(detachName(stage.model, MAIN, "self"), -EINVAL, "ham_detach_name");
  t.equal(detachSelf(stage.model, stage.as(pid), attached), -EINVAL, "ham_detach_self");
  t.equal(detachSelf(stage.model, stage.as(pid), self), 0, "itself");
  t.equal(detach(stage.model, MAIN, attached), 0, "the other");
  t.end();
});

test("global entity: its conditions fire for every entity, after the entity's own", (t) => {
  const stage = new Stage();
  const { global } = stage.model.registry;
  const condition = stage.condition(global.handle, C.CONDDEATH, "any", 0);
  stage.action(condition, "log", { kind: "log", text: "died", hasPrefix: true, verbosity: 0 });
  stage.declare("a", null);
  stage.declare("b", null);
  stage.logs(entityHandle(stage.model, MAIN, "a"), C.CONDDEATH, "a died");
  for (const name of ["a", "b"]) {
    stage.start(name);
    stage.end(name);
    stage.start(name);
  }
  t.deepEqual(
    stage.logged(),
    ["a died", ".global/any/log: died", ".global/any/log: died"],
    "twice, and nothing of it is pruned",
  );
  t.equal(stage.action(condition, "r", restart()), -EINVAL, "it is not restarted");
  t.end();
});

test("restart action: once for an entity, under a death, and not for a supervised task", (t) => {
  const stage = new Stage();
  const a = attach(stage.model, MAIN, "a", stage.board.run("a"), "", 0);
  for (let type = C.CONDANY; type <= C.CONDATTACH; type++) {
    const isDeath = type === C.CONDDEATH || type === C.CONDABNORMALDEATH;
    const condition = stage.condition(a, type, `c${type}`);
    const first = stage.model.registry.actions === 0;
    const result = stage.action(condition, "restart", restart());
    if (isDeath && first) t.ok(result > 0, `type ${type}: the first`);
    else t.equal(result, isDeath ? -EEXIST : -EINVAL, `type ${type}`);
  }
  stage.board.supervised.add("s");
  stage.declare("s", null);
  const death = stage.condition(entityHandle(stage.model, MAIN, "s"), C.CONDDEATH);
  t.equal(stage.action(death, "restart", restart()), -EEXIST, "supervised");
  t.ok(stage.action(death, "run", execute()) > 0, "others may stand there");
  t.end();
});

test("ham_stop: nothing is watched or done any more", (t) => {
  const { stage } = addinet(C.HREARMAFTERRESTART);
  const pid = stage.board.pidOf("inetd");
  stage.model.gone("inetd", pid, "abnormal");
  stage.model.stop();
  stage.at(1);
  t.ok(stage.board.isStopped, "the board knows");
  t.deepEqual(stage.asked(), [], "nothing is done");
  t.equal(stage.model.nextDue(), Infinity, "nothing is due");
  t.end();
});
