/**
 * Rates, round trips and series: what the numbers and charts of the page are made of.
 */
import test from "tape";
import type { Frame } from "../../../../hosts/node/watch/protocol.js";
import { wireKey } from "../../../../hosts/node/page/model/board-layout.js";
import {
  grouped,
  listed,
  shownBytes,
  shownCount,
  shownSpan,
  shownWait,
} from "../../../../hosts/node/page/model/format.js";
import { momentAt } from "../../../../hosts/node/page/model/moment.js";
import { percentile, rateOf, tripsOf } from "../../../../hosts/node/page/model/rates.js";
import {
  messageSeries,
  restartSeries,
  tripSeries,
} from "../../../../hosts/node/page/model/series.js";
import { Play } from "./play.js";

/** The station sends a hundred messages a second to the sensor. */
function play(duration_ms: number, offset = 0): Play {
  const result = new Play();
  while (result.ms < duration_ms) {
    const count = (result.ms / 1000) * 100 + offset;
    result.show({ counters: { station: { sent: count }, sensor: { received: count } } }, 200);
  }
  return result;
}

test("rates: growth of the last second", (t) => {
  const { recording } = play(3000);
  t.equal(Math.round(rateOf(recording.frames, 14, "station", "sent")), 100);
  t.equal(rateOf(recording.frames, 0, "station", "sent"), 0, "of one frame none is known");
  t.end();
});

test("rates: a restart between two frames loses nothing", (t) => {
  const board = new Play();
  for (const [counted, total] of [
    [50, 50],
    [70, 120],
  ] as const) {
    const station = { counters: { sent: counted }, totals: { sent: total } };
    board.show({ rows: { station: station as never } }, 200);
  }
  t.equal(rateOf(board.recording.frames, 1, "station", "sent"), 350);
  t.end();
});

test("rates: a counter that begins again is not a fall", (t) => {
  const again = play(1000, 1_000_000);
  again.show({ counters: { station: { sent: 20 } } }, 200);
  const rate = rateOf(again.recording.frames, 5, "station", "sent");
  t.ok(rate > 0 && rate < 200, `${rate}`);
  t.end();
});

test("rates: the only wire of a client has its rate, without a tracing kernel", (t) => {
  const moment = momentAt(play(3000).recording, 3000)!;
  const rate = moment.rates.get(wireKey({ from: "station", to: "sensor" }));
  t.equal(Math.round(rate ?? 0), 100);
  t.end();
});

test("rates: a trace that lost records still says how a rate is shared out", (t) => {
  const board = new Play({
    names: ["main", "sensor", "store", "station"],
    asks: [
      ["station", "sensor"],
      ["station", "store"],
    ],
  });
  for (let i = 0; i < 15; i++) {
    // 400 a second are sent; the trace has a tenth of them, three of four to the sensor.
    const connections = [30, 10].map((share, server) => ({
      clientPid: 35,
      client: "station",
      coid: server,
      since_ms: 0,
      server: server === 0 ? "sensor" : "store",
      service: "",
      traffic: { messages: (i * share) / 5, buckets: [] },
    }));
    const frame = { connections } as unknown as Partial<Frame>;
    board.show({ counters: { station: { sent: i * 80 } }, frame }, 200);
  }
  const { rates } = momentAt(board.recording, board.ms)!;
  const [sensor, store] = ["sensor", "store"].map((to) =>
    Math.round(rates.get(wireKey({ from: "station", to })) ?? -1),
  );
  t.deepEqual([sensor, store], [300, 100]);
  t.end();
});

test("rates: of a client that was away it is not said that it has just sent all", (t) => {
  const names = ["main", "sensor", "store", "station"];
  const board = new Play({
    names,
    asks: [
      ["station", "sensor"],
      ["station", "store"],
    ],
  });
  const rowsOf = (sensor: number, store: number): object[] =>
    [sensor, store, null].map((messages, coid) => ({
      clientPid: 35,
      client: "station",
      coid,
      since_ms: 0,
      // The second connection to the store has no count of its own.
      server: coid === 0 ? "sensor" : "store",
      service: "",
      traffic: messages === null ? null : { messages, buckets: [] },
    }));
  const connections = [rowsOf(9000, 10), [], rowsOf(9010, 30), rowsOf(9020, 50)];
  for (const [second, rows] of connections.entries()) {
    const frame = { connections: rows } as unknown as Partial<Frame>;
    board.show({ counters: { station: { sent: second * 30 } }, frame }, 400);
  }
  const { rates } = momentAt(board.recording, board.ms)!;
  const [sensor, store] = ["sensor", "store"].map((to) => {
    const rate = rates.get(wireKey({ from: "station", to }));
    return rate === null ? null : Math.round(rate ?? -1);
  });
  t.deepEqual([sensor, store], [20, 40]);
  t.end();
});

