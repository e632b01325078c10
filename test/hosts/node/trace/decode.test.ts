/**
 * Lines of records out of a log: they become the trace that they were printed from, and what the
 * log has beside them, or has lost of them, does no harm.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import { useClock } from "../../../../src/kernel/trace/record.js";
import { attachRing, traceStarted } from "../../../../src/kernel/trace/recorder.js";
import { LINE_MARK, printRings, sumOf } from "../../../../src/kernel/trace/lines.js";
import * as R from "../../../../src/kernel/trace/ring.js";
import { createRings, RING_LAST, ringOf } from "../../../../src/kernel/trace/ring.js";
import { Decoder } from "../../../../hosts/node/trace/decode.js";
import { Patience } from "../../../patience.js";
import { reattach } from "../run-process.js";
import { folderOf } from "../temp-folder.js";
import { problemsIn, type TraceEvent } from "./format.js";

const NAMES = ["main", "client", "server"];
const STARTS = 5;
/** More than a record's time can count. */
const STEP_US = 0x1_0000_0001;

/** What two rings print. */
function printed(): string[] {
  const memory = createRings(3, 16);
  let now = 7;
  for (const place of [1, 2]) {
    useClock(() => (now += STEP_US));
    attachRing(ringOf(memory, place));
    for (let i = 0; i < STARTS; i++) traceStarted(place + 512 * (i + 1));
  }
  Object.assign(globalThis, { $ring: undefined });
  const lines: string[] = [];
  printRings(memory, NAMES, (line) => lines.push(line));
  return lines;
}

function decode(lines: readonly string[]) {
  const decoder = new Decoder();
  for (const line of lines) decoder.read(line);
  const events: TraceEvent[] = [];
  const found = decoder.tell((event) => void events.push(JSON.parse(event) as TraceEvent));
  return { ...found, events };
}

test("trace lines: what is printed is read, each record with its whole time", (t) => {
  const { records, damaged, repeated, events } = decode(printed());
  t.deepEqual({ records, damaged, repeated }, { records: 2 * STARTS, damaged: 0, repeated: 0 });
  t.deepEqual(problemsIn(events), []);
  const starts = events.filter(({ name }) => name === "start");
  t.deepEqual(
    starts.map(({ ts }) => ts),
    Array.from({ length: 2 * STARTS }, (_, i) => i * STEP_US),
  );
  const names = events
    .filter(({ name }) => name === "process_name")
    .map(({ args }) => args?.["name"]);
  t.deepEqual(names, ["board", ...NAMES]);
  t.end();
});

test("trace lines: in a log with other lines, times in front, and printed twice", (t) => {
  const lines = printed();
  const log = lines.flatMap((line, i) => [`I (${i}) wifi: up`, `I (1${i}) app: ${line}\r`, ""]);
  const { records, damaged, repeated } = decode([...log, ...lines]);
  t.deepEqual(
    { records, damaged, repeated },
    { records: 2 * STARTS, damaged: 0, repeated: 2 * STARTS },
  );
  t.end();
});

test("trace lines: a line that has lost or changed a character is left out, and told", (t) => {
  const lines = printed();
  const line = lines[1]!;
  const start = line.indexOf(" ");
  for (let at = start; at < line.length; at++) {
    const without = line.slice(0, at) + line.slice(at + 1);
    const changed = `${line.slice(0, at)}x${line.slice(at + 1)}`;
    for (const damaged of [without, changed]) {
      const found = decode([lines[0]!, damaged, ...lines.slice(2)]);
      // Without its blank the mark is no mark, and the line none of ours.
      const isTold = at === start ? found.damaged <= 1 : found.damaged === 1;
      if (!isTold || found.records !== 2 * STARTS - 1) t.fail(`${at}: ${damaged}`);
    }
  }
  t.equal(decode([]).records, 0, "an empty log");
  t.end();
});

test("trace lines: a record that a task is just writing is left out, and not torn", (t) => {
  const memory = createRings(2, 16);
  useClock(() => 5);
  attachRing(ringOf(memory, 1));
  for (let i = 1; i <= 3; i++) traceStarted(512 * i + 1);
  Object.assign(globalThis, { $ring: undefined });
  // As record.ts begins a record: counted, and its stamp void.
  ringOf(memory, 1)[RING_LAST]! += 1;
  const lines: string[] = [];
  printRings(memory, NAMES, (line) => lines.push(line));
  t.match(lines[0]!, /^reattach-trace ring 1 client 0 0 /);
  t.equal(lines.length, 1 + 3);
  t.end();
});

test("trace lines: records of one time are told in an order that can be, ring by ring", (t) => {
  const line = (record: string): string => `${LINE_MARK} ${record} ${sumOf(record)}`;
  const number = 7 << 3;
  // place, number, time, kind, peer, value, message: the server is printed first.
  const records = [
    `rec 1 1 9 ${R.KIND_RECEIVE} 2 8 ${number}`,
    `rec 1 2 9 ${R.KIND_REPLY} 2 4 ${number}`,
    `rec 2 1 9 ${R.KIND_SEND} 1 8 ${number}`,
    `rec 2 2 9 ${R.KIND_RETURN} 0 0 ${number}`,
  ];
  const { events } = decode(records.map(line));
  t.deepEqual(problemsIn(events), []);
  const arrows = events.filter(({ ph }) => ph === "s").map(({ name }) => name);
  t.deepEqual(arrows, ["message", "reply"], "there and back");
  t.end();
});

test("trace lines: a long log takes no longer for each of its records", (t) => {
  const records = 200_000;
  const decoder = new Decoder();
  for (let number = 1; number <= records; number++) {
    const record = `rec 1 ${number} ${number} ${R.KIND_WAKE} 0 0 0`;
    decoder.read(`${LINE_MARK} ${record} ${sumOf(record)}`);
  }
  // Quadratic it takes minutes.
  const patience = new Patience(20_000);
  t.equal(decoder.tell(() => undefined).records, records);
  t.notOk(patience.isOver);
  t.end();
});

test("reattach trace decode: a log becomes a file that opens", async (t) => {
  const folder = folderOf(t, {});
  const log = join(folder, "log.txt");
  writeFileSync(log, ["boot", ...printed(), printed()[1]!.slice(0, -2)].join("\n"));
  const { code, stdout, stderr } = await reattach(["trace", "decode", log]).ended;
  t.equal(code, 0, stderr);
  t.match(stdout, /log\.txt\.json: 10 records; 1 lines of it are damaged and left out/);
  const events = JSON.parse(readFileSync(`${log}.json`, "utf8")) as TraceEvent[];
  t.deepEqual(problemsIn(events), []);
  const missing = await reattach(["trace", "decode", join(folder, "none.txt")]).ended;
  t.equal(missing.code, 2);
  t.match(missing.stderr, /none\.txt cannot be read: ENOENT/);
});
