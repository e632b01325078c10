/**
 * Signs of life: what the main VM sees of a task that waits, recovers, or sits in its event loop.
 */
import test from "tape";
import { MsgSend } from "../../../../src/ha/cover.js";
import { ha_attach } from "../../../../src/ha/attach.js";
import { ha_reopen } from "../../../../src/ha/open.js";
import * as L from "../../../../src/arena/layout.js";
import { use, type Vm } from "../../../../src/arena/vm.js";
import { _NTO_CHF_UNBLOCK } from "../../../../src/kernel/channel/channel.js";
import { EBADF, ETIMEDOUT } from "../../../../src/kernel/errno.js";
import { viewPlace } from "../../../../src/kernel/inspect/view.js";
import {
  answerNudge,
  beat,
  createVitals,
  enterLoop,
  lookAt,
  type Vitals,
} from "../../../../src/kernel/inspect/vitals.js";
import { MsgReply } from "../../../../src/kernel/message/reply.js";
import { name_attach, name_open } from "../../../../src/kernel/name/name.js";
import { delay } from "../../../../src/kernel/task/doorbell.js";
import { poison } from "../../../../src/kernel/task/task.js";
import {
  _NTO_TIMEOUT_REPLY,
  _NTO_TIMEOUT_SEND,
  TimerTimeout,
} from "../../../../src/kernel/time/timeout.js";
import { as, Bench, connect, portOf, take } from "../vms.js";

function look(bench: Bench, vm: Vm): Vitals {
  const vitals = createVitals();
  if (!as(bench.main, () => lookAt(vm.pid, vitals))) throw new Error("it is not alive");
  return vitals;
}

/** Calls `each` from inside the calls of a VM that may block, whenever it looks at the clock. */
function whileBusy(vm: Vm, each: () => void): void {
  const port = portOf(vm);
  const now = port.now.bind(port);
  let isInside = false;
  port.now = () => {
    if (!isInside) {
      isInside = true;
      each();
      use(vm);
      isInside = false;
    }
    return now();
  };
}

const LIMITS: readonly [states: number, isReceived: boolean, isLimited: boolean][] = [
  [_NTO_TIMEOUT_SEND, false, true],
  [_NTO_TIMEOUT_REPLY, true, true],
  [_NTO_TIMEOUT_SEND | _NTO_TIMEOUT_REPLY, false, true],
  [_NTO_TIMEOUT_SEND | _NTO_TIMEOUT_REPLY, true, true],
];

for (const [states, isReceived, isLimited] of LIMITS) {
  const state = isReceived ? "REPLY" : "SEND";
  test(`lookAt: a ${state}-blocked task with a limit on ${states} waits for ever: no`, (t) => {
    const bench = new Bench();
    const server = bench.start(1);
    const client = bench.start(2, 10, true);
    const { chid, coid } = connect(server, client);
    const seen: Vitals[] = [];
    whileBusy(client, () => {
      if ((client.own[L.SLOT_STATE]! & L.SLOT_STATE_MASK) === L.SLOT_IDLE) return;
      if (isReceived && seen.length === 0) take(server, chid);
      seen.push(look(bench, client));
    });
    as(client, () => {
      TimerTimeout(states, 20);
      t.equal(MsgSend(coid, null, 0, null, 0), -ETIMEDOUT);
    });
    t.equal(seen[0]?.waitsFor, server.pid);
    t.equal(seen[0]?.isReceived, isReceived);
    t.equal(seen[0]?.isLimited, isLimited);
    t.end();
  });
}

test("lookAt: a wait has no limit for a limit on another state, or one that is over", (t) => {
  const bench = new Bench();
  const server = bench.start(1);
  const client = bench.start(2, 10, true);
  const { chid, coid } = connect(server, client, _NTO_CHF_UNBLOCK);
  const seen: Vitals[] = [];
  let rcvid = 0;
  whileBusy(client, () => {
    const state = client.own[L.SLOT_STATE]! & L.SLOT_STATE_MASK;
    if (state === L.SLOT_IDLE || state >= L.SLOT_DONE) return;
    const vitals = look(bench, client);
    seen.push(vitals);
    if (!vitals.isReceived) rcvid = take(server, chid);
    else if (!vitals.isLimited) as(server, () => MsgReply(rcvid, 7, null, 0));
  });
  as(client, () => {
    TimerTimeout(_NTO_TIMEOUT_REPLY, 20);
    t.equal(MsgSend(coid, null, 0, null, 0), 7);
  });
  t.deepEqual(
    [seen[0]?.isReceived, seen[0]?.isLimited],
    [false, false],
    "the server may never come to receive it",
  );
  const received = seen.filter((vitals) => vitals.isReceived);
  t.equal(received[0]?.isLimited, true, "the limit runs");
  t.equal(received.at(-1)?.isLimited, false, "the server has been asked, and may never answer");
  t.end();
});

