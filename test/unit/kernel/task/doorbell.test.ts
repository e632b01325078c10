/**
 * Sleeping and waking: spurious, bounded, counted.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import test from "tape";
import { EDEADLK, EINVAL, ETIMEDOUT } from "../../../../src/kernel/errno.js";
import * as L from "../../../../src/arena/layout.js";
import { MsgReceive } from "../../../../src/kernel/message/receive.js";
import { ChannelCreate, findChannel } from "../../../../src/kernel/channel/channel.js";
import { arenaTime, timeSince } from "../../../../src/arena/clock.js";
import {
  awaitBell,
  delay,
  FOREVER,
  ring,
  SLICE_MS,
  sliceAfter,
} from "../../../../src/kernel/task/doorbell.js";
import { _NTO_TIMEOUT_RECEIVE, TimerTimeout } from "../../../../src/kernel/time/timeout.js";
import type { Vm } from "../../../../src/arena/vm.js";
import { as, atNows, Bench, own, portOf } from "../vms.js";

/**
 * Rings the doorbell of a task while it sleeps, as XS 8.2.3 may do: nobody is woken. When it comes
 * too early, before the task is in the queue, it tries again.
 */
const SILENT_BELL = `
  const { workerData, parentPort } = require("node:worker_threads");
  const { words, sleep, bell, poison } = workerData;
  parentPort.postMessage("ready");
  while (Atomics.load(words, poison) === 0) {
    if (Atomics.load(words, sleep) === 0) continue;
    Atomics.wait(words, poison, 0, 5);
    Atomics.add(words, bell, 1);
  }
`;

/**
 * Sleeps beside a silent bell until it has ended `ends` sleeps of several slices, or a wake-up was
 * lost. A waker gives up the sleep that is `ahead` of the last, at `after_ms` from its beginning.
 * Returns how many sleeps there were.
 */
async function sleepBeside(
  task: Vm,
  ahead: number,
  after_ms: number,
  ends: number,
): Promise<number> {
  const { words, me } = task;
  const poison = me + L.TASK_POISON;
  const workerData = { words, sleep: me + L.TASK_SLEEP, bell: me + L.TASK_BELL, poison };
  const worker = new Worker(SILENT_BELL, { eval: true, workerData });
  await once(worker, "message");
  let sleeps = 0;
  for (let wasLong = false; ends > 0 && own(task, L.TASK_SAVES) === 0; sleeps++) {
    as(task, () => {
      const number = (own(task, L.TASK_SLEEPS) + ahead) << 1;
      words[me + L.TASK_WOKEN] = ((arenaTime() + after_ms) << L.WOKEN_MS_SHIFT) | number;
      awaitBell(own(task, L.TASK_BELL), FOREVER);
    });
    const isLong = own(task, L.TASK_SINCE) !== 0;
    if (wasLong && !isLong) ends--;
    wasLong = isLong;
  }
  Atomics.store(words, poison, 1);
  await once(worker, "exit");
  return sleeps;
}

test("awaitBell: a lost wake-up costs a slice of sleep, and is counted", async (t) => {
  const task = new Bench().start(1, 10, true);
  const sleeps = await sleepBeside(task, 1, 0, Infinity);
  t.equal(own(task, L.TASK_SAVES), 1, "only its slice ended the sleep");
  t.equal(own(task, L.TASK_SINCE), 0, "it is over, and the next begins with a short slice");
  t.equal(own(task, L.TASK_SLEEPS), sleeps, "each sleep is counted");
  t.equal(own(task, L.TASK_SLEEP), 0, "it is announced as awake");
});

test("awaitBell: a ring that comes as the slice ends is no lost wake-up", async (t) => {
  const cases = [
    [1, 10_000, "its waker found nobody, as the slice had just ended"],
    [0, -10_000, "its waker was still to notify; it was the sleep before that one gave up"],
  ] as const;
  for (const [ahead, after_ms, when] of cases) {
    const task = new Bench().start(1, 10, true);
    await sleepBeside(task, ahead, after_ms, 10);
    t.equal(own(task, L.TASK_SAVES), 0, when);
  }
});

test("awaitBell: does not sleep when the bell has rung since the look", (t) => {
  const task = new Bench().start(1, 10, true);
  const seen = own(task, L.TASK_BELL);
  as(task, () => ring(task.me));
  as(task, () => awaitBell(seen, FOREVER));
  t.equal(own(task, L.TASK_SAVES), 0, "no slice was needed");
  t.equal(own(task, L.TASK_SINCE), 0, "it is in no long sleep");
  t.end();
});

test("awaitBell: a limit that is over is no sleep at all", (t) => {
  const task = new Bench().start(1, 10, true);
  const seen = own(task, L.TASK_BELL);
  as(task, () => awaitBell(seen, portOf(task).now() - 5));
  t.equal(own(task, L.TASK_SLEEP), 0, "awake");
  t.equal(own(task, L.TASK_SAVES), 0, "nothing was lost");
  t.end();
});

