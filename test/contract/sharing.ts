/**
 * Sharing: two connections of one task to one channel are one, as the server sees it.
 */
import {
  _NTO_CHF_DISCONNECT,
  _NTO_COF_NOSHARE,
  _NTO_SIDE_CHANNEL,
  _PULSE_CODE_DISCONNECT,
  ETIMEDOUT,
} from "reattach";
import type { ContractCase, Puppet } from "./board.js";
import { attach, connect, poll, receive, send } from "./steps.js";

/** The scoid that the server sees when the client sends through `coid`. */
async function scoidOf(
  server: Puppet,
  chid: number,
  client: Puppet,
  coid: number,
): Promise<number> {
  const sent = send(client, coid);
  const { rcvid, info } = await receive(server, chid);
  await server.result("MsgReply", rcvid, 0, null, 0);
  await sent;
  return info.coid === coid ? info.scoid : -1;
}

export const sharingCases: readonly ContractCase[] = [
  {
    title: "ConnectAttach: two attaches to one channel share one connection: the same scoid",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const again = await attach(client, server, chid);
      const side = await client.result("ConnectAttach", 0, server.pid, chid, _NTO_SIDE_CHANNEL, 0);
      const scoid = await scoidOf(server, chid, client, coid);
      t.ok(scoid > 0, "a scoid");
      t.equal(await scoidOf(server, chid, client, again), scoid, "the same for the second");
      t.equal(await scoidOf(server, chid, client, side), scoid, "and for a side channel");
    },
  },
  {
    title: "ConnectAttach: _NTO_COF_NOSHARE makes a connection of its own",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const scoids = new Set([await scoidOf(server, chid, client, coid)]);
      for (let i = 0; i < 3; i++) {
        const own = await attach(client, server, chid, _NTO_COF_NOSHARE);
        scoids.add(await scoidOf(server, chid, client, own));
      }
      t.equal(scoids.size, 4, "four scoids");
      const plain = await attach(client, server, chid);
      const shared = await scoidOf(server, chid, client, plain);
      t.equal(shared, await scoidOf(server, chid, client, coid), "a plain one shares with a plain");
    },
  },
  {
    title: "ConnectAttach: a plain connection does not share with a NOSHARE one",
    puppets: 2,
    async run(t, _board, server, client) {
      const chid = await server.result("ChannelCreate", 0);
      const own = await attach(client, server, chid, _NTO_COF_NOSHARE);
      const plain = await attach(client, server, chid);
      const scoid = await scoidOf(server, chid, client, own);
      t.notEqual(await scoidOf(server, chid, client, plain), scoid, "two scoids");
    },
  },
  {
    title: "ConnectAttach: different clients and different channels never share",
    puppets: 3,
    async run(t, _board, server, client, other) {
      const first = await connect(server, client);
      const second = await connect(server, client);
      const theirs = await attach(other, server, first.chid);
      const scoids = [
        await scoidOf(server, first.chid, client, first.coid),
        await scoidOf(server, second.chid, client, second.coid),
        await scoidOf(server, first.chid, other, theirs),
      ];
      t.equal(new Set(scoids).size, 3, "three scoids");
    },
  },
  {
    title: "ConnectDetach: the others of a shared connection go on, with the same scoid",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client, _NTO_CHF_DISCONNECT);
      const second = await attach(client, server, chid);
      const third = await attach(client, server, chid);
      const scoid = await scoidOf(server, chid, client, coid);
      await client.result("ConnectDetach", coid);
      t.equal(await scoidOf(server, chid, client, third), scoid, "after the first is gone");
      await client.result("ConnectDetach", second);
      t.equal(await scoidOf(server, chid, client, third), scoid, "after the second is gone");
      t.equal(await attach(client, server, chid), coid, "a new one");
      t.equal(await scoidOf(server, chid, client, coid), scoid, "shares again");
      await client.result("ConnectDetach", third);
      t.equal(await poll(server, chid), -ETIMEDOUT, "no disconnect pulse so far");
      await client.result("ConnectDetach", coid);
      const { rcvid, pulse } = await receive(server, chid);
      t.equal(rcvid, 0, "the last one's end is told");
      t.deepEqual([pulse.code, pulse.scoid], [_PULSE_CODE_DISCONNECT, scoid], "once, by its scoid");
      t.equal(await poll(server, chid), -ETIMEDOUT, "and no more");
    },
  },
  {
    title: "ConnectAttach: a connection attached after the last was detached has another scoid",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const scoids = new Set<number>();
      for (let i = 0; i < 10; i++) {
        scoids.add(await scoidOf(server, chid, client, coid));
        await client.result("ConnectDetach", coid);
        await attach(client, server, chid);
      }
      t.equal(scoids.size, 10, "ten times, ten scoids");
    },
  },
];
