/**
 * MsgSend, MsgReply, MsgError: what the client gets of what the server says.
 */
import { EBADF, EINVAL, EINTR, EOK, EPERM, ERESTART, ESRCH, ETIMEDOUT } from "reattach";
import type { ContractCase } from "./board.js";
import { attach, bytes, connect, filled, hold, poll, receive, send, text } from "./steps.js";

const STATUSES = [0, 1, 7, 255, 65_536, 2 ** 31 - 1];
const NO_STATUSES = [-1, -EBADF, -(2 ** 31), 2 ** 31, 0.5, NaN, "0"];

/** What MsgError is given, and what MsgSend then returns. */
const ERRORS = [
  [EOK, 0],
  [EPERM, -EPERM],
  [ESRCH, -ESRCH],
  [EBADF, -EBADF],
  [ETIMEDOUT, -ETIMEDOUT],
  [4095, -4095],
  [-1, -EINTR],
] as const;
const NO_ERRORS = [-2, 4096, 2 ** 31, 1.5, NaN];

const replyCases: readonly ContractCase[] = [
  {
    title: "MsgSend: returns the server's status and its reply",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const sent = client.call("MsgSend", coid, bytes("ping"), 4, filled(8), 8);
      const received = await receive(server, chid, 16);
      t.ok(received.rcvid > 0, "the server gets an rcvid");
      t.deepEqual(received.message, bytes("ping", 16), "and the message");
      const reply = [received.rcvid, 7, bytes("pong!"), 5];
      t.equal(await server.result("MsgReply", ...reply), 0, "replies");
      const { result, args } = await sent;
      t.equal(result, 7, "the client gets the status");
      t.deepEqual(args[3], bytes("pong!", 8), "and the reply");
    },
  },
  {
    title: "MsgSend: the server that waits already, and the one that comes later",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const received = receive(server, chid);
      await server.until("RECEIVE");
      const first = send(client, coid, "first");
      const { rcvid, text: got } = await received;
      t.equal(got, "first", "to a waiting server");
      await client.until("REPLY");
      await server.result("MsgReply", rcvid, 1, null, 0);
      t.equal(await first, 1, "answered");
      const second = send(client, coid, "second");
      await client.until("SEND");
      const later = await receive(server, chid);
      t.equal(later.text, "second", "to one that comes");
      await server.result("MsgReply", later.rcvid, 2, null, 0);
      t.equal(await second, 2, "answered");
    },
  },
  {
    title: "MsgReply: every status from 0 to 2^31 - 1 reaches the client",
    puppets: 2,
    async run(t, _board, server, client) {
      const connection = await connect(server, client);
      for (const status of STATUSES) {
        const { rcvid, sent } = await hold(server, client, connection);
        t.equal(await server.result("MsgReply", rcvid, status, null, 0), 0, "replies");
        t.equal(await sent, status, `status ${status}`);
      }
    },
  },
  {
    title: "MsgReply: -EINVAL for a status that is none, and the client goes on waiting",
    puppets: 2,
    async run(t, _board, server, client) {
      const connection = await connect(server, client);
      const { rcvid, sent } = await hold(server, client, connection);
      for (const status of NO_STATUSES) {
        t.equal(await server.result("MsgReply", rcvid, status, null, 0), -EINVAL, `${status}`);
        t.equal(await server.result("MsgReplyv", rcvid, status, null, 0), -EINVAL, "MsgReplyv");
      }
      t.equal(await server.result("MsgReply", rcvid, 1, null, 0), 0, "a good one");
      t.equal(await sent, 1, "is the answer");
    },
  },
  {
    title: "MsgReply: answers in any order, each to its own client",
    puppets: 5,
    async run(t, { puppets }, server) {
      const chid = await server.result("ChannelCreate", 0);
      const held = [];
      for (const client of puppets.slice(1)) {
        const coid = await attach(client, server, chid);
        held.push(await hold(server, client, { chid, coid }, client.name));
      }
      for (const i of [2, 0, 3, 1]) {
        t.equal(await server.result("MsgReply", held[i]!.rcvid, i, null, 0), 0, `reply ${i}`);
        t.equal(await held[i]!.sent, i, "arrives where it belongs");
      }
    },
  },
  {
    title: "MsgSend: one task is client and server at once",
    puppets: 3,
    async run(t, _board, back, middle, client) {
      const front = await connect(middle, client);
      const behind = await connect(back, middle);
      const first = await hold(middle, client, front);
      const second = await hold(back, middle, behind);
      await back.result("MsgReply", second.rcvid, 20, null, 0);
      t.equal(await second.sent, 20, "the middle one has its answer");
      await middle.result("MsgReply", first.rcvid, 30, null, 0);
      t.equal(await first.sent, 30, "and gives one");
    },
  },
];

