/**
 * What a timeline makes of records: states, calls, arrows, and nothing that is not in them.
 */
import test from "tape";
import type { TraceEntry } from "../../../../src/kernel/trace/entry.js";
import * as R from "../../../../src/kernel/trace/ring.js";
import { PerfettoEvents } from "../../../../hosts/node/trace/perfetto.js";
import { bucketOf } from "../../../../hosts/node/trace/buckets.js";
import { Timeline } from "../../../../hosts/node/trace/timeline.js";
import { problemsIn, type TraceEvent } from "./format.js";

const NAMES = ["main", "client", "server"];
const [CLIENT, SERVER] = [1, 2];

type Step = [place: number, kind: number, more?: Partial<TraceEntry>];

/** The message number n, in its first transmission or a later one. */
const message = (n: number, attempt = 1): number => (n << 3) | (attempt - 1);

/** Tells these records, ten microseconds apart; the events that become of them. */
function play(steps: readonly Step[], act?: (timeline: Timeline) => void): TraceEvent[] {
  const events: TraceEvent[] = [];
  const emit = (event: string): void => void events.push(JSON.parse(event) as TraceEvent);
  const timeline = new Timeline(new PerfettoEvents(emit, 0), NAMES, 0);
  let time_us = 0;
  steps.forEach(([place, kind, more], number) => {
    time_us += 10;
    timeline.tell({ place, number, time_us, kind, peer: 0, value: 0, message: 0, ...more });
  });
  act?.(timeline);
  timeline.close(time_us + 10);
  return events;
}

const START: readonly Step[] = [
  [CLIENT, R.KIND_START, { peer: CLIENT, message: 513 }],
  [SERVER, R.KIND_START, { peer: SERVER, message: 514 }],
  [SERVER, R.KIND_BLOCK, { value: R.BLOCK_RECEIVE }],
];

const CALL: readonly Step[] = [
  [CLIENT, R.KIND_SEND, { peer: SERVER, value: 8, message: message(7) }],
  [CLIENT, R.KIND_BLOCK, { value: R.BLOCK_OTHER }],
  [SERVER, R.KIND_WAKE],
  [SERVER, R.KIND_RECEIVE, { peer: CLIENT, value: 8, message: message(7) }],
  [SERVER, R.KIND_REPLY, { peer: CLIENT, value: 4, message: message(7) }],
  [CLIENT, R.KIND_WAKE],
  [CLIENT, R.KIND_RETURN, { value: 0, message: message(7) }],
];

/** The slices of a task: name, from, until. */
function statesOf(events: readonly TraceEvent[], place: number): unknown[] {
  return events
    .filter(({ ph, pid }) => ph === "X" && pid === place + 2)
    .map(({ name, ts, dur }) => [name, ts, ts! + dur!]);
}

test("timeline: a message, from both sides", (t) => {
  const events = play([...START, ...CALL]);
  t.deepEqual(problemsIn(events), []);
  t.deepEqual(statesOf(events, CLIENT), [
    ["RUNNING", 10, 40],
    ["SEND", 40, 70],
    ["REPLY", 70, 100],
    ["RUNNING", 100, 110],
  ]);
  t.deepEqual(statesOf(events, SERVER), [
    ["RUNNING", 20, 30],
    ["RECEIVE", 30, 60],
    ["RUNNING", 60, 110],
  ]);
  const calls = events.filter(({ ph }) => ph === "b" || ph === "e");
  t.deepEqual(
    calls.map(({ ph, pid, ts, name }) => [ph, pid, ts, name]),
    [
      ["b", SERVER + 2, 70, "client #7.1"],
      ["e", SERVER + 2, 80, "client #7.1"],
    ],
  );
  const arrows = events.filter(({ ph }) => ph === "s" || ph === "f");
  t.deepEqual(
    arrows.map(({ ph, pid, ts }) => [ph, pid - 2, ts]),
    [
      ["s", CLIENT, 40],
      ["f", SERVER, 70],
      ["s", SERVER, 80],
      ["f", CLIENT, 100],
    ],
  );
  const queue = events.filter(({ ph, name }) => ph === "C" && name === "queue");
  t.deepEqual(
    queue.map(({ ts, args }) => [ts, args?.["value"]]),
    [
      [40, 1],
      [70, 0],
    ],
  );
  t.end();
});

