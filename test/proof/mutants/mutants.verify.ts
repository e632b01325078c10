/**
 * Every mutant has to be caught: one that lives is a missing test. MUTANTS=word,word picks those
 * whose name or file contains one of the words; MUTANTS_SAMPLE=80 takes so many of them, by chance,
 * and MUTANTS_SEED the same ones again.
 */
import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import test from "tape";
import { transformSync } from "esbuild";
import { seededRandom } from "../../../src/manager/supervise/random.js";
import { scenarios as SCENARIOS } from "../explore/scenarios/index.js";
import { figure } from "../verify/figure.js";
import { someOf } from "../verify/sample.js";
import { MUTANTS } from "./list/index.js";
import type { Mutant } from "./mutant.js";
import { build, type Ending, runSuite } from "./run.js";
import { ALL, suitesFor, type Suite } from "./suites.js";
import { Tree } from "./tree.js";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const words = (process.env["MUTANTS"] ?? "").split(",");
const matching = MUTANTS.filter(({ name, file }) =>
  words.some((word) => name.includes(word) || file.includes(word)),
);
const sample = Number(process.env["MUTANTS_SAMPLE"] ?? Infinity);
const seed = Number(process.env["MUTANTS_SEED"] ?? Date.now() % 1_000_000);
const isSampled = sample < matching.length;
const chosen = isSampled ? someOf(matching, sample, seededRandom(seed)) : matching;

interface Verdict {
  readonly mutant: Mutant;
  /** "unit: MsgSend: …"; null when it lives. */
  readonly caughtBy: string | null;
}

/** What does not even parse is no mutant. Throws. */
function checkSyntax({ path }: Tree, { file }: Mutant): void {
  if (file.endsWith(".ts")) {
    transformSync(readFileSync(join(path, file), "utf8"), { loader: "ts" });
  } else {
    const harness = join(path, "test/proof/native/harness.c");
    execFileSync("cc", ["-fsyntax-only", `-I${join(path, dirname(file))}`, harness]);
  }
}

async function judge(tree: Tree, mutant: Mutant): Promise<Verdict> {
  tree.break(mutant);
  try {
    checkSyntax(tree, mutant);
    for (const suite of suitesFor(mutant)) {
      const { hasPassed, isUndecided = false, what } = await ask(tree, suite);
      if (!hasPassed && !isUndecided) return { mutant, caughtBy: `${suite.name}: ${what}` };
    }
    return { mutant, caughtBy: null };
  } finally {
    tree.mend(mutant);
  }
}

/** Runs a suite in a tree, which is built first for those that run what is built. */
async function ask(tree: Tree, suite: Suite): Promise<Ending> {
  if (suite.name === "contract") {
    const built = await build(tree.path);
    if (!built.hasPassed) throw new Error(`a mutant does not build: ${built.what}`);
  }
  return runSuite(tree.path, suite);
}

/** Does all of it, as many at a time as there are trees. */
async function spread(
  trees: readonly Tree[],
  acts: readonly ((tree: Tree) => Promise<void>)[],
): Promise<void> {
  const waiting = [...acts];
  const work = async (tree: Tree): Promise<void> => {
    for (let act = waiting.shift(); act !== undefined; act = waiting.shift()) await act(tree);
  };
  await Promise.all(trees.map(work));
}

test(`mutants: each of ${chosen.length} is caught`, async (t) => {
  t.ok(chosen.length > 0, `there are mutants that match "${words.join(" or ")}"`);
  if (isSampled) {
    t.comment(`sampled the mutants: ${sample} of ${matching.length}, MUTANTS_SEED=${seed}`);
  }
  const known = new Set(SCENARIOS.map(({ name }) => name));
  for (const { name, scenarios = [] } of MUTANTS) {
    for (const scenario of scenarios)
      t.ok(known.has(scenario), `${name}: ${scenario} is a scenario`);
  }
  t.equal(new Set(MUTANTS.map(({ name }) => name)).size, MUTANTS.length, "each has its own name");
  const trees = Array.from({ length: availableParallelism() }, () => new Tree());
  try {
    const counts: Record<string, number> = {};
    const unchanged = ALL.map((suite) => async (tree: Tree): Promise<void> => {
      const { hasPassed, what } = await ask(tree, suite);
      t.ok(hasPassed, `unchanged: ${suite.words.join(" ")} passes`);
      if (!hasPassed) t.comment(what);
    });
    const changed = chosen.map((mutant) => async (tree: Tree): Promise<void> => {
      const { caughtBy } = await judge(tree, mutant);
      const broken = mutant.breaks.map((number) => ` I${number}`).join("");
      t.ok(caughtBy !== null, `${mutant.name}${broken}`);
      t.comment(caughtBy ?? `LIVES: ${mutant.file}`);
      const suite = caughtBy?.split(":")[0] ?? "none";
      counts[suite] = (counts[suite] ?? 0) + 1;
    });
    // Those of the unchanged copies last longest: they begin.
    await spread(trees, [...unchanged, ...changed]);
    figure(t, "mutants", chosen.length);
    for (const [suite, count] of Object.entries(counts)) figure(t, `caught by ${suite}`, count);
  } finally {
    for (const tree of trees) tree.remove();
  }
});
