/**
 * Shared buffers: which ranges of the arena are one.
 */
import test from "tape";
import { sendAsync } from "../../../../src/ha/async.js";
import { layoutIn } from "../../../../src/arena/arena.js";
import { EBUSY, EMSGSIZE } from "../../../../src/kernel/errno.js";
import * as L from "../../../../src/arena/layout.js";
import { MsgReply } from "../../../../src/kernel/message/reply.js";
import {
  isSharedRange,
  sharedAcquire,
  sharedRelease,
  sharedStart,
  sharedView,
} from "../../../../src/kernel/message/shared-buffer.js";
import { as, Bench, connect, post, settle, take } from "../vms.js";

const LIMITS = { sharedBuffers: 3, sharedBytes: 30 };

test("isSharedRange: the beginning of a shared buffer, and no more than it holds", (t) => {
  const { main } = new Bench(LIMITS);
  const { sharedAtByte, sharedStride, totalBytes } = layoutIn(main.words);
  as(main, () => {
    for (let i = 0; i < 3; i++) {
      sharedAcquire();
      const at = sharedAtByte + i * sharedStride;
      for (const count of [0, 1, 30]) t.ok(isSharedRange($me, at, count), `buffer ${i}, ${count}`);
      for (const count of [31, 32, -1])
        t.notOk(isSharedRange($me, at, count), `buffer ${i}, ${count}`);
      for (const near of [at - 1, at + 1, at + 4])
        t.notOk(isSharedRange($me, near, 1), `at ${near}`);
    }
    t.notOk(isSharedRange($me, sharedAtByte + 3 * sharedStride, 1), "one buffer too far");
    for (const none of [0, -4, totalBytes, NaN]) t.notOk(isSharedRange($me, none, 1), `at ${none}`);
  });
  as(new Bench().main, () => t.notOk(isSharedRange($me, 0, 0), "in a system that has none"));
  t.end();
});

test("sharedStart: only the own buffer's very view, with room for all of it", (t) => {
  const bench = new Bench(LIMITS);
  const task = bench.start(1);
  const other = bench.start(2);
  const index = as(task, sharedAcquire);
  const { sharedAtByte } = layoutIn(task.words);
  as(task, () => {
    const view = sharedView(index);
    t.equal(sharedStart(view, 30), sharedAtByte, "its view");
    t.equal(sharedStart(view, 31), 0, "too much");
    t.equal(sharedStart(view!.subarray(0), 30), 0, "a copy of the view");
    t.equal(sharedStart(sharedView(1), 30), 0, "a buffer that nobody has");
    t.equal(sharedStart(null, 0), 0, "null");
  });
  as(other, () => t.equal(sharedStart(sharedView(index), 30), 0, "another task's buffer"));
  t.end();
});

test("sharedRelease: -EBUSY while the main VM's send lies in it", (t) => {
  const bench = new Bench({ ...LIMITS, messageBytes: 24 });
  const { main } = bench;
  const server = bench.start(1);
  const { chid, coid } = connect(server, main);
  const statuses: number[] = [];
  const done = (status: number): number => statuses.push(status);
  as(main, () => {
    const [message, room] = [sharedView(sharedAcquire())!, sharedView(sharedAcquire())!];
    t.equal(sendAsync(coid, message, 30, room, 30, done), 0, "under way");
    t.equal(sharedRelease(0), -EBUSY, "the message");
    t.equal(sharedRelease(1), -EBUSY, "the reply's room");
  });
  const rcvid = take(server, chid);
  as(server, () => MsgReply(rcvid, 0, new Uint8Array(30), 30));
  settle(main);
  t.deepEqual(statuses, [0], "answered");
  as(main, () => {
    t.equal(sharedRelease(0), 0, "then it is given back");
    t.equal(sharedRelease(1), 0, "both are");
  });
  t.end();
});

test("MsgReply: a slot with a nonsensical reply address is -EMSGSIZE", (t) => {
  const bench = new Bench({ ...LIMITS, messageBytes: 24 });
  const server = bench.start(1);
  const client = bench.start(2);
  const { chid, coid } = connect(server, client);
  for (const at of [
    4,
    layoutIn(client.words).tasksAt * L.WORD_BYTES,
    layoutIn(client.words).totalBytes,
    -8,
  ]) {
    const posted = post(client, coid);
    client.words[client.me + L.SLOT_REPLY_AT] = at;
    const rcvid = take(server, chid);
    const before = client.bytes.slice();
    t.equal(
      as(server, () => MsgReply(rcvid, 0, new Uint8Array(4).fill(1), 4)),
      -EMSGSIZE,
      `${at}`,
    );
    t.deepEqual(client.bytes, before, "no byte has changed");
    client.words[client.me + L.SLOT_REPLY_AT] = 0;
    as(server, () => MsgReply(rcvid, 0, null, 0));
    settle(client);
    t.equal(posted.status, 0, "answered in the end");
  }
  t.end();
});
