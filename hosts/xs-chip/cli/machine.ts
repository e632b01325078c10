/**
 * One start of the emulated chip: from its command to what it has told at the end.
 */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ChipName, CHIPS } from "../chips.mjs";
import { chipCommand } from "../command.mjs";
import { type Account, type Counts, readTold } from "./told.js";

/** What a line of the log begins with: the time, by the clock of the chip. */
const LINE = /^@([0-9a-f]{12}) (.*)$/;

/** When there is such a file in the folder, the run ends. */
const STOP_FILE = "stop";

/** How a start of the chip has ended. */
export interface End {
  /** Null: a signal has ended the emulator. */
  readonly code: number | null;
  /** Since main began. */
  readonly time_ms: number;
  readonly accounts: readonly Account[];
  /** Undefined where the chip could not tell. */
  readonly counts: Counts | undefined;
  /** Why it ended, in words of the test host; undefined: it said nothing. */
  readonly complaint: string | undefined;
}

/** How to start it. */
export interface Start {
  readonly program: string;
  /** That the program was built for. */
  readonly chip: ChipName;
  readonly args: readonly string[];
  readonly mhz: number;
  readonly ram_bytes: number;
  readonly duration_ms: number | undefined;
  /** Names of the tasks, in the order of the manifest. */
  readonly names: readonly string[];
  /** With the files that the switches name. */
  readonly folder: string;
  /** Called with each line of the log, and the milliseconds since main began. */
  readonly tell: (time_ms: number | undefined, text: string) => void;
}

/** Of `xs-chip: fatal: …`, `fxAbort: …`, `xs-chip: task … `: why a run has ended. */
const COMPLAINT = /^(?:xs-chip: (?:fatal: )?|(?=fxAbort: ))(?!trace |no worker )(.*)$/;
/** A record of Reattach's trace, and a task in it. */
const TRACE = /^xs-chip: trace /;
const PLACE = /#(\d+)/g;
/** Of chances, which this run takes none of. */
const SEED = /^xs-chip: seed \d+$/;

/** Reads what the chip writes. */
class Reader {
  readonly accounts: Account[] = [];
  counts: Counts | undefined;
  complaint: string | undefined;
  #rest = "";
  #time_ms: number | undefined;
  readonly #clock_kHz: number;
  readonly #names: readonly string[];
  readonly #tell: Start["tell"];

  constructor({ chip, names, tell }: Start) {
    this.#clock_kHz = CHIPS[chip].clock_kHz;
    this.#names = names;
    this.#tell = tell;
  }

  read(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop()!;
    for (const line of lines) this.#readLine(line);
  }

  end(): void {
    if (this.#rest !== "") this.#readLine(this.#rest);
  }

  get time_ms(): number {
    return this.counts === undefined ? (this.#time_ms ?? 0) : this.counts.time / this.#clock_kHz;
  }

  #readLine(line: string): void {
    const [, time, text = line] = LINE.exec(line) ?? [];
    if (time !== undefined) this.#time_ms = parseInt(time, 16) / this.#clock_kHz;
    const told = readTold(text);
    if (told !== undefined) return this.#note(told);
    if (SEED.test(text)) return undefined;
    this.complaint ??= COMPLAINT.exec(text)?.[1];
    const shown = TRACE.test(text) ? text.replaceAll(PLACE, this.#nameOf) : text;
    return this.#tell(time === undefined ? undefined : this.#time_ms, shown);
  }

  /** A worker that has just been made is known to the chip by its place only. */
  readonly #nameOf = (text: string, place: string): string =>
    this.#names[Number(place) - 1] ?? text;

  #note(told: Account | Counts): void {
    if ("account" in told) this.accounts.push(told);
    else this.counts = told;
  }
}

/**
 * Starts the chip, and resolves when it has come to its end. Ctrl-C, which goes to the emulator
 * too, does nothing there: the chip ends by itself, and tells what it has counted.
 */
export async function startChip(start: Start): Promise<End> {
  const { program, chip, args, mhz, ram_bytes, duration_ms, folder } = start;
  const switches = [
    "--machine-accounts",
    "--machine-times",
    `--machine-ram=${ram_bytes}`,
    `--machine-stop=${STOP_FILE}`,
    ...(duration_ms === undefined ? [] : [`--machine-end=${Math.ceil(duration_ms)}`]),
  ];
  const command = chipCommand(program, [...switches, ...args], mhz, chip);
  // Both streams in one, so that lines stay in their order.
  const words = ["-c", 'exec env --block-signal=INT "$@" 2>&1', "sh", ...command];
  const child = spawn("sh", words, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  const reader = new Reader(start);
  child.stdout.setEncoding("utf8").on("data", (text: string) => reader.read(text));
  const stop = (): void => writeFileSync(join(folder, STOP_FILE), "");
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    reader.end();
    const { accounts, counts, complaint, time_ms } = reader;
    return { code, time_ms, accounts, counts, complaint };
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}
