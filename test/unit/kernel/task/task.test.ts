/**
 * Tasks: places, pids and lives.
 */
import test from "tape";
import { taskIndex } from "../../../../src/arena/address.js";
import { layoutIn } from "../../../../src/arena/arena.js";
import { reportDeath } from "../../../../src/kernel/death/death.js";
import { EAGAIN } from "../../../../src/kernel/errno.js";
import * as L from "../../../../src/arena/layout.js";
import {
  aliveTask,
  claimTask,
  firstHighOf,
  isAlive,
  pidAt,
  placeOf,
  poison,
  PRIORITY_MAX,
  PRIORITY_MIN,
} from "../../../../src/kernel/task/task.js";
import { as, Bench, own } from "../vms.js";

/** The smallest system: reporting a death has little to look through. */
const SMALL = { tasks: 1, channels: 1, connections: 1, names: 0, pulses: 1, trace: 0 };

test("claimTask: a pid that names place and incarnation, with its priority", (t) => {
  const bench = new Bench();
  as(bench.main, () => {
    const pid = claimTask(3, 21);
    const task = placeOf(pid);
    t.equal(pid & L.PID_INDEX_MASK, 3, "the place");
    t.equal(pidAt(task), pid, "and back");
    t.equal(taskIndex(task), 3, "its index");
    t.equal(bench.main.words[task + L.TASK_PRIORITY], 21, "its priority");
    t.equal(
      bench.main.words[task + L.TASK_BASE_PRIORITY]! & L.BASE_PRIORITY_MASK,
      21,
      "and its own one",
    );
    t.ok(isAlive(task), "alive");
    t.equal(aliveTask(pid), task, "found");
    t.ok(PRIORITY_MIN === 1 && PRIORITY_MAX === 63, "priorities are 1..63");
  });
  t.end();
});

test("claimTask: -EAGAIN while the place is in use", (t) => {
  const bench = new Bench();
  as(bench.main, () => {
    const pid = claimTask(1, 10);
    t.equal(claimTask(1, 10), -EAGAIN, "alive");
    reportDeath(pid);
    const next = claimTask(1, 10);
    t.ok(next > 0 && next !== pid, "dead and worked through: another pid");
    t.equal(claimTask(0, 10), -EAGAIN, "the main VM's place is its own");
  });
  t.end();
});

test("claimTask: -EAGAIN for each life but FREE", (t) => {
  const bench = new Bench();
  as(bench.main, () => {
    const life = layoutIn(bench.main.words).tasksAt + L.TASK_WORDS + L.TASK_LIFE;
    const free = bench.main.words[life]!;
    for (const state of [L.LIFE_ALIVE, L.LIFE_DEAD]) {
      bench.main.words[life] = (free & ~L.LIFE_MASK) | state;
      t.equal(claimTask(1, 10), -EAGAIN, `life ${state}`);
    }
    bench.main.words[life] = free;
    t.ok(claimTask(1, 10) > 0, "free");
    const alive = bench.main.words[life]!;
    bench.main.words[life] = (alive & ~L.LIFE_MASK) | L.LIFE_DRAINED;
    t.ok(claimTask(1, 10) > 0, "drained, and no claim is left");
  });
  t.end();
});

test("claimTask: resets what its predecessor left, but not doorbell and sequence", (t) => {
  const bench = new Bench();
  const first = bench.start(1);
  const { words, me } = first;
  for (let field = L.TASK_LIFE + 1; field < L.TASK_WORDS; field++) words[me + field] = 77;
  const slot = (5 << L.SLOT_STATE_BITS) | L.SLOT_DONE;
  words[me + L.SLOT_STATE] = slot;
  bench.bury(first);
  const bell = own(first, L.TASK_BELL);
  const second = bench.start(1, 12);
  t.equal(own(second, L.TASK_BELL), bell, "the doorbell: somebody may have looked at it");
  t.equal(own(second, L.SLOT_STATE), slot, "the slot");
  t.equal(own(second, L.TASK_FIRST_SEQ), 5, "the sequence its messages come after");
  t.equal(
    as(second, () => firstHighOf(second.me)),
    77,
    "high part",
  );
  const zero = [L.TASK_SLEEP, L.TASK_POISON, L.TASK_SINCE, L.TASK_SLEEPS, L.TASK_SAVES];
  for (const field of [...zero, L.TASK_RECEIVED, L.TASK_RECOVERIES, L.TASK_RENOTIFIES]) {
    t.equal(own(second, field), 0, `word ${field}: 0`);
  }
  t.end();
});

test("placeOf: 0 for what is no pid", (t) => {
  const bench = new Bench({ tasks: 2 });
  as(bench.main, () => {
    for (const pid of [0, -1, 1.5, NaN, 2 ** 31, 2 ** 32 + 513, 3, 512 + 3, "1" as never]) {
      t.equal(placeOf(pid), 0, `${pid}`);
      t.equal(aliveTask(pid), 0, "nor is it alive");
    }
    t.equal(aliveTask(512 + 1), 0, "a free place is not alive");
  });
  t.end();
});

test("pid: none of 2^20 incarnations of a task has the pid of another", (t) => {
  const { main } = new Bench(SMALL);
  as(main, () => {
    const first = claimTask(1, 10);
    let last = first;
    let repeats = 0;
    for (let i = 0; i < 2 ** 20; i++) {
      reportDeath(last);
      const next = claimTask(1, 10);
      if (next <= last || aliveTask(first) !== 0) repeats++;
      last = next;
    }
    t.equal(repeats, 0, "each is greater than all before, and the first stays dead");
    t.equal(aliveTask(last), placeOf(first), "the last lives in the same place");
  });
  t.end();
});

test("pid: the generation wraps to 1, so that a pid is never 0 and never negative", (t) => {
  const { main } = new Bench(SMALL);
  as(main, () => {
    const task = placeOf(512 + 1);
    main.words[task + L.TASK_LIFE] = (L.TASK_GENERATION_MASK << L.LIFE_BITS) | L.LIFE_FREE;
    const last = claimTask(1, 10);
    t.equal(last, L.TASK_GENERATION_MASK * 512 + 1, "the last generation");
    t.equal(aliveTask(last), task, "is alive");
    reportDeath(last);
    t.equal(claimTask(1, 10), 512 + 1, "then the first again");
  });
  t.end();
});

test("poison: gives the order and rings", (t) => {
  const bench = new Bench();
  const task = bench.start(1);
  const bell = own(task, L.TASK_BELL);
  as(bench.main, () => poison(task.me, L.POISON_STOP));
  t.equal(own(task, L.TASK_POISON), L.POISON_STOP, "the order");
  t.equal(own(task, L.TASK_BELL), bell + 1, "the bell");
  t.end();
});
