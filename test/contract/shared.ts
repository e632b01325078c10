/**
 * Shared buffers: messages longer than messageBytes, passed in place.
 */
import { EAGAIN, EINVAL, EMSGSIZE, ESRCH, ETIMEDOUT } from "reattach";
import type { ContractCase, Puppet } from "./board.js";
import { attach, bytes, connect, filled, hold, poll, receive, text } from "./steps.js";

const LIMITS = { sharedBuffers: 3, sharedBytes: 65_536 };
const LENGTH = 65_536;

async function act(puppet: Puppet, name: string, ...args: readonly unknown[]): Promise<number> {
  return (await puppet.act(name, ...args)).result;
}

/** Bytes of a view. */
async function read(puppet: Puppet, index: number, at: number, count: number): Promise<string> {
  const { args } = await puppet.act("readShared", index, at, filled(count));
  return text(args[2] as Uint8Array);
}

const ownCases: readonly ContractCase[] = [
  {
    title: "sharedAcquire: -EAGAIN when all are in use; sharedRelease: -EINVAL for what is not own",
    puppets: 2,
    limits: LIMITS,
    async run(t, _board, first, second) {
      t.equal(await first.result("sharedAcquire"), 0, "the first");
      t.equal(await second.result("sharedAcquire"), 1, "the second");
      t.equal(await first.result("sharedAcquire"), 2, "the third");
      t.equal(await first.result("sharedAcquire"), -EAGAIN, "no more");
      t.equal(await second.result("sharedRelease", 0), -EINVAL, "another task's");
      for (const index of [3, -1, 0.5, NaN]) {
        t.equal(await first.result("sharedRelease", index), -EINVAL, `index ${index}`);
      }
      t.equal(await first.result("sharedRelease", 0), 0, "released");
      t.equal(await first.result("sharedRelease", 0), -EINVAL, "twice");
      t.equal(await second.result("sharedAcquire"), 0, "free again");
    },
  },
  {
    title: "sharedAcquire: -EAGAIN in a system without shared buffers",
    puppets: 1,
    async run(t, _board, puppet) {
      t.equal(await puppet.result("sharedAcquire"), -EAGAIN, "-EAGAIN");
      t.equal(await act(puppet, "viewLength", 0), -1, "sharedView: null");
    },
  },
  {
    title: "sharedView: always the same array of sharedBytes; null for no such index",
    puppets: 2,
    limits: LIMITS,
    async run(t, _board, first, second) {
      for (let i = 0; i < 3; i++) t.equal(await act(first, "viewLength", i), LENGTH, `view ${i}`);
      for (const index of [3, -1, 0.5]) t.equal(await act(first, "viewLength", index), -1, "null");
      await first.act("fillShared", 1, 7);
      await first.act("writeShared", 1, 0, bytes("abc"));
      t.equal(await read(second, 1, 0, 3), "abc", "both tasks see the same bytes");
      await first.act("fillShared", 0, 1);
      await first.act("fillShared", 2, 3);
      t.equal(await act(second, "sumShared", 1, 4), 97 + 98 + 99 + 7, "and no others");
    },
  },
  {
    title: "sharedAcquire: a death frees the buffers",
    puppets: 2,
    limits: LIMITS,
    async run(t, board, first, second) {
      for (let i = 0; i < 3; i++) await first.result("sharedAcquire");
      t.equal(await second.result("sharedAcquire"), -EAGAIN, "all in use");
      await board.kill(first);
      for (let i = 0; i < 3; i++) t.equal(await second.result("sharedAcquire"), i, `buffer ${i}`);
    },
  },
];

