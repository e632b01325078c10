/**
 * Answering: how much goes where, and nothing past the end of it.
 */
import test from "tape";
import { ENOENT } from "../../../../src/kernel/errno.js";
import { MsgReply } from "../../../../src/kernel/message/reply.js";
import * as L from "../../../../src/arena/layout.js";
import { MsgError, MsgRead, MsgReplyv, MsgWrite } from "../../../../src/kernel/message/reply.js";
import { as, Bench, connect, own, post, settle, take } from "../vms.js";

const LONG = new Uint8Array(16).fill(9);

/** A server that holds a message of four bytes, with as many of room. */
function stage(priority = 10) {
  const bench = new Bench({ messageBytes: 16 });
  const server = bench.start(1);
  const client = bench.start(2, priority);
  const { chid, coid } = connect(server, client);
  const send = () => post(client, coid, Uint8Array.of(1, 2, 3, 4));
  return { bench, server, client, chid, send };
}

/** What stands behind the client's room in the arena. */
function behind(client: ReturnType<Bench["start"]>): Uint8Array {
  const at = client.sendAtByte + client.words[L.HEAD_BUFFER_STRIDE]!;
  return client.bytes.slice(at + 4, at + 16);
}

test("MsgReply, MsgReplyv, MsgWrite: as much as there is room for, and no more", (t) => {
  const { server, client, chid, send } = stage();
  const part = { base: LONG, length: 16 };
  const answers: readonly ((rcvid: number) => number)[] = [
    (rcvid) => MsgReply(rcvid, 0, LONG, 16),
    (rcvid) => MsgReplyv(rcvid, 0, [part], 1),
    (rcvid) => MsgWrite(rcvid, LONG, 16, 0) + MsgReply(rcvid, 0, null, 0) - 4,
    (rcvid) => MsgWrite(rcvid, LONG, 16, 3) + MsgReply(rcvid, 0, null, 0) - 1,
  ];
  const before = behind(client);
  for (const answer of answers) {
    const posted = send();
    const rcvid = take(server, chid);
    t.equal(
      as(server, () => answer(rcvid)),
      0,
      "answered",
    );
    settle(client);
    t.equal(posted.status, 0, "the client has it");
    t.equal(posted.reply[3], 9, "to the last byte");
    t.deepEqual(behind(client), before, "and nothing is written behind it");
  }
  t.end();
});

test("MsgRead: nothing past the end of the message", (t) => {
  const { server, chid, send } = stage();
  send();
  const rcvid = take(server, chid);
  for (const [offset, count] of [
    [0, 4],
    [3, 1],
    [4, 0],
    [5, 0],
  ] as const) {
    const into = new Uint8Array(16).fill(7);
    t.equal(
      as(server, () => MsgRead(rcvid, into, 16, offset)),
      count,
      `from ${offset}`,
    );
    t.ok(
      into.subarray(count).every((byte) => byte === 7),
      "the rest is as it was",
    );
  }
  t.end();
});

test("MsgError: carries no data, not even that of the reply before", (t) => {
  const { server, client, chid, send } = stage();
  send();
  const first = take(server, chid);
  as(server, () => MsgReply(first, 0, LONG, 4));
  settle(client);
  const posted = send();
  const second = take(server, chid);
  as(server, () => MsgError(second, ENOENT));
  settle(client);
  t.equal(posted.status, -ENOENT);
  t.deepEqual([...posted.reply], [0, 0, 0, 0], "the caller's buffer is as it was");
  t.end();
});

test("MsgSend: the server takes the priority of who waits for it, before it looks", (t) => {
  const { server, send } = stage(20);
  t.equal(own(server, L.TASK_PRIORITY), 10, "its own");
  send();
  t.equal(own(server, L.TASK_PRIORITY), 20, "the client's");
  t.end();
});
