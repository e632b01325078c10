/** Preload: what runs in the linker, what is frozen, what a machine has of its own. */

const args = ["--modules=$DIR/map.json", "--preload=lib"];

/** A module `lib` that is preloaded and an `app` that uses it in main. */
function linked(lib, app, extra = {}) {
  return {
    files: {
      "map.json": JSON.stringify({ lib: "$DIR/lib.js", app: "$DIR/app.js", more: "$DIR/more.js" }),
      "lib.js": lib,
      "app.js": app,
      "more.js": extra["more.js"] ?? "",
      ...extra,
    },
    args,
    tail: ["app"],
  };
}

/** Runs each line of code; prints the name of what it throws. */
const attempts = (lines) =>
  lines
    .map((line) => `try { ${line}; trace("ok\\n"); } catch (e) { trace(e.name, "\\n"); }`)
    .join("\n");

export const linkCases = [
  {
    title: "preload: a body runs once, before main, and not in the machines",
    ...linked(
      `trace("body\\n"); export const x = 1;`,
      `import { x } from "lib"; import Worker from "worker"; trace("main ", x, "\\n");
       new Worker("more").terminate();`,
      { "more.js": `import { x } from "lib"; trace("worker ", x, "\\n");` },
    ),
    stdout: "body\nmain 1\nworker 1\n",
  },
  {
    title: "preload: without it a body runs in each machine that imports it",
    ...linked(
      `trace("body\\n"); export const x = 1;`,
      `import "lib"; import Worker from "worker"; new Worker("more").terminate();`,
      { "more.js": `import "lib";` },
    ),
    args: args.slice(0, 1),
    stdout: "body\nbody\n",
  },
  {
    title: "preload: what a preloaded module imports is preloaded too",
    ...linked(`import "more"; trace("lib\\n");`, `import "more"; trace("main\\n");`, {
      "more.js": `trace("more\\n");`,
    }),
    stdout: "more\nlib\nmain\n",
  },
  {
    title: "preload: a module-level let is each machine's own",
    ...linked(
      `export let n = 10; export function add() { return ++n; }`,
      `import { n, add } from "lib"; import Worker from "worker";
       add(); add(); trace(n, "\\n"); new Worker("more").terminate(); trace(n, "\\n");`,
      { "more.js": `import { n, add } from "lib"; add(); trace(n, "\\n");` },
    ),
    stdout: "12\n11\n12\n",
    stderr: /^### warning: lib: n: no const\n$/,
  },
  {
    title: "preload: a plain object draws a warning and is each machine's own",
    ...linked(
      `export const o = { n: { m: 1 }, f: Object.freeze({ a: 1 }) };`,
      `import { o } from "lib"; import Worker from "worker";
       o.n.m = 5; new Worker("more").terminate(); trace(o.n.m, "\\n");`,
      { "more.js": `import { o } from "lib"; trace(o.n.m, "\\n");` },
    ),
    stdout: "1\n5\n",
    stderr: /^### warning: lib: o: not frozen\n### warning: lib: o\.n: not frozen\n$/,
  },
  {
    title: "preload: what is exported or seen by a function and is no const draws a warning",
    ...linked(
      `export let n = 1;
       const of = (value) => () => value, ofConst = (value) => { const v = value; return () => v; };
       export const f = of(1), g = ofConst(2), h = () => f() + n;`,
      `import { f, g, h } from "lib"; trace(f() + g() + h(), "\\n");`,
    ),
    stdout: "5\n",
    stderr: /^### warning: lib: n: no const\n### warning: lib: f\(\) value: no const\n$/,
  },
  {
    title: "preload: what is frozen draws no warning, with private fields, arrays and functions",
    ...linked(
      `class C { #p = 1; constructor() { Object.freeze(this); } get p() { return this.#p; }
         set p(v) { this.#p = v; } }
       export const c = new C(), a = Object.freeze([1, 2]), f = () => a;
       export const d = Object.freeze({ e: Object.freeze({}) });`,
      `import { c, a, f } from "lib"; trace(c.p + f().length, "\\n");\n` +
        attempts(["c.p = 2", "a.push(3)", "f.x = 1"]),
    ),
    stdout: "2\nTypeError\nTypeError\nTypeError\n".replace("2", "3"),
  },
  {
    title: "preload: items of a shared array that a machine has copied outlive its collections",
    ...linked(
      `export const items = Object.freeze(["text", 12345678901234567890n, (x) => x + 1]);`,
      `import { items } from "lib"; import xs from "xs";
       const own = items.slice(); let garbage = [];
       for (let i = 0; i < 100; i++) { garbage = [String(i), garbage.length]; xs.collect(); }
       for (const all of [own, items]) trace(all[0], " ", all[1], " ", all[2](1), "\\n");`,
    ),
    stdout: "text 12345678901234567890 2\n".repeat(2),
  },
  {
    title: "preload: static class fields, typed arrays, Map, prototypes cannot be written to",
    ...linked(
      `export class A { static n = 1; } export const t = new Uint8Array(4);
       export const m = new Map([[1, 2]]), r = /a/g;
       export class E extends Error { constructor() { super("e"); this.name = "E"; } }
       export class G extends Error { get name() { return "G"; } }`,
      `import { A, t, m, r, E, G } from "lib";\n` +
        attempts([
          "A.n = 2",
          "t[0] = 1",
          "m.set(1, 3)",
          "A.prototype.x = 1",
          "Array.prototype.x = 1",
          "Int8Array.prototype.x = 1",
          "new E()",
          "new G()",
          "m.get(1)",
        ]),
    ),
    stdout: `${"TypeError\n".repeat(7)}ok\nok\n`,
  },
  {
    title: "preload: without it built-in prototypes can be written to",
    files: { "main.mjs": attempts(["Array.prototype.x = 1"]) },
    stdout: "ok\n",
  },
  {
    title: "preload: a SharedArrayBuffer stops the link",
    ...linked(`export const s = new SharedArrayBuffer(8);`, ""),
    code: 3,
    stderr: /SharedArrayBuffer cannot be preloaded/,
  },
  {
    title: "preload: what a body throws stops the link",
    ...linked(`throw new RangeError("offset");`, ""),
    code: 3,
    stderr: /module lib: RangeError: offset[^]*lib\.js:1/,
  },
  {
    title: "preload: a body that sets a timer, waits or starts a worker stops the link",
    ...linked(`import Timer from "timer"; Timer.set(() => {});`, ""),
    code: 3,
    stderr: /module lib: TypeError: not while a module is preloaded/,
  },
  {
    title: "preload: a pattern without a module stops the link",
    ...linked("", ""),
    args: [args[0], "--preload=lib,none/*"],
    code: 3,
    stderr: /no module is named none/,
  },
  {
    title: "preload: saves the machine what the module takes",
    ...linked(
      Array.from({ length: 50 }, (_, i) => `export function f${i}() {}`).join("\n"),
      `import "lib"; import { slots } from "xs"; trace(slots() < 200, "\\n");`,
    ),
    stdout: "true\n",
  },
  {
    title: "xs.codeBytes: of a mapped module, of a prefix, of all",
    ...linked(
      `export function f(a) { return a + a; }`,
      `import { codeBytes } from "xs";
       export function g() { return 1; }
       trace([codeBytes("lib") > 8, codeBytes("none"), codeBytes() > codeBytes("lib")], "\\n");`,
    ),
    stdout: "true,0,true\n",
  },
];
