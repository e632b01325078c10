/**
 * The greenhouse in the simulator, while its tasks are killed and its bus fails: the valve opens
 * once for each watering.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { boot } from "reattach/node";

const FILE = fileURLToPath(new URL("../manifest.json", import.meta.url));
const KILLS = 10;
/** As in pins.ts. */
const SENSOR = "i2c.0x36";
const VALVE_PIN = 25;
const SWITCH_PIN = 4;

/** The application, with a controller that hardly waits and a valve that is soon closed. */
async function start(t) {
  const manifest = JSON.parse(readFileSync(FILE, "utf8"));
  const { tasks } = manifest.config.reattach;
  tasks.controller.args = { period_ms: 1 };
  tasks.valve.args = { open_ms: 4 };
  // They are killed more often than they would ever die.
  for (const task of Object.values(tasks)) {
    task.restart = { minRun_ms: 0, backoff_ms: 0, intensity: 0, escalate: [] };
  }
  const system = await boot(manifest, { baseDir: dirname(FILE), seed: 1 });
  t.after(() => system.stop());
  await system.start();
  return system;
}

const openings = (system) => system.hardware.control("openings");

/** Resolves when the valve has opened `count` times more. */
async function watered(system, count = 1) {
  const goal = (await openings(system)) + count;
  while ((await openings(system)) < goal) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** Switches the watering off; how many waterings the controller says there were. */
async function switchOff(system) {
  const done = new Promise((resolve) => {
    system.on("log", (task, _level, text) => {
      const match = /^done: (\d+) waterings$/.exec(text);
      if (task === "controller" && match !== null) resolve(Number(match[1]));
    });
  });
  await system.hardware.drive(SWITCH_PIN, 0);
  return done;
}

for (const name of ["valve", "sensor", "controller"]) {
  test(`${name} is killed ${KILLS} times, and each watering opens the valve once`, async (t) => {
    const system = await start(t);
    for (let kill = 0; kill < KILLS; kill++) {
      // The worst moment for the valve: it has just opened, and nobody has written that down.
      await watered(system);
      await system.kill(name);
    }
    await watered(system);
    const waterings = await switchOff(system);
    assert.ok(waterings > KILLS);
    assert.equal(await openings(system), waterings);
    assert.equal((await system.hardware.pin(VALVE_PIN)).rises, waterings, "as its wire says");
  });
}

test("a bus that hangs costs the sensor's driver a life, and the watering goes on", async (t) => {
  const system = await start(t);
  const death = new Promise((resolve) => system.on("death", ({ name }) => resolve(name)));
  await watered(system);
  await system.hardware.fault("hang", SENSOR);
  assert.equal(await death, "sensor");
  await watered(system, 2);
  const waterings = await switchOff(system);
  assert.equal(await openings(system), waterings);
});