test("awaitBell: notes since when a long sleep lasts, until something comes", (t) => {
  const task = new Bench().start(1, 10, true);
  const seen = own(task, L.TASK_BELL);
  as(task, () => awaitBell(seen, portOf(task).now() + 2));
  const since = own(task, L.TASK_SINCE);
  t.ok(since !== 0, "since its first slice");
  as(task, () => awaitBell(seen, portOf(task).now() + 2));
  t.equal(own(task, L.TASK_SINCE), since, "the second slice belongs to the same sleep");
  as(task, () => ring(task.me));
  as(task, () => awaitBell(seen, FOREVER));
  t.equal(own(task, L.TASK_SINCE), 0, "something came");
  t.end();
});

test("ring: notifies a task that is announced as asleep, again and again but not for ever", (t) => {
  const bench = new Bench();
  const task = bench.start(1);
  as(bench.main, () => ring(task.me));
  t.equal(own(task, L.TASK_BELL), 1, "an awake one's bell has rung");
  let looks = 0;
  const look = (): void => void looks++;
  const many = Array.from({ length: 100 }, () => look);
  task.words[task.me + L.TASK_SLEEP] = 7;
  atNows(bench.main, ...many);
  as(bench.main, () => ring(task.me));
  // Between two looks at the clock it notifies. That this test ends shows that it stops.
  t.ok(looks >= 2 && looks < 100, `announced, but never asleep: ${looks} looks at the clock`);
  t.equal(own(task, L.TASK_BELL), 2, "rung once");
  t.equal(own(task, L.TASK_RENOTIFIES), 0, "it was of no use");
  t.equal(own(task, L.TASK_WOKEN) & 0xffff, 6, "and the sleeper can tell that it was given up");
  t.end();
});

test("ring: leaves a task alone that was woken and has not run yet", (t) => {
  const bench = new Bench();
  const task = bench.start(1);
  const looks: number[] = [];
  for (const woken of [7, 6]) {
    task.words[task.me + L.TASK_SLEEP] = 7;
    task.words[task.me + L.TASK_WOKEN] = woken;
    let count = 0;
    atNows(bench.main, () => count++);
    as(bench.main, () => ring(task.me));
    atNows(bench.main);
    looks.push(count);
  }
  t.deepEqual(looks, [0, 1], "woken from this sleep: nothing; from the one before: notified again");
  t.equal(own(task, L.TASK_BELL), 2, "rung each time");
  t.end();
});

/** Is announced, is not in the queue yet, and waits although the bell may have rung: XS 8.2.3. */
const SLOW_SLEEPER = `
  const { workerData, parentPort } = require("node:worker_threads");
  const { words, sleep, bell, poison } = workerData;
  parentPort.postMessage("ready");
  for (let number = 1; Atomics.load(words, poison) === 0; number++) {
    Atomics.store(words, sleep, number);
    for (let i = number % 100; i > 0; i--) Atomics.load(words, poison);
    Atomics.wait(words, bell, Atomics.load(words, bell), 5);
    Atomics.store(words, sleep, 0);
  }
`;

test("ring: a sleeper that is late for a notify is woken by the next one; counted", async (t) => {
  const bench = new Bench();
  const { words, me } = bench.start(1);
  const poison = me + L.TASK_POISON;
  const workerData = { words, sleep: me + L.TASK_SLEEP, bell: me + L.TASK_BELL, poison };
  const worker = new Worker(SLOW_SLEEPER, { eval: true, workerData });
  await once(worker, "message");
  as(bench.main, () => {
    while (words[me + L.TASK_RENOTIFIES] === 0) {
      while (Atomics.load(words, me + L.TASK_SLEEP) === 0);
      ring(me);
    }
  });
  t.equal(words[me + L.TASK_RENOTIFIES], 1, "the handshake saved a wake-up");
  t.ok(words[me + L.TASK_WOKEN]! > 0, "and the sleep it ended is noted");
  Atomics.store(words, poison, 1);
  await once(worker, "exit");
});

/** Wakes a task, again and again, for nothing: FreeRTOS may. */
const NOISE = `
  const { workerData, parentPort } = require("node:worker_threads");
  const { words, bell, stop } = workerData;
  parentPort.postMessage("ready");
  while (Atomics.load(stop, 0) === 0) Atomics.notify(words, bell, 1);
`;

test("MsgReceive: woken for nothing it waits on, for all of its time", async (t) => {
  const task = new Bench().start(1, 10, true);
  const { words, me } = task;
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { words, bell: me + L.TASK_BELL, stop };
  const worker = new Worker(NOISE, { eval: true, workerData });
  await once(worker, "message");
  const result = as(task, () => {
    const chid = ChannelCreate(0);
    const until = portOf(task).now() + 20;
    TimerTimeout(_NTO_TIMEOUT_RECEIVE, 20);
    const status = MsgReceive(chid, null, 0, null);
    t.ok(portOf(task).now() >= until, "not earlier");
    return status;
  });
  t.equal(result, -ETIMEDOUT, "-ETIMEDOUT");
  t.equal(own(task, L.TASK_SAVES), 0, "no wake-up was lost");
  Atomics.store(stop, 0, 1);
  await once(worker, "exit");
});

