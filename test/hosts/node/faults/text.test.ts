/**
 * Durations, the text of faults, random numbers, and the delays drawn from them.
 */
import test from "tape";
import { readDuration, shownDuration } from "../../../../hosts/node/system/duration.js";
import {
  faultDelays,
  needsTracing,
  readFault,
  readFaultPlan,
  readStrike,
  type Subjects,
} from "../../../../hosts/node/faults/text.js";
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

const SUBJECTS: Subjects = {
  tasks: ["sensor", "logger"],
  parts: ["i2c.0x48", "pin.4"],
  callsOf: (task) => (task === "logger" ? ["put", "get"] : []),
};

test("readFaultPlan: reads every fault, in order", (t) => {
  const plan = ["kill:sensor:2s", "hang:logger:500ms", "kill:sensor:1"];
  const task = (kind: string, name: string, every_ms: number, text: string) => ({
    kind,
    task: name,
    times_ms: [],
    text,
    when: { every_ms },
  });
  t.deepEqual(readFaultPlan(plan, SUBJECTS), [
    task("kill", "sensor", 2_000, "kill:sensor:2s"),
    task("hang", "logger", 500, "hang:logger:500ms"),
    task("kill", "sensor", 1_000, "kill:sensor:1"),
  ]);
  t.deepEqual(readFaultPlan([], SUBJECTS), []);
  t.end();
});

test("readFault: the times of a kind, given or not", (t) => {
  const cases: [text: string, times_ms: readonly number[]][] = [
    ["hold:sensor:2s", [500]],
    ["hold=2s:sensor:1m", [2_000]],
    ["slow:sensor:2s", [10, 1_000]],
    ["slow=50ms:sensor:2s", [50, 1_000]],
    ["slow=50ms,3s:sensor:2s", [50, 3_000]],
    ["memory:sensor:2s", []],
    ["throw:sensor:2s", []],
    ["lost-wakeups:sensor:2s", []],
  ];
  for (const [text, times_ms] of cases) {
    const fault = readFault(text, SUBJECTS);
    t.deepEqual("times_ms" in fault && fault.times_ms, times_ms, text);
  }
  t.end();
});

test("readFault: at a message of a task", (t) => {
  const cases: [text: string, when: object][] = [
    ["kill:logger@message:57", { task: "logger", point: "message", call: null, number: 57 }],
    ["kill:logger@message:put#57", { task: "logger", point: "message", call: "put", number: 57 }],
    [
      "hold=1s:logger@after-effect:get#2",
      { task: "logger", point: "after-effect", call: "get", number: 2 },
    ],
    ["throw:logger@after-effect", { task: "logger", point: "after-effect", call: null, number: 1 }],
    ["reboot:sensor@message:3", { task: "sensor", point: "message", call: null, number: 3 }],
  ];
  for (const [text, when] of cases) t.deepEqual(readFault(text, SUBJECTS).when, when, text);
  t.end();
});

test("readFault: of the board, and of its parts by their names", (t) => {
  const part = (text: string) => {
    const { kind, ...fault } = readFault(text, SUBJECTS);
    return [kind, "part" in fault ? fault.part : "", fault.when];
  };
  t.deepEqual(part("nack:i2c.0x48:2s"), ["nack", "i2c.0x48", { every_ms: 2_000 }]);
  t.deepEqual(part("hang:i2c.72:1s"), ["hang", "i2c.0x48", { every_ms: 1_000 }]);
  t.deepEqual(part("noise:pin.4:50ms"), ["noise", "pin.4", { every_ms: 50 }]);
  const text = "reboot:board:30s";
  const when = { every_ms: 30_000 };
  t.deepEqual(readFault(text, SUBJECTS), { kind: "reboot", text, when });
  t.end();
});

test("readFault: at a time, exactly", (t) => {
  const cases: [text: string, at_ms: number][] = [
    ["kill:sensor@1500ms", 1_500],
    ["kill:sensor@1500.123ms", 1_500.123],
    ["hold=2s:sensor@1.5s", 1_500],
    ["start:sensor@2m", 120_000],
    ["kill:sensor@0ms", 0],
    ["nack:i2c.72@1h", 3_600_000],
    ["reboot:board@3s", 3_000],
  ];
  for (const [text, at_ms] of cases) t.deepEqual(readFault(text, SUBJECTS).when, { at_ms }, text);
  t.end();
});

test("readStrike: once and now", (t) => {
  const fault = readStrike("hold=300ms:sensor", SUBJECTS);
  t.deepEqual(fault, {
    kind: "hold",
    task: "sensor",
    times_ms: [300],
    text: "hold=300ms:sensor",
  });
  for (const text of ["hold", "hold:", ":sensor", "hold:sensor:2s", "kill:logger@message"]) {
    t.equal(
      problemOf(() => readStrike(text, SUBJECTS)),
      `--fault: found "${text}", allowed is kind:what, such as kill:sensor`,
    );
  }
  t.end();
});

