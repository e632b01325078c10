/**
 * Tests of the runner of tests: several outputs of tape as one.
 */
import test from "tape";
import { type Lane, Tap } from "../lanes.js";

const LANE: Lane = { name: "a lane", args: [] };
const GOOD = "TAP version 13\n# one\nok 1 a\nok 2 b\n\n1..2\n# tests 2\n# pass  2\n\n# ok\n";
const BAD =
  "TAP version 13\n# two\nnot ok 1 c\n  ---\n  ...\nok 2 # tests 9\n\n1..2\n" +
  "# tests 2\n# pass  1\n# fail  1\n";
const CRASHED = "TAP version 13\n# three\nok 1 d\n";

type Part = readonly [output: string, code: number | string, errors?: readonly string[]];

function join(...parts: readonly Part[]): { text: string; isGood: boolean } {
  const lines: string[] = [];
  const tap = new Tap((line) => lines.push(line));
  for (const [output, code, errors = []] of parts) {
    for (const line of output.split("\n")) tap.add(line);
    tap.end(LANE, { code, errors });
  }
  const isGood = tap.finish();
  return { text: lines.join("\n").replaceAll(/\n{2,}/g, "\n"), isGood };
}

test("lanes: assertions are numbered through, and there is one sum", (t) => {
  const { text, isGood } = join([GOOD, 0], [BAD, 1]);
  t.equal(
    text,
    "TAP version 13\n# one\nok 1 a\nok 2 b\n# two\nnot ok 3 c\n  ---\n  ...\nok 4 # tests 9\n" +
      "1..4\n# tests 4\n# pass  3\n# fail  1",
  );
  t.notOk(isGood);
  t.end();
});

test("lanes: all is well", (t) => {
  const { text, isGood } = join([GOOD, 0], [GOOD, 0]);
  t.match(text, /\n1\.\.4\n# tests 4\n# pass {2}4\n# ok$/);
  t.ok(isGood);
  t.end();
});

test("lanes: one that crashes has failed, and what it has passed is not counted", (t) => {
  const { text, isGood } = join([GOOD, 0], [CRASHED, "SIGSEGV"]);
  t.match(text, /^not ok 4 a lane: its process ended with SIGSEGV in "three"$/m);
  t.match(text, /\n# tests 3\n# pass {2}2\n# fail {2}1$/);
  t.notOk(isGood);
  t.end();
});

test("lanes: of one that crashes, the engine's own words are told", (t) => {
  const errors = ["a line of a test", "FATAL ERROR: no memory", "1: 0xb8d0 node::Abort()"];
  const end = (lines: readonly string[]): string => join([CRASHED, "SIGABRT", lines]).text;
  t.match(end(errors), /^not ok 2 a lane: .* SIGABRT in "three": FATAL ERROR: no memory$/m);
  t.match(end(["one", "two"]), /^not ok 2 .*: two$/m, "or its last line");
  t.end();
});

test("lanes: what was skipped is said again at the end, each reason once", (t) => {
  const skips = "TAP version 13\n# four\nok 1 no chip # SKIP\nok 2 no chip # SKIP\n# SKIP five\n";
  const { text, isGood } = join([`${skips}\n1..2\n# tests 2\n# pass  2\n\n# ok\n`, 0], [GOOD, 0]);
  // t.match would print the text, and CI would count what is in it.
  const end = /\n# ok\n# skipped 3: .*\n# {3}2 x {2}no chip\n# {3}1 x {2}five$/;
  t.ok(end.test(text), "how often, and why");
  t.ok(isGood, "it is no failure");
  t.notOk(join([GOOD, 0]).text.includes("skipped"), "nothing is said where all has run");
  t.end();
});

test("lanes: one that fails after its last test has failed", (t) => {
  t.match(join([GOOD, 3]).text, /^not ok 3 .* ended with 3 after its last test$/m);
  t.end();
});
