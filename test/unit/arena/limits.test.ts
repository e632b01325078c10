/**
 * readLimits: what a manifest may say.
 */
import * as fc from "fast-check";
import test from "tape";
import { DEFAULT_LIMITS, type Limits, readLimits } from "../../../src/arena/limits.js";
import { layoutOf } from "../../../src/arena/regions.js";
import { check, seeded } from "../kernel/seed.js";

/** Each limit with the least and the most that is allowed. */
const ENDS: readonly (readonly [keyof Limits, number, number])[] = [
  ["tasks", 1, 511],
  ["channels", 1, 16_384],
  ["connections", 1, 4_096],
  ["names", 0, 1_024],
  ["messageBytes", 24, 65_536],
  ["pulses", 1, 1_024],
  ["trace", 0, 65_536],
  ["stableBytes", 0, 65_536],
  ["sharedBuffers", 0, 256],
  ["sharedBytes", 0, 1_048_576],
];

/** Values that are no limit, as they are shown. */
const NO_LIMITS: readonly (readonly [unknown, string])[] = [
  ["8", '"8"'],
  [8.5, "8.5"],
  [NaN, "NaN"],
  [Infinity, "Infinity"],
  [-1, "-1"],
  [null, "null"],
  [true, "true"],
  [[8], "8"],
  [2 ** 31, "2147483648"],
  [undefined, "undefined"],
];

test("readLimits: what is left out is the default", (t) => {
  const problems: string[] = [];
  t.deepEqual(readLimits(undefined, problems), DEFAULT_LIMITS, "nothing");
  t.deepEqual(readLimits({}, problems), DEFAULT_LIMITS, "an empty object");
  t.deepEqual(readLimits({ names: 3 }, problems), { ...DEFAULT_LIMITS, names: 3 }, "one");
  t.deepEqual(problems, [], "no problem");
  t.end();
});

test("readLimits: takes each limit from its least to its most, and nothing beyond", (t) => {
  for (const [key, min, max] of ENDS) {
    const allowed = `allowed is a whole number from ${min} to ${max}`;
    for (const value of [min, max]) {
      const problems: string[] = [];
      t.equal(readLimits({ [key]: value }, problems)[key], value, `${key} ${value}`);
      t.deepEqual(problems, [], "no problem");
    }
    for (const value of [min - 1, max + 1]) {
      const problems: string[] = [];
      readLimits({ [key]: value }, problems);
      t.deepEqual(problems, [`limits.${key}: found ${value}, ${allowed}`], `${key} ${value}`);
    }
  }
  t.equal(ENDS.length, Object.keys(DEFAULT_LIMITS).length, "these are all limits");
  t.end();
});

test("readLimits: says what was found for what is no number", (t) => {
  for (const [value, shown] of NO_LIMITS) {
    const problems: string[] = [];
    const limits = readLimits({ tasks: value }, problems, "config.limits");
    const allowed = "allowed is a whole number from 1 to 511";
    t.deepEqual(problems, [`config.limits.tasks: found ${shown}, ${allowed}`], shown);
    t.equal(limits.tasks, DEFAULT_LIMITS.tasks, "the default stays");
  }
  t.end();
});

test("readLimits: an unknown limit is a problem that lists the known ones", (t) => {
  const problems: string[] = [];
  readLimits({ task: 8 }, problems);
  t.equal(problems.length, 1, "one problem");
  t.ok(
    problems[0]?.startsWith("limits.task: no such limit, allowed are tasks, channels,"),
    "its text",
  );
  t.end();
});

test("readLimits: limits are an object", (t) => {
  for (const [input, shown] of [
    [null, "null"],
    [7, "7"],
    ["x", '"x"'],
    [[1], "1"],
    [[{ toString: false }], "an object"],
  ] as const) {
    const problems: string[] = [];
    t.deepEqual(readLimits(input, problems), DEFAULT_LIMITS, "the defaults");
    t.deepEqual(problems, [`limits: found ${shown}, allowed is an object`], shown);
  }
  t.end();
});

test("readLimits: a value with a member toString is a problem like any other", (t) => {
  const problems: string[] = [];
  readLimits({ tasks: { toString: false } }, problems);
  t.ok(problems[0]?.startsWith("limits.tasks: found an object, allowed is"), problems[0]);
  t.end();
});

test("readLimits: reports every problem, after those that were there", (t) => {
  const problems = ["an earlier one"];
  readLimits({ tasks: 0, pulses: 0, other: 1 }, problems);
  t.equal(problems.length, 4, "three more");
  t.equal(problems[0], "an earlier one", "the earlier one stays");
  t.end();
});

test(seeded("readLimits: never throws, and what it returns makes a layout"), (t) => {
  const keys = fc.constantFrom(...Object.keys(DEFAULT_LIMITS), "other", "__proto__");
  const value = fc.oneof(fc.integer(), fc.double(), fc.anything());
  check(
    fc.property(fc.oneof(fc.anything(), fc.dictionary(keys, value)), (input) => {
      const limits = readLimits(input, []);
      return Number.isSafeInteger(layoutOf(limits).totalBytes);
    }),
    500,
  );
  t.pass("500 inputs");
  t.end();
});
