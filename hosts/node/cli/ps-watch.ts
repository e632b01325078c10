/**
 * `reattach ps --watch`: the table of `ps`, again and again. A terminal shows one table, drawn
 * anew, in as many columns as it has; what is no terminal gets a table for each time.
 */
import { readDuration } from "../system/duration.js";
import { FRAME_MS, FRAME_MS_MAX, type Frame, type WatchMessage } from "../watch/protocol.js";
import { UsageError } from "../input-error.js";
import { EXIT_GOOD } from "./exit-code.js";
import { readOptions } from "./options.js";
import { printableJson } from "./printable.js";
import { psText } from "./ps.js";
import { type Simulator, withSimulator } from "./simulators.js";

const EVERY_MS = 1_000;

// What a terminal does when it is written to (ECMA-48).
const OTHER_SCREEN = "\x1b[?1049h\x1b[?25l";
const OWN_SCREEN = "\x1b[?25h\x1b[?1049l";
const HOME = "\x1b[H";
const CLEAR_LINE = "\x1b[K";
const CLEAR_BELOW = "\x1b[J";

/** The keys that end it, where the terminal does not make a signal of them: q, Ctrl-C, Ctrl-D. */
const END_KEYS = ["q", "Q", "\u0003", "\u0004"];

/** Lines as they fit on a terminal: cut, and no more than it has. */
export function fitted(text: string, columns: number, rows: number): string {
  const lines = text.trimEnd().split("\n").slice(0, rows);
  return lines
    .map((line) => {
      const letters = [...line];
      return letters.length > columns ? `${letters.slice(0, columns - 1).join("")}…` : line;
    })
    .map((line) => `${line}${CLEAR_LINE}`)
    .join("\n");
}

function readEvery(text: string | undefined): number {
  const every_ms = text === undefined ? EVERY_MS : readDuration(text, "--every");
  if (every_ms >= FRAME_MS && every_ms <= FRAME_MS_MAX) return every_ms;
  throw new UsageError(
    `--every: found "${text}", allowed is from ${FRAME_MS}ms to ${FRAME_MS_MAX / 1000}s`,
  );
}

/** Has `end` called when whoever sits at the terminal wants it to end. Returns what undoes that. */
function hearKeys(end: () => void): () => void {
  const { stdin } = process;
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  const hear = (keys: Buffer): void => {
    if (END_KEYS.some((key) => keys.includes(key))) end();
  };
  if (stdin.isTTY) stdin.setRawMode(true).on("data", hear).resume();
  return () => {
    process.off("SIGINT", end);
    process.off("SIGTERM", end);
    if (stdin.isTTY) stdin.setRawMode(false).off("data", hear).pause();
  };
}

/** Draws tables on a terminal. */
function draw(simulator: Simulator, { tasks, tables, net }: Frame): void {
  const { stdout } = process;
  const text = `${psText(simulator, tasks, tables, net)}q ends this`;
  process.stdout.write(`${HOME}${fitted(text, stdout.columns, stdout.rows)}${CLEAR_BELOW}`);
}

/** Tables, one after the other. A reader that is slow misses some, as it would at a terminal. */
function print(simulator: Simulator, { tasks, tables, net }: Frame): void {
  if (process.stdout.writableNeedDrain) return;
  process.stdout.write(`${psText(simulator, tasks, tables, net)}\n`);
}

function printJson(frame: Frame): void {
  if (!process.stdout.writableNeedDrain) process.stdout.write(`${printableJson(frame)}\n`);
}

/** Runs the command. Resolves to its exit code; throws an InputError or a FailedError. */
export async function psWatch(argv: string[]): Promise<number> {
  const { values } = readOptions(argv, {
    options: {
      run: { type: "string" },
      watch: { type: "boolean" },
      every: { type: "string" },
      json: { type: "boolean" },
    },
    required: [],
  });
  if (values.watch !== true) throw new UsageError("found --every without --watch");
  const every_ms = readEvery(values.every);
  const isTerminal = process.stdout.isTTY && values.json !== true;
  const show = isTerminal ? draw : print;
  await withSimulator(values.run, async (simulator) => {
    const undo = hearKeys(() => simulator.leave());
    if (isTerminal) process.stdout.write(OTHER_SCREEN);
    const heard = (message: WatchMessage): void => {
      if (message.type !== "frame") return;
      if (values.json === true) printJson(message);
      else show(simulator, message);
    };
    try {
      await simulator.watch(every_ms, heard);
    } finally {
      if (isTerminal) process.stdout.write(OWN_SCREEN);
      undo();
    }
  });
  return EXIT_GOOD;
}
