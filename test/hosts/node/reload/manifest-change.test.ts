/**
 * What a changed manifest asks for, key by key.
 */
import test from "tape";
import {
  BOARD_EFFECTS,
  compareManifests,
  type ManifestChange,
  TASK_EFFECTS,
} from "../../../../hosts/node/reload/manifest-change.js";
import { type AppManifest, readManifest } from "../../../../hosts/node/manifest/read.js";
import type { JsonObject } from "../../../../src/manifest/value.js";
import { folderOf } from "../temp-folder.js";

const TASK = { module: "a", creation: { stack: 600 }, args: 1, heartbeat_ms: 500 };

function read(baseDir: string, reattach: JsonObject): AppManifest {
  return readManifest({ modules: { a: "./a", b: "./b" }, config: { reattach } }, { baseDir });
}

/** What is asked for when one task, or more of `config.reattach`, becomes another. */
function changeOf(t: test.Test, task: JsonObject, more: JsonObject = {}): ManifestChange {
  const folder = folderOf(t, { "a.ts": "", "b.ts": "" });
  const before = read(folder, { tasks: { one: TASK, two: { module: "b" } } });
  const after = read(folder, {
    tasks: { one: { ...TASK, ...task }, two: { module: "b" } },
    ...more,
  });
  return compareManifests(before, after);
}

test("manifest change: nothing is asked for when nothing has changed", (t) => {
  t.deepEqual(changeOf(t, {}), { board: [], tasks: [], atOnce: [], later: [] });
  t.end();
});

test("manifest change: every key of a task, and of the board, has an effect", (t) => {
  const { tasks, board } = read(folderOf(t, { "a.ts": "", "b.ts": "" }), { tasks: { one: TASK } });
  const names = Object.keys(tasks[0]!).filter((key) => key !== "name");
  t.deepEqual(names.sort(), Object.keys(TASK_EFFECTS).sort());
  t.deepEqual(Object.keys(board).sort(), Object.keys(BOARD_EFFECTS).sort());
  t.end();
});

const CASES: readonly [what: string, task: JsonObject, more: JsonObject, asked: object][] = [
  [
    "a restart policy takes effect at once",
    { restart: { backoff_ms: 7 } },
    {},
    { atOnce: ["tasks.one.restart.backoff_ms is 7, was 100"] },
  ],
  ["a priority restarts its task", { priority: 11 }, {}, { tasks: ["one"] }],
  ["another module restarts its task", { module: "b" }, {}, { tasks: ["one"] }],
  ["memory of a task restarts it", { creation: { stack: 700 } }, {}, { tasks: ["one"] }],
  ["arguments restart their task", { args: { a: [1] } }, {}, { tasks: ["one"] }],
  [
    "stable bytes restart the board",
    { stableBytes: 128 },
    {},
    { board: ["limits.stableBytesOf.one is 128, was 64"] },
  ],
  [
    "a heartbeat restarts the board",
    { heartbeat_ms: 600 },
    {},
    { board: ["tasks.one.heartbeat.period_ms is 600, was 500"] },
  ],
  [
    "limits restart the board",
    {},
    { limits: { names: 9 } },
    { board: ["limits.names is 9, was 8"] },
  ],
  [
    "what the board does about deadlocks restarts it",
    {},
    { board: { deadlock: "break" } },
    { board: ['board.deadlock is "break", was "report"'] },
  ],
  [
    "the guardian takes the next start of the command",
    {},
    { board: { guardian_ms: 5_000 } },
    { later: ["board.guardian_ms is 5000, was 10000"] },
  ],
  [
    "more tasks restart the board",
    {},
    { tasks: { one: TASK, two: { module: "b" }, more: { module: "a" } } },
    { board: ["task more is new"] },
  ],
  ["fewer tasks restart the board", {}, { tasks: { one: TASK } }, { board: ["task two is gone"] }],
  [
    "tasks of another order restart the board",
    {},
    { tasks: { two: { module: "b" }, one: TASK } },
    { board: ["the tasks have another order"] },
  ],
];

for (const [what, task, more, asked] of CASES) {
  test(`manifest change: ${what}`, (t) => {
    const { board, tasks, atOnce, later } = changeOf(t, task, more);
    const found = Object.entries({ board, tasks, atOnce, later });
    t.deepEqual(Object.fromEntries(found.filter(([, values]) => values.length > 0)), asked);
    t.end();
  });
}
