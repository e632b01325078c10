/**
 * The weather station, while its sensor and its store are killed: nothing is lost, and every day
 * counts once. `npm start` does the same for longer, and compares every day with the recording.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { startApp } from "reattach/test";

const MANIFEST = fileURLToPath(new URL("../manifest.json", import.meta.url));
const KILLS = 5;
/** Of the recorded year. */
const DAYS = 365;

test(`sensor and store are killed ${KILLS} times each, and no reading is lost`, async (t) => {
  const app = await startApp(MANIFEST, { clock: "real" });
  t.after(() => app.stop());
  const { Station, Store } = await app.load("services");
  const sent = async () => (await app.call(Station, "status")).reply.sent;
  for (let kill = 0; kill < KILLS; kill++) {
    for (const name of ["sensor", "store"]) {
      const before = await sent();
      await app.kill(name);
      await app.until(async () => (await sent()) > before);
    }
  }
  await app.rest();
  await app.call(Station, "finish");
  await app.until(async () => (await app.call(Station, "status")).reply.isFinished);
  const { years, lost, wrong } = (await app.call(Station, "status")).reply;
  const { days } = (await app.call(Store, "totals")).reply;
  assert.deepEqual({ lost, wrong }, { lost: 0, wrong: 0 });
  assert.equal(days, years * DAYS, "every day of each year counts once");
});
