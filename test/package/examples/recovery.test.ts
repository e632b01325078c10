/**
 * The examples of docs/recovery.md do what it says.
 */
import test from "tape";
import { play } from "./play.js";

test("examples/recovery/first: no message fails while the server crashes", async (t) => {
  const { lines, deaths } = await play("recovery/first");
  const answers = [1, 2, 3, 1, 2, 3, 1, 2, 3, 1];
  t.deepEqual(
    lines,
    [
      ...answers.map((answer, i) => `message ${i + 1}: answer ${answer}`),
      "done: no message failed",
    ],
    "every answer",
  );
  t.equal(deaths.length, 3, "after three crashes");
});

test("examples/recovery/session: each server is told who the client is", async (t) => {
  const { lines, deaths } = await play("recovery/session");
  t.equal(lines.at(-1), "done: 3 logins, and no message was refused", "three servers");
  t.notOk(
    lines.some((line) => line.includes("-")),
    "no error",
  );
  t.equal(deaths.length, 2, "two crashes");
});

test("examples/recovery/failover: somebody always answers", async (t) => {
  const { lines } = await play("recovery/failover");
  t.match(lines[0]!, /^answers: PPPPsss/, "first the primary, then the spare");
  t.match(lines[0]!, /s+P/, "and the primary again");
  t.equal(lines.at(-1), "done: somebody always answered", "to the end");
});

test("examples/recovery/once: the counter is right wherever its server dies", async (t) => {
  const { lines, deaths } = await play("recovery/once");
  t.equal(lines.at(-1), "done: 60, and 12 times 5 is 60", "twelve times five");
  for (const when of ["before", "while", "after"]) {
    const count = deaths.filter((text) => text.includes(`crashed ${when}`)).length;
    t.equal(count, 3, `${when} its effect`);
  }
});
