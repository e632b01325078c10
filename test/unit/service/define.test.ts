/**
 * defineService: what a definition holds, what its fingerprint depends on, and what it refuses.
 */
import test from "tape";
import {
  array,
  call,
  defineService,
  f32,
  type Fields,
  i16,
  type Members,
  oneOf,
  pulse,
  type Service,
  struct,
  text,
  u16,
  u32,
  u8,
} from "../../../src/service/index.js";
import { INDEX_MASK, tagOf, typeOf } from "../../../src/service/protocol.js";

function fingerprintOf(members: Members, options = {}): number {
  return defineService("s", members, options).fingerprint;
}

function isFrozen(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  const properties = Object.values(Object.getOwnPropertyDescriptors(value));
  return Object.isFrozen(value) && properties.every((each) => isFrozen(each.value));
}

const THERMOMETER: Members = {
  read: call({ sensor: u8 }, { celsius: f32, at_ms: u32 }),
  alarm: pulse(),
  label: call({ sensor: u8, text: text(16) }, {}, { once: true }),
  battery: pulse(),
};

test("defineService: calls and pulses in order, with tags and codes", (t) => {
  const { name, calls, pulses, messageBytes, type } = defineService("thermometer", THERMOMETER);
  t.equal(name, "thermometer");
  t.deepEqual(
    calls.map((each) => [each.name, each.once, each.tag & 0xffff]),
    [
      ["read", false, type + 1],
      ["label", true, type + 2],
    ],
  );
  for (const { tag, fingerprint } of calls) t.equal(tag >>> 16, fingerprint >>> 16, "in the tag");
  t.deepEqual(
    pulses.map((each) => [each.name, each.code]),
    [
      ["alarm", 0],
      ["battery", 1],
    ],
  );
  t.equal(messageBytes, 24, "the request of label");
  t.end();
});

test("defineService: all of it is frozen, down to the accessors' holders", (t) => {
  const members = { ...THERMOMETER, all: call({ p: struct({ x: i16 }), q: array(u8, 2) }, {}) };
  const service = defineService("s", members);
  t.ok(isFrozen(service));
  t.ok(service.calls.every((each) => Object.isFrozen(each.request.prototype)));
  t.ok(Object.isFrozen(call({}, {})) && isFrozen(pulse()) && isFrozen(u8) && isFrozen(text(3)));
  t.end();
});

test("defineService: types of messages are the name's, and never those of QNX", (t) => {
  const seen = new Set<number>();
  for (let i = 0; i < 2_000; i++) {
    const type = typeOf(`service${i}`);
    if (type < 0x200 || type > 0xffff || (type & INDEX_MASK) !== 0) t.fail(`${i}: ${type}`);
    seen.add(type);
  }
  t.ok(seen.size > 800, `${seen.size} of 1,016`);
  t.equal(defineService("a", {}, { type: 0x1000 }).type, 0x1000, "unless it is given");
  for (const type of [0, 0x1c0, 0x201, 0x1_0000, -64, NaN, 0.5]) {
    t.throws(() => defineService("a", {}, { type }), /allowed is a multiple of 64/, String(type));
  }
  t.end();
});

test("tagOf: a signed word, type below and fingerprint above", (t) => {
  t.equal(tagOf(0x1234, 0x8765_4321 | 0) >>> 0, 0x8765_1234);
  t.equal(tagOf(0x1234, 0x8765_4321 | 0), 0x8765_1234 | 0);
  t.end();
});