test("needsTracing: what happens at messages, and what only that build can do", (t) => {
  for (const text of ["kill:a@message:1", "lost-wakeups:a:1s", "lost-wakeups=x"]) {
    t.ok(needsTracing(text), text);
  }
  for (const text of [
    "kill:a@1500ms",
    "kill:a:1s",
    "slow=1s:a:1s",
    "reboot:board:1s",
    "nack:i2c.0x48:1s",
    "",
  ]) {
    t.notOk(needsTracing(text), text);
  }
  t.end();
});

const DURATIONS =
  "allowed is a number of seconds or a number with ms, s, m or h, such as 500ms or 2s, " +
  "from 1ms to 876000h";
const TIMES = "allowed is a number with ms, s, m or h, such as 1500ms, up to 876000h";
const NUMBERS = "allowed is the number of a message, from 1 on, such as 57, or call#57";
const KINDS = "kill, hang, hold, slow, memory, throw, lost-wakeups, start, reboot";

/** What is wrong with a fault, behind "--fault <fault>: ". */
const WRONG: readonly [text: string, problem: string][] = [
  ["kil:sensor:2s", `found kind "kil", allowed are ${KINDS} (did you mean "kill"?)`],
  ["kill:sensr:2s", 'found task "sensr", allowed are sensor, logger (did you mean "sensor"?)'],
  ["kill:motor:2s", 'found task "motor", allowed are sensor, logger'],
  ["kill:sensor:often", `found "often", ${DURATIONS}`],
  ["hold=soon:sensor:2s", `found "soon", ${DURATIONS}`],
  ["hold=:sensor:2s", `found "", ${DURATIONS}`],
  ["hold=25h:sensor:2s", 'found "25h", allowed is at most 24h'],
  ["hold=1s,2s:sensor:2s", 'found "=1s,2s", allowed is hold=500ms'],
  ["slow=1s,2s,3s:sensor:2s", 'found "=1s,2s,3s", allowed is slow=10ms,1s'],
  ["kill=2s:sensor:2s", 'found "=2s", kill takes no time'],
  ["hang=1s:pin.4:2s", 'found "=1s", hang takes no time'],
  ["reboot=1s:board:2s", 'found "=1s", reboot takes no time'],
  ["reboot:sensor:2s", 'found what "sensor", allowed is board'],
  ["reboot:board@message:2", 'found task "board", allowed are sensor, logger'],
  [
    "kill:logger@mesage:2",
    'found point "mesage", allowed are message, after-effect (did you mean "message"?)',
  ],
  ["kill:logger@1500", `found time "1500", ${TIMES}`],
  ["kill:logger@876001h", `found time "876001h", ${TIMES}`],
  ["kill:logger@message:", `found "", ${NUMBERS}`],
  ["kill:logger@message:0", `found "0", ${NUMBERS}`],
  ["kill:logger@message:-1", `found "-1", ${NUMBERS}`],
  ["kill:logger@message:2s", `found "2s", ${NUMBERS}`],
  ["kill:logger@message:2147483648", `found "2147483648", ${NUMBERS}`],
  ["kill:logger@message:put#", `found "put#", ${NUMBERS}`],
  ["kill:logger@message:a#b#1", `found "a#b#1", ${NUMBERS}`],
  ["kill:logger@message:putt#1", 'found call "putt", allowed are put, get (did you mean "put"?)'],
  [
    "kill:sensor@message:put#1",
    'found call "put", but sensor has no services that defineService has made: ' +
      "leave the call out",
  ],
  ["nack:i2c.0x48@message:1", 'found part "i2c.0x48", but parts get no messages'],
  [
    "nack:i2c.0x49:2s",
    'found part "i2c.0x49", allowed are i2c.0x48, pin.4 (did you mean "i2c.0x48"?)',
  ],
  ["nack:pin.4:2s", 'found kind "nack" for pin.4, allowed are hang, noise'],
  ["kill:i2c.0x48:2s", 'found kind "kill" for i2c.0x48, allowed are nack, hang, noise'],
];

test("readFault: says what is wrong with a fault, and what is allowed", (t) => {
  for (const [text, problem] of WRONG) {
    t.equal(
      problemOf(() => readFault(text, SUBJECTS)),
      `--fault ${text}: ${problem}`,
    );
  }
  const shape =
    "allowed is kind:what:every, such as kill:sensor:2s, " +
    "kind:what@time, such as kill:sensor@1500ms, " +
    "or kind:task@message:number, such as kill:sensor@message:57";
  for (const text of ["", "kill", "kill:sensor", "kill::2s", "kill:a:2s:x", "kill:a@b@c:1"]) {
    t.equal(
      problemOf(() => readFault(text, SUBJECTS)),
      `--fault: found "${text}", ${shape}`,
    );
  }
  t.equal(
    problemOf(() => readFault("nack:i2c.0x48:2s", { tasks: [] })),
    '--fault nack:i2c.0x48:2s: found part "i2c.0x48", ' +
      "but no board is described in config.reattach.hardware",
  );
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

const RATE = { every_ms: 1_000 };

function draw(index: number, seed: number, count: number): number[] {
  const next = faultDelays(RATE, index, seed);
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
