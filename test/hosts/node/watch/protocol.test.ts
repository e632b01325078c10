/**
 * What a sample says, and that each state has a character of its own.
 */
import test from "tape";
import {
  readSample,
  sampleChar,
  STATE_CHARS,
  type WatchedState,
} from "../../../../hosts/node/watch/protocol.js";

const PLAIN = Object.keys(STATE_CHARS) as WatchedState[];

/** The most tasks that there can be, and nobody that is known. */
const WHOM = [-1, 0, 1, 255, 510];

test("samples: each state has one character, and is read back from it", (t) => {
  const row = PLAIN.map((state) => sampleChar(state, -1)).join("");
  t.equal(row.length, PLAIN.length);
  t.deepEqual(
    PLAIN.map((_, index) => readSample(row, index)),
    PLAIN.map((state) => ({ state, whom: -1 })),
  );
  t.end();
});

test("samples: who waits names whom it waits for", (t) => {
  for (const state of ["SEND", "REPLY"] as const) {
    const row = WHOM.map((whom) => sampleChar(state, whom)).join("");
    t.equal(row.length, WHOM.length);
    t.deepEqual(
      WHOM.map((_, index) => readSample(row, index)),
      WHOM.map((whom) => ({ state, whom })),
    );
  }
  t.end();
});

test("samples: a character of nobody's is a state that is not known", (t) => {
  t.deepEqual(readSample("%", 0), { state: "UNKNOWN", whom: -1 });
  t.deepEqual(readSample("", 0), { state: "UNKNOWN", whom: -1 }, "behind the end");
  t.end();
});
