/**
 * Watched files: whatever way a file is saved, its change is told once, when it is whole.
 */
import { mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import { type Change, WatchedFiles } from "../../../../hosts/node/reload/files.js";
import { folderOf } from "../temp-folder.js";

/** Three files of a folder, two of which are there, watched. */
function watched(t: test.Test, wantsStrangers = false) {
  const folder = folderOf(t, { "a.ts": "a", "b.ts": "b" });
  const told: Change[] = [];
  let wake = (): void => undefined;
  const files = new WatchedFiles((change) => {
    told.push(change);
    wake();
  });
  t.teardown(() => files.close());
  const [a, b, later] = ["a.ts", "b.ts", "deep/later.ts"].map((name) => join(folder, name));
  files.watch([a!, b!, later!], wantsStrangers);
  /** The names that are told next, in order. */
  const next = async (): Promise<string[]> => {
    while (told.length === 0) {
      await new Promise<void>((resolve) => {
        const alive = setInterval(() => undefined, 1_000);
        wake = () => {
          clearInterval(alive);
          resolve();
        };
      });
    }
    return [...told.shift()!.files].map((file) => file.slice(folder.length + 1)).sort();
  };
  return { folder, a: a!, b: b!, later: later!, files, next, told };
}

const SAVES: Readonly<Record<string, (file: string) => void>> = {
  "written over": (file) => writeFileSync(file, "saved"),
  "emptied, then written": (file) => {
    truncateSync(file);
    setTimeout(() => writeFileSync(file, "saved"), 60);
  },
  "written in pieces": (file) => {
    writeFileSync(file, "sa");
    setTimeout(() => writeFileSync(file, "ved", { flag: "a" }), 5);
  },
  "another renamed to it": (file) => {
    writeFileSync(`${file}.tmp`, "saved");
    renameSync(`${file}.tmp`, file);
  },
  "renamed away, then written": (file) => {
    renameSync(file, `${file}~`);
    setTimeout(() => writeFileSync(file, "saved"), 60);
  },
};

for (const [how, save] of Object.entries(SAVES)) {
  test(`files: one that is saved is told when it is whole: ${how}`, async (t) => {
    const { a, next, files, b, later, told } = watched(t);
    for (let round = 0; round < 2; round++) {
      save(a);
      t.deepEqual(await next(), ["a.ts"]);
      // Those that a build still leads to are watched on.
      files.watch([a, b, later], false);
    }
    t.equal(told.length, 0, "each once");
  });
}

test("files: several that are saved at once are told together", async (t) => {
  const { a, b, next } = watched(t);
  writeFileSync(a, "saved");
  writeFileSync(b, "saved");
  t.deepEqual(await next(), ["a.ts", "b.ts"]);
});

test("files: one that is deleted is told, and that it is there again", async (t) => {
  const { a, next } = watched(t);
  rmSync(a);
  t.deepEqual(await next(), ["a.ts"]);
  writeFileSync(a, "saved");
  t.deepEqual(await next(), ["a.ts"]);
});

test("files: one is told that comes with its folder", async (t) => {
  const { folder, later, next } = watched(t);
  mkdirSync(join(folder, "deep"));
  writeFileSync(later, "saved");
  t.deepEqual(await next(), ["deep/later.ts"]);
  writeFileSync(later, "again");
  t.deepEqual(await next(), ["deep/later.ts"]);
});

test("files: a folder that is made anew is watched as before", async (t) => {
  const { folder, a, b, next } = watched(t);
  rmSync(folder, { recursive: true });
  t.deepEqual(await next(), ["a.ts", "b.ts"]);
  mkdirSync(folder);
  writeFileSync(a, "saved");
  writeFileSync(b, "saved");
  t.deepEqual(await next(), ["a.ts", "b.ts"]);
});

test("files: one that is saved while it is read for the first time is told", async (t) => {
  const { folder, a, b, next, files } = watched(t);
  const c = join(folder, "c.ts");
  const since_ms = Date.now();
  writeFileSync(c, "saved after somebody began to read it");
  files.watch([a, b, c], false, since_ms);
  t.deepEqual(await next(), ["c.ts"]);
});

test("files: a stranger in a folder is told only while something is missing", async (t) => {
  const { folder, a, b, next, files } = watched(t, true);
  writeFileSync(join(folder, "new.ts"), "new");
  t.deepEqual(await next(), ["new.ts"]);
  files.watch([a, b], false);
  writeFileSync(join(folder, "newer.ts"), "newer");
  writeFileSync(a, "saved");
  t.deepEqual(await next(), ["a.ts"]);
});

test("files: what nobody reads may be written all the time, and hides no save", async (t) => {
  const { folder, a, b, later, next, files, told } = watched(t);
  const trace = join(folder, "trace.json");
  files.watch([a, b, later], true);
  writeFileSync(trace, "");
  t.deepEqual(await next(), ["trace.json"], "it has come");
  const writing = setInterval(() => writeFileSync(trace, "more", { flag: "a" }), 5);
  t.teardown(() => clearInterval(writing));
  await new Promise((resolve) => setTimeout(resolve, 50));
  writeFileSync(a, "saved");
  t.deepEqual(await next(), ["a.ts"]);
  t.equal(told.length, 0);
});

test("files: one that is written without a pause is told all the same", async (t) => {
  const { a, b, next } = watched(t);
  const writing = setInterval(() => writeFileSync(b, "more", { flag: "a" }), 5);
  t.teardown(() => clearInterval(writing));
  writeFileSync(a, "saved");
  t.ok((await next()).includes("a.ts"));
});

test("files: the time of a save is that of the file, but for one that cannot be", async (t) => {
  const { folder, a, told, next } = watched(t);
  const before = Date.now() - 50;
  writeFileSync(a, "saved");
  while (told.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const { saved_ms } = told[0]!;
  t.ok(saved_ms >= before && saved_ms <= Date.now(), "now");
  await next();
  const old = folderOf(t, { "old.ts": "a file with an old time" });
  renameSync(join(old, "old.ts"), join(folder, "a.ts"));
  while (told.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  t.ok(told[0]!.saved_ms >= saved_ms, "not when it was written, long ago");
});
