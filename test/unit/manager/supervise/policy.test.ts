/**
 * When a dead task is started again: pure functions of the clock, to the millisecond.
 */
import * as fc from "fast-check";
import test from "tape";
import {
  backoff,
  decide,
  type Decision,
  DEFAULT_POLICY,
  type History,
  isRestarted,
  NO_HISTORY,
  type RestartPolicy,
  type RestartWhen,
} from "../../../../src/manager/supervise/policy.js";
import { check, seeded } from "../../kernel/seed.js";

/** Between longer and shorter: a pause as it is. */
const MIDDLE = 0.5;

function policy(some: Partial<RestartPolicy>): RestartPolicy {
  return { ...DEFAULT_POLICY, ...some };
}

/** Lives of these lengths, one after the other, each started when it was due. */
function play(rule: RestartPolicy, lives_ms: readonly number[], random = MIDDLE): Decision[] {
  let started_ms = 1_000;
  let history: History = NO_HISTORY;
  return lives_ms.map((life_ms) => {
    const next = decide(rule, history, started_ms, started_ms + life_ms, random);
    history = next.history;
    started_ms = next.due_ms;
    return next;
  });
}

/** How long each was dead. */
function pauses(rule: RestartPolicy, lives_ms: readonly number[], random = MIDDLE): number[] {
  let started_ms = 1_000;
  return play(rule, lives_ms, random).map(({ due_ms }, i) => {
    const pause_ms = due_ms - started_ms - lives_ms[i]!;
    started_ms = due_ms;
    return pause_ms;
  });
}

const PAUSES: readonly (readonly [string, Partial<RestartPolicy>, number[], number[]])[] = [
  ["the first restart comes at once", {}, [9_999], [0]],
  ["not sooner than the minimum run time after the last start", {}, [20], [30]],
  ["exactly then, when it lived as long", {}, [50], [0]],
  [
    "each pause is twice the last, up to the cap",
    {},
    Array(9).fill(60) as number[],
    [0, 100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000],
  ],
  ["a good run ends the row", {}, [60, 60, 60, 10_000, 60], [0, 100, 200, 0, 100]],
  ["a run one millisecond shorter does not", {}, [60, 60, 9_999, 60], [0, 100, 200, 400]],
  [
    "without back-off only the minimum run time counts",
    { backoff_ms: 0 },
    [10, 60, 10, 0],
    [40, 0, 40, 50],
  ],
  ["the minimum run time can be 0", { backoff_ms: 0, minRun_ms: 0 }, [0, 0, 3], [0, 0, 0]],
  [
    "the longer of pause and minimum run time counts",
    { minRun_ms: 150 },
    [50, 50, 50],
    [100, 100, 200],
  ],
];

for (const [title, some, lives_ms, expected] of PAUSES) {
  test(`decide: ${title}`, (t) => {
    t.deepEqual(pauses(policy(some), lives_ms), expected);
    t.end();
  });
}

test("decide: jitter makes a pause longer or shorter by its fraction", (t) => {
  const lives_ms = [60, 60, 60];
  t.deepEqual(pauses(policy({ jitter: 0.1 }), lives_ms, 0), [0, 90, 180], "the shortest");
  t.deepEqual(pauses(policy({ jitter: 0.1 }), lives_ms, 1), [0, 110, 220], "the longest");
  t.deepEqual(pauses(policy({ jitter: 0 }), lives_ms, 1), [0, 100, 200], "none");
  t.end();
});

const LADDER: RestartPolicy = policy({
  backoff_ms: 0,
  minRun_ms: 0,
  intensity: 2,
  period_ms: 1_000,
  settled_ms: 5_000,
  escalate: ["rest_for_one", "one_for_all", "board"],
});

