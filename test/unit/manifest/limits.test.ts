/**
 * readLimits: what a manifest may say.
 */
import * as fc from "fast-check";
import test from "tape";
import { DEFAULT_LIMITS, type Limits } from "../../../src/arena/limits.js";
import { layoutOf } from "../../../src/arena/regions.js";
import { readLimits } from "../../../src/manifest/limits.js";
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
  ["messageTrace", 0, 65_536],
];

/** Values that are no limit. */
const NO_LIMITS: readonly unknown[] = ["8", 8.5, -1, null, true, [8], { a: 8 }, 2 ** 31];

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
      // Buffers have bytes: see below.
      const limits = readLimits({ sharedBytes: 1, [key]: value }, problems);
      t.equal(limits[key], value, `${key} ${value}`);
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
  for (const value of NO_LIMITS) {
    const shown = JSON.stringify(value);
    const problems: string[] = [];
    const limits = readLimits({ tasks: value }, problems, "config.limits");
    const allowed = "allowed is a whole number from 1 to 511";
    t.deepEqual(problems, [`config.limits.tasks: found ${shown}, ${allowed}`], shown);
    t.equal(limits.tasks, DEFAULT_LIMITS.tasks, "the default stays");
  }
  t.end();
});

test("readLimits: an unknown limit lists the known ones, and the one that was meant", (t) => {
  const problems: string[] = [];
  readLimits({ mesageBytes: 8 }, problems);
  t.deepEqual(problems, [
    `limits.mesageBytes: no such key, allowed are ${Object.keys(DEFAULT_LIMITS).join(", ")} ` +
      '(did you mean "messageBytes"?)',
  ]);
  t.end();
});

test("readLimits: shared buffers have bytes", (t) => {
  const problems: string[] = [];
  readLimits({ sharedBuffers: 2 }, problems);
  const said = "limits.sharedBytes: found 0, allowed is 1 or more where sharedBuffers is 2";
  t.deepEqual(problems, [said]);
  readLimits({ sharedBuffers: 2, sharedBytes: 1 }, problems);
  readLimits({ sharedBytes: 0 }, problems);
  t.equal(problems.length, 1, "one byte will do, and no buffer needs any");
  t.end();
});

test("readLimits: limits are an object", (t) => {
  for (const input of [null, 7, "x", [1]]) {
    const problems: string[] = [];
    t.deepEqual(readLimits(input, problems), DEFAULT_LIMITS, "the defaults");
    t.deepEqual(problems, [`limits: found ${JSON.stringify(input)}, allowed is an object`]);
  }
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
  const value = fc.oneof(fc.integer(), fc.double(), fc.jsonValue());
  check(
    fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(keys, value)), (input) => {
      const limits = readLimits(input, []);
      return Number.isSafeInteger(layoutOf(limits).totalBytes);
    }),
    500,
  );
  t.pass("500 inputs");
  t.end();
});
