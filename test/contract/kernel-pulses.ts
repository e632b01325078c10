/**
 * The kernel's own pulses: disconnect and coid death. (Unblock: unblock.ts.)
 */
import {
  _NTO_CHF_COID_DISCONNECT,
  _NTO_CHF_DISCONNECT,
  _NTO_COF_NOSHARE,
  _PULSE_CODE_COIDDEATH,
  _PULSE_CODE_DISCONNECT,
  EAGAIN,
  EBUSY,
  EINVAL,
  ESRCH,
  ETIMEDOUT,
} from "reattach";
import type { ContractCase, Puppet } from "./board.js";
import { attach, connect, poll, receive, send } from "./steps.js";

const DISCONNECT = _NTO_CHF_DISCONNECT;

/** The scoid of a client, learned from a pulse that it sends. */
async function learnScoid(
  server: Puppet,
  client: Puppet,
  { chid, coid }: { chid: number; coid: number },
): Promise<number> {
  await client.result("MsgSendPulse", coid, 10, 0, 0);
  return (await receive(server, chid)).pulse.scoid;
}

const disconnectCases: readonly ContractCase[] = [
  {
    title: "ChannelCreate: with DISCONNECT the server is told when a client's last coid goes",
    puppets: 2,
    async run(t, _board, server, client) {
      const connection = await connect(server, client, DISCONNECT);
      const scoid = await learnScoid(server, client, connection);
      const received = receive(server, connection.chid);
      await server.until("RECEIVE");
      await client.result("ConnectDetach", connection.coid);
      const { rcvid, pulse } = await received;
      t.equal(rcvid, 0, "a waiting server wakes up");
      const { priority, ...rest } = pulse;
      t.deepEqual(rest, { code: _PULSE_CODE_DISCONNECT, value: 0, scoid }, "with the pulse");
      t.ok(priority > 0, "it has a priority");
      t.equal(await poll(server, connection.chid), -ETIMEDOUT, "once");
    },
  },
  {
    title: "ChannelCreate: without DISCONNECT nobody is told, and the scoid is free at once",
    puppets: 2,
    limits: { connections: 1 },
    async run(t, _board, server, client) {
      const connection = await connect(server, client);
      await client.result("ConnectDetach", connection.coid);
      t.equal(await poll(server, connection.chid), -ETIMEDOUT, "no pulse");
      t.equal(await attach(client, server, connection.chid), 0, "the record is free");
    },
  },
  {
    title: "ConnectDetach: the server frees a scoid; until then it stays allocated",
    puppets: 3,
    limits: { connections: 1 },
    async run(t, _board, server, client, other) {
      const connection = await connect(server, client, DISCONNECT);
      const scoid = await learnScoid(server, client, connection);
      t.equal(await server.result("ConnectDetach", scoid), -EBUSY, "the client is still there");
      await client.result("ConnectDetach", connection.coid);
      t.equal(await attach(client, server, connection.chid), -EAGAIN, "lingering, not yet told");
      const { pulse } = await receive(server, connection.chid);
      t.equal(pulse.scoid, scoid, "told");
      t.equal(await attach(client, server, connection.chid), -EAGAIN, "still lingering");
      t.equal(await other.result("ConnectDetach", scoid), -EINVAL, "nobody else frees it");
      t.equal(await server.result("ConnectDetach", scoid), 0, "the server does");
      t.equal(await server.result("ConnectDetach", scoid), -EINVAL, "once");
      t.equal(await attach(client, server, connection.chid), 0, "the record is free");
      t.equal(await server.result("ConnectDetach", scoid), -EINVAL, "and the old scoid is stale");
    },
  },
  {
    title: "ConnectDetach: a server may free the scoid before it has received the pulse",
    puppets: 2,
    async run(t, _board, server, client) {
      const connection = await connect(server, client, DISCONNECT);
      const scoid = await learnScoid(server, client, connection);
      await client.result("ConnectDetach", connection.coid);
      t.equal(await server.result("ConnectDetach", scoid), 0, "freed");
      t.equal(await poll(server, connection.chid), -ETIMEDOUT, "the pulse is gone with it");
    },
  },
  {
    title: "DISCONNECT: a client's death is told like a detach, once for each connection",
    puppets: 3,
    async run(t, board, server, client, other) {
      const first = await connect(server, client, DISCONNECT);
      const shared = await attach(client, server, first.chid);
      const own = await attach(client, server, first.chid, _NTO_COF_NOSHARE);
      const theirs = await attach(other, server, first.chid);
      const scoids = [
        await learnScoid(server, client, first),
        await learnScoid(server, client, { chid: first.chid, coid: own }),
      ];
      t.equal(await client.result("MsgSendPulse", shared, 1, 1, 1), 0, "a last pulse");
      void send(client, first.coid);
      await client.until("SEND");
      const { rcvid } = await receive(server, first.chid);
      await board.kill(client);
      const told: number[] = [];
      for (let i = 0; i < 2; i++) {
        const { pulse } = await receive(server, first.chid);
        t.equal(pulse.code, _PULSE_CODE_DISCONNECT, "before everything that is queued");
        told.push(pulse.scoid);
      }
      t.deepEqual(told.sort(), scoids.sort(), "both connections");
      t.equal(await server.result("MsgReply", rcvid, 0, null, 0), -ESRCH, "its rcvid is void");
      t.equal((await receive(server, first.chid)).pulse.code, 1, "its last pulse is delivered");
      t.equal(await poll(server, first.chid), -ETIMEDOUT, "and no more");
      for (const scoid of told) t.equal(await server.result("ConnectDetach", scoid), 0, "freed");
      t.equal(await other.result("MsgSendPulse", theirs, 10, 2, 0), 0, "another client");
      t.equal((await receive(server, first.chid)).pulse.code, 2, "is not concerned");
    },
  },
  {
    title: "DISCONNECT: pulses for many clients at once, though the channel's pulses are full",
    puppets: 5,
    limits: { pulses: 1 },
    async run(t, { puppets }, server, ...clients) {
      const chid = await server.result("ChannelCreate", DISCONNECT);
      const scoids: number[] = [];
      for (const client of clients.slice(0, 4)) {
        const coid = await attach(client, server, chid);
        scoids.push(await learnScoid(server, client, { chid, coid }));
      }
      await puppets[1]!.result("MsgSendPulse", 0, 63, 9, 9);
      for (const client of clients.slice(0, 4)) await client.result("ConnectDetach", 0);
      const told: number[] = [];
      for (let i = 0; i < 4; i++) told.push((await receive(server, chid)).pulse.scoid);
      t.deepEqual(told.sort(), scoids.sort(), "each is told, before the most urgent pulse");
      t.equal((await receive(server, chid)).pulse.value, 9, "which comes after");
      t.equal(await poll(server, chid), -ETIMEDOUT, "and no more");
    },
  },
  {
    title: "DISCONNECT: lingering scoids go with the server's channel, and with its death",
    puppets: 2,
    limits: { connections: 2 },
    async run(t, board, server, client) {
      const { chid, coid } = await connect(server, client, DISCONNECT);
      await client.result("ConnectDetach", coid);
      await server.result("ChannelDestroy", chid);
      const second = await connect(server, client, DISCONNECT);
      await client.result("ConnectAttach", 0, server.pid, second.chid, 1, _NTO_COF_NOSHARE);
      await client.result("ConnectDetach", 0);
      await client.result("ConnectDetach", 1);
      t.equal(await attach(client, server, second.chid), -EAGAIN, "both linger");
      await receive(server, second.chid);
      await board.kill(server);
      const chid3 = await client.result("ChannelCreate", 0);
      for (let i = 0; i < 2; i++) {
        const again = await client.result("ConnectAttach", 0, 0, chid3, 0, _NTO_COF_NOSHARE);
        t.equal(again, i, "one told, one untold: both are free");
      }
    },
  },
];

