/**
 * An application in a test, in virtual time: hours in seconds, and the same again with the same
 * seed.
 */
import { join } from "node:path";
import test from "tape";
import { type App, startApp, TestError } from "reattach/test";
import { Valve } from "../../../../examples/greenhouse/services.js";

const GREENHOUSE = join(import.meta.dirname, "../../../../examples/greenhouse");
const HOUR_MS = 3_600_000;

/** What can be seen of a run. */
function storyOf({ log, deaths, now_ms }: App): object {
  return { log: [...log], deaths: [...deaths], now_ms };
}

/** A minute under faults. */
async function play(seed: number): Promise<object> {
  await using app = await startApp(GREENHOUSE, { seed });
  app.inject("kill:valve:700ms", "kill:controller:1s", "hang:i2c.0x36:5s");
  await app.advance("1 m");
  await app.rest();
  return { ...storyOf(app), count: await app.call(Valve, "count") };
}

test("startApp: virtual time, which goes on only while the test waits", async (t) => {
  await using app = await startApp(GREENHOUSE);
  const began_ms = app.now_ms;
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.ok(app.now_ms - began_ms < 1, "nobody has waited");
  await app.advance("1 h");
  t.ok(app.now_ms - began_ms >= HOUR_MS && app.now_ms - began_ms < HOUR_MS + 1_000, "an hour");
  await app.until(async () => Number(await app.hardware.control("openings")) > 3);
  await app.kill("valve");
  t.ok((await app.waitFor("death", { name: "valve" })).isInjected);
  await app.waitFor("ready", { name: "valve" });
  t.equal((await app.call(Valve, "count")).status, 0, "it answers");
  t.ok(app.stable("valve").byteLength > 0, "its ledger is there");
});

test("app.until: in virtual time a limit is one of the application's time", async (t) => {
  await using app = await startApp(GREENHOUSE);
  const since_ms = app.now_ms;
  const errors = [
    app.until(() => false, "2 m"),
    app.until(() => {
      throw new Error("no good");
    }),
  ].map((promise) => promise.catch((error: unknown) => error as Error));
  const [late, thrown] = await Promise.all(errors);
  t.ok(late instanceof TestError && thrown instanceof Error, "both reject");
  t.match((late as Error).message, /^until: not within 2 min/);
  t.equal((thrown as Error).message, "no good", "each with its own error");
  t.ok(app.now_ms - since_ms >= 120_000, "two minutes later");
});

test("startApp: the same seed gives the same run, another one another", async (t) => {
  const [one, again, other] = [await play(7), await play(7), await play(8)];
  t.deepEqual(again, one, "every line and every death at the same time");
  t.notDeepEqual(other, one);
});
