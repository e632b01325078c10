/**
 * The tests that mutants are run against, cheapest first.
 */
import type { Mutant } from "./mutant.js";

export interface Suite {
  readonly name: string;
  /** Words that pick its files (test/run.ts). */
  readonly words: readonly string[];
  /** A mutant that makes it take longer has hung it. Many times what it takes otherwise. */
  readonly limit_ms: number;
}

const KERNEL: Suite = { name: "unit", words: ["kernel/"], limit_ms: 60_000 };
const RECOVERY: Suite = { name: "unit", words: ["ha/"], limit_ms: 60_000 };
const MANAGER: Suite = { name: "unit", words: ["ham/"], limit_ms: 60_000 };
const EXPLORE: Suite = { name: "explore", words: ["explore/explore.test"], limit_ms: 180_000 };
const CONTRACT: Suite = {
  name: "contract",
  words: ["hosts/node/contract"],
  limit_ms: 180_000,
};

/** All suites: what an unchanged tree has to pass. */
export const ALL: readonly Suite[] = [KERNEL, RECOVERY, MANAGER, EXPLORE, CONTRACT];

/** The suites for a mutant, in the order in which they are asked. */
export function suitesFor({ file, needsExplorer = false }: Mutant): readonly Suite[] {
  if (file.startsWith("src/ham/")) return [MANAGER];
  if (needsExplorer) return [EXPLORE, KERNEL, RECOVERY, CONTRACT];
  if (file.startsWith("src/ha/")) return [RECOVERY, EXPLORE, CONTRACT];
  return [KERNEL, EXPLORE, RECOVERY, CONTRACT];
}
