/**
 * Stable state, as much for each task as its manifest says.
 */
import * as fc from "fast-check";
import test from "tape";
import { limitsIn } from "../../../src/arena/arena.js";
import { DEFAULT_LIMITS } from "../../../src/arena/limits.js";
import { describeRegions, layoutOf } from "../../../src/arena/regions.js";
import { EMSGSIZE } from "../../../src/kernel/errno.js";
import {
  stableBytesOf,
  stableCommit,
  stableOf,
  stableRead,
  stableRoom,
} from "../../../src/kernel/stable.js";
import { check, seeded } from "./seed.js";
import { as, Bench } from "./vms.js";

const SIZES = [0, 3, 64, 0, 1, 8, 0, 65_536];

/** Has all tasks commit as much as they may, and reads it back in their successors. */
function survives(sizes: readonly number[]): boolean {
  const bench = new Bench({ tasks: sizes.length, stableBytes: 16, stableBytesOf: sizes });
  const fill = (i: number, bytes: number): Uint8Array =>
    Uint8Array.from({ length: bytes }, (_, j) => (7 * i + j) & 0xff);
  const commits = sizes.map((bytes, i) => {
    const task = bench.start(i + 1);
    const isKept = as(task, () => {
      const most = stableCommit(fill(i, bytes + 1), bytes + 1) === -EMSGSIZE;
      const room = stableRoom() === bytes;
      // Twice: either copy has its turn.
      stableCommit(fill(i + 1, bytes), bytes);
      const status = stableCommit(fill(i, bytes), bytes);
      return most && room && status === (bytes === 0 ? -EMSGSIZE : 0);
    });
    bench.bury(task);
    return isKept;
  });
  const reads = sizes.map((bytes, i) => {
    const state = new Uint8Array(bytes);
    const count = as(bench.start(i + 1), () => stableRead(state));
    const seen = as(bench.main, () => stableBytesOf(i + 1));
    const copy = as(bench.main, () => stableOf(i + 1))!;
    const expected = fill(i, bytes);
    const isCopied = copy.length === bytes && copy.every((byte, j) => byte === expected[j]);
    const isRead = state.every((byte, j) => byte === expected[j]);
    return count === bytes && seen === bytes && isRead && isCopied;
  });
  return commits.every(Boolean) && reads.every(Boolean);
}

test("stableBytes of each task: what it commits is its own, and no more than it may", (t) => {
  t.ok(survives(SIZES), "eight sizes");
  t.end();
});

test("stableOf: nothing of a task that has not committed, and a copy of what it has", (t) => {
  const bench = new Bench({ tasks: 1, stableBytes: 4 });
  const task = bench.start(1);
  const look = (): Uint8Array => as(bench.main, () => stableOf(1))!;
  t.equal(look().length, 0, "nothing yet");
  as(task, () => stableCommit(Uint8Array.of(1, 2, 3), 3));
  const first = look();
  as(task, () => stableCommit(Uint8Array.of(4), 1));
  as(task, () => stableCommit(Uint8Array.of(5), 1));
  t.deepEqual([...first], [1, 2, 3], "what was seen stays");
  t.deepEqual([...look()], [5], "the last commit, as long as it was");
  t.end();
});

test("stableOf: null when the task commits again whenever it is looked at", (t) => {
  const bench = new Bench({ tasks: 1, stableBytes: 4 });
  const task = bench.start(1);
  as(task, () => stableCommit(Uint8Array.of(1), 1));
  as(bench.main, () => {
    const { bytes } = $vm;
    let looks = 0;
    const restless = {
      slice: () => {
        looks++;
        as(task, () => stableCommit(Uint8Array.of(looks), 1));
        return new Uint8Array(0);
      },
    };
    Object.defineProperty($vm, "bytes", { value: restless, configurable: true });
    t.equal(stableOf(1), null, "it gives up");
    t.ok(looks > 1, `after ${looks} looks`);
    Object.defineProperty($vm, "bytes", { value: bytes, configurable: true });
  });
  t.end();
});

test(seeded("stableBytes of each task: any sizes, also none"), (t) => {
  const size = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 80 }));
  check(fc.property(fc.array(size, { minLength: 1, maxLength: 12 }), survives));
  t.pass("all are kept apart");
  t.end();
});

test("stableBytes of each task: the arena pays for what is used, and says so", (t) => {
  const limits = { ...DEFAULT_LIMITS, tasks: 4, stableBytes: 0, stableBytesOf: [0, 4_420, 0, 0] };
  const bytesOf = (name: string): number =>
    describeRegions(limits).find((region) => region.name === name)!.bytes;
  t.equal(bytesOf("stable"), 4 + 2 * 4_420, "one task's, twice, and a word");
  t.equal(bytesOf("stable index"), 4 * 8, "where each is");
  const alike = { ...DEFAULT_LIMITS, tasks: 4, stableBytes: 4_420 };
  const saved = layoutOf(alike).totalBytes - layoutOf(limits).totalBytes;
  t.equal(saved, 3 * (4 + 2 * 4_420) - 4 * 8, "what the others do not have");
  const bench = new Bench(limits);
  // One limit is of the manifest alone.
  const found = (words: Int32Array): object => ({
    messageTrace: DEFAULT_LIMITS.messageTrace,
    ...limitsIn(words),
  });
  t.deepEqual(found(bench.main.words), limits, "every VM finds it in the arena");
  t.deepEqual(found(new Bench().main.words), DEFAULT_LIMITS, "and nothing where all are alike");
  t.end();
});
