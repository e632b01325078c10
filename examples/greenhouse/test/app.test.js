/**
 * The greenhouse while its tasks are killed and its bus fails: the valve opens once for each
 * watering.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { startApp } from "reattach/test";

const MANIFEST = fileURLToPath(new URL("../manifest.json", import.meta.url));
const KILLS = 10;
/** As in pins.ts. */
const SENSOR = "i2c.0x36";
const VALVE_PIN = 25;
const SWITCH_PIN = 4;

/** They are killed more often than they would ever die. */
const restart = { minRun_ms: 0, backoff_ms: 0, intensity: 0, escalate: [] };

/** The application, with a controller that hardly waits and a valve that is soon closed. */
async function start(t) {
  const tasks = {
    sensor: { restart },
    valve: { args: { open_ms: 4 }, restart },
    controller: { args: { period_ms: 1 }, restart },
    display: { restart },
  };
  const app = await startApp(MANIFEST, { clock: "real", tasks });
  t.after(() => app.stop());
  return app;
}

const openings = (app) => app.hardware.control("openings");

/** Resolves when the valve has opened `count` times more. */
async function watered(app, count = 1) {
  const goal = (await openings(app)) + count;
  await app.until(async () => (await openings(app)) >= goal);
}

/** Switches the watering off; how many waterings the controller says there were. */
async function switchOff(app) {
  await app.hardware.drive(SWITCH_PIN, 0);
  const { text } = await app.waitFor("line", { task: "controller", text: /^done: \d+ waterings$/ });
  return Number(/\d+/.exec(text)[0]);
}

for (const name of ["valve", "sensor", "controller"]) {
  test(`${name} is killed ${KILLS} times, and each watering opens the valve once`, async (t) => {
    const app = await start(t);
    for (let kill = 0; kill < KILLS; kill++) {
      // The worst moment for the valve: it has just opened, and nobody has written that down.
      await watered(app);
      await app.kill(name);
    }
    await watered(app);
    await app.rest();
    const waterings = await switchOff(app);
    assert.ok(waterings > KILLS);
    assert.equal(await openings(app), waterings);
    assert.equal((await app.hardware.pin(VALVE_PIN)).rises, waterings, "as its wire says");
  });
}

test("a bus that hangs costs the sensor's driver a life, and the watering goes on", async (t) => {
  const app = await start(t);
  await watered(app);
  await app.hardware.fault("hang", SENSOR);
  await app.waitFor("death", { name: "sensor", cause: "throw" });
  await watered(app, 2);
  assert.equal(await openings(app), await switchOff(app));
});
