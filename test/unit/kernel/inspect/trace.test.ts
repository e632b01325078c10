/**
 * The trace ring.
 */
import test from "tape";
import { layoutIn } from "../../../../src/arena/arena.js";
import * as L from "../../../../src/arena/layout.js";
import {
  readTrace,
  trace,
  TRACE_DEATH,
  TRACE_RECOVERED,
  TRACE_RECOVERY_THREW,
  TRACE_START,
  type TraceRecord,
} from "../../../../src/kernel/inspect/trace.js";
import { loadSteppedEvents } from "../trace/stepped.js";
import { as, Bench } from "../vms.js";

test("trace: events come back in order, with number, name, task and value", (t) => {
  const bench = new Bench({ trace: 8 });
  const task = bench.start(3);
  as(bench.main, () => trace(TRACE_START, task.pid));
  as(task, () => {
    trace(TRACE_RECOVERED, 5);
    trace(TRACE_RECOVERY_THREW, -1);
  });
  as(bench.main, () => trace(TRACE_DEATH, task.pid));
  as(bench.main, () => trace(99, 2 ** 31 - 1));
  const rows = as(bench.main, readTrace);
  t.deepEqual(
    rows.map(({ number, event, task: index, value }) => [number, event, index, value]),
    [
      [1, "start", 0, task.pid],
      [2, "recovered", 3, 5],
      [3, "recovery-threw", 3, -1],
      [4, "death", 0, task.pid],
      [5, "99", 0, 2 ** 31 - 1],
    ],
    "five events",
  );
  t.ok(
    rows.every(({ ms }) => ms >= 0 && ms < 60_000),
    "each with its time",
  );
  t.end();
});

test("trace: the newest overwrite the oldest", (t) => {
  for (const size of [1, 3, 4]) {
    const { main } = new Bench({ trace: size });
    as(main, () => {
      for (let i = 1; i <= 10; i++) trace(TRACE_START, i);
      const values = readTrace().map(({ value }) => value);
      const last = Array.from({ length: size }, (_, i) => 10 - size + 1 + i);
      t.deepEqual(values, last, `the last ${size}`);
    });
  }
  t.end();
});

test("trace: a record that is being written is left out", (t) => {
  const { main } = new Bench({ trace: 4 });
  as(main, () => {
    for (let i = 1; i <= 6; i++) trace(TRACE_START, i);
    // Its writer has taken number 7 and stopped before the record was complete.
    main.words[L.HEAD_TRACE] = 7;
    const record = layoutIn(main.words).traceAt + (7 % 4) * L.TRACE_WORDS;
    main.words[record + L.TRACE_NUMBER] = 0;
    t.deepEqual(
      readTrace().map(({ value }) => value),
      [4, 5, 6],
      "those that are complete",
    );
  });
  t.end();
});

test("trace: a record that is written over while it is read is left out", async (t) => {
  const { hands, ...stepped } = await loadSteppedEvents();
  /** Others write four events before this load of the reader; what it reads, null if not so. */
  const readAt = (step: number): TraceRecord[] | null =>
    as(new Bench({ trace: 4 }).main, () => {
      for (let i = 1; i <= 6; i++) trace(99, i);
      let left = step;
      hands.beforeLoad = () => {
        if (left-- !== 0) return;
        for (let i = 7; i <= 10; i++) trace(99, i);
      };
      const rows = stepped.readTrace();
      hands.beforeLoad = () => undefined;
      return left < 0 ? rows : null;
    });
  let steps = 0;
  for (let rows = readAt(0); rows !== null; rows = readAt(++steps)) {
    const wrong = rows.filter(({ number, value }) => number !== value);
    t.deepEqual(wrong, [], `before load ${steps}: ${rows.length} are left`);
  }
  t.ok(steps > 5, `${steps} loads`);
  t.end();
});

test("trace: every word is written with a store that keeps its place", async (t) => {
  const { hands, ...stepped } = await loadSteppedEvents();
  const { main } = new Bench({ trace: 4 });
  as(main, () => {
    hands.stores = 0;
    stepped.trace(TRACE_START, 1);
    t.equal(hands.stores, L.TRACE_WORDS + 1, "the number twice");
  });
  t.end();
});

test("trace: none is kept, and none read, with a limit of 0", (t) => {
  const { main } = new Bench({ trace: 0 });
  as(main, () => {
    const before = main.words.slice();
    trace(TRACE_DEATH, 1);
    t.deepEqual(main.words, before, "no word has changed");
    t.deepEqual(readTrace(), [], "nothing");
  });
  t.end();
});
