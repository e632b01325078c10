/**
 * The simulated board outlives the tasks: what their deaths close, and what stays.
 */
import { once } from "node:events";
import test from "tape";
import { play } from "./play.js";

const VALVE = { pin: 25, mode: 8 };
const THERMOMETER = { data: 21, clock: 22, hz: 100_000, address: 0x48 };
const READ = ["io", "readUint16", 0, true];
const OPEN = ["open", "io", "SMBus", { ...THERMOMETER, timeout: 5 }];

test("ownership: of two tasks the second is told who has the pin", async (t) => {
  const open = [["open", "valve", "Digital", VALVE]];
  const { system, lines } = await play(t, { first: open, second: [] });
  await system.start("first");
  t.deepEqual(await lines.line(0), ["opened"]);
  t.deepEqual((await system.hardware.pin(25)).tasks, ["first"]);
  const { system: other, lines: told } = await play(t, { first: open, second: open });
  await other.start();
  const results = [await told.line(0), await told.line(1)].map(String).sort();
  t.equal(results[0], "opened", "one has it");
  t.match(results[1]!, /^throws Error: in use: task "(first|second)" has pin 25 open$/);
});

/** `npm run verify` has more. */
const KILLS = Number(process.env["PIN_KILLS"] ?? 40);

test(`death: a pin is closed before the successor opens it, ${KILLS} times`, async (t) => {
  const steps = [
    ["open", "valve", "Digital", VALVE],
    ["valve", "write", 1],
  ];
  const { system, lines } = await play(t, { valve: steps });
  await system.start();
  for (let life = 0; life < KILLS; life++) {
    const results = await lines.line(life);
    if (String(results) !== "opened,undefined") t.fail(`life ${life}: ${String(results)}`);
    const started = once(system, "start");
    await system.kill("valve");
    await started;
  }
  await lines.line(KILLS);
  const { rises, falls, level } = await system.hardware.pin(25);
  t.equal(rises, KILLS + 1, "it rose once in each life");
  t.equal(falls, KILLS, "and fell with each death: its resistor pulls it down");
  t.equal(level, 1);
});

test("death: without a resistor a pin floats up, as ESP-IDF leaves it", async (t) => {
  const steps = [
    ["open", "out", "Digital", { pin: 26, mode: 8 }],
    ["out", "write", 0],
  ];
  const { system, lines } = await play(t, { task: steps });
  await system.start();
  await lines.line(0);
  t.equal((await system.hardware.pin(26)).level, 0);
  await system.stop("task");
  t.equal((await system.hardware.pin(26)).level, 1, "the chip's pull-up");
});

test("death: of pins/digital the level stays", async (t) => {
  const steps = [
    ["open", "out", "PinsDigital", { pin: 25, mode: 8 }],
    ["out", "write", 1],
  ];
  const { system, lines } = await play(t, { task: steps });
  await system.start();
  await lines.line(0);
  await system.stop("task");
  const { level, tasks } = await system.hardware.pin(25);
  t.equal(level, 1, "against the resistor: the chip still drives it");
  t.deepEqual(tasks, []);
});

test("a device keeps its registers over the lives of its driver, and over a reboot", async (t) => {
  const { system, lines } = await play(t, {
    first: [OPEN, ["io", "writeUint16", 3, 0x1234, true]],
    second: [OPEN, ["io", "readUint16", 3, true]],
  });
  await system.start("first");
  await lines.line(0);
  await system.stop("first");
  await system.start("second");
  t.deepEqual(await lines.line(1), ["opened", 0x1234]);
  await system.reboot("on purpose");
  t.deepEqual(await lines.line(2), ["opened", 0x1234], "the chip restarts, and not the board");
});

test("stop: switches the board off, and the next start has it as new", async (t) => {
  const steps = [OPEN, READ, ["io", "writeUint16", 0, 1, true]];
  const { system, lines } = await play(t, { task: steps });
  await system.start();
  await lines.line(0);
  await system.stop();
  let problem = "";
  await system.hardware.pin(4).catch((error: Error) => (problem = error.message));
  t.equal(problem, "the board is switched off");
  await system.start();
  t.deepEqual(await lines.line(1), ["opened", 0x1900, "undefined"]);
});

test("a bus that hangs stays so over restarts, until it has seen nine clocks", async (t) => {
  const clock = Array.from({ length: 9 }, () => [
    ["clock", "write", 0],
    ["clock", "write", 1],
  ]).flat();
  const look = [
    ["open", "data", "Digital", { pin: 21, mode: 0 }],
    ["data", "read"],
    ["data", "close"],
  ];
  const { system, lines } = await play(t, {
    driver: [OPEN, READ],
    other: [["open", "io", "SMBus", { ...THERMOMETER, address: 0x50, timeout: 5 }], READ],
    healer: [
      ...look,
      ["open", "clock", "Digital", { pin: 22, mode: 9, initialValue: 1 }],
      ...clock,
      ["clock", "close"],
      ...look,
    ],
  });
  await system.hardware.fault("hang", "i2c.0x48");
  const failed = ["opened", "throws Error: writeRead failed"];
  for (const life of [0, 1, 2]) {
    await system.start("driver");
    t.deepEqual(await lines.line(life), failed, `life ${life + 1}`);
    await system.stop("driver");
  }
  await system.start("other");
  t.deepEqual(await lines.line(3), failed, "another device of the same bus");
  await system.stop("other");
  await system.start("healer");
  const results = (await lines.line(4)) as unknown[];
  t.equal(results[1], 0, "the data line is held low");
  t.equal(results.at(-2), 1, "and let go after nine clocks");
  await system.stop("healer");
  await system.start("driver");
  t.deepEqual(await lines.line(5), ["opened", 0x1900], "it works again");
  t.deepEqual(await system.hardware.faults(), { "i2c.0x48": { hang: 1 } });
});

test("kill: in a transfer that never ends; no other task is harmed", async (t) => {
  const other = { data: 18, clock: 19, hz: 1, address: 0x49 };
  const { system, lines } = await play(t, {
    stuck: [["open", "io", "SMBus", { ...THERMOMETER, timeout: -1 }], READ],
    other: [
      ["open", "io", "I2C", other],
      ["io", "read", 1],
    ],
  });
  await system.hardware.fault("hang", "i2c.0x48");
  await system.start("stuck");
  await system.start("other");
  t.deepEqual(await lines.line(0), ["opened", [1]], "another bus works");
  t.equal((await system.hardware.open()).length, 2);
  system.hold("stuck");
  t.equal(await system.kill("stuck"), "done", "it is ended in the middle of its call");
  await system.hardware.restore();
  await system.stop("other");
  await system.start("other");
  t.deepEqual(await lines.line(1), ["opened", [1]]);
});