const LADDERS: readonly (readonly [string, RestartPolicy, number[], string[]])[] = [
  [
    "intensity is borne, one more takes a step",
    LADDER,
    [10, 10, 10, 10],
    ["task", "task", "rest_for_one", "rest_for_one"],
  ],
  [
    "every step has its own count",
    LADDER,
    Array(9).fill(10) as number[],
    [
      "task",
      "task",
      "rest_for_one",
      "rest_for_one",
      "one_for_all",
      "one_for_all",
      "board",
      "board",
      "board",
    ],
  ],
  [
    "restarts that are a period ago do not count",
    LADDER,
    [10, 500, 500, 500, 500],
    ["task", "task", "task", "task", "task"],
  ],
  ["one within it does", LADDER, [10, 499, 499], ["task", "task", "rest_for_one"]],
  [
    "a good run goes back to the first step",
    LADDER,
    [10, 10, 10, 5_000, 10],
    ["task", "task", "rest_for_one", "task", "task"],
  ],
  [
    "a long run does not take back the restarts before it, as in OTP",
    { ...LADDER, settled_ms: 10_000, period_ms: 60_000 },
    Array(9).fill(11_000) as number[],
    [
      "task",
      "task",
      "rest_for_one",
      "rest_for_one",
      "one_for_all",
      "one_for_all",
      "board",
      "board",
      "board",
    ],
  ],
  [
    "a run as long as the period, and settled, does",
    { ...LADDER, settled_ms: 10_000, period_ms: 60_000 },
    [11_000, 11_000, 11_000, 60_000, 11_000],
    ["task", "task", "rest_for_one", "task", "task"],
  ],
  [
    "a run as long as the period that was not settled keeps the step",
    LADDER,
    [10, 10, 10, 4_999, 10],
    ["task", "task", "rest_for_one", "rest_for_one", "rest_for_one"],
  ],
  [
    "intensity 0 escalates at the first death",
    { ...LADDER, intensity: 0 },
    [10, 10],
    ["rest_for_one", "one_for_all"],
  ],
  [
    "without a ladder the task is restarted for ever",
    { ...LADDER, escalate: [] },
    Array(5).fill(10) as number[],
    ["task", "task", "task", "task", "task"],
  ],
];

for (const [title, rule, lives_ms, expected] of LADDERS) {
  test(`decide: ${title}`, (t) => {
    t.deepEqual(
      play(rule, lives_ms).map(({ step }) => step),
      expected,
    );
    t.end();
  });
}

const ENDINGS: readonly (readonly [RestartWhen, boolean, boolean])[] = [
  ["crash", true, true],
  ["crash", false, false],
  ["always", true, true],
  ["always", false, true],
  ["never", true, false],
  ["never", false, false],
];

for (const [when, isCrash, expected] of ENDINGS) {
  test(`isRestarted: ${when}, after ${isCrash ? "a crash" : "main() returned"}`, (t) => {
    t.equal(isRestarted(policy({ when }), isCrash), expected);
    t.end();
  });
}

test(seeded("backoff: grows with every death and stays below its cap, for any policy"), (t) => {
  const number = fc.integer({ min: 0, max: 0x7fff_ffff });
  check(
    fc.property(number, number, fc.integer({ min: 1, max: 5_000 }), (first, more, deaths) => {
      const rule = policy({ backoff_ms: first, backoffMax_ms: first + more });
      const pause_ms = backoff(rule, deaths);
      return (
        pause_ms <= backoff(rule, deaths + 1) && pause_ms >= 0 && pause_ms <= rule.backoffMax_ms
      );
    }),
  );
  t.pass("for all that were tried");
  t.end();
});

test(seeded("decide: never sooner than allowed, and never remembers more than it needs"), (t) => {
  const lives = fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 200 });
  const rule = policy({ intensity: 3, escalate: ["hold"] });
  check(
    fc.property(lives, fc.double({ min: 0, max: 1, noNaN: true }), (lives_ms, random) => {
      let started_ms = 1_000;
      return play(rule, lives_ms, random).every(({ due_ms, history }, i) => {
        const died_ms = started_ms + lives_ms[i]!;
        const isGood =
          due_ms >= died_ms &&
          due_ms >= started_ms + rule.minRun_ms &&
          due_ms <= Math.max(died_ms + rule.backoffMax_ms * 1.1, started_ms + rule.minRun_ms) &&
          history.restarts_ms.length <= rule.intensity;
        started_ms = due_ms;
        return isGood;
      });
    }),
  );
  t.pass("for all that were tried");
  t.end();
});