test("timeline: a server dies with a message, and its client recovers", (t) => {
  const events = play([
    ...START,
    ...CALL.slice(0, 4),
    [0, R.KIND_DEATH, { peer: SERVER, message: 514 }],
    [CLIENT, R.KIND_FAIL, { value: 3, message: message(7) }],
    [CLIENT, R.KIND_RECOVERY, { value: R.RECOVERY_BEGUN, message: 1 }],
    [SERVER, R.KIND_START, { peer: SERVER, message: 1026 }],
    [CLIENT, R.KIND_RECOVERY, { value: R.RECOVERY_DONE, message: 1 }],
    [CLIENT, R.KIND_RECOVERY, { value: R.RECOVERY_OVER, message: 1 }],
    [CLIENT, R.KIND_SEND, { peer: SERVER, value: 8, message: message(7, 2) }],
    [SERVER, R.KIND_RECEIVE, { peer: CLIENT, value: 8, message: message(7, 2) }],
    [SERVER, R.KIND_REPLY, { peer: CLIENT, value: 8, message: message(7, 2) }],
    [CLIENT, R.KIND_RETURN, { message: message(7, 2) }],
  ]);
  t.deepEqual(problemsIn(events), []);
  t.deepEqual(
    statesOf(events, CLIENT).map((state) => (state as string[])[0]),
    ["RUNNING", "SEND", "REPLY", "RUNNING", "RECOVERING", "RUNNING", "SEND", "REPLY", "RUNNING"],
  );
  t.deepEqual(
    statesOf(events, SERVER).map((state) => (state as string[])[0]),
    ["RUNNING", "RECEIVE", "RUNNING", "DEAD", "RUNNING"],
  );
  const calls = events.filter(({ ph }) => ph === "b").map(({ name }) => name);
  t.deepEqual(calls, ["client #7.1", "client #7.2"], "both transmissions of message 7");
  t.equal(events.filter(({ name }) => name === "recovered").length, 1);
  t.end();
});

test("timeline: what has lost its beginning is told as far as it goes", (t) => {
  // Each of them alone, too.
  for (const missing of CALL) {
    for (const start of [[], START]) {
      const rest = CALL.filter((step) => step !== missing);
      t.deepEqual(problemsIn(play([...start, ...rest, ...CALL])), [], `all but ${missing[1]}`);
    }
  }
  for (let from = 0; from < CALL.length; from++) {
    for (let to = from + 1; to <= CALL.length; to++) {
      for (const start of [[], START]) {
        const events = play([...start, ...CALL.slice(from, to), ...CALL]);
        t.deepEqual(problemsIn(events), [], `records ${from} to ${to}, ${start.length} before`);
      }
    }
  }
  t.end();
});

test("timeline: a gap is a slice that says how much is missing", (t) => {
  const events = play([...START, ...CALL.slice(0, 4)], (timeline) =>
    timeline.gap(CLIENT, 200, 12, 1),
  );
  t.deepEqual(problemsIn(events), []);
  t.deepEqual(statesOf(events, CLIENT).at(-1), ["12 records lost", 70, 200]);
  t.ok(events.some(({ name }) => name === "1 torn"));
  t.ok(events.some(({ ph, args }) => ph === "e" && args?.["result"] === "lost"));
  t.end();
});

test("timeline: the rate of messages is that of its time, and 0 when none come", (t) => {
  const events: TraceEvent[] = [];
  const emit = (event: string): void => void events.push(JSON.parse(event) as TraceEvent);
  const timeline = new Timeline(new PerfettoEvents(emit, 0), NAMES, 0);
  const received = { place: SERVER, number: 0, kind: R.KIND_RECEIVE, peer: CLIENT };
  for (const ms of [10, 20, 30, 110, 5_050]) {
    timeline.tell({ ...received, time_us: ms * 1_000, value: 0, message: message(ms) });
  }
  timeline.close(9_000_000);
  const rates = events
    .filter(({ name }) => name === "messages/s")
    .map(({ ts, args }) => [ts! / 1_000, args!["value"]]);
  t.deepEqual(rates, [
    [0, 30],
    [100, 10],
    [200, 0],
    [5_000, 10],
    [5_100, 0],
  ]);
  t.end();
});

test("timeline: counters and a histogram for each pair of client and server", (t) => {
  let routes: unknown;
  const failed: Step[] = [
    [CLIENT, R.KIND_SEND, { peer: SERVER, value: 2, message: message(8, 2) }],
    [CLIENT, R.KIND_FAIL, { value: 3, message: message(8, 2) }],
  ];
  play([...START, ...CALL, ...failed], (timeline) => {
    routes = timeline.routes.view((place) => NAMES[place]!);
  });
  const buckets = Array.from({ length: 16 }, () => 0);
  buckets[bucketOf(60)] = 1;
  const counts = { sent: 2, returned: 1, failed: 1, repeated: 1, bytes: 10 };
  t.deepEqual(routes, [{ client: "client", server: "server", ...counts, buckets }]);
  const bounds = [0, 1, 2, 3, 4, 16_383, 16_384, 1e9].map(bucketOf);
  t.deepEqual(bounds, [0, 1, 2, 2, 3, 14, 15, 15]);
  t.end();
});
