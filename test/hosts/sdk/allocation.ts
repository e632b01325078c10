/**
 * What is hot allocates nothing on the SDK's own engine either: all scenarios of
 * test/hosts/xs-linux/allocation.test.ts, and a main VM that has nothing to do.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import { folderOf, writeFiles } from "../node/temp-folder.js";
import { bundle } from "../xs-linux/bundle.js";
import { IDLE_BOARD, IDLE_PROGRAMS, IDLE_STATES, readIdleCosts } from "../xs-linux/idle-board.js";
import { COST_PROGRAMS, readCosts, tasksFor } from "../xs-linux/measure.js";
import { scenarios } from "../xs-linux/programs/costs/index.js";
import { runHeadless } from "./headless.js";
import { buildForLin, root, warningsIn } from "./tools.js";

const ROUNDS = 10_000;
const IDLE_MS = 10_000;
const RUN_MS_MAX = 180_000;
const ROLES = ["client", "server", "main"] as const;
const NOTHING = { slots: 0, chunkBytes: 0, collections: 0 };
const ENGINE = join(import.meta.dirname, "engine/xs");

/** Runs a board that has never run before: no restart of an earlier one is remembered. */
async function runFresh(library: string, cwd: string, ...args: readonly string[]) {
  rmSync(join(cwd, "modpreferences.json"), { force: true });
  const env = { TEST_ARGUMENTS: args.join("\n") };
  return runHeadless(library, { cwd, ms: RUN_MS_MAX, env });
}

/** Builds an application of programs of the tests on XS; `main` is the one that main runs. */
async function build(
  t: test.Test,
  name: string,
  main: string,
  programs: Readonly<Record<string, string>>,
  config: object,
): Promise<{ library: string; cwd: string }> {
  const all = await bundle(programs);
  t.teardown(() => all.remove());
  const cwd = join(folderOf(t, {}), name);
  const folder = join(all.modules, "..");
  const modules: Record<string, string> = { main: join(folder, main), xs: ENGINE };
  for (const each of Object.keys(programs)) if (each !== main) modules[each] = join(folder, each);
  writeFiles(cwd, {
    "manifest.json": {
      include: ["$(MODDABLE)/examples/manifest_base.json", join(root, "ham/manifest.json")],
      modules,
      // Where this computer keeps what a board has in NVS.
      config: { ...config, file: { root: `${cwd}/` } },
    },
  });
  const { library, code, text } = await buildForLin(cwd);
  t.equal(code, 0, `mcconfig builds ${name}`);
  if (code !== 0) t.comment(text);
  t.deepEqual(warningsIn(text), [], "the linker warns of nothing");
  return { library, cwd };
}

test("lin: allocation: every scenario", async (t) => {
  const config = { reattach: tasksFor(ROLES) };
  const { library, cwd } = await build(t, "costs", "costs", COST_PROGRAMS, config);
  for (const scenario of scenarios) {
    const { title, allocates = false } = scenario;
    const rounds = allocates ? ROUNDS / 100 : ROUNDS;
    const { text } = await runFresh(library, cwd, title, String(rounds));
    const costs = readCosts(title, text);
    for (const role of ROLES) {
      if (scenario[role] === undefined) continue;
      const cost = costs[role];
      if (cost === undefined) t.fail(`${title}: ${role} did not tell`);
      else if (allocates && role === "client") t.ok(cost.slots > 0, `${title}: found in ${role}`);
      else {
        const { slots, chunkBytes, collections } = cost;
        t.deepEqual({ slots, chunkBytes, collections }, NOTHING, `${title}: ${role}`);
      }
    }
  }
});

test(`lin: allocation: a main VM that has nothing to do for ${IDLE_MS} ms`, async (t) => {
  const config = { reattach: IDLE_BOARD };
  const { library, cwd } = await build(t, "idle-board", "idle-board", IDLE_PROGRAMS, config);
  const { text } = await runFresh(library, cwd, String(IDLE_MS));
  const { accident, states, costs } = readIdleCosts(text);
  t.equal(accident, "", "no task died");
  t.deepEqual(states, IDLE_STATES, "all are there");
  t.deepEqual(costs, NOTHING);
});
