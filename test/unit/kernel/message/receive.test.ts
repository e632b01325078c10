/**
 * Receiving: the pending bitmap of many tasks, stale bits, slots full of nonsense.
 */
import { channelAt } from "../../../../src/arena/address.js";
import test from "tape";
import { layoutIn } from "../../../../src/arena/arena.js";
import { ConnectAttach } from "../../../../src/kernel/connection/connect-attach.js";
import { EFAULT, ETIMEDOUT } from "../../../../src/kernel/errno.js";
import * as L from "../../../../src/arena/layout.js";
import { MsgReceive } from "../../../../src/kernel/message/receive.js";
import { MsgReply } from "../../../../src/kernel/message/reply.js";
import { createMsgInfo } from "../../../../src/arena/records.js";
import type { Vm } from "../../../../src/arena/vm.js";
import { TimerTimeout, _NTO_TIMEOUT_RECEIVE } from "../../../../src/kernel/time/timeout.js";
import { as, atNows, Bench, connect, post, settle, take } from "../vms.js";

const MANY = { tasks: 130, connections: 130, messageBytes: 24, trace: 0, stableBytes: 0 };

/** Clients whose bits stand at the ends of the bitmap's words. */
const INDEXES = [2, 31, 32, 33, 63, 64, 65, 95, 96, 127, 128, 129, 130];

function pidsInOrder(server: Vm, chid: number, count: number): number[] {
  const info = createMsgInfo();
  const pids: number[] = [];
  for (let i = 0; i < count; i++) {
    const rcvid = as(server, () => MsgReceive(chid, null, 0, info));
    if (rcvid > 0) pids.push(info.pid & L.PID_INDEX_MASK);
    as(server, () => MsgReply(rcvid, 0, null, 0));
  }
  return pids;
}

/** Starts the clients and lets them send, in the order of INDEXES read from `from` on. */
function sendFrom(bench: Bench, server: Vm, chid: number, from: number): number[] {
  const order = [...INDEXES.slice(from), ...INDEXES.slice(0, from)];
  for (const index of order) {
    const client = bench.start(index, 10);
    post(
      client,
      as(client, () => ConnectAttach(0, server.pid, chid, 0, 0)),
    );
  }
  return order;
}

test("MsgReceive: first come, first served among tasks in any word of the bitmap", (t) => {
  for (const from of [0, 3, 7, 12]) {
    const bench = new Bench(MANY);
    const server = bench.start(1);
    const { chid } = connect(server, bench.main);
    const order = sendFrom(bench, server, chid, from);
    t.deepEqual(pidsInOrder(server, chid, order.length), order, `from client ${order[0]} on`);
    t.equal(take(server, chid), -ETIMEDOUT, "and no more");
  }
  t.end();
});

test("MsgReceive: the most urgent first, whichever bit it has", (t) => {
  for (const urgent of [2, 31, 32, 64, 130]) {
    const bench = new Bench(MANY);
    const server = bench.start(1);
    const { chid } = connect(server, bench.main);
    const order = sendFrom(bench, server, chid, 0);
    const at = layoutIn(server.words).tasksAt + urgent * L.TASK_WORDS + L.TASK_PRIORITY;
    server.words[at] = 11;
    const expected = [urgent, ...order.filter((index) => index !== urgent)];
    t.deepEqual(pidsInOrder(server, chid, order.length), expected, `client ${urgent}`);
  }
  t.end();
});

test("MsgReceive: a pending bit without a message is cleared and hides nobody", (t) => {
  const bench = new Bench(MANY);
  const server = bench.start(1);
  const client = bench.start(77);
  const { chid, coid } = connect(server, client);
  const pending = as(server, () => channelAt(0)) + L.CHANNEL_PENDING;
  for (let word = 0; word < layoutIn(server.words).pendingWords; word++)
    server.words[pending + word] = -1;
  t.equal(take(server, chid), -ETIMEDOUT, "nobody sends");
  const posted = post(client, coid);
  for (let word = 0; word < layoutIn(server.words).pendingWords; word++)
    server.words[pending + word] = -1;
  const rcvid = take(server, chid);
  as(server, () => MsgReply(rcvid, 1, null, 0));
  settle(client);
  t.equal(posted.status, 1, "the one who sends is found");
  t.equal(take(server, chid), -ETIMEDOUT, "and nobody else");
  for (let word = 0; word < layoutIn(server.words).pendingWords; word++) {
    t.equal(server.words[pending + word], 0, `word ${word} is clear`);
  }
  t.end();
});

/** What a task that writes over its own slot may leave in it. */
const NONSENSE: readonly (readonly [string, number, number])[] = [
  ["a length of -1", L.SLOT_SENT, -1],
  ["a length past messageBytes", L.SLOT_SENT, 1_000],
  ["the largest length", L.SLOT_SENT, 2 ** 31 - 1],
];

for (const [what, field, value] of NONSENSE) {
  test(`MsgReceive: a slot with ${what} gets -EFAULT, and the next message is received`, (t) => {
    for (const limits of [{}, { sharedBuffers: 1, sharedBytes: 64 }]) {
      const bench = new Bench(limits);
      const server = bench.start(1);
      const client = bench.start(2);
      const other = bench.start(3);
      const { chid, coid } = connect(server, client);
      const posted = post(client, coid);
      client.words[client.me + field] = value;
      client.words[client.me + L.SLOT_SEND_AT] = 4;
      const theirs = as(other, () => ConnectAttach(0, server.pid, chid, 0, 0));
      const second = post(other, theirs);
      const rcvid = take(server, chid);
      as(server, () => MsgReply(rcvid, 1, null, 0));
      settle(client);
      settle(other);
      t.equal(posted.status, -EFAULT, "-EFAULT");
      t.equal(second.status, 1, "the other is served");
    }
    t.end();
  });
}

test("MsgReceive: a limit that runs out while something arrives takes what has arrived", (t) => {
  const bench = new Bench();
  const server = bench.start(1, 10, true);
  const client = bench.start(2);
  const { chid, coid } = connect(server, client);
  as(server, () => TimerTimeout(_NTO_TIMEOUT_RECEIVE, 0));
  // The first look at the clock is the deadline's: the message comes just before it.
  atNows(server, () => void post(client, coid));
  t.equal(take(server, chid), -ETIMEDOUT, "looked first: nothing was there");
  t.ok(take(server, chid) > 0, "the message is received later");
  t.end();
});
