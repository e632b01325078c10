/**
 * What a dead task has left for the main VM.
 */
import test from "tape";
import { leaveLastWords, lastWordsOf } from "../../../../src/kernel/death/last-words.js";
import * as L from "../../../../src/arena/layout.js";
import { DEFAULT_LIMITS } from "../../../../src/arena/limits.js";
import { as, Bench, connect, own, post, take } from "../vms.js";

const ROOM = 2 * DEFAULT_LIMITS.messageBytes;

const TEXTS: readonly [text: string, kept: string][] = [
  ["", ""],
  [
    "RangeError: no such pin\n    at read (sensor.ts:12)",
    "RangeError: no such pin\n    at read (sensor.ts:12)",
  ],
  [
    "naïve … 漢字 🙂 \ud800 alone, \0 and \u07ff\u0800\uffff",
    "naïve … 漢字 🙂 \ud800 alone, \0 and \u07ff\u0800\uffff",
  ],
  ["x".repeat(ROOM - 2), "x".repeat(ROOM - 2)],
  ["x".repeat(100_000), "x".repeat(ROOM - 2)],
  ["…".repeat(100_000), "…".repeat(Math.floor(ROOM / 3))],
];

test("leaveLastWords: main reads what a task has left, as far as there is room", (t) => {
  for (const [text, kept] of TEXTS) {
    const bench = new Bench();
    // The last place's reply buffer is the last of the buffers.
    const task = bench.start(DEFAULT_LIMITS.tasks);
    const neighbour = bench.start(DEFAULT_LIMITS.tasks - 1);
    as(neighbour, () => leaveLastWords("the neighbour's"));
    t.ok(as(task, () => leaveLastWords(text)));
    t.equal(
      as(bench.main, () => lastWordsOf(task.me)),
      kept,
      JSON.stringify(text.slice(0, 20)),
    );
    t.equal(
      as(bench.main, () => lastWordsOf(neighbour.me)),
      "the neighbour's",
    );
  }
  t.end();
});

test("leaveLastWords: not into a message that a server may be reading", (t) => {
  const bench = new Bench();
  const [server, client] = [bench.start(1), bench.start(2)];
  const { chid, coid } = connect(server, client);
  const message = new Uint8Array([1, 2, 3, 4]);
  post(client, coid, message);
  t.notOk(
    as(client, () => leaveLastWords("words")),
    "SEND",
  );
  const received = new Uint8Array(4);
  take(server, chid, received);
  t.deepEqual(received, message, "it arrives as it was sent");
  t.notOk(
    as(client, () => leaveLastWords("words")),
    "REPLY",
  );
  bench.bury(server);
  t.ok(
    as(client, () => leaveLastWords("words")),
    "when it has ended",
  );
  t.end();
});

test("lastWordsOf: whatever a task has written there is a text", (t) => {
  const bench = new Bench();
  const task = bench.start(1);
  const { bytes, sendAtByte } = task;
  for (let seed = 1; seed < 200; seed++) {
    for (let i = 0; i < ROOM; i++) bytes[sendAtByte + i] = (seed * (i + 7) * 31) & 0xff;
    for (const sent of [-1, 0, 1, ROOM - 1, ROOM, ROOM + 1, 0x7fff_ffff]) {
      task.words[task.me + L.SLOT_SENT] = sent;
      const text = as(bench.main, () => lastWordsOf(task.me));
      if (text.length <= ROOM) continue;
      t.fail(`seed ${seed}, ${sent} bytes: ${text.length} characters`);
    }
  }
  t.equal(own(task, L.SLOT_SENT), 0x7fff_ffff, "it is only read");
  t.end();
});
