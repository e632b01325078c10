/**
 * What is hot in the device build: its string literals become constants, and what else allocates
 * there ends the build.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import { findHotCode, toCleanCode } from "../../../hosts/moddable/build/hot-code.mjs";
import { HOT } from "../../../hosts/moddable/build/hot-functions.mjs";

const DEVICE = join(import.meta.dirname, "../../../dist/moddable/reattach.js");

/** Hot functions of a module, by name. */
function hotIn(code: string, roots: readonly string[], exits: readonly string[] = []): string[] {
  return [...findHotCode(code, { roots, exits }).callers.keys()].map(({ name }) => name);
}

function clean(code: string, roots: readonly string[], exits: readonly string[] = []): string {
  return toCleanCode(code, { roots, exits });
}

test("hot code: a literal that is evaluated there becomes a constant", (t) => {
  t.equal(
    clean(`const send = (a) => typeof a === "number" || take(a) === "timed-out";`, ["send"]),
    `const TEXT_NUMBER = "number";
const TEXT_TIMED_OUT = "timed-out";
const send = (a) => typeof a === TEXT_NUMBER || take(a) === TEXT_TIMED_OUT;`,
  );
  t.equal(
    clean(`const f = () => ["x", ""].length; const TEXT_X = 1; const g = (a) => a === "x";`, ["g"]),
    `const TEXT_X_ = "x";
const f = () => ["x", ""].length; const TEXT_X = 1; const g = (a) => a === TEXT_X_;`,
    "not that of others, and under a name that nobody has",
  );
  t.end();
});

test("hot code: is all that a root reaches", (t) => {
  const code = `
import { copy } from "native";
function root(port) { named(); port.method(); handed(listener); const { width } = port; }
function named() { return new Thing(); }
function handed(f) { f(); }
function listener() {}
function unused() {}
class Thing {
  constructor() { this.#own(); }
  #own() {}
  get width() { return 1; }
  get height() { return 2; }
  method() { return deep(); }
  other() {}
}
class Twin { #own() {} }
const deep = () => () => 1;
const handlers = { method: aliased };
function aliased(unused) { unused(); }
`;
  t.deepEqual(hotIn(code, ["root"]).sort(), [
    "Thing.#own",
    "Thing.constructor",
    "Thing.method",
    "Thing.width",
    "aliased",
    "deep",
    "deep/?",
    "handed",
    "listener",
    "named",
    "root",
  ]);
  t.deepEqual(hotIn(code, ["root"], ["named", ".method"]).sort(), [
    "Thing.width",
    "handed",
    "listener",
    "root",
  ]);
  t.throws(() => hotIn(code, ["gone"]), /there is no function gone/, "a root that is gone");
  t.throws(() => hotIn(code, [], [".gone"]), /there is no function \.gone/, "an exit that is gone");
  t.end();
});

test("hot code: what else allocates ends the build, and says where", (t) => {
  for (const [body, what] of [
    ["return { a };", "an object"],
    ["return [a];", "an array"],
    ["return () => a;", "the function take/\\?"],
    ["return new Map();", "new"],
    ["return `${a}`;", "a template"],
    ["return f(...a);", "a spread"],
    ["const [b] = a; return b;", "an array that is taken apart"],
    ["for (const b of a) f(b);", "for…of"],
    ["for (const b in a) f(b);", "for…in"],
    ["return arguments;", "arguments"],
    ["return a.call(0);", "a function's call"],
    ["return a + 1n;", "a BigInt"],
    ["return /a/;", "a regular expression"],
  ]) {
    const code = `const send = (a) => take(a); function take(a) { ${body} }`;
    t.throws(() => clean(code, ["send"]), new RegExp(`\n${what} in take, which send calls`), body);
  }
  t.end();
});

test("hot code: what is thrown, and what an exit is given, may allocate", (t) => {
  const code = `const log = (text) => {};
const send = (a) => { if (a < 0) throw new RangeError(\`send: \${a}\`); log(\`sent \${a}\`); };`;
  t.equal(clean(code, ["send"], ["log"]), code);
  t.end();
});

test("hot code: the device build has a literal in none of its hot functions", (t) => {
  const code = readFileSync(DEVICE, "utf8");
  const { callers, texts, made } = findHotCode(code, HOT);
  t.ok(callers.size > 200, `${callers.size} functions are hot`);
  t.deepEqual(
    texts.map(({ start, end }) => code.slice(start, end)),
    [],
  );
  t.deepEqual(made, []);
  const broken = code.replace(
    /const MsgReply = \([^)]*\) => \{/,
    `$& if (rcvid === "now") return 0;`,
  );
  t.notEqual(broken, code, "a literal is put into MsgReply");
  t.deepEqual(
    findHotCode(broken, HOT).texts.map(({ start, end }) => broken.slice(start, end)),
    ['"now"'],
  );
  t.end();
});
