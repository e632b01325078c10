/**
 * Requests as bytes: what goes in comes out, and what is no argument is not written.
 */
import * as fc from "fast-check";
import test from "tape";
import { EINVAL } from "../../../src/kernel/errno.js";
import * as R from "../../../src/manager/request.js";
import { check, seeded } from "../kernel/seed.js";
import { OPS, writeRaw } from "./raw-request.js";

test("operations: no two have one number", (t) => {
  const serials = OPS.map((op) => R.serialOf(op));
  t.equal(new Set(serials).size, OPS.length);
  t.ok(OPS.length > 30, "there are some");
  t.end();
});

const ALL = R.operation(99, [R.TEXT, R.NODE, R.WIDE, R.NUMBER, R.TEXT, R.UNUSED, R.FLAGS]);

test(seeded("writeRequest, decode: give back what went in"), (t) => {
  const text = fc.string({ unit: fc.constantFrom("a", " ", "~", "/", "{"), maxLength: 9 });
  check(
    fc.property(text, fc.maxSafeNat(), fc.integer(), text, fc.integer(), (a, wide, n, b, flags) => {
      const args = [a, 0, wide, n, b, "anything", flags];
      const count = R.requestBytes(ALL, args);
      const bytes = new Uint8Array(count);
      R.writeRequest(bytes, ALL, args);
      const request = R.createRequest();
      if (!R.decode(bytes, count, request)) return false;
      const [high, low, number] = request.numbers;
      const found = [request.op, request.flags, R.wideOf(high!, low!), number, ...request.texts];
      return JSON.stringify(found) === JSON.stringify([ALL.op, flags, wide, n, a, b]);
    }),
  );
  t.pass("all did");
  t.end();
});

test(
  seeded("decode: any operation with its numbers and texts, also lone bytes at the end"),
  (t) => {
    const text = fc.string({ unit: fc.constantFrom("a", " ", "~"), maxLength: 9 });
    const many = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
      fc.array(value, { minLength: 15, maxLength: 15 });
    check(
      fc.property(
        fc.constantFrom(...OPS),
        fc.integer(),
        many(fc.integer()),
        many(text),
        (op, flags, someNumbers, someTexts) => {
          const numbers = someNumbers.slice(0, (op >> 4) & 15);
          const texts = someTexts.slice(0, op & 15);
          const bytes = new Uint8Array(256).fill(0xee);
          const count = writeRaw(bytes, op, flags, numbers, texts);
          const request = R.createRequest();
          if (!R.decode(bytes, count, request)) return false;
          const found = [request.op, request.flags, request.numbers, request.texts];
          return JSON.stringify(found) === JSON.stringify([op, flags, numbers, texts]);
        },
      ),
    );
    t.pass("all did");
    t.end();
  },
);

test("requestBytes: -EINVAL for what is not of its kind", (t) => {
  const good = ["text", 0, 5, -1, "", null, 0];
  t.equal(R.requestBytes(ALL, good), 8 + 12 + 5, "flags, three words, four characters, a 0");
  const bad: readonly (readonly [number, readonly unknown[]])[] = [
    [0, ["\0", "\x7f", "ü", "\n", 1, null, undefined]],
    [2, [-1, 0.5, 2 ** 53, NaN, Infinity, "1", null]],
    [3, [1.5, NaN, Infinity, 2 ** 32, -(2 ** 31) - 1, "1", null, undefined]],
    [6, [0.5, "0", null, undefined]],
  ];
  for (const [index, values] of bad) {
    for (const value of values) {
      const args = good.map((argument, i) => (i === index ? value : argument));
      t.equal(R.requestBytes(ALL, args), -EINVAL, `argument ${index}: ${String(value)}`);
    }
  }
  const reserved = R.operation(98, [R.RESERVED]);
  t.equal(R.requestBytes(reserved, [null]), 8, "null");
  t.equal(R.requestBytes(reserved, [0]), -EINVAL, "what is reserved must be");
  t.end();
});

test("wide numbers: two words and back", (t) => {
  const wide = R.operation(97, [R.WIDE]);
  for (const value of [0, 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 44 + 7, Number.MAX_SAFE_INTEGER]) {
    const bytes = new Uint8Array(R.requestBytes(wide, [value]));
    R.writeRequest(bytes, wide, [value]);
    const request = R.createRequest();
    t.ok(R.decode(bytes, bytes.length, request), "a request");
    t.equal(R.wideOf(request.numbers[0]!, request.numbers[1]!), value, String(value));
  }
  t.end();
});
