/**
 * Stale rcvids: every call notices one that does not name a message which the caller holds.
 */
import { _NTO_TIMEOUT_REPLY, ERESTART, ESRCH, ETIMEDOUT } from "reattach";
import type { Assert, CallName, ContractCase, Puppet } from "./board.js";
import { attach, connect, filled, hold, receive, send } from "./steps.js";

/** Calls on an rcvid, with arguments that would do for one that is held. */
const RCVID_CALLS: readonly (readonly [CallName, readonly unknown[]])[] = [
  ["MsgReply", [0, null, 0]],
  ["MsgReplyv", [0, null, 0]],
  ["MsgError", [5]],
  ["MsgError", [-1]],
  ["MsgRead", [filled(4), 4, 0]],
  ["MsgReadv", [null, 0, 0]],
  ["MsgWrite", [filled(4), 4, 0]],
  ["MsgWritev", [null, 0, 0]],
  ["MsgInfo", [{}]],
  ["MsgCurrent", []],
  ["sharedMessage", []],
];

/** Asserts that every call on this rcvid answers -ESRCH. */
async function isStale(t: Assert, server: Puppet, rcvid: number, why: string): Promise<void> {
  const wrong: string[] = [];
  for (const [name, rest] of RCVID_CALLS) {
    const result = await server.result(name, rcvid, ...rest);
    if (result !== -ESRCH) wrong.push(`${name}: ${result}`);
  }
  t.deepEqual(wrong, [], `${why}: -ESRCH for every call`);
}

export const staleCases: readonly ContractCase[] = [
  {
    title: "rcvid: stale after MsgReply, MsgError and ERESTART",
    puppets: 2,
    async run(t, _board, server, client) {
      const connection = await connect(server, client);
      const first = await hold(server, client, connection);
      await server.result("MsgReply", first.rcvid, 0, null, 0);
      await first.sent;
      await isStale(t, server, first.rcvid, "replied");
      const second = await hold(server, client, connection);
      await isStale(t, server, first.rcvid, "replied, and the same client waits again");
      await server.result("MsgError", second.rcvid, 1);
      await second.sent;
      await isStale(t, server, second.rcvid, "MsgError");
      const third = await hold(server, client, connection);
      await server.result("MsgError", third.rcvid, ERESTART);
      await client.until("SEND");
      await isStale(t, server, third.rcvid, "ERESTART, and the client is queued again");
      const { rcvid } = await receive(server, connection.chid);
      await isStale(t, server, third.rcvid, "and has been received again");
      t.equal(await server.result("MsgReply", rcvid, 8, null, 0), 0, "the new one is good");
      t.equal(await third.sent, 8, "and answers the call");
    },
  },
  {
    title: "rcvid: stale after the client's time limit",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const received = receive(server, chid);
      await server.until("RECEIVE");
      const sent = client.act("sendWithin", _NTO_TIMEOUT_REPLY, 100, coid, null, 0, null, 0);
      const { rcvid } = await received;
      t.equal((await sent).result, -ETIMEDOUT, "the client gave up");
      await isStale(t, server, rcvid, "given up");
      const next = await hold(server, client, { chid, coid });
      await isStale(t, server, rcvid, "and it waits for its next message");
      await server.result("MsgReply", next.rcvid, 4, null, 0);
      t.equal(await next.sent, 4, "which gets its own answer");
    },
  },
  {
    title: "rcvid: stale after the client's death, and for its successor",
    puppets: 2,
    async run(t, board, server, client) {
      const { chid, coid } = await connect(server, client);
      const { rcvid } = await hold(server, client, { chid, coid });
      await board.kill(client);
      await isStale(t, server, rcvid, "dead");
      const successor = await board.restart(client);
      await isStale(t, server, rcvid, "restarted");
      const again = await attach(successor, server, chid);
      const next = await hold(server, successor, { chid, coid: again });
      t.notEqual(next.rcvid, rcvid, "the successor's first message has another rcvid");
      await isStale(t, server, rcvid, "the successor waits");
      await server.result("MsgReply", next.rcvid, 6, null, 0);
      t.equal(await next.sent, 6, "and gets its own answer");
    },
  },
  {
    title: "rcvid: means nothing to another server",
    puppets: 3,
    async run(t, _board, server, client, other) {
      await other.result("ChannelCreate", 0);
      const { rcvid, sent } = await hold(server, client, await connect(server, client));
      await isStale(t, other, rcvid, "another task's");
      await server.result("MsgReply", rcvid, 1, null, 0);
      t.equal(await sent, 1, "untouched");
    },
  },
  {
    title: "rcvid: of a message that nobody has received is not known",
    puppets: 2,
    async run(t, _board, server, client) {
      const connection = await connect(server, client);
      const first = await hold(server, client, connection);
      await server.result("MsgReply", first.rcvid, 0, null, 0);
      await first.sent;
      const queued = send(client, connection.coid);
      await client.until("SEND");
      // The client's next rcvid, as anybody can guess it.
      await isStale(t, server, first.rcvid + 512, "queued");
      const { rcvid } = await receive(server, connection.chid);
      t.equal(rcvid, first.rcvid + 512, "it was guessed well");
      await server.result("MsgReply", rcvid, 3, null, 0);
      t.equal(await queued, 3, "and the message came to no harm");
    },
  },
  {
    title: "rcvid: forged numbers hit nothing",
    puppets: 2,
    async run(t, _board, server, client) {
      const { rcvid, sent } = await hold(server, client, await connect(server, client));
      const forged = [-1, NaN, 0.5, Infinity, 511, 1, 2 ** 31, 2 ** 53 - 1, 2 ** 53];
      const near = [rcvid - 1, rcvid + 1, rcvid - 512, rcvid + 512, -rcvid];
      const wrapped = [rcvid + 2 ** 31, rcvid + 2 ** 32, rcvid + 2 ** 38, rcvid + 2 ** 53];
      for (const number of [...forged, ...near, ...wrapped, rcvid - 2 ** 53]) {
        await isStale(t, server, number, `${number}`);
      }
      await client.until("REPLY");
      await server.result("MsgReply", rcvid, 2, null, 0);
      t.equal(await sent, 2, "the held message is untouched");
    },
  },
];
