/**
 * `npm start`: runs the weather station in the simulator while its sensor and its store are killed
 * again and again, and checks at the end that nothing was lost and every number is right.
 *
 *     npm start -- [--seconds n] [--seed n] [--json]
 */
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { errnoName, ha_attach, ha_reopen, EAGAIN, ENOENT, name_open, sendAsync } from "reattach";
import { boot, injectFaults, type System } from "reattach/node";
import * as P from "./protocol.js";
import { loadReadings } from "./readings-node.js";
import { addReading, clearSummary, SUMMARY_WORDS } from "./summary.js";

const FAULTS = ["kill:sensor:500ms", "kill:store:600ms"];
const STATUS_EVERY_MS = 250;
/** Not on a terminal: a line now and then, not four a second. */
const LOG_EVERY = 12;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "14" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    json: { type: "boolean", default: false },
  },
});

/** MsgSend from the main VM, as a promise. */
function send(coid: number, message: P.Message, reply: P.Message): Promise<number> {
  return new Promise((resolve) => {
    const { bytes } = message;
    const error = sendAsync(coid, bytes, bytes.length, reply.bytes, reply.bytes.length, resolve);
    if (error !== 0) resolve(error);
  });
}

/** Opens a service for the main VM, which may not wait: recovery asks to be called again. */
async function open(name: string): Promise<number> {
  let coid = name_open(name, 0);
  while (coid === -ENOENT) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    coid = name_open(name, 0);
  }
  const reopen = (lost: number): number => {
    const result = ha_reopen(lost, name, 0);
    return result === lost ? lost : -EAGAIN;
  };
  ha_attach(coid, reopen, null, 0);
  return coid;
}

/** The summaries as they must be, computed directly from the file. */
function expectedDays(): Int32Array {
  const readings = loadReadings();
  const days = new Int32Array((readings.at(-1)!.day + 1) * SUMMARY_WORDS);
  for (let day = 0; day * SUMMARY_WORDS < days.length; day++) {
    clearSummary(days, day * SUMMARY_WORDS);
  }
  for (const { day, pressure, temperature, wind } of readings) {
    addReading(days, day * SUMMARY_WORDS, pressure, temperature, wind);
  }
  return days;
}

/** Asks the store for every day; the number of days that are not as they must be. */
async function countWrongDays(store: number): Promise<number> {
  const expected = expectedDays();
  const message = P.createMessage();
  const reply = P.createMessage();
  let wrong = 0;
  for (let day = 0; day * SUMMARY_WORDS < expected.length; day++) {
    message.words[0] = P.GET;
    message.words[P.DAY] = day;
    const status = await send(store, message, reply);
    const isRight =
      status === 0 &&
      reply.words
        .subarray(0, SUMMARY_WORDS)
        .every((word, i) => word === expected[day * SUMMARY_WORDS + i]);
    if (!isRight) wrong++;
  }
  return wrong;
}

/** The station's counts, from a question of type `type`. */
async function askStation(station: number, type: number): Promise<Int32Array> {
  const message = P.createMessage();
  const reply = P.createMessage();
  message.words[0] = type;
  const status = await send(station, message, reply);
  if (status !== 0) throw new Error(`station: ${errnoName(status)}`);
  return reply.words;
}

/** Sums one counter over all tasks that were not killed themselves. */
function total(system: System, counter: "recoveries" | "saves"): number {
  return system.view().reduce((sum, { counters }) => sum + counters[counter], 0);
}

/** The one line that shows what is going on. */
class StatusLine {
  #isShown = false;
  #count = 0;

  show(text: string): void {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
    else if (this.#count++ % LOG_EVERY === 0) process.stderr.write(`${text}\n`);
    this.#isShown = process.stderr.isTTY;
  }

  /** Writes something else above it. */
  print(text: string): void {
    if (this.#isShown) process.stderr.write("\r\x1b[K");
    this.#isShown = false;
    process.stderr.write(`${text}\n`);
  }
}

const line = new StatusLine();
const seed = Number(values.seed);
const end_ms = performance.now() + Number(values.seconds) * 1000;
let crashes = 0;

const system = await boot(fileURLToPath(new URL("./manifest.json", import.meta.url)));
system.on("log", (name, _level, text) => line.print(`[${name}] ${text}`));
system.on("death", ({ name, cause, text }) => {
  crashes++;
  if (cause !== "killed") line.print(`${name} died: ${cause}: ${text}`);
});
line.print(`faults: ${FAULTS.join(", ")}; seed ${seed}`);
await system.start();
const station = await open(P.STATION);
const faults = injectFaults(system, FAULTS, seed);

let status = await askStation(station, P.STATUS);
while (performance.now() < end_ms) {
  await new Promise((resolve) => setTimeout(resolve, STATUS_EVERY_MS));
  status = await askStation(station, P.STATUS);
  line.show(
    `year ${status[P.STATION_YEARS]! + 1} day ${status[P.STATION_DAY]! + 1} · ` +
      `${status[P.STATION_ANSWERED]} answers · ${crashes} crashes · ` +
      `${total(system, "recoveries")} recoveries · ${status[P.STATION_LOST]} lost`,
  );
}
status = await askStation(station, P.FINISH);
while (status[P.STATION_IS_FINISHED] !== 1) {
  await new Promise((resolve) => setTimeout(resolve, STATUS_EVERY_MS / 10));
  status = await askStation(station, P.STATUS);
}
faults.stop();

const wrongDays = await countWrongDays(await open(P.STORE));
const report = {
  seed,
  years: status[P.STATION_YEARS]!,
  sent: status[P.STATION_SENT]!,
  answered: status[P.STATION_ANSWERED]!,
  crashes,
  recoveries: total(system, "recoveries"),
  lost: status[P.STATION_LOST]! + status[P.STATION_SENT]! - status[P.STATION_ANSWERED]!,
  wrong: status[P.STATION_WRONG]! + wrongDays,
  p50_us: status[P.STATION_P50]!,
  p99_us: status[P.STATION_P99]!,
  saves: total(system, "saves"),
};
await system.stop();
const isGood = report.lost === 0 && report.wrong === 0;
line.print("");
if (values.json) {
  console.log(JSON.stringify(report));
} else {
  console.log(`The weather station went through ${report.years} year(s) of hourly readings.

  messages            ${report.sent}
  answers             ${report.answered}
  crashes             ${report.crashes}
  recoveries          ${report.recoveries}
  lost                ${report.lost}
  wrong               ${report.wrong}
  round trip          p50 ${report.p50_us} µs, p99 ${report.p99_us} µs
  saved by backstop   ${report.saves} sleeps

${isGood ? "Nothing was lost, and every daily summary is right." : "FAILED: see lost and wrong."}`);
}
process.exitCode = isGood ? 0 : 1;
