/**
 * What threads note beside their records: the first bytes of messages, times by connection, heap;
 * and that what is written over while it is read is left out.
 */
import test from "tape";
import {
  createDetails,
  DetailReader,
  DetailWriter,
  KEPT_BYTES,
} from "../../../../hosts/node/trace/details.js";

const PLACE = 1;
const ENTRIES = 8_192;
/** The arena of a task, of which only the buffers count. */
const source = Int32Array.from({ length: 64 }, (_, i) => 0x0302_0100 + i * 0x0404_0404);
const bytesOf = (count: number): number[] => [...new Uint8Array(source.buffer, 0, count)];

function pair(): { writer: DetailWriter; reader: DetailReader; memory: SharedArrayBuffer } {
  const memory = createDetails(3);
  return {
    memory,
    writer: new DetailWriter(memory, PLACE),
    reader: new DetailReader(memory, PLACE),
  };
}

function read(reader: DetailReader, record: number) {
  const entry = reader.index().get(record);
  return entry === undefined ? null : reader.read(entry, record);
}

test("details: a message and its answer, of any length", (t) => {
  const { writer, reader } = pair();
  for (const [record, bytes] of [0, 1, 3, 4, 5, KEPT_BYTES - 1, KEPT_BYTES, 200].entries()) {
    const kept = bytesOf(Math.min(bytes, KEPT_BYTES));
    writer.sent(record + 1, 0, 7, 64, source, 0, bytes);
    const before = read(reader, record + 1)!;
    t.deepEqual([before.coid, before.answer], [7, null], `${bytes} bytes`);
    t.deepEqual([before.request.bytes, [...before.request.kept]], [bytes, kept]);
    writer.returned(0, true, source, 0, bytes);
    const { answer } = read(reader, record + 1)!;
    t.deepEqual([answer?.bytes, [...answer!.kept]], [bytes, kept], "and as much of an answer");
  }
  t.end();
});

test("details: an error is no answer, and what was never sent ends nothing", (t) => {
  const { writer, reader } = pair();
  writer.returned(0, true, source, 0, 4);
  writer.sent(9, 0, 7, 64, source, 0, 4);
  writer.returned(0, false, source, 0, 0);
  writer.returned(0, true, source, 0, 4);
  t.equal(read(reader, 9)!.answer, null);
  t.deepEqual([...reader.index().keys()], [9]);
  t.end();
});

test("details: the last messages are kept, and an entry is no other's", (t) => {
  const { memory, writer, reader } = pair();
  writer.sent(1, 0, 7, 64, source, 0, 4);
  const entry = reader.index().get(1)!;
  for (let record = 2; record <= ENTRIES + 1; record++) writer.sent(record, 0, 7, 64, source, 0, 4);
  t.equal(reader.read(entry, 1), null, "written over");
  t.equal(reader.index().size, ENTRIES);
  const successor = new DetailWriter(memory, PLACE);
  successor.sent(ENTRIES + 2, 0, 7, 64, source, 0, 4);
  t.equal(read(reader, 2), null, "a successor goes on");
  t.ok(read(reader, 3) !== null, "and leaves the others alone");
  for (const place of [0, 2]) {
    t.equal(new DetailReader(memory, place).index().size, 0, `block ${place} is untouched`);
  }
  t.end();
});

test("details: an entry whose writer died in it is void", (t) => {
  const { memory, reader } = pair();
  let left = 0;
  for (let step = 0, isDead = true; isDead; step++) {
    const words = new Proxy(source, {
      get: (target, key) => {
        if (key === "0" && left-- === 0) throw new Error("dead");
        return Reflect.get(target, key) as unknown;
      },
    });
    left = step;
    isDead = false;
    try {
      new DetailWriter(memory, PLACE).sent(step + 1, 0, 7, 64, words, 0, 4);
    } catch {
      isDead = true;
    }
    t.equal(read(reader, step + 1) === null, isDead);
  }
  t.end();
});

test("details: times by connection; they begin again with another server or incarnation", (t) => {
  const { memory, writer, reader } = pair();
  const call = (coid: number, server: number, took_us: number): void => {
    writer.sent(1, -5, coid, server, source, 0, 4);
    writer.returned((took_us - 5) | 0, true, source, 0, 4);
  };
  t.equal(reader.trips(3), null, "none yet");
  for (const took_us of [0, 1, 5, 7, 1e6]) call(3, 64, took_us);
  call(0x4000_0000, 64, 2);
  t.deepEqual(reader.trips(3), [1, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  t.equal(reader.trips(0x4000_0000)?.[2], 1, "a side channel");
  call(3, 96, 1);
  t.deepEqual(reader.trips(3)?.slice(0, 3), [0, 1, 0], "it leads to another task");
  for (let coid = 100; coid < 140; coid++) call(coid, 64, 1);
  t.equal(reader.trips(129)?.[1], 1, "thirty-two have room");
  t.equal(reader.trips(130), null, "more are not counted");
  void new DetailWriter(memory, PLACE);
  t.equal(reader.trips(3), null, "the next incarnation");
  t.end();
});

test("details: the heap, as it was said last", (t) => {
  const { memory, writer, reader } = pair();
  t.equal(reader.heap(), null);
  writer.heap(3_000_000, 5e9);
  t.deepEqual(reader.heap(), { used: 3_000_320, most: 4_999_999_488 });
  void new DetailWriter(memory, PLACE);
  t.equal(reader.heap(), null, "of the next incarnation nothing is known");
  t.end();
});

test("details: all blocks together have a bound", (t) => {
  for (const places of [1, 33, 512]) {
    const { byteLength } = createDetails(places);
    t.ok(byteLength <= 32 * 1_048_576, `${places} places: ${byteLength} bytes`);
    const [first, last] = [0, places - 1].map((i) => new DetailWriter(createDetails(places), i));
    t.ok(first && last);
  }
  t.end();
});
