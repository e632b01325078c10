/**
 * The command line of the soak.
 */
import { readOptions } from "../../../hosts/node/cli/options.js";
import { UsageError } from "../../../hosts/node/input-error.js";

const MINUTES = 60;
/** Up to a week. */
const MINUTES_MAX = 10_080;
/** Below, nothing can be seen. */
const MINUTES_MIN = 0.1;
/** Readings of a run, unless that would be too many a second, or too few an hour. */
const READINGS = 240;
const EVERY_MIN_S = 0.25;
const EVERY_MAX_S = 10;

/** What is asked for. */
export interface SoakOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly isJson: boolean;
  /** Seconds between two readings. */
  readonly every_s: number;
}

export const USAGE = `npm run soak -- [--minutes 60] [--every 10] [--seed 1] [--json]

  --minutes n  how long, from ${MINUTES_MIN} to ${MINUTES_MAX}; ${MINUTES} if not given
  --every s    seconds between two lines, from ${EVERY_MIN_S} to 600
  --seed n     repeats the choices and the times of the faults
  --json       a JSON object in place of each line

Ctrl-C ends it early, with the verdict so far.
Exit code: 0 flat and right, 1 not, 2 wrong arguments.
`;

function numberOf(text: string, option: string, min: number, max: number): number {
  const value = text.trim() === "" ? NaN : Number(text);
  if (value >= min && value <= max) return value;
  throw new UsageError(`--${option}: found "${text}", allowed is a number from ${min} to ${max}`);
}

/** Reads the arguments. Throws a UsageError that says what was found and what is allowed. */
export function readSoakOptions(argv: string[]): SoakOptions {
  const { values } = readOptions(argv, {
    options: {
      minutes: { type: "string" },
      every: { type: "string" },
      seed: { type: "string" },
      json: { type: "boolean" },
    },
    required: [],
  });
  const { minutes = String(MINUTES), every, seed } = values;
  const length = numberOf(minutes, "minutes", MINUTES_MIN, MINUTES_MAX);
  const usual_s = Math.min(EVERY_MAX_S, Math.max(EVERY_MIN_S, (length * 60) / READINGS));
  const chosen = seed === undefined ? Date.now() % 1_000_000 : numberOf(seed, "seed", 0, 2 ** 32);
  return {
    minutes: length,
    seed: Math.floor(chosen),
    isJson: values.json === true,
    every_s: every === undefined ? usual_s : numberOf(every, "every", EVERY_MIN_S, 600),
  };
}
