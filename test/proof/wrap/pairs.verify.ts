/**
 * Two words near their ends at once: what crosses together must not confuse each other.
 */
import test from "tape";
import { CONVERSATIONS } from "./conversations.js";
import { play, ROWS } from "./matrix.js";

for (const [at, row] of ROWS.entries()) {
  test(`wrap: ${row.word} together with each other word`, (t) => {
    let played = 0;
    for (const other of ROWS.slice(at + 1)) {
      for (const conversation of Object.keys(CONVERSATIONS)) {
        for (const power of [row.bits, 31, 32]) {
          played++;
          try {
            play(
              [
                [row, 2 ** power - 2],
                [other, 2 ** other.bits - 2],
              ],
              conversation,
            );
          } catch (error) {
            t.fail(`${row.word} 2^${power}, ${other.word}, ${conversation}: ${String(error)}`);
          }
        }
      }
    }
    t.pass(`${played} conversations`);
    t.end();
  });
}
