/**
 * Deaths: in every blocking state, of clients and of servers, with few and with many others.
 */
import {
  _NTO_CHF_DISCONNECT,
  _PULSE_CODE_DISCONNECT,
  createMsgInfo,
  EBADF,
  ESRCH,
  ETIMEDOUT,
} from "reattach";
import type { ContractCase, Puppet } from "./board.js";
import { attach, connect, filled, hold, poll, receive, send, serve } from "./steps.js";

const clientCases: readonly ContractCase[] = [
  {
    title: "death: a client that dies SEND-blocked takes its message with it",
    puppets: 3,
    async run(t, board, server, client, other) {
      const { chid, coid } = await connect(server, client);
      const theirs = await attach(other, server, chid);
      void send(client, coid, "lost");
      await client.until("SEND");
      const behind = send(other, theirs, "behind");
      await other.until("SEND");
      await board.kill(client);
      t.equal(await serve(server, chid, 1), "behind", "the server gets the next message");
      t.equal(await behind, 1, "and answers it");
      t.equal(await poll(server, chid), -ETIMEDOUT, "nothing is left");
    },
  },
  {
    title: "death: a client that dies REPLY-blocked gets no answer, and the server goes on",
    puppets: 3,
    async run(t, board, server, client, other) {
      const { chid, coid } = await connect(server, client);
      const theirs = await attach(other, server, chid);
      const lost = await hold(server, client, { chid, coid });
      const kept = await hold(server, other, { chid, coid: theirs });
      await board.kill(client);
      t.equal(await server.result("MsgReply", lost.rcvid, 0, null, 0), -ESRCH, "nobody waits");
      t.equal(await server.result("MsgReply", kept.rcvid, 2, null, 0), 0, "the other does");
      t.equal(await kept.sent, 2, "and has its answer");
    },
  },
  {
    title: "death: once a server is told that its client is gone it holds nothing of it",
    puppets: 2,
    async run(t, board, server, client) {
      const { chid, coid } = await connect(server, client, _NTO_CHF_DISCONNECT);
      const { rcvid } = await hold(server, client, { chid, coid });
      const told = receive(server, chid);
      await server.until("RECEIVE");
      await board.kill(client);
      const { pulse } = await told;
      t.equal(pulse.code, _PULSE_CODE_DISCONNECT, "the pulse");
      t.equal((await server.call("MsgInfo", rcvid, createMsgInfo())).result, -ESRCH, "MsgInfo");
      t.equal(await server.result("MsgReply", rcvid, 0, null, 0), -ESRCH, "MsgReply");
      t.equal(await server.result("ConnectDetach", pulse.scoid), 0, "it is detached");
    },
  },
  {
    title: "death: a client restarted under its server's eyes is another client",
    puppets: 2,
    async run(t, board, server, client) {
      const chid = await server.result("ChannelCreate", 0);
      let current = client;
      const pids = new Set<number>();
      for (let i = 0; i < 4; i++) {
        const coid = await attach(current, server, chid);
        const { rcvid, sent } = await hold(server, current, { chid, coid });
        await server.result("MsgReply", rcvid, i, null, 0);
        t.equal(await sent, i, `incarnation ${i + 1} is served`);
        await hold(server, current, { chid, coid });
        pids.add(current.pid);
        await board.kill(current);
        current = await board.restart(current);
      }
      t.equal(pids.size, 4, "four pids");
    },
  },
];

