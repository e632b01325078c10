/**
 * The command line of `npm run chip`, and its help.
 */
import { readOptions } from "../../node/cli/options.js";
import { UsageError } from "../../node/input-error.js";
import { readDuration } from "../../node/system/duration.js";
import { allowedNames } from "../../../src/manifest/suggest.js";
import { type ChipName, CHIPS, DEFAULT_CHIP } from "../chips.mjs";

const CHIP_NAMES = Object.keys(CHIPS) as ChipName[];
const MHZ = { least: 1, most: 1_000, usual: 160 };
/** Of 1,024 bytes. What the program is linked for. */
const RAM_KB = { least: 64, usual: 400 };
const MOST_KB = CHIPS.rv32imac.mostRam_KB;
const M3_MOST_KB = CHIPS["cortex-m3"].mostRam_KB;
/** What mcconfig calls an ESP32 of any kind. */
const PLATFORM = "esp32";

/** What is to be run, and on which chip. */
export interface ChipOptions {
  /** A manifest, or its folder. */
  readonly manifest: string;
  readonly chip: ChipName;
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

  --chip <name>        rv32imac, or cortex-m3: another processor, which faults at words that are
                       not aligned (${DEFAULT_CHIP})
  --mhz <number>       millions of instructions a second, ${MHZ.least} to ${MHZ.most} (${MHZ.usual})
  --ram <KB>           KB of RAM, ${RAM_KB.least} to ${MOST_KB}; ${M3_MOST_KB} on a cortex-m3
                       (${RAM_KB.usual})
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

/** What a number may be, and what it is where it is left out. */
interface Range {
  readonly least: number;
  readonly most: number;
  readonly usual: number;
}

function readNumber(
  option: string,
  text: string | undefined,
  { least, most, usual }: Range,
): number {
  if (text === undefined) return usual;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(
    `--${option}: found "${text}", allowed is a number from ${least} to ${most}`,
  );
}

function readChip(text: string = DEFAULT_CHIP): ChipName {
  const name = CHIP_NAMES.find((each) => each === text);
  if (name !== undefined) return name;
  throw new UsageError(`--chip: found "${text}", ${allowedNames(text, CHIP_NAMES)}`);
}

/** Throws a UsageError for the first argument that is wrong. */
export function readChipOptions(argv: string[]): ChipOptions {
  const { values, positionals } = readOptions(argv, {
    options: {
      chip: { type: "string" },
      mhz: { type: "string" },
      ram: { type: "string" },
      for: { type: "string" },
      platform: { type: "string" },
      json: { type: "boolean" },
    },
    required: ["manifest"],
  });
  const chip = readChip(values.chip);
  const ram = { ...RAM_KB, most: CHIPS[chip].mostRam_KB };
  return {
    manifest: positionals[0]!,
    chip,
    mhz: readNumber("mhz", values.mhz, MHZ),
    ram_bytes: Math.round(readNumber("ram", values.ram, ram) * 1_024),
    duration_ms: values.for === undefined ? undefined : readDuration(values.for, "--for"),
    platform: values.platform ?? PLATFORM,
    isJson: values.json ?? false,
  };
}
