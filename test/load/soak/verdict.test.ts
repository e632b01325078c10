/**
 * The verdict of a soak on series that are made up: which of them leak.
 */
import test from "tape";
import { seededRandom } from "../../../src/manager/supervise/random.js";
import { judgeSeries, WINDOWS } from "./verdict.js";

const LENGTH = 240;
const MB = 1_000_000;

/** A series of readings, `at` being 0 at its start and 1 at its end. */
function series(value: (at: number, random: () => number) => number): number[] {
  const random = seededRandom(1);
  return Array.from({ length: LENGTH }, (_, i) => value(i / LENGTH, random));
}

/** A saw tooth, as a heap between two collections. */
function tooth(at: number): number {
  return ((at * 60) % 1) * 8 * MB;
}

const CASES: readonly [name: string, values: number[], isFlat: boolean][] = [
  ["a constant", series(() => 50 * MB), true],
  ["noise", series((_, random) => 50 * MB + random() * 20 * MB), true],
  ["a heap with collections", series((at) => 30 * MB + tooth(at)), true],
  ["a warm-up and then nothing", series((at) => 50 * MB + Math.min(at, 0.2) * 100 * MB), true],
  ["a single step", series((at) => (at < 0.6 ? 50 : 60) * MB), true],
  ["one odd window", series((at) => (at > 0.5 && at < 0.56 ? 90 : 50) * MB), true],
  ["a slow growth within the limit", series((at) => 50 * MB + at * 1.5 * MB), true],
  ["a fall", series((at) => 50 * MB - at * 20 * MB), true],
  ["a leak", series((at) => 50 * MB + at * 10 * MB), false],
  ["a leak in noise", series((at, random) => (50 + at * 20 + random() * 8) * MB), false],
  ["a leak under a saw tooth", series((at) => 30 * MB + at * 6 * MB + tooth(at)), false],
  ["a leak in steps", series((at) => (50 + 4 * Math.floor(at * 6)) * MB), false],
];

for (const [name, values, isFlat] of CASES) {
  test(`judgeSeries: ${name} is ${isFlat ? "flat" : "found"}`, (t) => {
    const judgement = judgeSeries({ name, values, limit: 2 * MB, reason: "" });
    t.equal(judgement.isFlat, isFlat, `growth ${judgement.growth}, rising ${judgement.rising}`);
    t.end();
  });
}

test("judgeSeries: says nothing of a run that was too short", (t) => {
  const values = Array.from({ length: WINDOWS }, (_, i) => i * MB);
  t.equal(judgeSeries({ name: "short", values, limit: 1, reason: "" }).isFlat, null);
  t.end();
});
