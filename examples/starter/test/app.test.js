/**
 * The application, while its tasks are killed: no note is lost, and none counts twice. That is what
 * simulation.ts says; each call of the application checks it.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { startApp } from "reattach/test";

const MANIFEST = fileURLToPath(new URL("../manifest.json", import.meta.url));
const KILLS = 20;
const NOTE = { task: "panel", text: /^note \d+:/ };

/** The application, with a panel that does not wait between two notes. */
async function start(t) {
  const tasks = { panel: { args: { period_ms: 1 } } };
  const app = await startApp(MANIFEST, { clock: "real", tasks });
  t.after(() => app.stop());
  return app;
}

for (const name of ["sensor", "logbook"]) {
  test(`${name} is killed ${KILLS} times, and the panel does not notice`, async (t) => {
    const app = await start(t);
    for (let kill = 0; kill < KILLS; kill++) {
      await app.waitFor("line", NOTE);
      await app.kill(name);
    }
    await app.waitFor("line", NOTE);
    await app.rest();
    assert.equal(app.task("panel").crashes, 0);
  });
}

test("a sensor that does not answer costs its driver a life, and the panel goes on", async (t) => {
  const app = await start(t);
  await app.waitFor("line", NOTE);
  await app.hardware.fault("nack", "i2c.0x48");
  await app.waitFor("death", { name: "sensor", cause: "throw" });
  await app.waitFor("ready", { name: "sensor" });
  await app.waitFor("line", NOTE);
  await app.rest();
});
