/**
 * How the port of Node.js copies: by whichever way it goes, exactly the bytes that were asked for.
 */
import * as fc from "fast-check";
import test from "tape";
import { createPort } from "../../../hosts/node/host/port.js";
import { check, seeded } from "../../unit/kernel/seed.js";

const { copy } = createPort({
  mayBlock: true,
  spinMax: 0,
  isGuarded: false,
  log: () => {},
  manager: null,
});
const ARENA_BYTES = 1_024;

/** Bytes that differ from their neighbours. */
function someBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 167 + 13) % 251);
}

function arenaOf(bytes: Uint8Array): Uint8Array {
  const arena = new Uint8Array(new SharedArrayBuffer(bytes.length));
  arena.set(bytes);
  return arena;
}

test(seeded("copy: the bytes that were asked for, and no others, again and again"), (t) => {
  const part = fc.record({
    from: fc.nat(300),
    to: fc.nat(300),
    count: fc.oneof(fc.nat(20), fc.nat(600)),
    offset: fc.nat(3),
    times: fc.integer({ min: 1, max: 4 }),
    isOut: fc.boolean(),
  });
  check(
    fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), (parts) => {
      const arena = arenaOf(someBytes(ARENA_BYTES));
      const own = new Uint8Array(someBytes(ARENA_BYTES).buffer, 3, ARENA_BYTES - 8);
      for (const { from, to, count, times, isOut } of parts) {
        const [target, source] = isOut ? [own, arena] : [arena, own];
        // The same part of the arena several times, with other bytes in it each time.
        for (let i = 0; i < times; i++) {
          source[from + i] = i + count;
          const expected = Uint8Array.from(target);
          expected.set(source.slice(from, from + count), to);
          copy(target, to, source, from, count);
          if (Buffer.compare(target, expected) !== 0) return false;
        }
      }
      return true;
    }),
  );
  t.pass("all the same");
  t.end();
});

test("copy: whole arrays, of any length", (t) => {
  for (const length of [0, 1, 16, 17, 64, 255, 256, 257, 700]) {
    const own = someBytes(length);
    const arena = arenaOf(new Uint8Array(ARENA_BYTES));
    copy(arena, 100, own, 0, length);
    t.deepEqual(arena.slice(100, 100 + length), own, `${length} bytes in`);
    t.ok(
      arena.slice(100 + length).every((byte) => byte === 0),
      "and none behind them",
    );
    const back = new Uint8Array(length);
    copy(back, 0, arena, 100, length);
    t.deepEqual(back, own, `${length} bytes out`);
  }
  t.end();
});

test("copy: an array that says what it likes of itself gets its own bytes, or none", (t) => {
  const liar = someBytes(ARENA_BYTES);
  Object.defineProperty(liar, "length", { value: 64 });
  Object.defineProperty(liar, "byteOffset", { value: 900 });
  const arena = arenaOf(new Uint8Array(ARENA_BYTES));
  copy(arena, 0, liar, 0, 64);
  t.deepEqual(arena.slice(0, 64), liar.slice(0, 64), "64 bytes of the array that says it has 64");
  t.ok(
    arena.slice(64).every((byte) => byte === 0),
    "and not the 1,024 that it has",
  );

  const moved = new Uint8Array(64).fill(7);
  structuredClone(moved.buffer, { transfer: [moved.buffer] });
  for (const count of [8, 64, 300]) copy(arena, 200, moved, 0, count);
  t.ok(
    arena.slice(200 + 300).every((byte) => byte === 0),
    "nothing breaks on a detached array",
  );

  const big = Object.setPrototypeOf(new BigInt64Array(64), Uint8Array.prototype) as Uint8Array;
  for (const count of [8, 64, 300]) copy(arena, 600, big, 0, count);
  t.pass("nor on one of another kind that says that it holds bytes");

  const asked: PropertyKey[] = [];
  const proxy = new Proxy(new Uint8Array(64), {
    get(target, key) {
      asked.push(key);
      return Reflect.get(target, key) as unknown;
    },
  });
  copy(arena, 0, proxy, 0, 64);
  t.deepEqual(asked, [], "no code of a proxy's maker runs");
  t.end();
});
