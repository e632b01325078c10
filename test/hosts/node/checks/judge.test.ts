/**
 * The judge: each check that fails is told once, by its name, with what is wrong.
 */
import test from "tape";
import type { Checks, Death, Line, Rested } from "../../../../hosts/node/checks/checks.js";
import { type Failure, Judge } from "../../../../hosts/node/checks/judge.js";
import { InputError } from "../../../../hosts/node/input-error.js";

/** An application of which only the clock is looked at. */
function at(now_ms: number): Rested {
  return { now_ms, log: [], deaths: [], tasks: [] } as unknown as Rested;
}

function judgeOf(checks: Checks): { judge: Judge; failures: Failure[] } {
  const failures: Failure[] = [];
  return { judge: new Judge(checks, (failure) => failures.push(failure)), failures };
}

const LINE: Line = { at_ms: 1, task: "panel", level: "info", text: "note 1" };
const DEATH: Death = {
  at_ms: 2,
  name: "panel",
  pid: 1,
  cause: "throw",
  text: "",
  isInjected: false,
};

test("Judge: always and never are looked at after each event, and told once", (t) => {
  const { judge, failures } = judgeOf({
    always: { "below 3": ({ now_ms }) => now_ms < 3 },
    never: { "above 5": ({ now_ms }) => now_ms > 5 },
  });
  for (let now = 1; now < 8; now++) judge.afterEvent(at(now));
  t.deepEqual(failures, [
    { check: "below 3", text: "it is false", at_ms: 3 },
    { check: "above 5", text: "it is true", at_ms: 6 },
  ]);
  t.end();
});

test("Judge: eventually fails when it was false for longer than it may be", (t) => {
  let isServed = false;
  const { judge, failures } = judgeOf({
    eventually: { served: { within_ms: 100, holds: () => isServed } },
  });
  t.equal(judge.due_ms, 101, "the first moment that is too late");
  judge.afterEvent(at(100));
  t.equal(failures.length, 0, "not yet");
  isServed = true;
  judge.afterEvent(at(100));
  isServed = false;
  t.equal(judge.due_ms, 201, "it has begun anew");
  judge.reboot("guardian", at(150));
  t.equal(judge.due_ms, 251, "and with the board");
  judge.afterEvent(at(251));
  t.deepEqual(failures, [
    { check: "served", text: "it has been false for more than 100 ms", at_ms: 251 },
  ]);
  t.equal(judge.due_ms, Infinity, "nothing more is due");
  t.end();
});

test("Judge: lines, deaths and reboots feed a model; a listener may throw", (t) => {
  const seen: string[] = [];
  const { judge, failures } = judgeOf({
    on: {
      line: ({ text }) => void seen.push(text),
      reboot: (reason) => void seen.push(reason),
      death: ({ name }) => {
        throw new Error(`no place for ${name}`);
      },
    },
  });
  judge.line(LINE, at(1));
  judge.reboot("guardian", at(1));
  judge.death(DEATH, at(2));
  t.deepEqual(seen, ["note 1", "guardian"]);
  t.deepEqual(failures, [{ check: "on", text: "no place for panel", at_ms: 2 }]);
  t.end();
});

test("Judge: checks at rest and at the end may reject; what they throw is the text", async (t) => {
  const { judge, failures } = judgeOf({
    atRest: { agree: () => Promise.reject(new Error("3 and 4")), fine: () => undefined },
    atEnd: {
      odd: () => {
        throw 5;
      },
    },
  });
  t.deepEqual(judge.names, ["agree", "fine", "odd"]);
  await judge.atRest(at(7));
  await judge.atRest(at(8));
  await judge.atEnd(at(9));
  t.deepEqual(failures, [
    { check: "agree", text: "3 and 4", at_ms: 7 },
    { check: "odd", text: "5", at_ms: 9 },
  ]);
});

test("Judge: a check under which the board restarts says nothing, twice at most", async (t) => {
  let restarts = 1;
  const { judge, failures } = judgeOf({
    atRest: {
      asks: () => {
        if (restarts-- > 0) judge.reboot("it was made to", at(1));
        throw new Error("no answer");
      },
    },
  });
  t.equal(await judge.atRest(at(1)), false, "to be made again");
  t.deepEqual(failures, []);
  t.equal(await judge.atRest(at(2)), true, "without a restart it is judged");
  t.deepEqual(failures, [{ check: "asks", text: "no answer", at_ms: 2 }]);

  const again = judgeOf({
    atEnd: {
      asks: () => {
        again.judge.reboot("it was made to", at(1));
        throw new Error("no answer");
      },
      passes: () => again.judge.reboot("it was made to", at(1)),
    },
  });
  const results = [];
  for (let ms = 1; ms <= 3; ms++) results.push(await again.judge.atEnd(at(ms)));
  t.deepEqual(results, [false, false, true]);
  t.deepEqual(again.failures, [{ check: "asks", text: "no answer", at_ms: 3 }]);
});

test("Judge: a check that throws has failed; the others go on", (t) => {
  const { judge, failures } = judgeOf({
    always: {
      wrong: () => {
        throw new RangeError("no such task");
      },
      right: () => true,
    },
    eventually: {
      bad: {
        within_ms: 1,
        holds: () => {
          throw new Error("blind");
        },
      },
    },
  });
  judge.afterEvent(at(1));
  judge.afterEvent(at(2));
  t.deepEqual(failures, [
    { check: "wrong", text: "no such task", at_ms: 1 },
    { check: "bad", text: "blind", at_ms: 1 },
  ]);
  t.end();
});

const WRONG: readonly [what: string, checks: unknown, message: RegExp][] = [
  ["no object", 5, /^checks: found 5, allowed is an object of checks$/],
  ["another kind", { allways: {} }, /found "allways".*did you mean "always"/],
  ["a group", { never: 1 }, /^checks\.never: found 1, allowed is an object$/],
  [
    "a check",
    { always: { "it runs": true } },
    /^checks\.always: "it runs": found true, allowed is a f/,
  ],
  ["a time", { eventually: { a: { within_ms: -1, holds: () => true } } }, /within_ms: number/],
  ["a test", { eventually: { a: () => true } }, /allowed is \{ within_ms: number, holds: function/],
];

test("Judge: what can be no checks is refused, with the place", (t) => {
  for (const [what, checks, message] of WRONG) {
    try {
      judgeOf(checks as Checks);
      t.fail(what);
    } catch (error) {
      t.ok(error instanceof InputError, what);
      t.match((error as Error).message, message, what);
    }
  }
  t.end();
});