const serverCases: readonly ContractCase[] = [
  {
    title: "MsgSend: -ESRCH for all who are SEND- or REPLY-blocked when the server dies",
    puppets: 8,
    async run(t, board, server) {
      const chid = await server.result("ChannelCreate", 0);
      const clients = board.puppets.slice(1);
      const sent: Promise<number>[] = [];
      for (const [i, client] of clients.entries()) {
        const coid = await attach(client, server, chid);
        sent.push(send(client, coid));
        if (i < 3) await receive(server, chid);
        await client.until(i < 3 ? "REPLY" : "SEND");
      }
      await board.kill(server);
      t.deepEqual(
        await Promise.all(sent),
        clients.map(() => -ESRCH),
        "three held, four queued",
      );
      const again = await Promise.all(clients.map((client) => send(client, 0)));
      t.deepEqual(
        again,
        clients.map(() => -EBADF),
        "whoever sends again: -EBADF",
      );
    },
  },
  {
    title: "MsgSend: -EBADF to a server that died RECEIVE-blocked",
    puppets: 2,
    async run(t, board, server, client) {
      const { chid, coid } = await connect(server, client);
      void receive(server, chid);
      await server.until("RECEIVE");
      await board.kill(server);
      t.equal(await send(client, coid), -EBADF, "a message");
      t.equal(await client.result("MsgSendPulse", coid, 10, 0, 0), -EBADF, "a pulse");
      t.equal(await attach(client, server, chid), -ESRCH, "ConnectAttach");
    },
  },
  {
    title: "death: a server that is itself REPLY-blocked: both sides are told",
    puppets: 3,
    async run(t, board, back, middle, client) {
      const front = await connect(middle, client);
      const behind = await connect(back, middle);
      const first = await hold(middle, client, front);
      const second = await hold(back, middle, behind);
      await board.kill(middle);
      t.equal(await first.sent, -ESRCH, "its client");
      t.equal(await back.result("MsgReply", second.rcvid, 0, null, 0), -ESRCH, "its server");
    },
  },
  {
    title: "death: a server that is itself SEND-blocked: its message is gone",
    puppets: 3,
    async run(t, board, back, middle, client) {
      const front = await connect(middle, client);
      const behind = await connect(back, middle);
      const first = await hold(middle, client, front);
      void send(middle, behind.coid, "lost");
      await middle.until("SEND");
      await board.kill(middle);
      t.equal(await first.sent, -ESRCH, "its client is told");
      t.equal(await poll(back, behind.chid), -ETIMEDOUT, "its server sees nothing");
    },
  },
  {
    title: "death: two tasks that serve each other: the survivor is told",
    puppets: 2,
    async run(t, board, one, two) {
      const toOne = await connect(one, two);
      const toTwo = await connect(two, one);
      const held = await hold(one, two, toOne);
      t.ok(held.rcvid > 0, "the second waits for the first");
      const sent = send(one, toTwo.coid);
      await one.until("SEND");
      await board.kill(two);
      t.equal(await sent, -ESRCH, "which waits for the second");
      t.equal(await one.result("MsgReply", held.rcvid, 0, null, 0), -ESRCH, "nobody waits");
    },
  },
  {
    title: "death: the successor's channel gets nothing of what was meant for the dead one",
    puppets: 3,
    limits: { channels: 1 },
    async run(t, board, server, client, other) {
      const { chid, coid } = await connect(server, client);
      const theirs = await attach(other, server, chid);
      const sent = send(client, coid, "for the dead");
      await client.until("SEND");
      await other.result("MsgSendPulse", theirs, 10, 1, 1);
      await board.kill(server);
      t.equal(await sent, -ESRCH, "ended");
      const successor = await board.restart(server);
      const next = await successor.result("ChannelCreate", 0);
      t.equal(await poll(successor, next), -ETIMEDOUT, "no message and no pulse");
      t.equal(await send(client, coid), -EBADF, "the old connection");
      t.equal(await other.result("MsgSendPulse", theirs, 10, 1, 1), -EBADF, "does not lead there");
      t.equal(await poll(successor, next), -ETIMEDOUT, "still nothing");
      const again = await attach(client, successor, next);
      const fresh = send(client, again, "fresh");
      t.equal(await serve(successor, next, 3), "fresh", "a new connection does");
      t.equal(await fresh, 3, "answered");
    },
  },
];

/** A kill in the middle of full traffic, so many times. */
const ROUNDS = 8;
const FOREVER = 1_000_000_000;

/** Makes the puppet a server that answers until it is killed. */
async function startServing(server: Puppet): Promise<number> {
  const chid = await server.result("ChannelCreate", 0);
  void server.act("serveSums", FOREVER, chid, 128);
  return chid;
}

const stormCases: readonly ContractCase[] = [
  {
    title: "death: a server killed in full traffic: each of its clients gets -ESRCH or -EBADF",
    puppets: 4,
    async run(t, board, server, ...clients) {
      let current = server;
      const results = new Set<number>();
      for (let round = 0; round < ROUNDS; round++) {
        const chid = await startServing(current);
        const sent = board.puppets.slice(1).map(async (client) => {
          const coid = await attach(client, current, chid);
          const { result } = await client.act("sendMany", FOREVER, coid, filled(100), filled(100));
          await client.result("ConnectDetach", coid);
          return result;
        });
        await clients[round % 3]!.until(round % 2 === 0 ? "REPLY" : "SEND");
        await board.kill(current);
        for (const result of await Promise.all(sent)) results.add(result);
        current = await board.restart(current);
      }
      results.delete(-ESRCH);
      results.delete(-EBADF);
      t.deepEqual([...results], [], "and nothing else");
    },
  },
  {
    title: "death: clients killed in full traffic: the server serves the others on and on",
    puppets: 4,
    async run(t, board, server, ...clients) {
      const chid = await startServing(server);
      const message = filled(100, 1);
      for (let round = 0; round < ROUNDS; round++) {
        const index = round % 3;
        const victim = clients[index]!;
        const coid = await attach(victim, server, chid);
        void victim.act("sendMany", FOREVER, coid, message, filled(100));
        await victim.until(round % 2 === 0 ? "REPLY" : "SEND");
        const other = clients[(index + 1) % 3]!;
        const theirs = await attach(other, server, chid);
        const many = other.act("sendMany", 500, theirs, message, filled(100));
        await board.kill(victim);
        t.equal((await many).result, 100, `round ${round}: the other's last answer`);
        await other.result("ConnectDetach", theirs);
        clients[index] = await board.restart(victim);
      }
      await board.kill(server);
    },
  },
];

export const deathCases: readonly ContractCase[] = [...clientCases, ...serverCases, ...stormCases];
