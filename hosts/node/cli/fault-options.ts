/**
 * The fault plan of a run: from its options, and from a scenario, which is such a plan with its
 * seed in a file, as the page of `reattach dev` saves it:
 *
 *     {"seed": 7, "faults": ["kill:sensor:2s"]}
 */
import { readFileSync } from "node:fs";
import { allowedNames } from "../../../src/manifest/suggest.js";
import { found, isObject } from "../../../src/manifest/value.js";
import { isSeed, SEED_MAX } from "../faults/seed.js";
import { InputError, UsageError } from "../input-error.js";
import { shownPath } from "../manifest/shown-path.js";
import type { Scenario } from "../watch/protocol.js";

const KEYS = ["seed", "faults"];

function wrong(file: string, problem: string): InputError {
  const text = `${shownPath(file)}: ${problem}`;
  return new InputError(text, [text]);
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw wrong(file, (error as Error).message);
  }
}

/** The seed where nobody names one. */
function chance(): number {
  return Date.now() % 1_000_000;
}

/** Reads a scenario. Throws an InputError: the file, what was found and what is allowed. */
function readScenario(file: string): Scenario {
  const value = parse(file);
  if (!isObject(value)) throw wrong(file, `found ${found(value)}, allowed is an object`);
  for (const key of Object.keys(value)) {
    if (!KEYS.includes(key)) throw wrong(file, `found "${key}", ${allowedNames(key, KEYS)}`);
  }
  const { seed, faults } = value;
  if (!isSeed(seed)) {
    throw wrong(
      file,
      `seed: found ${found(seed)}, allowed is a whole number from 0 to ${SEED_MAX}`,
    );
  }
  if (!Array.isArray(faults) || !faults.every((fault) => typeof fault === "string")) {
    throw wrong(
      file,
      `faults: found ${found(faults)}, allowed is a list such as ["kill:sensor:2s"]`,
    );
  }
  return { seed, faults: faults as string[] };
}

/** The options of a command that injects faults. */
export const FAULT_OPTIONS = {
  fault: { type: "string", multiple: true },
  seed: { type: "string" },
  scenario: { type: "string" },
} as const;

/** Reads `--seed`. Throws a UsageError. */
function readSeed(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed <= SEED_MAX) return seed;
  throw new UsageError(`--seed: found "${text}", allowed is a whole number from 0 to ${SEED_MAX}`);
}

/** What stands behind the options of FAULT_OPTIONS. */
interface FaultValues {
  readonly fault?: readonly string[];
  readonly seed?: string;
  readonly scenario?: string;
}

/**
 * The plan that the options of FAULT_OPTIONS say: first the faults of the scenario, then those of
 * the command line, whose seed counts before that of the file; `otherwise` where nobody names one.
 * Throws an InputError.
 */
export function readFaultOptions(
  { fault = [], seed, scenario }: FaultValues,
  otherwise = chance(),
): Scenario {
  const file = scenario === undefined ? undefined : readScenario(scenario);
  const faults = [...(file?.faults ?? []), ...fault];
  if (seed !== undefined) return { seed: readSeed(seed), faults };
  return { seed: file?.seed ?? otherwise, faults };
}
