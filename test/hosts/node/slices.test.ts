/**
 * The ends of first slices: of a sleep that was there at the last look, and of no other.
 */
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import test from "tape";
import { ESRCH, name_attach, name_open } from "reattach";
import { boot } from "reattach/node";
import * as L from "../../../src/arena/layout.js";
import { FirstSlices } from "../../../hosts/node/host/slices.js";
import { Bench } from "../../unit/kernel/vms.js";
import { type Act, ANSWER } from "./hushed.js";

const HUSHED = fileURLToPath(new URL("./hushed", import.meta.url));
/** By then something is wrong. */
const PATIENCE_MS = 20_000;

/** Numbers of sleeps at the looks one after the other, and TASK_SINCE at the last. */
const CASES = [
  [[0, 5], 0, false, "a sleep that has just begun goes on"],
  [[5, 5], 0, true, "one that was there at the last look ends"],
  [[5, 7], 0, false, "another one goes on"],
  [[5, 0, 5], 0, false, "one that was not there at the last look goes on"],
  [[5, 5], -1, false, "a long sleep has a timer of its own"],
  [[-3, -3], 0, true, "numbers wrap"],
] as const;

for (const [sleeps, since, isEnded, title] of CASES) {
  test(`slices: ${title}`, async (t) => {
    const { words, me } = new Bench().start(2);
    const bell = me + L.TASK_BELL;
    const slices = new FirstSlices(words);
    const wait = Atomics.waitAsync(words, bell, 0);
    for (const [i, sleep] of sleeps.entries()) {
      if (i === sleeps.length - 1) words[me + L.TASK_SINCE] = since;
      words[me + L.TASK_SLEEP] = sleep;
      slices.look();
    }
    t.equal(Atomics.notify(words, bell, 1), isEnded ? 0 : 1, isEnded ? "woken" : "asleep");
    t.equal(words[bell], 0, "its doorbell is as it was");
    await wait.value;
  });
}

test("slices: main, which is always announced, is left alone", async (t) => {
  const { words, me } = new Bench().main;
  const slices = new FirstSlices(words);
  words[me + L.TASK_SLEEP] = 1;
  const wait = Atomics.waitAsync(words, me + L.TASK_BELL, words[me + L.TASK_BELL]!);
  slices.look();
  slices.look();
  t.equal(Atomics.notify(words, me + L.TASK_BELL, 1), 1, "still asleep");
  await wait.value;
});

const WAITS: readonly (readonly [Act, number, string])[] = [
  ["answer", ANSWER, "whose server answers and does not ring"],
  ["hide", -ESRCH, "whose server hides its channel"],
];

for (const guardian_ms of [60_000, 0]) {
  for (const [act, status, whose] of WAITS) {
    const thread = guardian_ms === 0 ? "none" : "the guardian";
    test(`slices: ${thread}, main blocked: a client ${whose} is not lost`, async (t) => {
      const tasks = {
        server: { module: "hushed", args: { act } },
        client: { module: "hushed", args: { act: "ask" } },
      };
      const config = { reattach: { tasks, board: { guardian_ms } } };
      const system = await boot({ modules: { hushed: HUSHED }, config });
      await system.start();
      const isReady = (): boolean =>
        system.ps().every(({ state }) => state === "RECEIVE" || state === "NANOSLEEP");
      while (!isReady()) await new Promise((resolve) => setTimeout(resolve, 5));
      const logged = once(system, "log");
      name_attach(null, "go", 0);
      // From here on the main thread sees no message, no exit and no timer.
      const pillow = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
      const end = performance.now() + PATIENCE_MS;
      while (name_open("done", 0) < 0 && performance.now() < end) Atomics.wait(pillow, 0, 0, 5);
      const isEnded = performance.now() < end;
      t.ok(isEnded, "its call has ended");
      const [, , text] = isEnded ? ((await logged) as string[]) : [];
      t.equal(text, String(status), "with what it had to be");
      await system.stop();
    });
  }
}
