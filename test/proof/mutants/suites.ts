/**
 * The tests that mutants are run against, cheapest first.
 */
import type { Mutant } from "./mutant.js";

export interface Suite {
  readonly name: string;
  /** Words that pick its files (test/run.ts). */
  readonly words: readonly string[];
  /** Many times what it takes otherwise. */
  readonly limit_ms: number;
  /** A mutant that makes it take longer has hung it. A search may only have more to search. */
  readonly isSearch?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

const KERNEL: Suite = { name: "unit", words: ["unit/kernel/", "unit/arena/"], limit_ms: 30_000 };
const RECOVERY: Suite = { name: "unit", words: ["unit/ha/"], limit_ms: 30_000 };
const MANAGER: Suite = {
  name: "unit",
  words: ["unit/ham/", "unit/manager/", "proof/lifecycle/"],
  limit_ms: 30_000,
};
const NET: Suite = {
  name: "unit",
  words: ["unit/net/", "proof/boards/boards.test"],
  limit_ms: 120_000,
  // What is found by chance is found each time.
  env: { BOARDS_SEED: "1", NET_SEED: "1", KERNEL_SEED: "1" },
};
/** What is not found here is found by the contract. */
const SERVICE: Suite = { name: "unit", words: ["unit/service/"], limit_ms: 30_000 };
const EXPLORE: Suite = {
  name: "explore",
  words: ["explore/explore.test"],
  limit_ms: 180_000,
  isSearch: true,
  env: { EXPLORE_ONE_IN: "1" },
};
const CONTRACT: Suite = {
  name: "contract",
  words: ["hosts/node/contract"],
  limit_ms: 180_000,
};

/** C against TypeScript. */
const NATIVE: Suite = { name: "native", words: ["proof/native/"], limit_ms: 120_000 };

/** All suites: what an unchanged tree has to pass. */
export const ALL: readonly Suite[] = [
  KERNEL,
  RECOVERY,
  MANAGER,
  SERVICE,
  NET,
  EXPLORE,
  CONTRACT,
  NATIVE,
];

/** The suites for a mutant, in the order in which they are asked. */
export function suitesFor({ file, scenarios }: Mutant): readonly Suite[] {
  if (file.startsWith("hosts/moddable/native/")) return [NATIVE];
  if (/^src\/(ham|manager)\//.test(file)) return [MANAGER];
  if (file.startsWith("src/net/")) return [NET];
  if (file.startsWith("src/service/")) return [SERVICE, CONTRACT];
  if (scenarios !== undefined) return [exploring(scenarios), KERNEL, RECOVERY, CONTRACT];
  if (file.startsWith("src/ha/")) return [RECOVERY, EXPLORE, CONTRACT];
  return [KERNEL, EXPLORE, RECOVERY, CONTRACT];
}

/** A search of these scenarios alone, as far as npm run verify goes. */
function exploring(scenarios: readonly string[]): Suite {
  return { ...EXPLORE, env: { EXPLORE: scenarios.join() } };
}
