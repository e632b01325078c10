/**
 * Whatever a task throws has a text.
 */
import test from "tape";
import { describeThrown, headOf, shortened } from "../../../../src/kernel/death/thrown.js";

function throwing(): never {
  throw new Error("not to be looked at");
}

/** An error with another property than it should have. */
function errorWith(key: string, property: PropertyDescriptor): Error {
  return Object.defineProperty(new RangeError("message"), key, property);
}

function circular(): object {
  const object: Record<string, unknown> = {};
  object["self"] = object;
  return object;
}

const trap = { get: throwing, getPrototypeOf: throwing, has: throwing, ownKeys: throwing };

const CASES: readonly [what: string, thrown: unknown, text: RegExp][] = [
  ["an error", new RangeError("message"), /^RangeError: message\n +at /],
  ["null", null, /^null$/],
  ["undefined", undefined, /^undefined$/],
  ["a number", 42, /^42$/],
  ["a BigInt", 10n, /^10$/],
  ["a string", "a string", /^a string$/],
  ["an empty string", "", /^an empty string$/],
  ["a symbol", Symbol("s"), /^Symbol\(s\)$/],
  ["a function", () => 1, /=>/],
  ["properties", { code: 7 }, /^\{"code":7\}$/],
  ["a message and no stack", { message: "m" }, /^Error: m$/],
  ["an object without a prototype", Object.create(null), /^\{\}$/],
  ["a text that throws", { toString: throwing }, /^\{\}$/],
  ["a text that is no text", { toString: () => ({}) }, /^\{\}$/],
  ["a JSON that throws", { toJSON: throwing }, /^\[object Object\]$/],
  ["an object in itself", circular(), /^\[object Object\]$/],
  ["a stack that is a number", errorWith("stack", { value: 7 }), /^RangeError: message$/],
  ["a stack that is an object", errorWith("stack", { value: {} }), /^RangeError: message$/],
  ["a stack that is empty", errorWith("stack", { value: "" }), /^RangeError: message$/],
  ["a stack that throws", errorWith("stack", { get: throwing }), /^RangeError: message$/],
  ["a proxy that throws", new Proxy({}, trap), /^a value that has no text$/],
  ["a proxy of an error", new Proxy(new Error("m"), trap), /^a value that has no text$/],
  [
    "a message that throws",
    Object.defineProperty(errorWith("stack", { value: 7 }), "message", { get: throwing }),
    /^RangeError$/,
  ],
];

for (const [what, thrown, text] of CASES) {
  test(`describeThrown: ${what}`, (t) => {
    t.match(describeThrown(thrown), text);
    t.end();
  });
}

test("headOf: name and message, as far as they can be had", (t) => {
  t.equal(headOf(new TypeError("m")), "TypeError: m");
  t.equal(headOf(errorWith("name", { get: throwing })), "Error: message");
  t.equal(headOf(errorWith("message", { value: 1 })), "RangeError");
  t.end();
});

test("shortened: the beginning and the end of a text that is too long", (t) => {
  t.equal(shortened("short", 100), "short");
  const text = shortened(`begin${"x".repeat(50_000_000)}end`, 1_000);
  t.ok(text.length <= 1_000, `${text.length} characters`);
  t.match(text, /^beginx+ … shortened from 50000008 characters … x+end$/);
  t.end();
});