const sendCases: readonly ContractCase[] = [
  {
    title: "MsgSend: a shared buffer is received in place, and answered in place",
    puppets: 2,
    limits: LIMITS,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const index = await client.result("sharedAcquire");
      await client.act("fillShared", index, 2);
      await client.act("writeShared", index, 0, bytes("question"));
      const sent = client.act("sendShared", coid, index, LENGTH, index, LENGTH);
      const { rcvid, info, text: head } = await receive(server, chid, 8);
      t.equal(head, "question", "the first bytes are received");
      t.deepEqual([info.msglen, info.srcmsglen, info.dstmsglen], [8, LENGTH, LENGTH], "lengths");
      const found = await server.result("sharedMessage", rcvid);
      t.equal(found, index, "sharedMessage: the buffer");
      t.equal(await act(server, "sumShared", found, LENGTH), 2 * (LENGTH - 8) + 888, "all of it");
      await server.act("fillShared", found, 5);
      await server.act("writeShared", found, 0, bytes("answer!!"));
      t.equal(await act(server, "replyShared", rcvid, 9, found, LENGTH), 0, "replied in place");
      t.equal((await sent).result, 9, "the status");
      t.equal(await read(client, index, 0, 8), "answer!!", "the answer's beginning");
      t.equal(await act(client, "sumShared", index, LENGTH), 5 * (LENGTH - 8) + 722, "and all");
    },
  },
  {
    title: "MsgReply: an array into a client's shared buffer, however long",
    puppets: 2,
    limits: LIMITS,
    async run(t, { limits: { messageBytes } }, server, client) {
      const { chid, coid } = await connect(server, client);
      const index = await client.result("sharedAcquire");
      for (const length of [4, messageBytes, messageBytes + 1, 10_000]) {
        await client.act("fillShared", index, 1);
        const sent = client.act("sendShared", coid, index, 10, index, LENGTH);
        const { rcvid } = await receive(server, chid);
        const reply = filled(length, 3);
        t.equal(await server.result("MsgReply", rcvid, 0, reply, length), 0, `${length} bytes`);
        t.equal((await sent).result, 0, "arrives");
        const sum = 3 * length + (LENGTH - length);
        t.equal(await act(client, "sumShared", index, LENGTH), sum, "and nothing else changes");
      }
    },
  },
  {
    title: "MsgRead, MsgWrite: any part of a shared message and of a shared reply",
    puppets: 2,
    limits: LIMITS,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const index = await client.result("sharedAcquire");
      const room = await client.result("sharedAcquire");
      await client.act("fillShared", index, 0);
      await client.act("fillShared", room, 0);
      await client.act("writeShared", index, 60_000, bytes("deep"));
      const sent = client.act("sendShared", coid, index, LENGTH, room, LENGTH);
      const { rcvid } = await receive(server, chid);
      const { result, args } = await server.call("MsgRead", rcvid, filled(8), 8, 60_000);
      t.equal(result, 8, "MsgRead");
      t.equal(text(args[1] as Uint8Array), "deep", "far inside");
      t.equal(await server.result("MsgRead", rcvid, filled(8), 8, LENGTH - 3), 3, "at the end");
      t.equal(await server.result("MsgRead", rcvid, filled(8), 8, LENGTH), 0, "past it");
      const write = await server.result("MsgWrite", rcvid, bytes("found"), 5, 50_000);
      t.equal(write, 5, "MsgWrite");
      t.equal(await server.result("MsgWrite", rcvid, bytes("found"), 5, LENGTH - 2), 2, "cut");
      await server.result("MsgReply", rcvid, 0, bytes("ok"), 2);
      t.equal((await sent).result, 0, "answered");
      t.equal(await read(client, room, 50_000, 8), "found", "written far inside");
      t.equal(await read(client, room, 0, 8), "ok", "and the reply at 0");
      t.equal(await read(client, room, LENGTH - 2, 2), "fo", "and at the end");
    },
  },
  {
    title: "MsgSend: a shared message with a simple reply, and the other way round",
    puppets: 2,
    limits: LIMITS,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const index = await client.result("sharedAcquire");
      const sent = client.act("sendSharedSimple", coid, index, LENGTH, filled(8, 0xee));
      const { rcvid, info } = await receive(server, chid);
      t.equal(info.srcmsglen, LENGTH, "a long message");
      await server.result("MsgReply", rcvid, 1, bytes("short"), 5);
      const { result, args } = await sent;
      t.equal(result, 1, "answered");
      t.equal(text((args[3] as Uint8Array).subarray(0, 5)), "short", "in the array");
      await client.act("writeShared", index, 0, bytes("tiny"));
      const again = client.act("sendShared", coid, index, 4, index, LENGTH);
      const received = await receive(server, chid);
      t.equal(received.text, "tiny", "a short message");
      t.equal(await server.result("sharedMessage", received.rcvid), -EINVAL, "was copied");
      await server.result("MsgReply", received.rcvid, 2, filled(9_000, 4), 9_000);
      t.equal((await again).result, 2, "answered");
      t.equal(await act(client, "sumShared", index, 9_000), 36_000, "with a long reply");
    },
  },
  {
    title: "MsgSendv: one part that is a shared buffer is passed in place; two are -EMSGSIZE",
    puppets: 2,
    limits: LIMITS,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const index = await client.result("sharedAcquire");
      t.equal(await act(client, "sendSharedv", coid, index, 1_000, 2), -EMSGSIZE, "two parts");
      const sent = client.act("sendSharedv", coid, index, 1_000, 1);
      const { rcvid, info } = await receive(server, chid);
      t.equal(info.srcmsglen, 1_000, "one part");
      t.equal(await server.result("sharedMessage", rcvid), index, "in place");
      await server.result("MsgReply", rcvid, 3, null, 0);
      t.equal((await sent).result, 3, "answered");
    },
  },
];

