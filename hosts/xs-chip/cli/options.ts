/**
 * The command line of `npm run chip`, and its help.
 */
import { readOptions } from "../../node/cli/options.js";
import { UsageError } from "../../node/input-error.js";
import { readDuration } from "../../node/system/duration.js";

const MHZ = { least: 1, most: 1_000, usual: 160 };
/** Of 1,024 bytes. What the program is linked for, and what it can have at most. */
const RAM_KB = { least: 64, most: 16_000, usual: 400 };
/** What mcconfig calls an ESP32 of any kind. */
const PLATFORM = "esp32";

/** What is to be run, and on which chip. */
export interface ChipOptions {
  /** A manifest, or its folder. */
  readonly manifest: string;
  /** Millions of instructions a second. */
  readonly mhz: number;
  readonly ram_bytes: number;
  /** In simulated time; undefined: until the application ends, or Ctrl-C. */
  readonly duration_ms: number | undefined;
  readonly platform: string;
  readonly isJson: boolean;
}

export const HELP = `npm run chip -- <manifest> [options]

  Runs an application on an emulated chip: one rv32imac core, as in an ESP32-C3 or C6, with real
  FreeRTOS, XS and ${RAM_KB.usual} KB of RAM. Prints its log with the simulated time, and at the end
  what each task took of processor, stack and RAM.

  --mhz <number>       millions of instructions a second, ${MHZ.least} to ${MHZ.most} (${MHZ.usual})
  --ram <KB>           RAM, ${RAM_KB.least} to ${RAM_KB.most} KB (${RAM_KB.usual})
  --for <time>         end after so much simulated time, such as 500ms, 10s or 2m; without it when
                       the application ends, or with Ctrl-C
  --platform <name>    which entry of "platforms" in the manifest counts (${PLATFORM}); "node" takes
                       the stand-ins for drivers that the simulator has
  --json               print the table as JSON on stdout; the log is on stderr in any case
  --help               show this

<manifest> is the manifest.json that mcconfig reads, or its folder. This works only from a clone of
Reattach's repository, on Debian or Ubuntu, and runs the Reattach of that clone.
Exit codes: 0 good, 1 the application failed or did not fit, 2 the command line or the application
is wrong, or a tool is missing.
What a chip has and this one has not: docs/device.md.
`;

function readNumber(
  option: string,
  text: string | undefined,
  { least, most, usual }: typeof MHZ,
): number {
  if (text === undefined) return usual;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(
    `--${option}: found "${text}", allowed is a number from ${least} to ${most}`,
  );
}

/** Throws a UsageError for the first argument that is wrong. */
export function readChipOptions(argv: string[]): ChipOptions {
  const { values, positionals } = readOptions(argv, {
    options: {
      mhz: { type: "string" },
      ram: { type: "string" },
      for: { type: "string" },
      platform: { type: "string" },
      json: { type: "boolean" },
    },
    required: ["manifest"],
  });
  return {
    manifest: positionals[0]!,
    mhz: readNumber("mhz", values.mhz, MHZ),
    ram_bytes: Math.round(readNumber("ram", values.ram, RAM_KB) * 1_024),
    duration_ms: values.for === undefined ? undefined : readDuration(values.for, "--for"),
    platform: values.platform ?? PLATFORM,
    isJson: values.json ?? false,
  };
}
