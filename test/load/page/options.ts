/**
 * The command line of the page's load.
 */
import { readOptions } from "../../../hosts/node/cli/options.js";
import { UsageError } from "../../../hosts/node/input-error.js";

const MINUTES = 60;
const MINUTES_MAX = 1_440;
/** Below, nothing can be seen. */
const MINUTES_MIN = 0.2;
const WINDOWS = 20;
const WINDOWS_MAX = 1_000;
/** As many as may watch. */
const PAGES_MAX = 16;

/** What is asked for. */
export type LoadOptions =
  | { readonly what: "soak"; readonly minutes: number; readonly isJson: boolean }
  | {
      readonly what: "cost";
      readonly pages: number;
      /** With pages, and as many without. */
      readonly windows: number;
      readonly isBrowser: boolean;
      readonly isJson: boolean;
    };

export const USAGE = `npm run page:load -- [--minutes 60] [--json]
npm run page:load -- --cost <pages> [--windows 20] [--browser] [--json]

  --minutes n  one page in Chromium for so long; ${MINUTES} if not given
  --cost n     what so many pages cost the messages, from 1 to ${PAGES_MAX}
  --windows n  so many windows with pages, and as many without; ${WINDOWS} if not given
  --browser    pages in Chromium, in place of streams that are read
  --json       a JSON object in place of each line

Exit code: 0 flat, or measured; 1 not flat; 2 wrong arguments.
`;

function numberOf(text: string, option: string, min: number, max: number): number {
  const value = text.trim() === "" ? NaN : Number(text);
  if (value >= min && value <= max) return value;
  throw new UsageError(`--${option}: found "${text}", allowed is a number from ${min} to ${max}`);
}

/** Reads the arguments. Throws a UsageError that says what was found and what is allowed. */
export function readLoadOptions(argv: string[]): LoadOptions {
  const { values } = readOptions(argv, {
    options: {
      minutes: { type: "string" },
      cost: { type: "string" },
      windows: { type: "string" },
      browser: { type: "boolean" },
      json: { type: "boolean" },
    },
    required: [],
  });
  const { minutes, cost, windows, browser: isBrowser = false, json: isJson = false } = values;
  if (cost === undefined) {
    if (windows !== undefined || isBrowser) throw new UsageError("--cost <pages> is missing");
    const length = numberOf(minutes ?? String(MINUTES), "minutes", MINUTES_MIN, MINUTES_MAX);
    return { what: "soak", minutes: length, isJson };
  }
  if (minutes !== undefined) throw new UsageError("--minutes and --cost: one of them is allowed");
  return {
    what: "cost",
    pages: Math.floor(numberOf(cost, "cost", 1, PAGES_MAX)),
    windows: Math.floor(numberOf(windows ?? String(WINDOWS), "windows", 1, WINDOWS_MAX)),
    isBrowser,
    isJson,
  };
}