/** What makes another version of `call({ a: u8, b: u16 }, { c: f32 })`. */
const CHANGES: Readonly<Record<string, Members>> = {
  "another name": { other: call({ a: u8, b: u16 }, { c: f32 }) },
  "a field's name": { call: call({ a: u8, d: u16 }, { c: f32 }) },
  "a field's kind": { call: call({ a: u8, b: i16 }, { c: f32 }) },
  "the order": { call: call({ b: u16, a: u8 }, { c: f32 }) },
  "one field less": { call: call({ a: u8 }, { c: f32 }) },
  "a field in the reply instead": { call: call({ a: u8 }, { b: u16, c: f32 }) },
  "another reply": { call: call({ a: u8, b: u16 }, { c: u32 }) },
  once: { call: call({ a: u8, b: u16 }, { c: f32 }, { once: true }) },
  "numbers that it can be": { call: call({ a: oneOf(u8, 1, 2), b: u16 }, { c: f32 }) },
  "a pulse": { call: pulse() },
  "one call more": { call: call({ a: u8, b: u16 }, { c: f32 }), more: call({}, {}) },
  "one pulse more": { call: call({ a: u8, b: u16 }, { c: f32 }), more: pulse() },
};

test("fingerprint: the same for the same definition, and another for any other", (t) => {
  const make = (): Members => ({ call: call({ a: u8, b: u16 }, { c: f32 }) });
  const fingerprint = fingerprintOf(make());
  t.equal(fingerprintOf(make()), fingerprint);
  t.equal(defineService("another", make()).fingerprint, fingerprint, "the name is no part of it");
  const all = new Set([fingerprint]);
  for (const [what, members] of Object.entries(CHANGES)) {
    const changed = fingerprintOf(members);
    t.notOk(all.has(changed), what);
    all.add(changed);
  }
  t.notEqual(fingerprintOf({ a: pulse() }, { code: 1 }), fingerprintOf({ a: pulse() }), "a code");
  t.end();
});

test("fingerprint: sizes and fields of what is inside count", (t) => {
  const of = (fields: Fields): number => fingerprintOf({ c: call(fields, {}) });
  const all = [
    of({ a: text(16) }),
    of({ a: text(17) }),
    of({ a: array(u8, 16) }),
    of({ a: array(u8, 17) }),
    of({ a: struct({ x: u8 }) }),
    of({ a: struct({ y: u8 }) }),
    of({ a: array(struct({ x: u8 }), 2) }),
    of({ a: array(struct({ x: u8 }), 3) }),
  ];
  t.equal(new Set(all).size, all.length);
  t.end();
});

/** What cannot be, and what is said of it. */
const REFUSED: readonly (readonly [what: () => Service<Members>, why: RegExp])[] = [
  [
    () => defineService("s", { connection: call({}, {}) }),
    /s\.connection: a client has this name itself/,
  ],
  [
    () => defineService("s", { connection: pulse() }),
    /s\.connection: a client has this name itself/,
  ],
  [() => defineService("s", { 1: pulse() }), /does not begin with a digit/],
  [() => defineService("s", { a: call({ 7: u8 }, {}) }), /s\.a\.request\.7: .*letter/],
  [() => defineService("s", { a: call({ buffer: u8 }, {}) }), /buffer: a record is a DataView/],
  [() => defineService("s", { a: call({}, { getInt8: u8 }) }), /s\.a\.reply\.getInt8: a record/],
  [() => defineService("s", { a: 5 as unknown as Members[string] }), /neither call\(\) nor pulse/],
  [() => defineService("s", { a: {} as unknown as Members[string] }), /neither call\(\) nor/],
  [() => defineService("s", { a: call({ b: {} as typeof u8 }, {}) }), /request\.b: this is no f/],
  [
    () =>
      defineService(
        "s",
        many(64, () => call({}, {})),
      ),
    /found 64 calls, allowed are up to 63/,
  ],
  [() => defineService("s", many(129, pulse)), /found 129 pulses from code 0 on/],
  [() => defineService("s", many(2, pulse), { code: 127 }), /found 2 pulses from code 127 on/],
  [() => defineService("s", {}, { code: -1 }), /from code -1 on/],
];

function many(count: number, make: () => Members[string]): Members {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`m${i}`, make()]));
}

test("defineService: refuses what cannot be, and says where", (t) => {
  for (const [what, why] of REFUSED) t.throws(what, why, String(why));
  t.equal(
    defineService(
      "s",
      many(63, () => call({}, {})),
    ).calls.length,
    63,
    "63 calls",
  );
  t.equal(defineService("s", many(128, pulse)).pulses.length, 128, "128 pulses");
  t.end();
});
