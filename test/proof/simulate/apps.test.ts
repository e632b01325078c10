/**
 * The applications with typical bugs: each runs as it is, and what the right ones claim holds on
 * real threads, while nothing strikes them.
 */
import test from "tape";
import { startApp } from "reattach/test";
import { APPS } from "./apps.js";

/** Lines after which it works. */
const LINES = 3;

test("test/proof/simulate: a dozen applications, each with a bug and without", (t) => {
  t.ok(APPS.length >= 12, `${APPS.length}`);
  t.end();
});

/** Bugs that show without a fault, sooner or later. */
const SHOWN_BY_TIME: readonly string[] = [
  "boot-race",
  "counter-overflow",
  "deadlock",
  "leak",
  "short-heartbeat",
];

/** Rejects when a check fails, which may be while it starts. */
async function untilFailed(manifest: string): Promise<string> {
  await using app = await startApp(manifest, { clock: "real", within: "60 s" });
  await app.until(() => false);
  return "";
}

test("test/proof/simulate: the checks tell bugs that show by themselves", async (t) => {
  const shown = APPS.filter(({ name }) => SHOWN_BY_TIME.includes(name));
  t.equal(shown.length, SHOWN_BY_TIME.length);
  for (const { name, buggy } of shown) {
    const why = await untilFailed(buggy).catch((error: Error) => error.message);
    t.match(why, /^checks have failed:/, name);
  }
});

for (const { name, right, buggy } of APPS) {
  test(`${name}: what it claims holds while nothing strikes it`, async (t) => {
    await using app = await startApp(right, { clock: "real" });
    await app.until(() => app.log.length >= LINES);
    await app.rest();
    t.deepEqual(app.failures, [], "no check has failed");
    t.deepEqual(
      app.deaths.filter(({ cause }) => cause !== "throw"),
      [],
      "nobody was ended",
    );
  });

  test(`${name}: the one with the bug runs too`, async (t) => {
    await using app = await startApp(buggy, { clock: "real", checks: false });
    await app.until(() => app.log.length + app.deaths.length >= 1);
    t.equal(app.deaths.filter(({ cause }) => cause === "syntax").length, 0, "it compiles");
  });
}
