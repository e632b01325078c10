/**
 * Memory limits of worker threads, as numbers and as what they do to a worker.
 */
import { Worker } from "node:worker_threads";
import test from "tape";
import type { Creation } from "../../../src/manifest/creation.js";
import { resourceLimitsFor } from "../../../hosts/node/host/resource-limits.js";

test("resourceLimitsFor: floors, and twice the device's bytes on top", (t) => {
  const cases: [title: string, creation: Creation | undefined, old: number, stack: number][] = [
    ["no creation", undefined, 16, 1],
    ["an empty one", {}, 16, 1],
    ["a small task", { static: 6_144, chunk: { initial: 1_536 }, stack: 64 }, 17, 2],
    ["static counts everything", { static: 1_048_576, heap: { initial: 1_000_000 } }, 18, 1],
    ["static 0 means pools", { static: 0, chunk: { initial: 1_048_576 } }, 18, 1],
    ["pools add up", { chunk: { initial: 524_288 }, heap: { initial: 32_768 } }, 18, 1],
    ["a slot is 16 bytes", { stack: 65_536 }, 18, 3],
  ];
  for (const [title, creation, old, stack] of cases) {
    t.deepEqual(
      resourceLimitsFor(creation),
      { maxOldGenerationSizeMb: old, maxYoungGenerationSizeMb: 4, stackSizeMb: stack },
      title,
    );
  }
  t.end();
});

/** Runs a script in a worker with the floors; resolves to its error's code, or "" for none. */
async function codeOfEnd(script: string): Promise<string> {
  const worker = new Worker(script, {
    eval: true,
    execArgv: [],
    resourceLimits: resourceLimitsFor(),
  });
  let code = "";
  worker.on("error", (error: NodeJS.ErrnoException) => {
    code = error.code ?? error.name;
  });
  await new Promise((resolve) => worker.on("exit", resolve));
  return code;
}

test("resourceLimitsFor: the floors are enough to run, and end a task that leaks", async (t) => {
  t.equal(await codeOfEnd("const kept = []; for (let i = 0; i < 1e4; i++) kept.push({ i });"), "");
  t.equal(
    await codeOfEnd("const kept = []; for (;;) kept.push({ text: String(kept.length) });"),
    "ERR_WORKER_OUT_OF_MEMORY",
    "a leak",
  );
  t.equal(await codeOfEnd("(function down() { down(); })()"), "RangeError", "endless recursion");
});
