/**
 * One run of `reattach simulate`: what becomes of one that cannot go on.
 */
import test from "tape";
import { folderOf } from "../temp-folder.js";
import { prepare, runTrial } from "./prepared.js";

test("simulate: a task that keeps its thread is a failure, which says which it is", async (t) => {
  const tasks = { loops: { module: "loops" } };
  const manifest = { modules: { "*": ["./loops"] }, config: { reattach: { tasks } } };
  const program = "export function main() { for (;;); }";
  const app = await prepare(folderOf(t, { "manifest.json": manifest, "loops.ts": program }));
  const { failures } = await runTrial(app, {
    seed: 1,
    duration_ms: 60_000,
    kinds: [],
    plan: null,
    preemption: null,
    allowsIo: false,
    patience_ms: 1_000,
    until: null,
    goOn: () => true,
  });
  t.deepEqual(
    failures.map(({ check }) => check),
    ["tasks come to the kernel"],
  );
  t.match(failures[0]!.text, /^loops: /);
  await app.stop();
});
