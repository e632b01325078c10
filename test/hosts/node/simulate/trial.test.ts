/**
 * One run of `reattach simulate`: what becomes of one that cannot go on.
 */
import test from "tape";
import type * as Trial from "../../../../hosts/node/simulate/trial.js";
import { folderOf } from "../temp-folder.js";
import { prepare } from "./prepared.js";

const BUILT = new URL("../../../../dist/node/hosts/node/simulate/trial.js", import.meta.url);

test("simulate: a task that keeps its thread is a failure, which says which it is", async (t) => {
  const tasks = { loops: { module: "loops" } };
  const manifest = { modules: { "*": ["./loops"] }, config: { reattach: { tasks } } };
  const program = "export function main() { for (;;); }";
  const app = await prepare(folderOf(t, { "manifest.json": manifest, "loops.ts": program }));
  const { runTrial } = (await import(BUILT.href)) as typeof Trial;
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