const errorCases: readonly ContractCase[] = [
  {
    title: "MsgSend: -EMSGSIZE for a long message that is no own shared buffer",
    puppets: 3,
    limits: LIMITS,
    async run(t, _board, server, client, other) {
      const { chid, coid } = await connect(server, client);
      const index = await other.result("sharedAcquire");
      t.equal(await act(client, "sendShared", coid, index, 1_000, 0, 0), -EMSGSIZE, "another's");
      t.equal(await act(client, "sendShared", coid, 1, 1_000, 0, 0), -EMSGSIZE, "nobody's");
      const own = await client.result("sharedAcquire");
      t.equal(
        await act(client, "sendSubarray", coid, own, 8, 1_000),
        -EMSGSIZE,
        "a part of a view",
      );
      const array = filled(1_000);
      t.equal(await client.result("MsgSend", coid, array, 1_000, null, 0), -EMSGSIZE, "an array");
      await client.result("sharedRelease", own);
      t.equal(await act(client, "sendShared", coid, own, 1_000, 0, 0), -EMSGSIZE, "released");
      t.equal(await poll(server, chid), -ETIMEDOUT, "nothing was sent");
    },
  },
  {
    title: "MsgReply: -EMSGSIZE for more than messageBytes when the room is no shared buffer",
    puppets: 2,
    limits: LIMITS,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const mine = await server.result("sharedAcquire");
      const room = filled(1_000, 0xee);
      const sent = client.call("MsgSend", coid, null, 0, room, 1_000);
      const { rcvid } = await receive(server, chid);
      t.equal(await act(server, "replyShared", rcvid, 0, mine, 1_000), -EMSGSIZE, "a view");
      t.equal(await server.result("MsgReply", rcvid, 0, room, 1_000), -EMSGSIZE, "an array");
      t.equal(await act(server, "replyShared", rcvid, 0, mine, 0), 0, "nothing");
      t.deepEqual((await sent).args[3], room, "the client's array is untouched");
    },
  },
  {
    title: "sharedMessage: -ESRCH for what is not held, -EINVAL for a message that was copied",
    puppets: 3,
    limits: LIMITS,
    async run(t, _board, server, client, other) {
      const { chid, coid } = await connect(server, client);
      const short = await hold(server, client, { chid, coid });
      t.equal(await server.result("sharedMessage", short.rcvid), -EINVAL, "copied");
      await server.result("MsgReply", short.rcvid, 0, null, 0);
      await short.sent;
      t.equal(await server.result("sharedMessage", short.rcvid), -ESRCH, "answered");
      const index = await client.result("sharedAcquire");
      const sent = client.act("sendShared", coid, index, 1_000, index, 0);
      const { rcvid } = await receive(server, chid);
      t.equal(await other.result("sharedMessage", rcvid), -ESRCH, "another server's");
      await server.result("MsgReply", rcvid, 0, null, 0);
      await sent;
    },
  },
  {
    title: "MsgSend: two clients, each with its shared buffer at the same server",
    puppets: 3,
    limits: LIMITS,
    async run(t, _board, server, client, other) {
      const { chid, coid } = await connect(server, client);
      const theirs = await attach(other, server, chid);
      const held = [];
      for (const [puppet, id, byte] of [[client, coid, 1] as const, [other, theirs, 2] as const]) {
        const index = await puppet.result("sharedAcquire");
        await puppet.act("fillShared", index, byte);
        const sent = puppet.act("sendShared", id, index, LENGTH, index, LENGTH);
        held.push({ puppet, index, byte, sent, ...(await receive(server, chid)) });
      }
      for (const { rcvid, byte } of held.reverse()) {
        const index = await server.result("sharedMessage", rcvid);
        t.equal(await act(server, "sumShared", index, LENGTH), byte * LENGTH, "its bytes");
        await server.act("fillShared", index, byte + 10);
        await server.act("replyShared", rcvid, byte, index, LENGTH);
      }
      for (const { puppet, index, byte, sent } of held) {
        t.equal((await sent).result, byte, "its status");
        const sum = await act(puppet, "sumShared", index, LENGTH);
        t.equal(sum, (byte + 10) * LENGTH, "its answer");
      }
    },
  },
];

export const sharedCases: readonly ContractCase[] = [...ownCases, ...sendCases, ...errorCases];