const errorCases: readonly ContractCase[] = [
  {
    title: "MsgError: the client gets -errno; EOK is 0, and -1 is -EINTR when it asked for nothing",
    puppets: 2,
    async run(t, _board, server, client) {
      const connection = await connect(server, client);
      for (const [errno, result] of ERRORS) {
        const { rcvid, sent } = await hold(server, client, connection);
        t.equal(await server.result("MsgError", rcvid, errno), 0, `MsgError ${errno}`);
        t.equal(await sent, result, `${result}`);
      }
    },
  },
  {
    title: "MsgError: -EINVAL for what is no errno, and the client goes on waiting",
    puppets: 2,
    async run(t, _board, server, client) {
      const connection = await connect(server, client);
      const { rcvid, sent } = await hold(server, client, connection);
      for (const errno of NO_ERRORS) {
        t.equal(await server.result("MsgError", rcvid, errno), -EINVAL, `${errno}`);
      }
      t.equal(await server.result("MsgError", rcvid, EPERM), 0, "a good one");
      t.equal(await sent, -EPERM, "is the answer");
    },
  },
  {
    title: "MsgError: EBADF and ESRCH from a server do not start a recovery",
    puppets: 2,
    async run(t, _board, server, client) {
      const connection = await connect(server, client);
      await client.act("attachAnswering", connection.coid, connection.coid, 0);
      for (const errno of [EBADF, ESRCH]) {
        const { rcvid, sent } = await hold(server, client, connection);
        await server.result("MsgError", rcvid, errno);
        t.equal(await sent, -errno, "the server's own errno");
      }
      t.equal((await client.act("recoveryCalls")).result, 0, "the function has not run");
    },
  },
  {
    title: "MsgError: carries no data",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const sent = client.call("MsgSend", coid, null, 0, filled(4, 0xee), 4);
      const { rcvid } = await receive(server, chid);
      await server.result("MsgError", rcvid, EPERM);
      t.deepEqual((await sent).args[3], filled(4, 0xee), "the client's buffer is untouched");
    },
  },
  {
    title: "MsgError: ERESTART makes the client send again: a new rcvid, the same message",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const sent = client.call("MsgSend", coid, bytes("again"), 5, filled(2), 2);
      const rcvids = new Set<number>();
      for (let i = 0; i < 3; i++) {
        const received = await receive(server, chid);
        t.equal(received.text, "again", "the message");
        rcvids.add(received.rcvid);
        await server.result("MsgWrite", received.rcvid, bytes("xx"), 2, 0);
        t.equal(await server.result("MsgError", received.rcvid, ERESTART), 0, "once more");
        const late = await server.result("MsgReply", received.rcvid, 0, null, 0);
        t.equal(late, -ESRCH, "the old rcvid is void");
      }
      const last = await receive(server, chid);
      t.equal(rcvids.add(last.rcvid).size, 4, "four rcvids");
      await server.result("MsgReply", last.rcvid, 9, bytes("y"), 1);
      const { result, args } = await sent;
      t.equal(result, 9, "the client sees one call");
      t.equal(text(args[3] as Uint8Array), "y", "and nothing of the attempts before");
      t.equal(await poll(server, chid), -ETIMEDOUT, "nothing is queued");
    },
  },
];

const longCases: readonly ContractCase[] = [
  {
    title: "MsgSend: 2,000 messages in a row, each answered with its own bytes",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const served = server.act("serveSums", 2_000, chid, 128);
      const message = Uint8Array.from({ length: 128 }, (_, i) => i);
      const sent = await client.act("sendMany", 2_000, coid, message, filled(128));
      t.equal(sent.result, (127 * 128) / 2, "the status of the last");
      t.deepEqual(sent.args[3], message, "and its reply");
      t.equal((await served).result, 2_000, "all have been received");
    },
  },
  {
    title: "MsgSend: messages of 64 KiB with messageBytes 65536",
    puppets: 2,
    limits: { messageBytes: 65_536 },
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const message = Uint8Array.from({ length: 65_536 }, (_, i) => i % 251);
      const sent = client.call("MsgSend", coid, message, 65_536, filled(65_536), 65_536);
      const received = await receive(server, chid, 65_536);
      t.equal(received.info.msglen, 65_536, "received whole");
      t.deepEqual(received.message, message, "unchanged");
      const reversed = message.slice().reverse();
      await server.result("MsgReply", received.rcvid, 0, reversed, 65_536);
      t.deepEqual((await sent).args[3], reversed, "and so is the reply");
    },
  },
];

export const sendCases: readonly ContractCase[] = [...replyCases, ...errorCases, ...longCases];
