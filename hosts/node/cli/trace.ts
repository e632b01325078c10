/**
 * `reattach trace decode`: a log in which the last records of tasks were printed, as a file that
 * ui.perfetto.dev opens. `reattach trace print`: those of a running simulator.
 */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { UsageError } from "../input-error.js";
import { allowedNames } from "../../../src/manifest/suggest.js";
import { Decoder } from "../trace/decode.js";
import { TraceFile } from "../trace/trace-file.js";
import { EXIT_FAILED, EXIT_GOOD } from "./exit-code.js";
import { readOptions } from "./options.js";
import { inquire } from "./simulators.js";

const DECODE = "decode";
const PRINT = "print";

async function readLog(path: string, decoder: Decoder): Promise<void> {
  try {
    const input = createReadStream(path, "utf8");
    for await (const line of createInterface({ input, crlfDelay: Infinity })) decoder.read(line);
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

function makeFile(path: string): TraceFile {
  try {
    return new TraceFile(path);
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${(error as Error).message}`);
  }
}

/** Throws as inquire() does; also when the simulator is not traced. */
function print(argv: string[]): Promise<number> {
  return inquire(argv, [], async (simulator) => {
    const lines = (await simulator.ask({ call: "lastRecords" })) as string[];
    return { json: { lines }, text: lines.map((line) => `${line}\n`).join("") };
  });
}

/** Runs the command. Resolves to its exit code; rejects with a UsageError for a wrong path. */
export async function trace(argv: string[]): Promise<number> {
  if (argv[0] === PRINT) return print(argv.slice(1));
  const { values, positionals } = readOptions(argv, {
    options: { out: { type: "string" } },
    required: [DECODE, "log"],
  });
  const [what = "", log = ""] = positionals;
  if (what !== DECODE)
    throw new UsageError(`found "${what}", ${allowedNames(what, [DECODE, PRINT])}`);
  const decoder = new Decoder();
  await readLog(log, decoder);
  const file = makeFile(values.out ?? `${log}.json`);
  const { records, damaged, repeated } = decoder.tell((event) => file.add(event));
  // A log without a trace is no reason to lose an earlier one.
  if (records > 0) file.begin();
  await file.close();
  if (file.error !== null) {
    process.stderr.write(`reattach: ${file.path} is not whole: ${file.error.message}\n`);
    return EXIT_FAILED;
  }
  const more = [
    ...(damaged > 0 ? [`${damaged} lines of it are damaged and left out`] : []),
    ...(repeated > 0 ? [`${repeated} records were printed more than once`] : []),
  ];
  process.stdout.write(`${[`${file.path}: ${records} records`, ...more].join("; ")}\n`);
  return records > 0 ? EXIT_GOOD : EXIT_FAILED;
}
