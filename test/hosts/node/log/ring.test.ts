/**
 * The ring of a thread's log: what is written is read, in order, and what finds no room is counted.
 */
import test from "tape";
import { createRing, RingReader, RingWriter } from "../../../../hosts/node/log/ring.js";

/** A writer that never waits, as the reader is in the same thread. */
function pair() {
  const memory = createRing();
  let told = 0;
  const writer = new RingWriter(memory, () => told++, 0);
  const reader = new RingReader(memory);
  return { memory, writer, reader, told: () => told };
}

/** All that there is. */
function drain(reader: RingReader): string[] {
  const texts: string[] = [];
  for (let record = reader.take(); record !== null; record = reader.take()) {
    texts.push(record.text);
  }
  return texts;
}

test("RingWriter: a line arrives with its level and time, whatever is in it", (t) => {
  const { writer, reader } = pair();
  const before = Date.now();
  const texts = ["", "a", "two\nlines", "naïve … 漢字 🙂", "x".repeat(5_000)];
  for (const text of texts) writer.write("warn", text);
  for (const text of texts) {
    const record = reader.take()!;
    t.equal(record.text, text, text.slice(0, 10));
    t.equal(record.level, "warn");
    t.ok(record.time_ms >= before && record.time_ms <= Date.now(), "the time it was written");
  }
  t.equal(reader.take(), null);
  t.end();
});

test("RingWriter: tells its reader once until that has looked", (t) => {
  const { writer, reader, told } = pair();
  for (let i = 0; i < 10; i++) writer.write("info", "line");
  t.equal(told(), 1);
  reader.listen();
  drain(reader);
  writer.write("info", "line");
  t.equal(told(), 2);
  t.end();
});

test("RingWriter: any number of lines pass, in order, also over the end of the ring", (t) => {
  const { writer, reader } = pair();
  let next = 0;
  let isGood = true;
  for (let i = 0; i < 20_000; i++) {
    writer.write("info", `${i} ${"y".repeat(i % 701)}`);
    if (i % 7 !== 6) continue;
    for (const text of drain(reader)) isGood &&= text.startsWith(`${next++} `);
  }
  t.ok(isGood, "none is torn, lost or out of order");
  t.equal(next, 19_999, "all but the last, which nobody has looked for");
  t.end();
});

test("RingWriter: what finds no room is counted, and the count is told in its place", (t) => {
  const { writer, reader } = pair();
  const line = "z".repeat(1_000);
  for (let i = 0; i < 1_000; i++) writer.write("info", line);
  const kept = drain(reader);
  const last = kept.pop();
  t.ok(kept.length > 50 && kept.every((text) => text === line), `${kept.length} lines are kept`);
  t.equal(last, `… ${1_000 - kept.length} lines dropped`);
  // Full again; then there is room, and the next line comes after the count.
  for (let i = 0; i < kept.length + 5; i++) writer.write("info", line);
  for (let i = 0; i < 10; i++) reader.take();
  writer.write("info", "after");
  const rest = drain(reader);
  t.match(rest.at(-2) ?? "", /^… \d+ lines? dropped$/);
  t.equal(rest.at(-1), "after");
  t.end();
});

test("RingWriter: a text longer than the ring takes is cut, and says so", (t) => {
  const { writer, reader } = pair();
  writer.write("info", "漢".repeat(1_000_000));
  const { text } = reader.take()!;
  t.match(text, /^漢+ … [\d,]+ characters more$/);
  t.ok(text.length < 16_384, `${text.length} characters`);
  t.end();
});

test("RingReader: memory that a program has written over ends, and harms nobody", (t) => {
  for (const value of [-1, 1, 7, 0x7fff_ffff, 0x1_0001]) {
    for (let word = 0; word < 24; word++) {
      const { memory, writer, reader } = pair();
      writer.write("info", "one");
      writer.write("info", "two");
      new Int32Array(memory)[word] = value;
      t.ok(drain(reader).length <= 4, `word ${word}: ${value}`);
    }
  }
  t.end();
});