/** Wakes a task from a first slice that has no timer, without a ring, when it is told to. */
const HOST = `
  const { workerData, parentPort } = require("node:worker_threads");
  const { words, sleep, bell } = workerData;
  parentPort.postMessage("ready");
  while (Atomics.load(words, sleep) === 0 || Atomics.notify(words, bell, 1) === 0);
`;

test("awaitBell: a sleep without a timer that ends unrung has lasted for a slice", async (t) => {
  const bench = new Bench();
  const [server, task] = [bench.start(1), bench.start(2, 10, true)];
  const { words, me } = task;
  portOf(task).sliceMin_ms = Infinity;
  // Its server has written over the life of its channel, and nobody else will end the message.
  const chid = as(server, () => ChannelCreate(0));
  const channel = as(server, () => findChannel(chid, server.pid));
  words[me + L.SLOT_CHANNEL] = channel;
  words[me + L.SLOT_CHANNEL_LIFE] = words[channel + L.CHANNEL_LIFE]! + L.LIFE_MASK + 1;
  words[me + L.SLOT_STATE] = L.SLOT_REPLY;
  const workerData = { words, sleep: me + L.TASK_SLEEP, bell: me + L.TASK_BELL };
  const worker = new Worker(HOST, { eval: true, workerData });
  await once(worker, "message");
  const seen = own(task, L.TASK_BELL);
  const sleptFor = as(task, () => {
    awaitBell(seen, FOREVER);
    return timeSince(own(task, L.TASK_SINCE));
  });
  t.ok(sleptFor >= SLICE_MS, "since a slice ago");
  t.equal(own(task, L.SLOT_STATE) & L.SLOT_STATE_MASK, L.SLOT_GONE, "its message has ended");
  as(task, () => awaitBell(seen, FOREVER));
  t.equal(own(task, L.TASK_SLEEPS), 2, "the next slice ends by a timer of its own");
  t.equal(own(task, L.TASK_SAVES), 0, "no wake-up was lost");
  await once(worker, "exit");
});

test("sliceAfter: as long as the sleep so far, within bounds", (t) => {
  const cases = [
    [0, 2],
    [1, 2],
    [2, 2],
    [3, 3],
    [64, 64],
    [100, 100],
    [101, 100],
    [2 ** 31 - 1, 100],
    [2 ** 32 - 1, 100],
  ] as const;
  for (const [slept, slice] of cases) t.equal(sliceAfter(slept, 2), slice, `after ${slept} ms`);
  t.equal(sliceAfter(50, 100), 100, "a host whose first slice is the longest");
  for (const slept of [0, 50, 100]) {
    t.equal(sliceAfter(slept, Infinity), 100, `after ${slept} ms of a first slice without a timer`);
  }
  let looks = 0;
  for (let slept = 0; slept < 1_000; slept += sliceAfter(slept, 2)) looks++;
  t.ok(looks <= 16, `a task that sleeps for a second looks ${looks} times`);
  t.end();
});

test("delay: 0 after the time, at once for no time; -EDEADLK where a VM may not block", (t) => {
  const bench = new Bench();
  const task = bench.start(1, 10, true);
  for (const ms of [0, -1, -Infinity, 2])
    t.equal(
      as(task, () => delay(ms)),
      0,
      `${ms} ms`,
    );
  t.equal(
    as(bench.main, () => delay(1)),
    -EDEADLK,
    "the main VM",
  );
  t.end();
});

test("delay: -EINVAL for what is no time", (t) => {
  const task = new Bench().start(1, 10, true);
  for (const wrong of ["20", NaN, null, undefined, 20n, Symbol("20"), {}] as number[]) {
    t.equal(
      as(task, () => delay(wrong)),
      -EINVAL,
      `${String(wrong)}, a ${typeof wrong}`,
    );
  }
  t.end();
});

test("arenaTime: counts from boot, is never 0 and wraps to negative numbers", (t) => {
  const { main } = new Bench();
  as(main, () => {
    const first = arenaTime();
    t.ok(first !== 0 && first < 60_000, "from boot");
    portOf(main).ahead_ms = 2 ** 31;
    t.ok(arenaTime() < 0, "24 days later it is negative");
    portOf(main).ahead_ms = 2 ** 32;
    t.ok(arenaTime() >= first, "49 days later it begins again");
  });
  t.end();
});

test("TASK_SPIN: a wrong one does not make a task spin for longer than its host allows", (t) => {
  const task = new Bench().start(1, 10, true);
  portOf(task).spinMax = 1_000;
  task.words[task.me + L.TASK_SPIN] = 0x7fff_ffff;
  as(task, () => delay(0.01));
  t.ok(own(task, L.TASK_SPIN) <= 1_000, `${own(task, L.TASK_SPIN)} looks next time`);
  t.end();
});
