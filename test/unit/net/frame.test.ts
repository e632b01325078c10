/**
 * What goes from board to board: read as it was written, and what is none is refused.
 */
import * as fc from "fast-check";
import test from "tape";
import * as F from "../../../src/net/frame.js";
import { check, seeded } from "../kernel/seed.js";

const byte = fc.integer({ min: 0, max: 0xff });
const half = fc.integer({ min: 0, max: 0xffff });
const word = fc.integer({ min: 0, max: 0xffff_ffff });
const header = fc.record({
  type: fc.integer({ min: F.CALL, max: F.PULSE }),
  attempt: fc.integer({ min: 0, max: 7 }),
  service: byte,
  life: byte,
  priority: byte,
  session: word,
  client: word,
  number: half,
  room: half,
});
const body = fc.uint8Array({ minLength: F.PULSE_BODY_BYTES, maxLength: 40 });

test(seeded("frameOf: readHeader reads what was written, and the body follows"), (t) => {
  check(
    fc.property(header, body, (given, bytes) => {
      const frame = F.frameOf(given, bytes);
      const read = F.createHeader();
      if (!F.readHeader(frame, read)) throw new Error("it is a frame");
      t.deepEqual(read, { ...given });
      t.deepEqual([...frame.subarray(F.HEADER_BYTES)], [...bytes]);
    }),
    30,
  );
  t.end();
});

test("frameOf: `count` bytes of a longer body", (t) => {
  const frame = F.frameOf({ ...F.createHeader(), type: F.CALL }, Uint8Array.of(1, 2, 3), 2);
  t.deepEqual([...frame.subarray(F.HEADER_BYTES)], [1, 2]);
  t.end();
});

test("readHeader: every byte of a frame has its place", (t) => {
  const given = {
    type: F.CALL,
    attempt: 5,
    service: 0x12,
    life: 0x34,
    priority: 0x56,
    session: 0x1122_3344,
    client: 0x5566_7788,
    number: 0x99aa,
    room: 0xbbcc,
  };
  const expected = "151234564433221188776655aa99ccbb";
  t.equal(Buffer.from(F.frameOf(given, new Uint8Array(0))).toString("hex"), expected);
  t.end();
});

/** The fewest bytes of the body of each type. */
const SHORTEST: readonly (readonly [number, number])[] = [
  [F.CALL, 0],
  [F.REPLY, 4],
  [F.LOST, 1],
  [F.BYE, 0],
  [F.PULSE, F.PULSE_BODY_BYTES],
];

test("readHeader: what is too short for its type, or of no type, is no frame", (t) => {
  const read = F.createHeader();
  for (const [type, count] of SHORTEST) {
    const frame = F.frameOf({ ...F.createHeader(), type }, new Uint8Array(count));
    t.ok(F.readHeader(frame, read), `type ${type} with ${count} bytes`);
    t.notOk(F.readHeader(frame.subarray(0, -1), read), `type ${type} with one less`);
  }
  for (const type of [0, F.PULSE + 1, 15]) {
    const frame = F.frameOf({ ...F.createHeader(), type }, new Uint8Array(16));
    t.notOk(F.readHeader(frame, read), `type ${type}`);
  }
  t.notOk(F.readHeader(new Uint8Array(0), read), "nothing");
  t.end();
});

test("readHeader: of a view that does not begin at the start of its buffer", (t) => {
  const given = { ...F.createHeader(), type: F.BYE, client: 77 };
  const shifted = new Uint8Array(F.HEADER_BYTES + 3);
  shifted.set(F.frameOf(given, new Uint8Array(0)), 3);
  const read = F.createHeader();
  t.ok(F.readHeader(shifted.subarray(3), read));
  t.equal(read.client, 77);
  t.end();
});

test("isOlder: half of all numbers are, also where they wrap", (t) => {
  t.notOk(F.isOlder(5, 5), "the same");
  t.ok(F.isOlder(4, 5));
  t.notOk(F.isOlder(6, 5));
  t.ok(F.isOlder(F.NUMBERS - 1, 0), "the last one is older than the first of the next round");
  t.notOk(F.isOlder(0, F.NUMBERS - 1));
  t.notOk(F.isOlder(F.NUMBERS / 2 - 1, 0));
  t.ok(F.isOlder(F.NUMBERS / 2, 0));
  t.end();
});

test(seeded("isOlder: of two that are no half round apart, one is older"), (t) => {
  check(
    fc.property(half, fc.integer({ min: 1, max: F.NUMBERS / 2 - 1 }), (number, more) => {
      const later = (number + more) % F.NUMBERS;
      return F.isOlder(number, later) && !F.isOlder(later, number);
    }),
  );
  t.end();
});

test(seeded("sessionOf: 32 bits, another one when either board has booted anew"), (t) => {
  check(
    fc.property(word, word, word, (client, server, other) => {
      const session = F.sessionOf(client, server);
      fc.pre(other !== client && other !== server);
      return (
        session >= 0 &&
        session <= 0xffff_ffff &&
        Number.isInteger(session) &&
        F.sessionOf(other, server) !== session &&
        F.sessionOf(client, other) !== session
      );
    }),
  );
  t.notEqual(F.sessionOf(1, 2), F.sessionOf(2, 1), "who is the client matters");
  t.end();
});
