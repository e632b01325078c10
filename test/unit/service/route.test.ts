/**
 * How a call is answered: at once, later, and once.
 */
import test from "tape";
import {
  _NTO_TIMEOUT_REPLY,
  EINVAL,
  ESRCH,
  ETIMEDOUT,
  Ledger,
  TimerTimeout,
} from "../../../src/index.js";
import { LATER, Server } from "../../../src/service/index.js";
import { as, settle } from "../kernel/vms.js";
import { Counter, HANDLERS, LEDGER, sendCall, serveOne, stage, Sum, wordIn } from "./stage.js";

test("Server: LATER leaves a message, and answer() ends it, once", (t) => {
  const { bench, server, client } = stage();
  const other = bench.start(3);
  const waiting: number[] = [];
  const sum = as(
    server,
    () =>
      new Server(Sum, {
        ...HANDLERS,
        add(_, __, { rcvid }) {
          waiting.push(rcvid);
          return LATER;
        },
      }),
  );
  const one = sendCall(client, Sum, "add", { a: 1, b: 1 });
  const two = sendCall(other, Sum, "add", { a: 2, b: 2 });
  for (let i = 0; i < 2; i++) as(server, () => sum.receive());
  settle(client);
  settle(other);
  t.deepEqual([one.status, two.status], [null, null], "both wait");
  as(server, () => {
    sum.calls.add.reply.sum = 22;
    t.equal(sum.calls.add.answer(waiting[1]!, 5), 0);
    t.equal(sum.calls.add.answer(waiting[0]!, -EINVAL), 0);
    t.equal(sum.calls.add.answer(waiting[0]!, 0), -ESRCH, "not twice");
    t.throws(() => sum.calls.add.answer(waiting[0]!, NaN), /add: found the status NaN/);
  });
  settle(client);
  settle(other);
  t.deepEqual([one.status, two.status, wordIn(two)], [-EINVAL, 5, 22]);
  t.end();
});

test("Server: a client that gives up while it waits is let go", (t) => {
  const { server, client } = stage();
  const sum = as(server, () => new Server(Sum, { ...HANDLERS, nothing: () => LATER }));
  as(client, () => TimerTimeout(_NTO_TIMEOUT_REPLY, 0));
  const sent = sendCall(client, Sum, "nothing", {});
  serveOne(server, sum, client);
  t.equal(sent.status, null, "it has asked to be let go");
  serveOne(server, sum, client);
  t.equal(sent.status, -ETIMEDOUT, "by the pulse of the kernel");
  t.end();
});

function stageCounter(limits = {}) {
  const at = stage({ stableBytes: 64, ...limits });
  let rcvid = 0;
  const counter = as(at.server, () => {
    const ledger = new Ledger(LEDGER);
    const { state } = ledger;
    return new Server(
      Counter,
      {
        add({ step }, reply) {
          if (step === 0) return -EINVAL;
          state[0]! += step;
          reply.count = state[0]!;
          return step;
        },
        later(_, __, each) {
          rcvid = each.rcvid;
          state[1]! += 1;
          return LATER;
        },
      },
      { ledger },
    );
  });
  const committed = (): number[] => [...as(at.server, () => new Ledger(LEDGER)).state];
  return { ...at, counter, committed, answerLater: () => counter.calls.later.answer(rcvid, 0) };
}

test("Server: once: the reply is committed with the state before it is sent", (t) => {
  const { server, client, counter, committed, answerLater } = stageCounter();
  const sent = sendCall(client, Counter, "add", { step: 3 });
  serveOne(server, counter, client);
  t.deepEqual([sent.status, wordIn(sent)], [3, 3]);
  t.deepEqual(committed(), [3, 0, 0, 0]);
  const wrong = sendCall(client, Counter, "add", { step: 0 });
  serveOne(server, counter, client);
  t.equal(wrong.status, -EINVAL, "an error is not kept");
  const late = sendCall(client, Counter, "later", {});
  serveOne(server, counter, client);
  t.deepEqual([late.status, committed()], [null, [3, 0, 0, 0]], "LATER commits nothing");
  t.equal(as(server, answerLater), 0);
  settle(client);
  t.deepEqual([late.status, committed()], [0, [3, 1, 0, 0]], "its answer does");
  t.equal(as(server, answerLater), -ESRCH, "nobody waits any more");
  t.end();
});

test("Server: once: more clients than the ledger has room for end the task, uncommitted", (t) => {
  const { bench, server, client, counter, committed } = stageCounter();
  sendCall(client, Counter, "add", { step: 3 });
  serveOne(server, counter, client);
  sendCall(bench.start(3), Counter, "add", { step: 3 });
  t.throws(() => as(server, () => counter.receive()), /Ledger\.reply: ENOMEM/);
  t.deepEqual(committed(), [3, 0, 0, 0]);
  t.end();
});
