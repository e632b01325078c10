/**
 * The matrix: every counting word × every boundary × every conversation.
 */
import type test from "tape";
import { CONVERSATIONS } from "./conversations.js";
import { type Row, ROWS } from "./rows.js";
import { Stage } from "./stage.js";

/** From so many before a boundary to so many behind it. */
const AROUND = [-2, -1, 0, 1, 2];

/** Numbers at which a word may begin again: powers of two, and what is around them. */
export function boundariesOf(powers: readonly number[]): number[] {
  return powers.flatMap((power) => AROUND.map((off) => 2 ** power + off));
}

/** Plays one conversation with a word at a number. Throws when something is wrong. */
export function play(rows: readonly (readonly [Row, number])[], conversation: string): void {
  const stage = new Stage();
  const set = (when: Row["when"]): void => {
    for (const [row, n] of rows) if (row.when === when) row.set(stage, n);
  };
  set("made");
  stage.startAll();
  set("started");
  stage.connect();
  set("connected");
  CONVERSATIONS[conversation]!(stage);
}

/** Plays all conversations with one word near each of the boundaries. How many there were. */
export function playRow(t: test.Test, row: Row, powers: readonly number[]): number {
  const boundaries = boundariesOf([...new Set([...powers, row.bits])]);
  let played = 0;
  for (const conversation of Object.keys(CONVERSATIONS)) {
    for (const n of boundaries) {
      played++;
      try {
        play([[row, n]], conversation);
      } catch (error) {
        t.fail(`${row.word} at ${n}, ${conversation}: ${(error as Error).stack}`);
        break;
      }
    }
  }
  return played;
}

export { ROWS };
