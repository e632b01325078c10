/**
 * Durations, fault plans, random numbers, and the delays drawn from them.
 */
import test from "tape";
import { readDuration, shownDuration } from "../../../../hosts/node/system/duration.js";
import { type Fault, faultDelays, readFaultPlan } from "../../../../hosts/node/faults/text.js";
import { seededRandom } from "../../../../src/manager/supervise/random.js";
import { UsageError } from "../../../../hosts/node/input-error.js";

/** The message of the UsageError that `call` throws. */
function problemOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return "no error";
}

test("readDuration: milliseconds of what people write", (t) => {
  const cases: [text: string, ms: number][] = [
    ["500ms", 500],
    ["2s", 2_000],
    ["3m", 180_000],
    ["1h", 3_600_000],
    ["7", 7_000],
    ["1.5", 1_500],
    ["0.25s", 250],
    ["1.5ms", 2],
    ["2147483648ms", 2_147_483_648],
    ["876000h", 3_153_600_000_000],
  ];
  for (const [text, ms] of cases) t.equal(readDuration(text), ms, text);
  t.end();
});

test("shownDuration: one unit, one decimal", (t) => {
  const cases: [ms: number, text: string][] = [
    [0, "0 ms"],
    [0.4, "0 ms"],
    [999, "999 ms"],
    [999.7, "1 s"],
    [1_000, "1 s"],
    [1_234, "1.2 s"],
    [59_949, "59.9 s"],
    [59_951, "1 min"],
    [90_000, "1.5 min"],
    [3_600_000, "1 h"],
    [5_400_000, "1.5 h"],
    [86_400_000, "1 d"],
    [864_000_000, "10 d"],
  ];
  for (const [ms, text] of cases) t.equal(shownDuration(ms), text, String(ms));
  t.end();
});

test("readDuration: throws for what is no duration, or none that a timer can wait for", (t) => {
  for (const text of ["", "s", "-1s", "1,5", "2x", "2 s", "1e3", "0", "0.1ms", "876001h"]) {
    t.throws(() => readDuration(text), UsageError, JSON.stringify(text));
  }
  t.equal(
    problemOf(() => readDuration("2x", "--duration")),
    '--duration: found "2x", allowed is a number of seconds or a number with ms, s, m or h, ' +
      "such as 500ms or 2s, from 1ms to 876000h",
  );
  t.end();
});

const TASKS = ["sensor", "logger"];

test("readFaultPlan: reads every fault, in order", (t) => {
  t.deepEqual(readFaultPlan(["kill:sensor:2s", "hang:logger:500ms", "kill:sensor:1"], TASKS), [
    { kind: "kill", task: "sensor", every_ms: 2_000 },
    { kind: "hang", task: "logger", every_ms: 500 },
    { kind: "kill", task: "sensor", every_ms: 1_000 },
  ]);
  t.deepEqual(readFaultPlan([], TASKS), []);
  t.end();
});

const PARTS = ["i2c.0x48", "pin.4"];

test("readFaultPlan: faults of the simulated board, by the names of its parts", (t) => {
  const plan = ["nack:i2c.0x48:2s", "kill:sensor:1s", "hang:i2c.72:1s", "noise:pin.4:50ms"];
  t.deepEqual(readFaultPlan(plan, TASKS, PARTS), [
    { kind: "nack", part: "i2c.0x48", every_ms: 2_000 },
    { kind: "kill", task: "sensor", every_ms: 1_000 },
    { kind: "hang", part: "i2c.0x48", every_ms: 1_000 },
    { kind: "noise", part: "pin.4", every_ms: 50 },
  ]);
  const cases: [text: string, parts: readonly string[], problem: string][] = [
    [
      "nack:i2c.0x49:2s",
      PARTS,
      '--fault nack:i2c.0x49:2s: found part "i2c.0x49", allowed are i2c.0x48, pin.4 ' +
        '(did you mean "i2c.0x48"?)',
    ],
    [
      "nack:pin.4:2s",
      PARTS,
      '--fault nack:pin.4:2s: found kind "nack" for pin.4, allowed are hang, noise',
    ],
    [
      "kill:i2c.0x48:2s",
      PARTS,
      '--fault kill:i2c.0x48:2s: found kind "kill" for i2c.0x48, allowed are nack, hang, noise',
    ],
    [
      "nack:i2c.0x48:2s",
      [],
      '--fault nack:i2c.0x48:2s: found part "i2c.0x48", ' +
        "but no board is described in config.reattach.hardware",
    ],
  ];
  for (const [text, parts, problem] of cases) {
    t.equal(
      problemOf(() => readFaultPlan([text], TASKS, parts)),
      problem,
    );
  }
  t.end();
});

