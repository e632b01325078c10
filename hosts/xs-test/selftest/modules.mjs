/** Names of modules, and the small built-in modules. */

const map = (entries) => JSON.stringify(entries);
const mapped = ["--modules=$DIR/map.json"];

export const moduleCases = [
  {
    title: "modules: bare names are in the map, ./ and ../ go by the importer's name",
    files: {
      "map.json": map({ app: "$DIR/a.js", "lib/one": "$DIR/b.js", "lib/in/two": "$DIR/c" }),
      "a.js": `import "lib/one"; trace("app\\n");`,
      "b.js": `import "./in/two.js"; trace("one\\n");`,
      "c.js": `import "../../app"; trace("two\\n");`,
    },
    args: mapped,
    tail: ["app"],
    stdout: "two\none\napp\n",
  },
  {
    title: "modules: a name alone wins over a pattern",
    needs: "folders",
    files: {
      "map.json": map({ "lib/*": "$DIR/*", "lib/a": "$DIR/b.js" }),
      "a.js": `trace("a\\n");`,
      "b.js": `trace("b\\n");`,
      "main.mjs": `import "lib/a";`,
    },
    args: mapped,
    stdout: "b\n",
  },
  {
    title: "modules: an unknown name says what was looked for and by whom",
    files: { "map.json": map({ "lib/a": "$DIR/a.js" }), "a.js": `import "./none.js";` },
    args: mapped,
    tail: ["lib/a"],
    code: 42,
    stderr: /ReferenceError: module "\.\/none\.js" not found \(looked for "lib\/none".*lib\/a/,
  },
  {
    title: "modules: a syntax error has its file and line, and is found before anything runs",
    files: {
      "map.json": map({ a: "$DIR/a.js", b: "$DIR/b.js" }),
      "a.js": `trace("ran\\n");`,
      "b.js": "\n\nlet = ;",
    },
    args: mapped,
    tail: ["a"],
    code: 3,
    stderr: /module b: .*b\.js:3: /,
  },
  {
    title: "modules: an error has file and line",
    files: {
      "map.json": map({ a: "$DIR/a.js" }),
      "a.js": "\nfunction f() {\n  throw new Error('x');\n}\nf();",
    },
    args: mapped,
    tail: ["a"],
    code: 42,
    stderr: /Error: x[^]*a\.js:3/,
  },
  {
    title: "modules: the default export of main is called",
    files: { "main.mjs": `export default () => trace("called\\n");` },
    stdout: "called\n",
  },
  {
    title: "modules: import() works, and top-level await does not where a device has none",
    files: {
      "main.mjs": `import("./a").then((a) => trace(a.b, "\\n"));`,
      "a.mjs": `export const b = await Promise.resolve(7);`,
    },
    stdout: "7\n",
  },
  {
    title: "mc/config: the file, frozen to the bottom",
    files: {
      "config.json": `{"a": {"b": [1, 2]}}`,
      "main.mjs": `import config from "mc/config";
        trace(config.a.b[1], Object.isFrozen(config.a.b), "\\n");
        try { config.a.b[0] = 5; } catch (error) { trace(error.name, "\\n"); }`,
    },
    args: ["--config=$DIR/config.json"],
    stdout: "2true\nTypeError\n",
  },
  {
    title: "preference: keeps values of four types, in a file",
    files: {
      preferences: "d\told\ts\t6162\n",
      "main.mjs": `import Preference from "preference";
        Preference.set("d", "t", true);
        Preference.set("d", "i", -5);
        Preference.set("d", "s", "a\\tb\\n");
        Preference.set("d", "x", new Uint8Array([1, 255]).buffer);
        Preference.set("e", "i", 1);
        Preference.delete("d", "nothing");
        const get = (name) => Preference.get("d", name);
        trace([get("t"), get("i"), JSON.stringify(get("s")), new Uint8Array(get("x")), get("old"),
          get("none"), Preference.keys("d").sort()].join(" "), "\\n");`,
    },
    args: ["--preferences=$DIR/preferences"],
    stdout: `true -5 "a\\tb\\n" 1,255 ab  i,old,s,t,x\n`,
  },
  {
    title: "preference: the limits of NVS throw",
    files: {
      "main.mjs": `import Preference from "preference";
        for (const [name, value] of [["sixteen-bytes-ab", 1], ["f", 1.5], ["o", {}],
          ["l", "x".repeat(4000)]]) {
          try { Preference.set("d", name, value); } catch (error) { trace(error.message, "\\n"); }
        }`,
    },
    stdout: "nvs set fail\nfloat unsupported\nunsupported type\nnvs set fail\n",
  },
  {
    title: "time: ticks, microseconds and delta agree",
    files: {
      "main.mjs": `import Time from "time"; import Timer from "timer";
        const ticks = Time.ticks, us = Time.microseconds;
        Timer.delay(30);
        const delta = Time.delta(ticks), spent = (Time.microseconds - us) / 1000;
        trace(delta >= 29 && delta < 1000, " ", Math.abs(spent - delta) < 20, " ",
          Time.delta(0xFFFFFFFF, 5), "\\n");`,
    },
    stdout: "true true 6\n",
  },
  {
    title: "timer: order, repeat, schedule, clear",
    files: {
      "main.mjs": `import Timer from "timer";
        let ticks = 0;
        Timer.set((id) => trace("once ", typeof id, "\\n"), 1);
        const never = Timer.set(() => trace("never\\n"), 5);
        const late = Timer.set(() => trace("late\\n"), 1);
        Timer.schedule(late, 60);
        Timer.clear(never);
        Timer.clear(never);
        Timer.clear(undefined);
        Timer.repeat((id) => { if (++ticks === 3) { Timer.clear(id); trace("three\\n"); } }, 5);
        Timer.set(() => trace("first\\n"));`,
    },
    stdout: "first\nonce object\nthree\nlate\n",
  },
  {
    title: "native: copy moves bytes in both directions of an overlap, and none outside a range",
    files: {
      "main.mjs": `import { copy, cores } from "reattach/moddable/native";
        const shared = new Uint8Array(new SharedArrayBuffer(8), 1);
        copy(shared, 0, Uint8Array.of(1, 2, 3, 4), 0, 4);
        copy(shared, 1, shared, 0, 3);
        copy(shared, 4, shared, 1, 3);
        trace(shared.join(), " ", cores(), "\\n");
        for (const args of [[shared, 5, shared, 0, 3], [shared, 0, shared, -1, 1],
          [shared, 0, shared, 0, -1], [[], 0, shared, 0, 1], [shared, 0]]) {
          try { copy(...args); } catch (error) { trace(error.name, "\\n"); }
        }
        trace(shared.join(), "\\n");`,
    },
    args: ["--cores=3"],
    stdout: "1,1,2,3,1,2,3 3\nTypeError\n1,1,2,3,1,2,3\n",
  },
  {
    title: "native: restart ends the process with 43, with its output",
    files: {
      "main.mjs": `import { restart } from "reattach/moddable/native";
        trace("before\\n"); restart(); trace("after\\n");`,
    },
    code: 43,
    stdout: "before\n",
  },
  {
    title: "xs.exit: ends the process from a worker too",
    files: {
      "main.mjs": `import Worker from "worker"; import Timer from "timer";
        new Worker("$DIR/w"); Timer.repeat(() => {}, 1000);`,
      "w.mjs": `import { exit } from "xs"; import Timer from "timer"; Timer.set(() => exit(9));`,
    },
    code: 9,
  },
];
