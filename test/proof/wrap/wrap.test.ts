/**
 * Every word of the arena that counts, over the places where it may begin again.
 */
import test from "tape";
import { playRow, ROWS } from "./matrix.js";
import { PLAIN } from "./rows.js";

/** npm run verify plays all powers from 2^8 on. */
const POWERS = process.env["WRAP_POWERS"] === "all" ? range(8, 32) : [8, 31, 32];

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

test("wrap: a word either counts or does not, and is named once", (t) => {
  const words = [...ROWS.map(({ word }) => word), ...PLAIN];
  const twice = words.filter((word, i) => words.indexOf(word) !== i);
  t.deepEqual(twice, []);
  t.end();
});

for (const row of ROWS) {
  test(`wrap: ${row.word}: every call works over each boundary`, (t) => {
    const played = playRow(t, row, POWERS);
    t.ok(played > 0, `${played} conversations`);
    t.end();
  });
}
