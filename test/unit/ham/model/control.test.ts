/**
 * ham_*_control(): switches and flags, of one and of all below it.
 */
import test from "tape";
import { EINVAL } from "../../../../src/kernel/errno.js";
import * as C from "../../../../src/ham/protocol/constants.js";
import {
  controlAction,
  controlCondition,
  controlEntity,
  setVerbosity,
} from "../../../../src/ham/model/control.js";
import { log, MAIN, Stage, waitfor } from "../fake-task-control.js";

const REARM = C.HREARMAFTERRESTART;

function stageOf() {
  const stage = new Stage();
  const entity = stage.entity("e");
  const condition = stage.condition(entity, C.CONDDETACH, "c", C.HCONDKEEPONEMPTY);
  const action = stage.action(condition, "a", log("fired"), C.HACTIONKEEPONFAIL);
  const fires = (): boolean => {
    stage.model.fire(stage.model.registry.entityNamed("e")!, C.CONDDETACH);
    stage.at(0);
    return stage.logged().length > 0;
  };
  return { stage, model: stage.model, entity, condition, action, fires };
}

test("HDISABLE, HENABLE: of an entity, with all below it", (t) => {
  const { model, entity, condition, action, fires } = stageOf();
  t.ok(fires(), "enabled at first");
  for (const [title, control, handle] of [
    ["entity", controlEntity, entity],
    ["condition", controlCondition, condition],
    ["action", controlAction, action],
  ] as const) {
    t.equal(control(model, MAIN, handle, C.HDISABLE, 0), 0, `${title}: disabled`);
    t.notOk(fires(), "does not react");
    t.equal(control(model, MAIN, handle, C.HENABLE, 0), 0, `${title}: enabled`);
    t.ok(fires(), "reacts");
  }
  t.end();
});

test("HRECURSE: sets the switches below, which stay", (t) => {
  const { model, entity, condition, action, fires } = stageOf();
  controlEntity(model, MAIN, entity, C.HDISABLE, C.HRECURSE);
  controlEntity(model, MAIN, entity, C.HENABLE, 0);
  t.notOk(fires(), "the condition is off");
  controlCondition(model, MAIN, condition, C.HENABLE, 0);
  t.notOk(fires(), "the action is off");
  controlAction(model, MAIN, action, C.HENABLE, 0);
  t.ok(fires(), "all are on");
  controlAction(model, MAIN, action, C.HDISABLE, 0);
  controlEntity(model, MAIN, entity, C.HENABLE, C.HRECURSE);
  t.ok(fires(), "on, with all below");
  t.end();
});

/** Flags before, command, its flags, flags after. */
const CHANGES = [
  [C.HACTIONKEEPONFAIL, C.HADDFLAGS, REARM, C.HACTIONKEEPONFAIL | REARM],
  [C.HACTIONKEEPONFAIL, C.HSETFLAGS, REARM, REARM],
  [C.HACTIONKEEPONFAIL, C.HREMOVEFLAGS, C.HACTIONKEEPONFAIL | REARM, 0],
  [C.HACTIONKEEPONFAIL, C.HSETFLAGS, 0, 0],
] as const;

test("flags: added, removed, set and shown", (t) => {
  for (const [before, command, flags, after] of CHANGES) {
    const { model, action } = stageOf();
    t.equal(controlAction(model, MAIN, action, C.HGETFLAGS, 0), before, "before");
    t.equal(controlAction(model, MAIN, action, command, flags), 0, `command ${command}`);
    t.equal(controlAction(model, MAIN, action, C.HGETFLAGS, 0), after, "after");
  }
  t.end();
});

test("flags: only HREARMAFTERRESTART is passed on, and takes no other away", (t) => {
  for (const command of [C.HADDFLAGS, C.HSETFLAGS]) {
    const { model, entity, condition, action } = stageOf();
    t.equal(
      controlEntity(model, MAIN, entity, command, C.HENTITYKEEPONDEATH | REARM | C.HRECURSE),
      0,
    );
    const flags = [
      controlEntity(model, MAIN, entity, C.HGETFLAGS, 0),
      controlCondition(model, MAIN, condition, C.HGETFLAGS, 0),
      controlAction(model, MAIN, action, C.HGETFLAGS, 0),
    ];
    const below = [C.HCONDKEEPONEMPTY | REARM, C.HACTIONKEEPONFAIL | REARM];
    t.deepEqual(flags, [C.HENTITYKEEPONDEATH, ...below], `command ${command}`);
    controlCondition(model, MAIN, condition, C.HREMOVEFLAGS, REARM | C.HRECURSE);
    t.equal(controlAction(model, MAIN, action, C.HGETFLAGS, 0), C.HACTIONKEEPONFAIL, "and back");
  }
  t.end();
});

test("flags: -EINVAL for one that does not fit, and nothing changes", (t) => {
  const { stage, model, entity, condition, action } = stageOf();
  stage.action(condition, "w", waitfor("", 5));
  const before = stage.tree();
  const results = [
    controlEntity(model, MAIN, entity, C.HADDFLAGS, REARM),
    controlCondition(model, MAIN, condition, C.HADDFLAGS, C.HCONDSTATETOSET),
    controlCondition(model, MAIN, condition, C.HADDFLAGS, C.HCONDNOWAIT),
    controlCondition(model, MAIN, condition, C.HGETFLAGS, REARM),
    controlAction(model, MAIN, action, C.HADDFLAGS, C.HACTIONDONOW),
    controlAction(model, MAIN, action, C.HDISABLE, REARM),
    controlAction(model, MAIN, action, 0, 0),
    controlAction(model, MAIN, action, 7, 0),
  ];
  for (const result of results) t.equal(result, -EINVAL);
  t.equal(stage.tree(), before, "nothing has changed");
  t.equal(
    controlCondition(model, MAIN, condition, C.HGETFLAGS, 0),
    C.HCONDKEEPONEMPTY,
    "nor a flag",
  );
  t.end();
});

test("ham_verbose: stays from 0 to 255", (t) => {
  const { model } = stageOf();
  t.equal(setVerbosity(model, MAIN, C.VERBOSE_SET_DECR, 1), 0, "not below 0");
  t.equal(setVerbosity(model, MAIN, C.VERBOSE_SET_INCR, 2), 2, "more");
  t.equal(setVerbosity(model, MAIN, C.VERBOSE_SET, 1_000), 255, "not above 255");
  t.equal(setVerbosity(model, MAIN, C.VERBOSE_GET, 9), 255, "asked");
  t.equal(setVerbosity(model, MAIN, C.VERBOSE_SET, -1), -EINVAL, "below 0");
  t.end();
});

test("ham_verbose: from 1 on actions that fail are logged, from 2 on all", (t) => {
  const { stage, model, condition } = stageOf();
  stage.board.startResult = -2;
  stage.action(condition, "run", { kind: "execute", line: "x" }, C.HACTIONKEEPONFAIL);
  for (const [level, lines] of [
    [0, ["fired"]],
    [1, ["fired", "ham: e/c/run: ENOENT"]],
    [2, ["fired", "ham: e/c/a: done", "ham: e/c/run: ENOENT"]],
  ] as const) {
    model.verbosity = level;
    model.fire(model.registry.entityNamed("e")!, C.CONDDETACH);
    stage.at(0);
    t.deepEqual(stage.logged(), lines, `level ${level}`);
  }
  t.end();
});
