/**
 * Sleeping and waking over the ends of the words they use: a thread rings whoever is announced.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import test from "tape";
import * as L from "../../../src/arena/layout.js";
import { awaitBell, FOREVER } from "../../../src/kernel/task/doorbell.js";
import { as, portOf } from "../../unit/kernel/vms.js";
import { boundariesOf } from "./matrix.js";
import { CLIENT, expect, Stage } from "./stage.js";

/** Sleeps near each boundary. */
const SLEEPS = 5;
/** The first slice of a sleep. */
const SLICE_MS = 2_000;
/** The waker sees nobody asleep. */
const PATIENCE_MS = 30_000;
const WORDS = {
  TASK_SLEEPS: L.TASK_SLEEPS,
  TASK_BELL: L.TASK_BELL,
  TASK_WOKEN: L.TASK_WOKEN,
  TASK_SAVES: L.TASK_SAVES,
  TASK_SINCE: L.TASK_SINCE,
};

/** Rings a task whenever it is announced as asleep, as ring() does: once a sleep. */
const WAKER = `
  const { workerData, parentPort } = require("node:worker_threads");
  const { words, sleep, bell, woken, poison } = workerData;
  parentPort.postMessage("ready");
  while (Atomics.load(words, poison) === 0) {
    const number = Atomics.load(words, sleep);
    if (number === 0) continue;
    Atomics.add(words, bell, 1);
    while (Atomics.load(words, sleep) === number && Atomics.notify(words, bell, 1) === 0);
    words[woken] = number;
    while (Atomics.load(words, sleep) === number);
  }
`;

for (const [word, place] of Object.entries(WORDS)) {
  test(`wrap: ${word}: a sleeper is announced, and woken, at each boundary`, async (t) => {
    const stage = new Stage();
    stage.startAll();
    stage.connect();
    portOf(stage.client).sliceMin_ms = SLICE_MS;
    const at = (field: number): number => stage.task(CLIENT, field);
    const { words } = stage;
    const poison = at(L.TASK_POISON);
    const places = { sleep: at(L.TASK_SLEEP), bell: at(L.TASK_BELL), woken: at(L.TASK_WOKEN) };
    const worker = new Worker(WAKER, { eval: true, workerData: { words, poison, ...places } });
    await once(worker, "message");
    for (const n of boundariesOf([8, 16, 30, 31, 32])) {
      words[at(place)] = n;
      for (let i = 0; i < SLEEPS; i++) {
        const seen = Atomics.load(words, at(L.TASK_BELL));
        const end = performance.now() + PATIENCE_MS;
        // Slices run out while the waker has no processor.
        while (Atomics.load(words, at(L.TASK_BELL)) === seen && performance.now() < end) {
          as(stage.client, () => awaitBell(seen, FOREVER));
        }
        if (Atomics.load(words, at(L.TASK_BELL)) === seen) t.fail(`at ${n}: nobody has rung`);
        expect(Atomics.load(words, at(L.TASK_SLEEP)) === 0, "awake");
      }
    }
    Atomics.store(words, poison, 1);
    await once(worker, "exit");
    t.pass("woken each time");
    t.end();
  });
}