/** What the client's COID_DISCONNECT channel says: code, value and scoid. */
async function coidDeath(client: Puppet, chid: number): Promise<number[]> {
  const { rcvid, pulse } = await receive(client, chid);
  return [rcvid, pulse.code, pulse.value, pulse.scoid];
}

const coidDeathCases: readonly ContractCase[] = [
  {
    title: "COID_DISCONNECT: a pulse for each of the own coids whose channel is destroyed",
    puppets: 2,
    async run(t, _board, server, client) {
      const chid = await client.result("ChannelCreate", _NTO_CHF_COID_DISCONNECT);
      const lost = await connect(server, client);
      const again = await attach(client, server, lost.chid);
      const kept = await connect(server, client);
      await server.result("ChannelDestroy", lost.chid);
      for (const coid of [lost.coid, again]) {
        const death = [0, _PULSE_CODE_COIDDEATH, coid, -1];
        t.deepEqual(await coidDeath(client, chid), death, `coid ${coid}`);
      }
      t.equal(await poll(client, chid), -ETIMEDOUT, "each once");
      t.equal(await client.result("MsgSendPulse", kept.coid, 10, 0, 0), 0, "the other is well");
    },
  },
  {
    title: "COID_DISCONNECT: a pulse when the server dies, and again for its successor",
    puppets: 2,
    async run(t, board, server, client) {
      const chid = await client.result("ChannelCreate", _NTO_CHF_COID_DISCONNECT);
      let current = server;
      for (let i = 0; i < 2; i++) {
        const { coid } = await connect(current, client);
        const told = coidDeath(client, chid);
        await client.until("RECEIVE");
        await board.kill(current);
        t.deepEqual(await told, [0, _PULSE_CODE_COIDDEATH, coid, -1], `death ${i + 1}`);
        current = await board.restart(current);
      }
    },
  },
  {
    title: "COID_DISCONNECT: nothing is told of a coid that was detached before",
    puppets: 2,
    async run(t, _board, server, client) {
      const chid = await client.result("ChannelCreate", _NTO_CHF_COID_DISCONNECT);
      const { chid: theirs, coid } = await connect(server, client);
      await client.result("ConnectDetach", coid);
      await server.result("ChannelDestroy", theirs);
      t.equal(await poll(client, chid), -ETIMEDOUT, "no pulse");
    },
  },
  {
    title: "COID_DISCONNECT: a client that is blocked gets its error first and the pulse later",
    puppets: 2,
    async run(t, board, server, client) {
      const chid = await client.result("ChannelCreate", _NTO_CHF_COID_DISCONNECT);
      const { coid } = await connect(server, client);
      const sent = send(client, coid);
      await client.until("SEND");
      await board.kill(server);
      t.equal(await sent, -ESRCH, "the call ends");
      t.deepEqual(await coidDeath(client, chid), [0, _PULSE_CODE_COIDDEATH, coid, -1], "told");
    },
  },
];

export const kernelPulseCases: readonly ContractCase[] = [...disconnectCases, ...coidDeathCases];
