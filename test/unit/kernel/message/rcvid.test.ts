/**
 * rcvids: task and 44-bit sequence; a stale one never hits a newer message.
 */
import * as fc from "fast-check";
import test from "tape";
import { layoutIn } from "../../../../src/arena/arena.js";
import { entryOf } from "../../../../src/kernel/connection/connection.js";
import { ESRCH } from "../../../../src/kernel/errno.js";
import * as L from "../../../../src/arena/layout.js";
import {
  rcvidOf,
  receivedFrom,
  replyState,
  senderOf,
} from "../../../../src/kernel/message/rcvid.js";
import { MsgReply } from "../../../../src/kernel/message/reply.js";
import { publish } from "../../../../src/kernel/message/send.js";
import type { Vm } from "../../../../src/arena/vm.js";
import { check, seeded } from "../seed.js";
import { as, Bench, connect, own, post, settle, take } from "../vms.js";

/** Sets the sequence of a VM's last message; its slot is idle. */
function setSequence(vm: Vm, high: number, low: number): void {
  vm.words[vm.me + L.SLOT_SEQ_HIGH] = high;
  vm.words[vm.me + L.SLOT_STATE] = (low << L.SLOT_STATE_BITS) | L.SLOT_DONE;
}

function stage() {
  const bench = new Bench();
  const server = bench.start(1);
  const client = bench.start(2);
  return { bench, server, client, ...connect(server, client) };
}

/** One message there and back: its rcvid. */
function exchange(server: Vm, client: Vm, chid: number, coid: number): number {
  const posted = post(client, coid);
  const rcvid = take(server, chid);
  as(server, () => MsgReply(rcvid, 5, null, 0));
  settle(client);
  return posted.status === 5 ? rcvid : -1;
}

test(seeded("rcvidOf: a whole number that leads back to task, sequence and state"), (t) => {
  const bench = new Bench({ tasks: 511, trace: 0 });
  const { main } = bench;
  const high = fc.integer({ min: 0, max: L.SEQ_HIGH_MASK });
  const low = fc.integer({ min: 0, max: L.SEQ_LOW_MASK });
  const index = fc.integer({ min: 0, max: 511 });
  as(main, () => {
    const round = (h: number, l: number, i: number): boolean => {
      const task = layoutIn(main.words).tasksAt + i * L.TASK_WORDS;
      const state = (l << L.SLOT_STATE_BITS) | L.SLOT_REPLY;
      main.words[task + L.SLOT_SEQ_HIGH] = h;
      main.words[task + L.SLOT_STATE] = state;
      const rcvid = rcvidOf(task, state);
      if (!Number.isSafeInteger(rcvid) || replyState(rcvid) !== state) return false;
      const sequence = Math.floor(rcvid / L.RCVID_INDEX_RANGE);
      return rcvid % L.RCVID_INDEX_RANGE === i && sequence === h * L.SEQ_LOW_RANGE + l;
    };
    check(fc.property(high, low, index, round));
    t.ok(round(L.SEQ_HIGH_MASK, L.SEQ_LOW_MASK, 511), "the largest");
  });
  t.end();
});

test("receivedFrom: only the very message, of 2^20 that the client has sent", (t) => {
  const { server, client, chid, coid } = stage();
  post(client, coid);
  const first = take(server, chid);
  t.equal(
    as(server, () => receivedFrom(first)),
    client.me,
    "it is known while it is held",
  );
  as(server, () => MsgReply(first, 0, null, 0));
  settle(client);
  as(client, () => {
    const entry = entryOf(coid);
    for (let i = 0; i < 2 ** 20; i++) publish(entry, 0, 0, null, 0);
  });
  const last = take(server, chid);
  t.equal(last, first + 2 ** 20 * L.RCVID_INDEX_RANGE, "2^20 messages later");
  t.equal(
    as(server, () => MsgReply(first, 0, null, 0)),
    -ESRCH,
    "the first is stale",
  );
  t.equal(
    as(server, () => receivedFrom(last)),
    client.me,
    "the last is known",
  );
  t.end();
});

