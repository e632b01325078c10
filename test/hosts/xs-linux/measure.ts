/**
 * Runs one scenario on XS and tells what each VM of it used.
 */
import { join } from "node:path";
import type { Bundle } from "./bundle.js";
import { type Mode, run } from "./host.js";
import type { Role } from "./programs/costs/report.js";
import type { Cost } from "./programs/results.js";
import { resultIn } from "./results-in.js";

/** All programs that take part, for bundle(). */
export const COST_PROGRAMS: Readonly<Record<string, string>> = {
  costs: join(import.meta.dirname, "programs/costs.ts"),
  measured: join(import.meta.dirname, "programs/measured.ts"),
  "cost-services": join(import.meta.dirname, "programs/costs/definitions.ts"),
};

/** Those of them that an application would preload: definitions of services. */
export const DEFINITIONS: readonly string[] = ["cost-services"];

/** One scenario uses buffers that are not copied; and all of them the smallest table there is. */
const LIMITS = { sharedBuffers: 2, sharedBytes: 256 };

/** The scenarios themselves lie in the heap; those of an application would be in flash. */
const CREATION = { static: 0, chunk: { initial: 32_768 }, heap: { initial: 4_096 }, stack: 1_024 };

/** What to measure. */
export interface Measurement {
  readonly mode: Mode;
  readonly bundle: Bundle;
  readonly title: string;
  readonly rounds: number;
  /** Which roles have a task; the main VM has its own. */
  readonly roles: readonly Role[];
  /** RunOptions.preload. */
  readonly preload?: readonly string[];
  /** RunOptions.under. */
  readonly under?: readonly string[];
  /** The processor that it runs on. */
  readonly processor?: number;
}

/** Tasks for these roles, for the manifest. */
export function tasksFor(roles: readonly Role[]): object {
  const tasks: Record<string, object> = {};
  for (const role of roles) {
    if (role !== "main") tasks[role] = { module: "measured", args: { role }, creation: CREATION };
  }
  return { limits: LIMITS, tasks };
}

/** Reads what each role used out of what the program wrote. Throws when it did not end well. */
export function readCosts(title: string, text: string): Partial<Record<Role, Cost>> {
  const result = resultIn<{ accident: string; costs: Partial<Record<Role, Cost>> }>(text);
  if (result === undefined) throw new Error(`${title}: no result: ${text}`);
  if (result.accident !== "") throw new Error(`${title}: ${result.accident}\n${text}`);
  return result.costs;
}

/** What each role used. Throws when the scenario did not come to its end. */
export async function measureScenario(what: Measurement): Promise<Partial<Record<Role, Cost>>> {
  const { mode, bundle, title, rounds, roles, preload = [], under = [], processor = 0 } = what;
  const { code, stdout, stderr } = await run({
    mode,
    bundle,
    main: "costs",
    args: [title, String(rounds)],
    config: { reattach: tasksFor(roles) },
    preload,
    under,
    processor,
  });
  if (code !== 0) throw new Error(`${title}: ${code}\n${stdout}${stderr}`);
  return readCosts(title, `${stdout}${stderr}`);
}
