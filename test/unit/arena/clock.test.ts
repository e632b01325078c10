/**
 * Arena time: over the ends of 32 bits, in every VM, whatever the host's clock shows.
 */
import test from "tape";
import { arenaTime, keepTime, timeSince } from "../../../src/arena/clock.js";
import { uptime } from "../../../src/kernel/task/current-task.js";
import { as, Bench, portOf } from "../kernel/vms.js";

const DAY_MS = 86_400_000;
/** Where a word, or its sign, begins again. */
const ENDS = [2 ** 31, 2 ** 32, 3 * 2 ** 31, 2 ** 33, 2 ** 36];
/** A test takes less than this. */
const SOON_MS = 60_000;

/** A system whose clock shows `boot_ms` when it is made, and can be set on. */
function bootAt(boot_ms: number) {
  let now_ms = boot_ms;
  const bench = new Bench({}, () => now_ms);
  const task = bench.start(1, 10, true);
  return {
    main: bench.main,
    task,
    /** So long after the boot. */
    at(ms: number): void {
      now_ms = boot_ms + ms;
    },
  };
}

const BOOTS = [0, 1, 5.5, 2 ** 31 - 2, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 25 * DAY_MS, 2 ** 41];

for (const boot_ms of BOOTS) {
  test(`uptime: from 0 on, on a computer that has been up for ${boot_ms} ms`, (t) => {
    const { main, task, at } = bootAt(boot_ms);
    let last = 0;
    for (const end of ENDS) {
      for (const off of [-2, -1, -0.25, 0, 0.5, 1, 2]) {
        // Main looks, at least, every twelve days; the task when it comes to it.
        for (; last < end + off; last += 12 * DAY_MS) {
          at(last);
          as(main, keepTime);
        }
        last = end + off;
        at(last);
        for (const when of ["before", "after"]) {
          const found = as(task, uptime);
          if (Math.abs(found - last) > 1) t.equal(found, last, `${when} main has looked`);
          as(main, keepTime);
        }
      }
    }
    t.pass(`over ${ENDS.length} ends`);
    t.end();
  });
}

test("uptime: in a VM whose clock is a little behind, as main is past the end of a half", (t) => {
  const { main, task, at } = bootAt(1_000);
  for (const end of [2 ** 31, 2 ** 32]) {
    at(end + 0.01);
    as(main, keepTime);
    at(end - 0.01);
    const found = as(task, uptime);
    t.ok(Math.abs(found - end) < 1, `${found} of ${end}`);
    at(end + DAY_MS);
    as(main, keepTime);
  }
  t.end();
});

test("uptime: a clock of 32 bits, as a device has, that begins again", (t) => {
  const { main, task, at } = bootAt(2 ** 32 - 500);
  for (const ms of [0, 499, 500, 1_000, 2 ** 31 - 1, 2 ** 31 + 1]) {
    at(ms);
    portOf(task).ahead_ms = ms >= 500 ? -(2 ** 32) : 0;
    portOf(main).ahead_ms = portOf(task).ahead_ms;
    as(main, keepTime);
    t.equal(as(task, uptime), ms, `${ms} ms after the boot`);
  }
  t.end();
});

test("arenaTime: is never 0, and timeSince is right over each end for 49 days", (t) => {
  const { task, at } = bootAt(77);
  as(task, () => {
    for (const begin of [0, 10, 2 ** 31 - 1, 2 ** 32 - 1]) {
      at(begin);
      const then = arenaTime();
      t.notEqual(then, 0, `at ${begin}`);
      for (const past of [0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 2]) {
        at(begin + past);
        const found = timeSince(then);
        if (Math.abs(found - past) > 1) t.equal(found, past, `from ${begin}`);
      }
    }
  });
  t.end();
});

test("uptime: goes on between two looks", (t) => {
  const { main } = new Bench();
  const first = as(main, uptime);
  const second = as(main, uptime);
  t.ok(first >= 0 && first <= second && second < SOON_MS, `${first}, ${second}`);
  t.end();
});