test("rcvidOf: grows over the wrap of the low sequence into the high part", (t) => {
  const { server, client, chid, coid } = stage();
  setSequence(client, 6, L.SEQ_LOW_MASK - 2);
  const rcvids: number[] = [];
  for (let i = 0; i < 4; i++) rcvids.push(exchange(server, client, chid, coid));
  t.equal(own(client, L.SLOT_SEQ_HIGH), 7, "the high part was raised");
  for (let i = 1; i < 4; i++) {
    t.equal(rcvids[i]! - rcvids[i - 1]!, L.RCVID_INDEX_RANGE, `message ${i}: the next number`);
  }
  for (const rcvid of rcvids)
    t.equal(
      as(server, () => receivedFrom(rcvid)),
      0,
      "stale",
    );
  t.end();
});

test("receivedFrom: a message 2^29 later, with the same low sequence, is another", (t) => {
  const { server, client, chid, coid } = stage();
  const stale = exchange(server, client, chid, coid);
  setSequence(client, 0, L.SEQ_LOW_MASK);
  const wrapped = exchange(server, client, chid, coid);
  t.equal(own(client, L.SLOT_SEQ_HIGH), 1, "the low sequence has wrapped");
  const posted = post(client, coid);
  const rcvid = take(server, chid);
  t.equal(replyState(rcvid), replyState(stale), "the same low sequence");
  t.notEqual(rcvid, stale, "another rcvid");
  t.equal(
    as(server, () => MsgReply(stale, 1, null, 0)),
    -ESRCH,
    "the stale one",
  );
  t.equal(
    as(server, () => MsgReply(wrapped, 1, null, 0)),
    -ESRCH,
    "the one at the wrap",
  );
  t.equal(
    as(server, () => MsgReply(rcvid, 2, null, 0)),
    0,
    "the good one",
  );
  settle(client);
  t.equal(posted.status, 2, "answered");
  t.end();
});

test("rcvidOf: after 2^44 messages the sequence begins again, and still works", (t) => {
  const { server, client, chid, coid } = stage();
  setSequence(client, L.SEQ_HIGH_MASK, L.SEQ_LOW_MASK);
  const first = exchange(server, client, chid, coid);
  t.equal(own(client, L.SLOT_SEQ_HIGH), 0, "from 0 on");
  t.equal(first, 2, "the smallest rcvid of task 2: positive, so it is no pulse");
  t.ok(exchange(server, client, chid, coid) > first, "and on");
  t.end();
});

test("senderOf: the client, after the reply too; 0 for what it never sent", (t) => {
  const { bench, server, client, chid, coid } = stage();
  const first = exchange(server, client, chid, coid);
  const last = exchange(server, client, chid, coid);
  as(server, () => {
    t.equal(senderOf(first), client.pid, "the first");
    t.equal(senderOf(last), client.pid, "the last");
    t.equal(senderOf(first - L.RCVID_INDEX_RANGE), 0, "before the first");
    t.equal(senderOf(last + L.RCVID_INDEX_RANGE), 0, "after the last");
    for (const forged of [0, -1, NaN, Infinity, 0.5, 500, 2 ** 53]) {
      t.equal(senderOf(forged), 0, `${forged}`);
    }
  });
  bench.bury(client);
  t.equal(
    as(server, () => senderOf(last)),
    0,
    "dead",
  );
  const successor = bench.start(2);
  t.equal(
    as(server, () => senderOf(last)),
    0,
    "of the predecessor",
  );
  const again = connect(server, successor);
  const next = exchange(server, successor, again.chid, again.coid);
  t.equal(
    as(server, () => senderOf(next)),
    successor.pid,
    "its own is known",
  );
  t.end();
});

test("senderOf: over the wrap of the low sequence", (t) => {
  const { server, client, chid, coid } = stage();
  setSequence(client, 3, L.SEQ_LOW_MASK - 1);
  const before = exchange(server, client, chid, coid);
  const after = exchange(server, client, chid, coid);
  t.equal(own(client, L.SLOT_SEQ_HIGH), 4, "wrapped");
  t.equal(
    as(server, () => senderOf(before)),
    client.pid,
    "before",
  );
  t.equal(
    as(server, () => senderOf(after)),
    client.pid,
    "after",
  );
  t.end();
});
