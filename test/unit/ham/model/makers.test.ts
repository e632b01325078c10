/**
 * What a task has made goes with it: with its death, its end and its stop.
 */
import test from "tape";
import { EEXIST, ENOENT } from "../../../../src/kernel/errno.js";
import { ALL_ABILITIES } from "../../../../src/manager/abilities.js";
import type { Ending } from "../../../../src/manager/extension.js";
import {
  addAction,
  addCondition,
  addFail,
  conditionHandle,
} from "../../../../src/ham/model/conditions.js";
import { addEntity, attach, attachSelf, entityHandle } from "../../../../src/ham/model/entities.js";
import * as C from "../../../../src/ham/protocol/constants.js";
import { log, MAIN, Stage, waitfor } from "../fake-task-control.js";

const KEEP = C.HREARMAFTERRESTART;

/** Two tasks of the manifest that may manage; the second runs. */
function stageOf() {
  const stage = new Stage();
  for (const name of ["maker", "other"]) {
    stage.board.abilities.set(name, ALL_ABILITIES);
    stage.declare(name, null);
  }
  stage.board.supervised.add("maker");
  stage.board.supervised.add("other");
  stage.start("other");
  return { stage, model: stage.model };
}

for (const ending of ["abnormal", "normal", "stopped"] as const satisfies readonly Ending[]) {
  test(`makers: entities, conditions and actions go with their maker, ${ending}`, (t) => {
    const { stage, model } = stageOf();
    const before = stage.tree();
    const pid = stage.start("maker");
    const maker = stage.as(pid);
    const place = addEntity(model, maker, "placeholder", C.HENTITYKEEPONDEATH);
    const attached = attach(model, maker, "attached", stage.board.pidOf("other"), "", 0);
    const others = entityHandle(model, maker, "other");
    const global = model.registry.global.handle;
    for (const entity of [place, attached, others, global]) {
      const condition = addCondition(model, maker, entity, C.CONDDEATH, "made", KEEP);
      const action = addAction(model, maker, condition, "log", log("made"), KEEP);
      t.equal(addFail(model, maker, action, "fail", log("fail"), 0), 0, "an action-fail list");
    }
    const foreign = addCondition(model, MAIN, others, C.CONDDEATH, "foreign", KEEP);
    addAction(model, MAIN, foreign, "stays", log("stays"), KEEP);
    const stays = addAction(model, MAIN, foreign, "list", log("list"), KEEP);
    addFail(model, maker, stays, "fail", log("fail"), 0);
    addAction(model, maker, foreign, "goes", log("goes"), KEEP);
    stage.end("maker", ending);
    stage.logged();
    t.equal(entityHandle(model, MAIN, "placeholder"), -ENOENT, "an entity");
    t.equal(entityHandle(model, MAIN, "attached"), -ENOENT, "another's that it has attached");
    t.equal(conditionHandle(model, MAIN, "other", "made"), -ENOENT, "a condition");
    t.deepEqual([model.registry.conditions, model.registry.actions], [1, 2], "tables");
    stage.end("other");
    t.deepEqual(stage.logged(), ["stays", "list"], "what others have made stays");
    t.ok(stage.tree().startsWith(before.slice(0, 4)), "the tree is sound");
    t.end();
  });
}

test("makers: a hundred lives leave nothing behind", (t) => {
  const { stage, model } = stageOf();
  for (let life = 0; life < 100; life++) {
    const maker = stage.as(stage.start("maker"));
    for (let i = 0; i < 8; i++) addEntity(model, maker, `e${i}`, 0);
    const condition = addCondition(model, maker, entityHandle(model, maker, "other"), 1, "c", KEEP);
    if (condition < 0) t.fail(`life ${life}: ${condition}`);
    stage.end("maker");
  }
  t.deepEqual([model.registry.conditions, model.registry.actions], [0, 0], "tables");
  t.equal(model.registry.entities.length, 2, "the tasks of the manifest");
  t.end();
});

test("makers: what stands under the own entity fires, and goes after the restart", (t) => {
  const { stage, model } = stageOf();
  const maker = stage.as(stage.start("maker"));
  const entity = attachSelf(model, maker, "self", 0, 0, 0, 0);
  const add = (name: string, type: number, flags: number): number => {
    const condition = addCondition(model, maker, entity, type, name, flags);
    return addAction(model, maker, condition, "log", log(name), flags);
  };
  add("once", C.CONDDEATH, 0);
  add("kept", C.CONDDEATH, KEEP);
  add("again", C.CONDRESTART, 0);
  stage.end("maker");
  t.deepEqual(stage.logged(), ["once", "kept"], "its death");
  const successor = stage.as(stage.start("maker"));
  stage.at(1);
  t.deepEqual(stage.logged(), ["again"], "its restart");
  t.equal(attachSelf(model, successor, "self", 0, 0, 0, 0), entity, "the same handle");
  t.equal(addCondition(model, successor, entity, 1, "kept", KEEP), -EEXIST, "it is still there");
  t.ok(addCondition(model, successor, entity, 1, "once", 0) > 0, "this one is not");
  stage.end("maker", "stopped");
  t.equal(entityHandle(model, MAIN, "self"), -ENOENT, "nobody starts it again: all goes");
  t.equal(model.registry.conditions, 0, "with its conditions, also the successor's inheritance");
  t.end();
});

test("makers: what waits to be done for a task that has gone is dropped", (t) => {
  const { stage, model } = stageOf();
  const maker = stage.as(stage.start("maker"));
  const condition = addCondition(model, maker, entityHandle(model, maker, "other"), 1, "c", KEEP);
  addAction(model, maker, condition, "wait", waitfor("", 10), KEEP);
  addAction(model, maker, condition, "log", log("late"), KEEP);
  stage.end("other");
  stage.end("maker");
  stage.at(20);
  t.deepEqual(stage.logged(), [], "nobody is there to hear of it");
  t.end();
});

test("makers: a declared task's own conditions go when it is stopped", (t) => {
  const { stage, model } = stageOf();
  const maker = stage.as(stage.start("maker"));
  addCondition(model, maker, entityHandle(model, maker, "maker"), C.CONDDEATH, "c", KEEP);
  stage.end("maker", "stopped");
  t.equal(conditionHandle(model, MAIN, "maker", "c"), -ENOENT, "gone");
  stage.start("maker");
  t.equal(model.registry.conditions, 0, "and does not come back");
  t.end();
});

test("makers: an entity that its task has joined is the task's", (t) => {
  const { stage, model } = stageOf();
  const maker = stage.as(stage.start("maker"));
  addEntity(model, maker, "later", 0);
  const other = stage.as(stage.board.pidOf("other"));
  const entity = attachSelf(model, other, "later", 0, 0, 0, 0);
  stage.end("maker");
  t.equal(entityHandle(model, MAIN, "later"), entity, "it stays");
  t.end();
});
