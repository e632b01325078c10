/**
 * The parts of the simulated board by themselves: lines, registers, buses, converters, ports.
 */
import test from "tape";
import { asTransfers } from "../../../../hosts/node/hardware/board/bus.js";
import type { BoardDescription } from "../../../../hosts/node/hardware/board/description.js";
import { HISTORY_MAX } from "../../../../hosts/node/hardware/board/line.js";
import { partName, Parts } from "../../../../hosts/node/hardware/board/parts.js";
import { seededRandom } from "../../../../src/manager/supervise/random.js";

function partsOf(description: BoardDescription, reports: string[] = []): Parts {
  const report = (text: string): void => void reports.push(text);
  return new Parts(description, { random: seededRandom(1), report });
}

const BUS = { data: 1, clock: 2 };

test("line: who drives beats who pulls, and a resistor of the board that of the chip", (t) => {
  const parts = partsOf({ pins: { 4: { pull: "down" } } });
  const pulled = parts.line(4);
  const free = parts.line(5);
  t.equal(pulled.level, 0, "a resistor");
  t.equal(free.level, 1, "the chip's pull-up, after a reset");
  free.setOutput({ kind: "none", pull: "down" });
  t.equal(free.level, 0);
  free.drive(1);
  t.equal(free.level, 1, "driven from outside");
  free.setOutput({ kind: "open-drain", level: 0 });
  t.equal(free.level, 0, "an open drain pulls it low");
  free.setOutput({ kind: "push-pull", level: 1 });
  t.equal(free.level, 1);
  free.drive(null);
  free.setOutput({ kind: "none", pull: null });
  t.equal(free.level, 0, "nobody");
  t.end();
});

test("line: remembers its last changes, and counts them all", (t) => {
  const line = partsOf({}).line(4);
  for (let i = 0; i < HISTORY_MAX; i++) {
    line.setOutput({ kind: "push-pull", level: 0 });
    line.setOutput({ kind: "push-pull", level: 1 });
  }
  t.equal(line.rises, HISTORY_MAX);
  t.equal(line.falls, HISTORY_MAX);
  t.equal(line.history.length, HISTORY_MAX);
  t.equal(line.history.at(-1)?.level, 1);
  t.end();
});

test("line: stuck it is seen as it was, disturbed it goes there and back", (t) => {
  const line = partsOf({ pins: { 4: { level: 0 } } }).line(4);
  const edges: number[] = [];
  line.watchers.add((edge) => edges.push(edge));
  line.disturb();
  t.deepEqual(edges, [1, 2]);
  t.equal(line.level, 0);
  line.stick();
  line.drive(1);
  t.equal(line.level, 1);
  t.equal(line.seen, 0);
  t.equal(edges.length, 2, "and nobody is told");
  line.claim({ key: "a", task: "a" }, Error);
  t.equal(line.seen, 1, "until it is opened anew");
  t.end();
});

test("registers: of one byte go on with the next one, of two stay", (t) => {
  const heard: [number, number][] = [];
  const bytes = asTransfers({
    registers: { 0xff: 7, 0: () => 8 },
    onWrite: (register, value) => {
      heard.push([register, value]);
      return register === 2 ? value & 0x0f : undefined;
    },
  });
  bytes.write!(Uint8Array.of(0xff));
  t.deepEqual(bytes.read!(3), [7, 8, 0], "around the end, and 0 for what is not listed");
  bytes.write!(Uint8Array.of(1, 0x11, 0x22));
  t.deepEqual(heard, [
    [1, 0x11],
    [2, 0x22],
  ]);
  t.deepEqual((bytes.write!(Uint8Array.of(1)), bytes.read!(2)), [0x11, 0x02]);
  const words = asTransfers({ registers: { 1: 0x1234 }, width: 2 });
  words.write!(Uint8Array.of(1));
  t.deepEqual(words.read!(4), [0x12, 0x34, 0x12, 0x34]);
  words.write!(Uint8Array.of(1, 0x56));
  t.deepEqual(words.read!(2), [0x56, 0]);
  t.end();
});

test("bus: a device that does not acknowledge, once; noise, once, in each byte", (t) => {
  const parts = partsOf({ i2c: [{ ...BUS, devices: { 8: { read: () => [1, 2, 3] } } }] });
  const [bus] = parts.buses;
  const read = () => bus!.transfer(8, null, 3, 10);
  parts.fault("nack", "i2c.0x08");
  t.equal(read().failure?.message, "read failed");
  t.deepEqual([...read().bytes!], [1, 2, 3]);
  parts.fault("noise", "i2c.8");
  const noisy = [...read().bytes!];
  t.ok(
    noisy.every((byte, i) => byte !== i + 1),
    String(noisy),
  );
  t.deepEqual([...read().bytes!], [1, 2, 3]);
  t.deepEqual(parts.counts, { "i2c.0x08": { nack: 1, noise: 1 } });
  t.end();
});