test("enterLoop: a pass and a state; answerNudge: a pass, and a bit that turns", (t) => {
  const bench = new Bench();
  const task = bench.start(1);
  const before = look(bench, task);
  t.equal(as(bench.main, () => viewPlace(1)).state, "RUNNING");
  as(task, enterLoop);
  const entered = look(bench, task);
  t.deepEqual([before.isInLoop, entered.isInLoop], [false, true]);
  t.equal(entered.passes, before.passes + 1);
  t.equal(as(bench.main, () => viewPlace(1)).state, "IDLE");
  as(task, answerNudge);
  t.deepEqual([look(bench, task).isNudged, look(bench, task).passes], [true, before.passes + 2]);
  as(task, answerNudge);
  t.equal(look(bench, task).isNudged, false);
  t.equal(look(bench, task).beats, 0, "it is no heartbeat");
  t.end();
});

test("beat: 2^14 of them disturb nothing else that a task says of itself", (t) => {
  const bench = new Bench();
  const task = bench.start(1);
  as(task, () => {
    enterLoop();
    answerNudge();
    task.own[L.TASK_STAGE]! |= L.STAGE_RUNNING;
  });
  for (let i = 1; i < 2 ** 14; i++) as(task, beat);
  t.equal(look(bench, task).beats, 2 ** 14 - 1);
  as(task, beat);
  const { beats, isInLoop, isNudged, recovery } = look(bench, task);
  t.deepEqual([beats, isInLoop, isNudged, recovery], [0, true, true, 0], "they start again");
  t.equal(task.own[L.TASK_STAGE]! & L.STAGE_MASK, L.STAGE_RUNNING);
  t.end();
});

test("view: a task in delay() is not one that loops", (t) => {
  const bench = new Bench();
  const task = bench.start(1, 10, true);
  const states: string[] = [];
  let slept = 0;
  whileBusy(task, () => {
    if (task.own[L.TASK_SINCE] !== 0) states.push(as(bench.main, () => viewPlace(1)).state);
    slept++;
  });
  as(task, () => delay(20));
  t.ok(slept > 2);
  t.deepEqual([...new Set(states)], ["NANOSLEEP"]);
  t.equal(as(bench.main, () => viewPlace(1)).state, "RUNNING");
  t.equal(as(bench.main, () => viewPlace(0)).state, "RUNNING", "main");
  t.end();
});

test("view: a task that was made to hang is told from one that works", (t) => {
  const bench = new Bench();
  const task = bench.start(1);
  as(bench.main, () => poison(task.me, L.POISON_HANG));
  t.equal(as(bench.main, () => viewPlace(1)).state, "HUNG");
  bench.bury(task);
  t.equal(as(bench.main, () => viewPlace(1)).state, "DEAD");
  t.end();
});

test("view: which service a task recovers, and who has which names", (t) => {
  const bench = new Bench();
  const server = bench.start(1);
  const client = bench.start(2, 10, true);
  as(server, () => {
    name_attach(null, "service", 0);
    name_attach(null, "other", 0);
  });
  const coid = as(client, () => name_open("service", 0));
  const place = (index: number): ReturnType<typeof viewPlace> =>
    as(bench.main, () => viewPlace(index));
  t.deepEqual(place(1).services, ["service", "other"]);
  t.deepEqual([place(2).services, place(2).recovers], [[], null]);
  bench.bury(server);
  t.deepEqual(place(1).services, [], "the dead have none");
  const seen: [string, string | null, number][] = [];
  as(client, () => {
    ha_attach(
      coid,
      (lost) => {
        const { state, recovers } = place(2);
        seen.push([state, recovers, look(bench, client).recovery & L.RECOVERING_MASK]);
        ha_reopen(lost, "service", 0);
        return -1;
      },
      null,
      0,
    );
    t.equal(MsgSend(coid, null, 0, null, 0), -EBADF);
  });
  t.deepEqual(seen, [["RECOVERING", "service", 1]]);
  t.deepEqual([place(2).state, place(2).recovers], ["RUNNING", null], "it is over");
  t.end();
});

test("view: the outer recovery is shown again when the inner one has ended", (t) => {
  const bench = new Bench();
  const servers = [bench.start(1), bench.start(2)];
  const client = bench.start(3, 10, true);
  const [outer, inner] = servers.map((server, i) => {
    as(server, () => name_attach(null, `s${i}`, 0));
    return as(client, () => name_open(`s${i}`, 0));
  }) as [number, number];
  for (const server of servers) bench.bury(server);
  const seen: (string | null)[] = [];
  const note = (): void => void seen.push(as(bench.main, () => viewPlace(3)).recovers);
  as(client, () => {
    ha_attach(inner, () => (note(), -1), null, 0);
    ha_attach(outer, () => (MsgSend(inner, null, 0, null, 0), note(), -1), null, 0);
    MsgSend(outer, null, 0, null, 0);
    note();
  });
  t.deepEqual(seen, ["s1", "s0", null]);
  t.end();
});
