/**
 * Which condition fires for which event.
 */
import test from "tape";
import * as C from "../../../../src/ham/protocol/constants.js";
import { isTriggered } from "../../../../src/ham/model/match.js";
import type { Condition } from "../../../../src/ham/model/tree.js";

function condition(type: number, flags: number, numbers: readonly number[]): Condition {
  const [first = 0, second = 0, third = 0] = numbers;
  return { type, flags, first, second, third } as Condition;
}

const FROM_SET = C.HCONDSTATEFROMSET;
const TO_SET = C.HCONDSTATETOSET;
const FROM_INV = C.HCONDSTATEFROMINV;
const TO_INV = C.HCONDSTATETOINV;

/** from and to of the condition, flags; then transitions that fire, and that do not. */
const STATES = [
  ["any to any", 0, 0, 0, ["0>1", "3>3", "99>7"], []],
  ["any to one", 0, 5, 0, ["0>5", "5>5"], ["5>0", "5>6"]],
  ["one to one", 2, 5, 0, ["2>5"], ["5>2", "2>2", "1>5"]],
  ["all but one", 2, 0, FROM_INV, ["1>9", "0>2"], ["2>9"]],
  ["to all but one", 0, 2, TO_INV, ["2>1"], ["1>2"]],
  ["none: all but any", 0, 0, FROM_INV, [], ["0>1", "5>5"]],
  ["a set, with state 0", 0b101, 0, FROM_SET, ["0>9", "2>9"], ["1>9", "32>9", "33>9"]],
  ["to a set, with state 31", 0, -0x8000_0000, TO_SET, ["1>31"], ["1>30", "1>63", "1>0"]],
  ["not in a set", 0b11, 0, FROM_SET | FROM_INV, ["2>0", "32>0"], ["0>0", "1>0"]],
  ["sets on both sides", 2, 4, FROM_SET | TO_SET, ["1>2"], ["2>1", "1>1", "2>4"]],
  ["the empty set", 0, 0, FROM_SET, [], ["0>0", "1>1"]],
  ["from in a set, to all but one", 2, 3, FROM_SET | TO_INV, ["1>1"], ["1>3", "0>1"]],
] as const;

for (const [title, from, to, flags, fires, rests] of STATES) {
  test(`CONDSTATE: ${title}`, (t) => {
    const state = condition(C.CONDSTATE, flags, [from, to]);
    for (const [list, expected] of [
      [fires, true],
      [rests, false],
    ] as const) {
      for (const transition of list) {
        const [x = 0, y = 0] = transition.split(">").map(Number);
        t.equal(isTriggered(state, C.CONDSTATE, x, y, 0), expected, transition);
      }
    }
    t.end();
  });
}

test("CONDRAISE: 0 stands for any type, class and severity, each by itself", (t) => {
  for (let mask = 0; mask < 8; mask++) {
    const wanted = [1, 2, 3].map((value, i) => ((mask >> i) & 1) * value);
    const raised = condition(C.CONDRAISE, 0, wanted);
    t.ok(isTriggered(raised, C.CONDRAISE, 1, 2, 3), `${wanted}: all as wanted`);
    const others = [
      isTriggered(raised, C.CONDRAISE, 9, 2, 3),
      isTriggered(raised, C.CONDRAISE, 1, 9, 3),
      isTriggered(raised, C.CONDRAISE, 1, 2, 9),
    ];
    const expected = wanted.map((value) => value === 0);
    t.deepEqual(others, expected, "one is another");
  }
  const one = condition(C.CONDRAISE, 0, [1]);
  t.notOk(isTriggered(one, C.CONDRAISE, 0, 0, 0), "0 is no wildcard of who raises it");
  t.end();
});

test("types: a condition fires for its own; CONDANY for all, once for an abnormal death", (t) => {
  for (let type = C.CONDDEATH; type <= C.CONDATTACH; type++) {
    for (let event = C.CONDDEATH; event <= C.CONDRAISE; event++) {
      const fires = isTriggered(condition(type, 0, []), event, 0, 0, 0);
      if (fires !== (type === event)) t.fail(`type ${type}, event ${event}`);
    }
  }
  for (let event = C.CONDDEATH; event <= C.CONDRAISE; event++) {
    const fires = isTriggered(condition(C.CONDANY, 0, []), event, 1, 1, 1);
    t.equal(fires, event !== C.CONDABNORMALDEATH, `CONDANY, event ${event}`);
  }
  t.end();
});