test("bus: hung, each transfer takes its time after the one before it", (t) => {
  const devices = { 8: { read: () => [1] }, 9: { read: () => [1] } };
  const parts = partsOf({ i2c: [{ ...BUS, devices }] });
  const [bus] = parts.buses;
  t.equal(bus!.transfer(9, null, 1, 100).failure, undefined);
  parts.fault("hang", "i2c.0x08");
  t.equal(bus!.transfer(9, null, 1, 100).failure, undefined, "not before it is used");
  const first = bus!.transfer(8, null, 1, 100);
  const second = bus!.transfer(9, null, 1, 100);
  t.equal(Math.round(first.after_ms!), 100);
  t.ok(second.after_ms! > 150, String(second.after_ms));
  t.equal(bus!.transfer(9, null, 1, -1).after_ms, Infinity, "or for ever");
  t.equal(parts.level(BUS.data), 0, "the data line is low");
  for (let i = 0; i < 8; i++) [0, 1].forEach((level) => parts.drive(BUS.clock, level as 0 | 1));
  t.ok(bus!.isWedged, "eight clocks are not enough");
  [0, 1].forEach((level) => parts.drive(BUS.clock, level as 0 | 1));
  t.notOk(bus!.isWedged, "nine are");
  t.equal(parts.level(BUS.data), 1);
  t.end();
});

test("analog and serial: stuck until they are opened anew", (t) => {
  let value = 0.1;
  const heard: number[] = [];
  const parts = partsOf({
    analog: { 34: () => value },
    serial: { 1: { onReceive: (bytes) => heard.push(...bytes) } },
  });
  const input = parts.analog(34);
  const sample = () => input.sample(parts.random);
  t.equal(sample(), 0.1);
  parts.fault("hang", "analog.34");
  value = 0.2;
  t.equal(sample(), 0.1);
  input.reset();
  t.equal(sample(), 0.2);
  parts.fault("noise", "analog.34");
  t.notEqual(sample(), 0.2);
  t.equal(sample(), 0.2);
  value = 7;
  t.equal(sample(), 1, "no more than it can measure");
  const port = parts.port(1);
  port.owner = { key: "a", task: "a" };
  parts.fault("noise", "serial.1");
  parts.send(1, [1]);
  t.notEqual(port.take(1)[0], 1);
  parts.fault("hang", "serial.1");
  parts.send(1, [1]);
  port.transmit(Uint8Array.of(5));
  t.equal(port.readable, 0);
  t.deepEqual(heard, []);
  t.equal(port.lost, 1);
  port.reset();
  port.transmit(Uint8Array.of(6));
  t.deepEqual(heard, [6]);
  parts.send(
    1,
    Array.from({ length: 130 }, () => 0),
  );
  t.equal(port.readable, 128);
  t.equal(port.lost, 3, "what does not fit is lost");
  t.end();
});

test("fault: for a part that there is, and one that it can have", (t) => {
  const parts = partsOf({ pins: { 4: {} }, i2c: [{ ...BUS, devices: { 0x48: {} } }] });
  t.equal(partName("i2c.72"), "i2c.0x48");
  t.deepEqual(parts.names, ["i2c.0x48", "pin.1", "pin.2", "pin.4"]);
  t.throws(
    () => parts.fault("nack", "pin.4"),
    /found kind "nack" for pin.4, allowed are hang, noise/,
  );
  t.throws(() => parts.fault("nack", "i2c.0x49"), /found part "i2c.0x49", allowed are i2c.0x48, /);
  t.end();
});

test("guard: what the application's code throws is told, and goes no further", (t) => {
  const reports: string[] = [];
  const fail = (): never => {
    throw new RangeError("wrong");
  };
  const parts = partsOf({ pins: { 4: { onLevel: fail } }, analog: { 34: fail } }, reports);
  parts.drive(4, 0);
  t.equal(parts.analog(34).sample(parts.random), 0);
  t.match(reports[0]!, /^pins\[4\]\.onLevel: RangeError: wrong/);
  t.match(reports[1]!, /^analog\[34\]: RangeError: wrong/);
  t.end();
});
