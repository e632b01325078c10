/**
 * Where fields lie in a message, and what is read of what was written.
 */
import test from "tape";
import {
  array,
  bool,
  bytes,
  call,
  defineService,
  f32,
  f64,
  type Fields,
  i16,
  i32,
  i8,
  oneOf,
  struct,
  text,
  u16,
  u32,
  u8,
} from "../../../src/service/index.js";
import { createRecord, type Layout } from "../../../src/service/layout.js";

function layoutOf(fields: Fields): Layout {
  return defineService("s", { c: call({}, fields) }).calls[0]!.reply;
}

type Values = Record<string, unknown>;

/** A record in the middle of a buffer whose bytes are all 0xee, and these. */
function stage(fields: Fields): { record: Values; seen: Uint8Array; around: () => boolean } {
  const layout = layoutOf(fields);
  const buffer = new ArrayBuffer(layout.bytes + 16);
  const all = new Uint8Array(buffer).fill(0xee);
  const record = createRecord(layout, buffer, 8) as Values;
  const seen = all.subarray(8, 8 + layout.bytes);
  const outside = [...all.keys()].filter((i) => i < 8 || i >= 8 + layout.bytes);
  return { record, seen, around: () => outside.every((i) => all[i] === 0xee) };
}

/** A field, a value, and its bytes. */
const VALUES: readonly (readonly [Fields[string], unknown, readonly number[]])[] = [
  [u8, 0xfe, [0xfe]],
  [i8, -2, [0xfe]],
  [u16, 0xfedc, [0xdc, 0xfe]],
  [i16, -2, [0xfe, 0xff]],
  [u32, 0xfedc_ba98, [0x98, 0xba, 0xdc, 0xfe]],
  [i32, -2, [0xfe, 0xff, 0xff, 0xff]],
  [f32, 1.5, [0, 0, 0xc0, 0x3f]],
  [f64, 1.5, [0, 0, 0, 0, 0, 0, 0xf8, 0x3f]],
  [bool, true, [1]],
  [bool, false, [0]],
  [oneOf(u8, 3, 5), 5, [5]],
  [oneOf(i16, -1, 1), -1, [0xff, 0xff]],
  [text(4), "ab", [0x61, 0x62, 0, 0]],
];

for (const [field, value, expected] of VALUES) {
  test(`${field.shape}: ${String(value)} is ${expected.join(" ")}, little-endian`, (t) => {
    const { record, seen, around } = stage({ value: field });
    record["value"] = value;
    t.deepEqual([...seen.subarray(0, field.bytes)], expected, "written");
    t.equal(record["value"], value, "read");
    t.ok([...seen.subarray(field.bytes)].every((byte) => byte === 0xee) && around(), "no more");
    t.end();
  });
}

test("layout: each field at a multiple of its size, in the order of the definition", (t) => {
  const { record, seen } = stage({
    state: u8,
    offset: i16,
    celsius: f32,
    flag: bool,
    precise: f64,
    label: text(3),
    position: struct({ x: i16, y: i16 }),
    samples: array(u16, 3),
    raw: bytes(3),
    last: u32,
  });
  seen.fill(0);
  record["state"] = 1;
  record["offset"] = 0x0202;
  record["celsius"] = 1;
  record["flag"] = true;
  record["precise"] = 1;
  record["label"] = "abc";
  (record["position"] as { y: number }).y = 0x0303;
  (record["samples"] as Uint16Array)[2] = 0x0404;
  (record["raw"] as Uint8Array)[2] = 5;
  record["last"] = 0x06060606;
  const rows: readonly (readonly [what: string, bytes: readonly number[]])[] = [
    ["state, offset, celsius", [1, 0, 2, 2, 0, 0, 0x80, 0x3f]],
    ["flag", [1, 0, 0, 0, 0, 0, 0, 0]],
    ["precise, at a multiple of 8", [0, 0, 0, 0, 0, 0, 0xf0, 0x3f]],
    ["label, position at a multiple of 2", [0x61, 0x62, 0x63, 0, 0, 0, 3, 3]],
    ["samples, raw", [0, 0, 0, 0, 4, 4, 0, 0]],
    ["raw, last at a multiple of 4", [5, 0, 0, 0, 6, 6, 6, 6]],
  ];
  rows.forEach(([what, row], i) => t.deepEqual([...seen.subarray(8 * i, 8 * i + 8)], row, what));
  t.equal(seen.length, 8 * rows.length);
  t.end();
});

test("layout: a message is a multiple of 4 bytes, and a request begins with its tag", (t) => {
  t.equal(layoutOf({}).bytes, 0, "nothing");
  t.equal(layoutOf({ a: u8 }).bytes, 4);
  t.equal(layoutOf({ a: u32, b: u8 }).bytes, 8);
  t.equal(layoutOf({ a: u8, b: f64 }).bytes, 16);
  const { request } = defineService("s", { c: call({ a: u8, b: f64 }, {}) }).calls[0]!;
  t.equal(request.bytes, 16, "tag and a in eight, b in eight");
  t.equal(defineService("s", { c: call({}, {}) }).calls[0]!.request.bytes, 4, "the tag alone");
  t.end();
});

