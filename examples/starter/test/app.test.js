/**
 * The application in the simulator, while its tasks are killed: no note is lost, and none counts
 * twice.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { boot } from "reattach/node";

const FILE = fileURLToPath(new URL("../manifest.json", import.meta.url));
const KILLS = 20;

/** The application, with a panel that does not wait between two notes. */
async function start() {
  const manifest = JSON.parse(readFileSync(FILE, "utf8"));
  manifest.config.reattach.tasks.panel.args = { period_ms: 1 };
  return boot(manifest, { baseDir: dirname(FILE), seed: 1 });
}

for (const name of ["sensor", "logbook"]) {
  test(`${name} is killed ${KILLS} times, and the panel does not notice`, async (t) => {
    const system = await start();
    t.after(() => system.stop());
    const notes = [];
    let hear = () => {};
    system.on("log", (task, _level, text) => {
      const note = /^note (\d+):/.exec(text);
      if (task !== "panel" || note === null) return;
      notes.push(Number(note[1]));
      hear();
    });
    const nextNote = () => new Promise((resolve) => (hear = resolve));
    await system.start();
    for (let kill = 0; kill < KILLS; kill++) {
      await nextNote();
      await system.kill(name);
    }
    await nextNote();
    assert.ok(notes.length > KILLS);
    assert.deepEqual(
      notes,
      notes.map((_, i) => i + 1),
      "each note counts once",
    );
  });
}

test("a sensor that does not answer costs its driver a life, and the panel goes on", async (t) => {
  const system = await start();
  t.after(() => system.stop());
  let deaths = 0;
  system.on("death", () => deaths++);
  await system.start();
  await system.hardware.fault("nack", "i2c.0x48");
  await new Promise((resolve) => setTimeout(resolve, 200));
  await system.hardware.restore();
  const isShown = new Promise((resolve) => {
    system.on(
      "log",
      (task, _level, text) => task === "panel" && text.startsWith("note") && resolve(),
    );
  });
  await isShown;
  assert.ok(deaths > 0, "its driver died of it");
});
