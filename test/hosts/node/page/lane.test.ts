/**
 * Lanes and the numbers of the timeline: what a task was in, in each pixel.
 */
import test from "tape";
import { Lane } from "../../../../hosts/node/page/model/lane.js";
import { STATE_NAMES } from "../../../../hosts/node/page/model/states.js";
import {
  forEachColumn,
  longWaits,
  moved,
  spanOf,
  ticksOf,
  zoomed,
} from "../../../../hosts/node/page/model/timeline.js";

const code = (state: string): number => STATE_NAMES.findIndex((name) => name === state);

test("lane: equal looks are one segment, others another", (t) => {
  const lane = new Lane();
  lane.add(0, 10, "RUNNING", "");
  lane.add(10, 20, "RUNNING", "");
  lane.add(20, 30, "SEND", "store");
  lane.add(30, 40, "SEND", "sensor");
  t.deepEqual(lane.at(15), { from_ms: 0, to_ms: 20, state: "RUNNING", peer: "" });
  t.deepEqual(lane.at(25), { from_ms: 20, to_ms: 30, state: "SEND", peer: "store" });
  t.equal(lane.at(1000)!.peer, "sensor", "what comes after the end is as the end");
  t.equal(lane.at(-1), null, "before the first look nothing is known");
  t.end();
});

test("lane: what nobody looked at stays as it was, what is told late is passed over", (t) => {
  const lane = new Lane();
  lane.add(0, 10, "RUNNING", "");
  lane.add(50, 60, "RECEIVE", "");
  t.deepEqual(lane.at(30), { from_ms: 0, to_ms: 50, state: "RUNNING", peer: "" });
  lane.add(20, 30, "DEAD", "");
  t.equal(lane.at(25)!.state, "RUNNING");
  t.end();
});

test("lane: the ring forgets the oldest, and keeps its order", (t) => {
  const lane = new Lane();
  for (let i = 0; i < 20_000; i++) lane.add(i, i + 1, i % 2 === 0 ? "RUNNING" : "RECEIVE", "");
  t.equal(lane.begin_ms, 14_000);
  t.equal(lane.at(19_998)!.state, "RUNNING");
  t.equal(lane.at(13_000), null);
  let last = -1;
  let isInOrder = true;
  lane.forEach(0, 20_000, ({ from_ms }) => {
    isInOrder &&= from_ms > last;
    last = from_ms;
  });
  t.ok(isInOrder);
  t.end();
});

test("timeline: a pixel has the shares of what is in it", (t) => {
  const lane = new Lane();
  lane.add(0, 75, "RUNNING", "");
  lane.add(75, 100, "SEND", "store");
  lane.add(100, 200, "RECEIVE", "");
  const columns: number[][] = [];
  forEachColumn(lane, { from_ms: 0, to_ms: 400 }, 4, (pixel, shares) => {
    columns[pixel] = [shares[code("RUNNING")]!, shares[code("SEND")]!, shares[code("RECEIVE")]!];
  });
  t.deepEqual(
    columns,
    [
      [0.75, 0.25, 0],
      [0, 0, 1],
    ],
    "and what is not known yet has no pixel",
  );
  t.end();
});

test("timeline: waits are named from 200 ms on", (t) => {
  const lane = new Lane();
  lane.add(0, 199, "SEND", "store");
  lane.add(199, 400, "REPLY", "store");
  lane.add(400, 900, "RECEIVE", "");
  const waits = longWaits(lane, { from_ms: 0, to_ms: 900 });
  t.deepEqual(waits, [{ from_ms: 199, to_ms: 400, state: "REPLY", peer: "store" }]);
  t.end();
});

test("timeline: it follows, zooms around a point, and follows again when moved to now", (t) => {
  const following = { span_ms: 20_000, end_ms: null };
  t.deepEqual(spanOf(following, 5000), { from_ms: 0, to_ms: 20_000 }, "a young board");
  t.deepEqual(spanOf(following, 50_000), { from_ms: 30_000, to_ms: 50_000 });
  const closer = zoomed(following, 0.5, 50_000, 0.5);
  t.deepEqual(spanOf(closer, 50_000), { from_ms: 35_000, to_ms: 45_000 });
  t.equal(zoomed(following, 0.5, 50_000, 1).end_ms, null);
  t.equal(zoomed(following, 100, 50_000, 1).span_ms, 60_000, "a minute at most");
  t.equal(moved(closer, 1000, 50_000).end_ms, 46_000);
  t.equal(moved(closer, 10_000, 50_000).end_ms, null);
  t.end();
});

test("timeline: its axis has labels that fit", (t) => {
  for (const [span, width] of [
    [200, 300],
    [1000, 280],
    [20_000, 600],
    [60_000, 280],
  ] as const) {
    const ticks = ticksOf({ from_ms: 0, to_ms: span }, width);
    t.ok(ticks.length >= 2 && width / (ticks.length - 1) >= 50, `${span} ms in ${width} pixels`);
  }
  t.end();
});
