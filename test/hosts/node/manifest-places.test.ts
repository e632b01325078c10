/**
 * readManifest: each problem has the file, the line and the column of what is wrong.
 */
import test from "tape";
import { problemsIn } from "./manifest-problems.js";

/** A manifest of several lines, of which some are wrong. */
const LINES = `{
  "include": [
    "./lib/more.json",
    "./gone.json"
  ],
  "modules": { "*": ["./main", "./lib/sensor"],
    "x": "./nothing" },
  "platforms": {
    "node": { "modules": { "driver": "./fake" } }
  },
  "config": {
    "reattach": {
      "limits": { "task": 2 },
      "tasks": {
        "a": { "module": "main", "priority": 99, "restart": { "jitter": 2 } },
        "b.c": { "module": "main" },
        "d": { "modul": "main" }
      }
    }
  }
}
`;

test("readManifest: each problem has the place of what is wrong", (t) => {
  const more = '{\n  "config": { "reattach": { "board": { "stop_ms": 0 } } }\n}\n';
  const problems = problemsIn(t, { "manifest.json": LINES, "lib/more.json": more });
  const placeOf = (words: string): string | undefined =>
    problems.find((problem) => problem.includes(words))?.split(": ")[0];
  t.equal(placeOf("include: "), "@/manifest.json:4:5", "an item of a list");
  t.equal(placeOf('modules["x"]'), "@/manifest.json:7:5", "a key");
  t.equal(placeOf('modules["driver"]'), "@/manifest.json:9:28", "a key of a platform");
  t.equal(placeOf("limits.task:"), "@/manifest.json:13:19", "a key that there is not");
  t.equal(placeOf("a.priority"), "@/manifest.json:15:34", "a value");
  t.equal(placeOf("restart.jitter"), "@/manifest.json:15:63", "a value further down");
  t.equal(placeOf("tasks.b.c"), "@/manifest.json:16:9", "a name with a dot");
  t.equal(placeOf("d.module"), "@/manifest.json:17:9", "what is missing: where it should be");
  t.equal(placeOf("board.stop_ms"), "@/lib/more.json:2:40", "in the file that says so");
  t.end();
});

test("readManifest: what JSON.parse does not mind, or does not name", (t) => {
  const text = `{ "modules": { "*": ["./main"] },
  "config": { "reattach": { "tasks": {
    "a": { "module": "nowhere" },
    "a": { "module": "main" } } } } }`;
  t.deepEqual(
    problemsIn(t, { "manifest.json": text }),
    ['@/manifest.json:4:5: found the key "a" again; only the last one counts'],
    "a key that is there twice",
  );
  const good = {
    modules: { "*": "./main" },
    config: { reattach: { tasks: { a: { module: "main" } } } },
  };
  t.deepEqual(
    problemsIn(t, { "manifest.json": `\uFEFF${JSON.stringify(good)}` }),
    ["@/manifest.json:1:1: found a byte order mark (BOM), allowed is UTF-8 without one"],
    "a byte order mark",
  );
  t.end();
});
