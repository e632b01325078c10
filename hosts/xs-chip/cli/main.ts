/**
 * `npm run chip -- <manifest>`: runs an application on the emulated chip, prints its log, and at
 * the end what each task took. For those who ask whether it fits a chip.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "../../../src/manifest/value.js";
import { EXIT_FAILED, EXIT_GOOD, EXIT_WRONG_INPUT } from "../../node/cli/exit-code.js";
import { ownFolder } from "../../node/cli/own-package.js";
import { InputError, UsageError } from "../../node/input-error.js";
import { shownPath } from "../../node/manifest/shown-path.js";
import { type Application, prepare } from "../../node/xs/application.js";
import { EXIT_RESTARTED } from "../../xs-test/exit-codes.mjs";
import { buildChip, isBuilt } from "../build.mjs";
import { type ChipName, CHIPS } from "../chips.mjs";
import { CREATION } from "../command.mjs";
import { type End, startChip } from "./machine.js";
import { type ChipOptions, HELP, readChipOptions } from "./options.js";
import { type Ending, reportOf, reportText, type Runs } from "./report.js";

/** Seconds are right-aligned up to a day. */
const TIME_COLUMNS = 9;

/** The chip cannot be built here: not the user's mistake, but theirs to mend. */
class MissingError extends InputError {
  constructor(what: string, chip: ChipName) {
    const where = "The emulated chip works on Debian or Ubuntu, with these packages:";
    super(`${what}\n${where}\n    apt-get install ${CHIPS[chip].packages} make dpkg-dev`, [what]);
  }
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

function endingOf({ code, time_ms }: End, isStopped: boolean, left_ms: number): Ending {
  if (code !== 0) return isStopped && code === null ? "signal" : "failed";
  if (isStopped) return "signal";
  return time_ms >= left_ms ? "duration" : "application ended";
}

/** Starts the chip, and again as often as the board restarts. */
async function runAll(
  program: string,
  { args, manifest }: Application,
  { chip, mhz, ram_bytes, duration_ms }: ChipOptions,
  folder: string,
): Promise<Runs> {
  let isStopped = false;
  const noteStop = (): void => void (isStopped = true);
  process.on("SIGINT", noteStop).on("SIGTERM", noteStop);
  try {
    const ends: End[] = [];
    for (let before_ms = 0; ;) {
      const left_ms = duration_ms === undefined ? Infinity : duration_ms - before_ms;
      const shown = (time_ms: number | undefined, text: string): void => {
        const time = time_ms === undefined ? "" : ((before_ms + time_ms) / 1_000).toFixed(3);
        tell(`${time.padStart(TIME_COLUMNS)}  ${text}`);
      };
      const end = await startChip({
        program,
        chip,
        args,
        mhz,
        ram_bytes,
        duration_ms: left_ms === Infinity ? undefined : left_ms,
        names: manifest.tasks.map(({ name }) => name),
        folder,
        tell: shown,
      });
      ends.push(end);
      const simulated_ms = before_ms + end.time_ms;
      const isOver = isStopped || end.time_ms >= left_ms;
      if (end.code === EXIT_RESTARTED && !isOver) {
        shown(end.time_ms, "-- the board restarts --");
        before_ms = simulated_ms;
        continue;
      }
      return { ends, chip, mhz, ending: endingOf(end, isStopped, left_ms), simulated_ms };
    }
  } finally {
    process.off("SIGINT", noteStop).off("SIGTERM", noteStop);
  }
}

async function run(options: ChipOptions): Promise<number> {
  const { manifest: path, platform, chip, mhz, ram_bytes, isJson } = options;
  const folder = mkdtempSync(join(tmpdir(), "reattach-chip-"));
  try {
    const application = await prepare(path, {
      platform,
      folder,
      root: ownFolder(),
      host: "the emulated chip",
      creation: JSON.parse(readFileSync(CREATION, "utf8")) as JsonObject,
      switches: ["--cores=1", "--locked-atomics"],
    });
    const { manifest } = application;
    if (!isBuilt(chip)) tell("building the emulated chip, which is done once …");
    const built = buildChip({ chip });
    if ("missing" in built) throw new MissingError(built.missing, chip);
    const what = `${chip}, ${mhz} MHz, ${Math.round(ram_bytes / 1_024)} KB`;
    const hint = options.duration_ms === undefined ? "; Ctrl-C ends it" : "";
    tell(`running ${shownPath(manifest.file)} on an emulated chip: ${what}${hint}`);
    const runs = await runAll(built.program, application, options, folder);
    const report = reportOf(runs, manifest);
    process.stdout.write(isJson ? `${JSON.stringify(report)}\n` : `\n${reportText(report)}`);
    return report.ok ? EXIT_GOOD : EXIT_FAILED;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(argv: string[]): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    process.stdout.write(HELP);
    return EXIT_GOOD;
  }
  try {
    return await run(readChipOptions(argv));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const hint = error instanceof UsageError ? '\nSee "npm run chip -- --help".' : "";
    tell(`chip: ${error.message}${hint}`);
    return EXIT_WRONG_INPUT;
  }
}

// Under npm the current folder is the package's, and a path is seen from where npm was called.
process.chdir(process.env["INIT_CWD"] ?? ".");
process.exitCode = await main(process.argv.slice(2));
