/**
 * Requests as bytes: what goes in comes out, and what does not fit is not written.
 */
import * as fc from "fast-check";
import test from "tape";
import { EINVAL, EMSGSIZE } from "../../../../src/kernel/errno.js";
import * as W from "../../../../src/ham/protocol/wire.js";
import { check, seeded } from "../../kernel/seed.js";

const OPS = Object.entries(W).flatMap(([name, op]) =>
  typeof op === "number" ? [[name, op] as const] : [],
);

test("operations: no two have one number", (t) => {
  const serials = OPS.map(([, op]) => op >> 8);
  t.equal(new Set(serials).size, OPS.length);
  t.ok(OPS.length > 30, "there are some");
  t.end();
});

test(seeded("encode, decode: give back what went in, also lone bytes at the end"), (t) => {
  const text = fc.string({ unit: fc.constantFrom("a", " ", "~", "/", "{"), maxLength: 9 });
  check(
    fc.property(
      fc.constantFrom(...OPS.map(([, op]) => op)),
      fc.integer(),
      fc.array(fc.integer(), { minLength: 15, maxLength: 15 }),
      fc.array(text, { minLength: 15, maxLength: 15 }),
      (op, flags, someNumbers, someTexts) => {
        const numbers = someNumbers.slice(0, (op >> 4) & 15);
        const texts = someTexts.slice(0, op & 15);
        const bytes = new Uint8Array(256).fill(0xee);
        const count = W.encode(bytes, op, flags, numbers, texts);
        const request = W.createRequest();
        if (!W.decode(bytes, count, request)) return false;
        const found = [request.op, request.flags, request.numbers, request.texts];
        return JSON.stringify(found) === JSON.stringify([op, flags, numbers, texts]);
      },
    ),
  );
  t.pass("all did");
  t.end();
});

test("encode: -EMSGSIZE by the byte, -EINVAL for what is no number or no text", (t) => {
  const into = new Uint8Array(24);
  const encode = (numbers: unknown[], texts: unknown[]): number =>
    W.encode(into, W.OP_CONDITION, 0, numbers as number[], texts as string[]);
  t.equal(encode([1, 2], ["12345678"]), 24, "full");
  t.equal(encode([1, 2], ["123456789"]), -EMSGSIZE, "one more");
  for (const bad of [1.5, NaN, Infinity, 2 ** 32, -(2 ** 31) - 1, "1", null, undefined]) {
    t.equal(encode([1, bad], ["a"]), -EINVAL, `number ${String(bad)}`);
  }
  for (const bad of ["\0", "\x7f", "ü", "\n", 1, null, undefined]) {
    t.equal(encode([1, 2], [bad]), -EINVAL, `text ${JSON.stringify(bad)}`);
  }
  t.end();
});

test("wide numbers: two words and back; NaN for what is none", (t) => {
  for (const wide of [0, 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 44 + 7, Number.MAX_SAFE_INTEGER]) {
    t.equal(W.wideOf(W.highOf(wide) | 0, W.lowOf(wide) | 0), wide, String(wide));
  }
  for (const bad of [-1, 0.5, 2 ** 53, NaN, Infinity]) {
    t.ok(isNaN(W.highOf(bad)) && isNaN(W.lowOf(bad)), String(bad));
  }
  t.end();
});
