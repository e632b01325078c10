/**
 * Orders of the host: what a task does of them, and where.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import test from "tape";
import { ETIMEDOUT } from "../../../../src/kernel/errno.js";
import * as L from "../../../../src/arena/layout.js";
import { MsgReceive } from "../../../../src/kernel/message/receive.js";
import { ChannelCreate } from "../../../../src/kernel/channel/channel.js";
import {
  awaitBell,
  changeOrder,
  delay,
  FOREVER,
  STOPPED,
} from "../../../../src/kernel/task/doorbell.js";
import { _NTO_TIMEOUT_RECEIVE, TimerTimeout } from "../../../../src/kernel/time/timeout.js";
import { as, atNows, Bench, own, portOf } from "../vms.js";

test("poison: STOP throws out of a wait, whether it comes before or meanwhile", (t) => {
  const bench = new Bench();
  for (const when of ["before", "meanwhile"]) {
    const task = bench.start(when === "before" ? 1 : 2, 10, true);
    const stop = (): void => void (task.words[task.me + L.TASK_POISON] = L.POISON_STOP);
    const chid = as(task, () => ChannelCreate(0));
    const calls = {
      MsgReceive: () => MsgReceive(chid, null, 0, null),
      delay: () => delay(60_000),
    };
    for (const [name, call] of Object.entries(calls)) {
      task.words[task.me + L.TASK_POISON] = 0;
      if (when === "before") stop();
      else atNows(task, stop);
      // MsgReceive without a limit does not look at the clock: it finds the order at once.
      if (name === "MsgReceive") stop();
      let thrown: unknown;
      try {
        as(task, call);
      } catch (error) {
        thrown = error;
      }
      t.equal(thrown, STOPPED, `${name}, ${when}: STOPPED`);
      t.equal(own(task, L.TASK_SLEEP), 0, "it is announced as awake");
    }
  }
  t.end();
});

/** Takes an order back after a while, as main would. */
const PARDON = `
  const { workerData, parentPort } = require("node:worker_threads");
  const { words, poison, ms } = workerData;
  parentPort.postMessage("ready");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  Atomics.store(words, poison, 0);
  Atomics.notify(words, poison);
`;

test("poison: HOLD stands still until it is taken back; then the task looks again", async (t) => {
  const task = new Bench().start(1, 10, true);
  const { words, me } = task;
  const poison = me + L.TASK_POISON;
  words[poison] = L.POISON_HOLD;
  const worker = new Worker(PARDON, { eval: true, workerData: { words, poison, ms: 30 } });
  await once(worker, "message");
  as(task, () => awaitBell(own(task, L.TASK_BELL), FOREVER));
  t.equal(words[poison], 0, "it was not the bell that ended it: the order is taken back");
  t.equal(own(task, L.TASK_SLEEP), 0, "it does not sleep after that, as nobody would find it");
  await once(worker, "exit");
});

test("poison: an order of the host's own is for its port to obey", (t) => {
  const task = new Bench().start(1, 10, true);
  const orders: number[] = [];
  const obeyed = (order: number): void => {
    orders.push(order);
    task.words[task.me + L.TASK_POISON] = orders.length < 2 ? L.POISON_HOST + 9 : 0;
  };
  Object.assign(portOf(task), { obey: obeyed });
  task.words[task.me + L.TASK_POISON] = L.POISON_HOST;
  const chid = as(task, () => ChannelCreate(0));
  const status = as(task, () => {
    TimerTimeout(_NTO_TIMEOUT_RECEIVE, 5);
    return MsgReceive(chid, null, 0, null);
  });
  t.deepEqual(orders, [L.POISON_HOST, L.POISON_HOST + 9], "as long as there is one");
  t.equal(status, -ETIMEDOUT, "and the call goes on");
  t.end();
});

test("changeOrder: only in the place of the order that it is to replace", (t) => {
  const bench = new Bench();
  const task = bench.start(1);
  as(bench.main, () => {
    t.equal(changeOrder(task.me, L.POISON_HOLD, 0), false, "there is none");
    t.equal(own(task, L.TASK_BELL), 0, "nothing has changed");
    t.equal(changeOrder(task.me, 0, L.POISON_HOLD), true);
    t.equal(own(task, L.TASK_POISON), L.POISON_HOLD);
    t.equal(own(task, L.TASK_BELL), 1, "and it is rung");
    t.equal(changeOrder(task.me, L.POISON_HOLD, 0), true);
    t.equal(own(task, L.TASK_POISON), 0);
  });
  t.end();
});