test("wires: they stay while a server is dead, and go after ten seconds", (t) => {
  const board = play(1000);
  board.show({ frame: { connections: [] } }, 5000);
  t.equal(board.recording.wires.list().length, 2);
  board.show({ frame: { connections: [] } }, 6000);
  t.equal(board.recording.wires.list().length, 0);
  t.end();
});

test("round trips: percentiles are the upper ends of their buckets", (t) => {
  t.equal(percentile([], 0.5), null);
  t.equal(percentile([0, 0, 50, 49, 1], 0.5), 0.004, "2^2 microseconds");
  t.equal(percentile([0, 0, 50, 49, 1], 0.99), 0.008);
  t.equal(percentile([0, 0, 50, 49, 1], 1), 0.016);
  t.end();
});

test("round trips: of the last second, of one client or of all", (t) => {
  const row = (client: string, buckets: number[], more: object = {}) => ({
    clientPid: client === "a" ? 1 : 2,
    client,
    coid: 0,
    since_ms: 0,
    server: "server",
    traffic: { messages: 0, buckets },
    ...more,
  });
  const frame = (ms: number, connections: unknown): Frame => ({ ms, connections }) as Frame;
  const frames = [
    frame(0, [row("a", [1, 2]), row("b", [5, 5])]),
    frame(1000, [row("a", [1, 12]), row("b", [6, 5])]),
  ];
  t.deepEqual(tripsOf(frames, 1, "a"), [0, 10]);
  t.deepEqual(tripsOf(frames, 1, null), [1, 10]);
  const again = { clientPid: 3, coid: 1, since_ms: 1900 };
  frames.push(frame(1800, [row("a", [2, 12])]), frame(2000, [row("a", [2, 15], again)]));
  t.deepEqual(tripsOf(frames, 3, "a"), [1, 3], "a new incarnation's alone, not all before");
  t.deepEqual(tripsOf([frame(0, []), frames[1]!], 1, "a"), [0, 0], "how old they are: unknown");
  t.end();
});

test("series: messages, the mean wait by Little's law, restarts", (t) => {
  const { recording } = play(3000);
  const { seconds, lines } = messageSeries(recording, "station");
  t.equal(seconds.length, 15);
  t.deepEqual(
    lines.map(({ label, values }) => [label, Math.round(values.at(-1) ?? -1)]),
    [
      ["all tasks", 100],
      ["station", 100],
    ],
  );
  const half = new Play();
  for (let i = 0; i < 20; i++) {
    const doing = { station: i % 2 === 0 ? (["SEND", "sensor"] as const) : "RUNNING" } as const;
    half.show({ doing, counters: { station: { sent: i * 20 } } }, 200);
  }
  // Half of the time over a hundred messages a second.
  const wait = tripSeries(half.recording, "station").lines[0]!.values.at(-1)!;
  t.ok(wait > 3.5 && wait < 6.5, `${wait} ms`);
  t.deepEqual(restartSeries(recording, null).lines, [], "none, none");
  const restarted = new Play().show({ rows: { sensor: { restarts: 3 } } }, 400);
  t.deepEqual(restartSeries(restarted.recording, null).lines, [
    { label: "sensor", values: [3, 3] },
  ]);
  t.end();
});

test("format: short, and never two numbers for the same", (t) => {
  const spans = [0.4, 4.26, 42, 99.4, 99.6, 1234, 59_940, 59_960, 125_000, 7_500_000];
  t.deepEqual(spans.map(shownSpan), [
    "<1 ms",
    "4.3 ms",
    "42 ms",
    "99 ms",
    "0.1 s",
    "1.2 s",
    "59.9 s",
    "1 min 0 s",
    "2 min 5 s",
    "2 h 5 min",
  ]);
  t.deepEqual([null, 0.0124, 0.9999, 3.1].map(shownWait), ["–", "12 µs", "1.0 ms", "3.1 ms"]);
  const counts = [0, 4, 4.25, 9.96, 86, 999.6, 2700, 67_800, 1_200_000];
  const shown = ["0", "4", "4.3", "10", "86", "1.0k", "2.7k", "68k", "1.2M"];
  t.deepEqual(counts.map(shownCount), shown);
  t.deepEqual([812, 4420, 14_000, 3_200_000].map(shownBytes), [
    "812 B",
    "4.4 KB",
    "14 KB",
    "3.2 MB",
  ]);
  t.equal(listed(["a", "b", "c"]), "a, b and c");
  t.equal(grouped(12_345), "12,345");
  t.end();
});