test("readFaultPlan: says what is wrong with a fault", (t) => {
  const shape = "allowed is kind:task:every, such as kill:sensor:2s";
  const cases: [text: string, problem: string][] = [
    ["kill", `--fault: found "kill", ${shape}`],
    ["kill:sensor", `--fault: found "kill:sensor", ${shape}`],
    ["kill:sensor:2s:x", `--fault: found "kill:sensor:2s:x", ${shape}`],
    [
      "kil:sensor:2s",
      '--fault kil:sensor:2s: found kind "kil", allowed are kill, hang (did you mean "kill"?)',
    ],
    [
      "kill:sensr:2s",
      '--fault kill:sensr:2s: found task "sensr", allowed are sensor, logger ' +
        '(did you mean "sensor"?)',
    ],
    ["kill:motor:2s", '--fault kill:motor:2s: found task "motor", allowed are sensor, logger'],
    [
      "kill:sensor:often",
      '--fault kill:sensor:often: found "often", allowed is a number of seconds or a number with ' +
        "ms, s, m or h, such as 500ms or 2s, from 1ms to 876000h",
    ],
  ];
  for (const [text, problem] of cases) {
    t.equal(
      problemOf(() => readFaultPlan([text], TASKS)),
      problem,
      text,
    );
  }
  t.end();
});

test("seededRandom: the numbers of mulberry32", (t) => {
  // From its published source, in units of 2^-32.
  const cases: [seed: number, numbers: number[]][] = [
    [0, [1144304738, 1416247, 958946056]],
    [1, [2693262067, 11749833, 2265367787]],
    [0xffff_ffff, [3850105811, 813802916, 3073704848]],
  ];
  for (const [seed, numbers] of cases) {
    const random = seededRandom(seed);
    t.deepEqual(
      numbers.map(() => random() * 2 ** 32),
      numbers,
      `seed ${seed}`,
    );
  }
  t.end();
});

const FAULT: Fault = { kind: "kill", task: "sensor", every_ms: 1_000 };

function draw(index: number, seed: number, count: number): number[] {
  const next = faultDelays(FAULT, index, seed);
  return Array.from({ length: count }, () => next());
}

test("faultDelays: uniform from half to one and a half times the interval", (t) => {
  const delays = draw(0, 1, 10_000);
  t.ok(
    delays.every((delay) => delay >= 500 && delay < 1_500),
    "within the bounds",
  );
  for (let tenth = 0; tenth < 10; tenth++) {
    const from = 500 + tenth * 100;
    const inside = delays.filter((delay) => delay >= from && delay < from + 100).length;
    // 1,000 are expected; six standard deviations are 180.
    t.ok(Math.abs(inside - 1_000) < 180, `${inside} of 10,000 from ${from} to ${from + 100} ms`);
  }
  t.end();
});

test("faultDelays: a seed and a place in the plan repeat the schedule, others change it", (t) => {
  t.deepEqual(draw(0, 42, 20), draw(0, 42, 20), "same seed, same place");
  t.notDeepEqual(draw(0, 42, 20), draw(0, 43, 20), "another seed");
  t.notDeepEqual(draw(0, 42, 20), draw(1, 42, 20), "another place");
  t.notDeepEqual(draw(1, 42, 20).slice(0, 19), draw(0, 42, 20).slice(1), "streams do not overlap");
  t.end();
});