test("layout: structs in structs and in arrays lie one behind the other", (t) => {
  const point = struct({ x: i16, y: i16, z: u8 });
  t.equal(point.bytes, 6, "a struct is a multiple of its largest field");
  const { record, seen } = stage({
    kind: u8,
    line: struct({ from: point, to: point }),
    all: array(point, 2),
  });
  seen.fill(0);
  const line = record["line"] as { from: { x: number }; to: { z: number } };
  line.from.x = 0x0101;
  line.to.z = 2;
  const all = record["all"] as readonly { y: number }[];
  t.equal(all.length, 2);
  t.ok(Object.isFrozen(all), "the array is as it is");
  all[1]!.y = 0x0303;
  t.deepEqual(
    [...seen].flatMap((byte, at) => (byte === 0 ? [] : [[at, byte]])),
    [
      [2, 1],
      [3, 1],
      [12, 2],
      [22, 3],
      [23, 3],
    ],
  );
  t.equal((record["all"] as unknown[])[1], all[1], "made once");
  t.end();
});

test("numbers: what a kind cannot hold is cut off, as a DataView does", (t) => {
  const { record } = stage({ a: u8, b: i8, c: u16, d: i32, e: f32, f: bool });
  const written: readonly (readonly [string, unknown, unknown])[] = [
    ["a", 0x1fe, 0xfe],
    ["a", -1, 0xff],
    ["a", 2.9, 2],
    ["a", NaN, 0],
    ["a", "7", 7],
    ["a", undefined, 0],
    ["b", 200, -56],
    ["c", 1e9, 1e9 & 0xffff],
    ["d", 2 ** 31, -(2 ** 31)],
    ["e", 0.1, Math.fround(0.1)],
    ["e", "x", NaN],
    ["f", "", false],
    ["f", 2, true],
  ];
  for (const [name, value, expected] of written) {
    record[name] = value;
    t.equal(record[name], expected, `${name}: ${String(value)}`);
  }
  t.throws(() => (record["a"] = 1n), TypeError, "a BigInt");
  t.throws(() => (record["a"] = Symbol("s")), TypeError, "a symbol");
  t.end();
});

test("records: fields can be listed, and none can be added to a definition", (t) => {
  const layout = layoutOf({ a: u8, b: array(u8, 2), c: text(2) });
  const record = createRecord(layout, new ArrayBuffer(8), 0);
  const names: string[] = [];
  for (const name in record) names.push(name);
  t.deepEqual(names.sort(), ["a", "b", "c"]);
  t.ok(
    Object.isFrozen(layout) && Object.isFrozen(layout.prototype) && Object.isFrozen(layout.parts),
  );
  t.throws(() => ((record as { b: unknown }).b = new Uint8Array(2)), TypeError, "a part stays");
  t.end();
});

test("records: those of one service share the accessors of a kind at an offset", (t) => {
  const fields = { x: u32, y: u8 };
  const { calls } = defineService("s", {
    a: call({}, fields),
    b: call({}, { z: u32, w: oneOf(u8, 1, 2) }),
    c: call({}, { z: f32, w: bool }),
    d: call({}, { z: text(4) }),
    e: call({}, { z: text(8) }),
  });
  const getter = (i: number, name: string): unknown =>
    Object.getOwnPropertyDescriptor(calls[i]!.reply.prototype, name)!.get;
  t.equal(getter(0, "x"), getter(1, "z"), "u32 at 0");
  t.equal(getter(0, "y"), getter(1, "w"), "u8 at 4, also as one of some");
  t.notEqual(getter(0, "x"), getter(2, "z"), "f32 is another kind");
  t.notEqual(getter(0, "y"), getter(2, "w"), "bool is another kind");
  t.notEqual(getter(3, "z"), getter(4, "z"), "a text of another length");
  t.end();
});

test("fields: what cannot be is refused when it is defined", (t) => {
  for (const count of [0, -1, 1.5, NaN, Infinity, 65_537, "3" as unknown as number]) {
    t.throws(() => text(count), RangeError, `text(${count})`);
    t.throws(() => bytes(count), RangeError, `bytes(${count})`);
    t.throws(() => array(u8, count), RangeError, `array(u8, ${count})`);
  }
  t.throws(() => array(text(3) as unknown as typeof u8, 3), /there are none of text\(3\)/);
  t.throws(() => array(bool as unknown as typeof u8, 3), /there are none of bool/);
  t.throws(() => oneOf(u8, 1, 256), /u8 cannot be 256/);
  t.throws(() => oneOf(f32, 0.1), /f32 cannot be 0.1/);
  t.throws(() => struct({ a: 5 as unknown as typeof u8 }), /struct\.a: this is no field/);
  t.end();
});
