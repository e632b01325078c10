/**
 * ConnectFlags, ConnectServerInfo, ConnectClientInfo.
 */
import {
  _NTO_COF_CLOEXEC,
  _NTO_COF_DEAD,
  _NTO_COF_NOSHARE,
  _NTO_SIDE_CHANNEL,
  createClientInfo,
  createServerInfo,
  EBADF,
  EFAULT,
  EINVAL,
  ESRCH,
  type ClientInfo,
  type ServerInfo,
} from "reattach";
import type { ContractCase, Puppet } from "./board.js";
import { attach, connect, hold, receive, send } from "./steps.js";

/** ConnectServerInfo: its result and the record. */
async function serverInfo(
  asker: Puppet,
  pid: number,
  coid: number,
): Promise<{ result: number; info: ServerInfo }> {
  const { result, args } = await asker.call("ConnectServerInfo", pid, coid, createServerInfo());
  return { result, info: args[2] as ServerInfo };
}

async function clientInfo(
  asker: Puppet,
  scoid: number,
): Promise<{ result: number; info: ClientInfo }> {
  const { result, args } = await asker.call("ConnectClientInfo", scoid, createClientInfo());
  return { result, info: args[1] as ClientInfo };
}

const flagsCases: readonly ContractCase[] = [
  {
    title: "ConnectFlags: returns the old flags and changes those of the mask",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const set = (mask: number, bits: number): Promise<number> =>
        client.result("ConnectFlags", 0, coid, mask, bits);
      t.equal(await set(_NTO_COF_CLOEXEC, _NTO_COF_CLOEXEC), 0, "none at first");
      t.equal(await set(0, 0), _NTO_COF_CLOEXEC, "set");
      t.equal(await set(0, _NTO_COF_CLOEXEC), _NTO_COF_CLOEXEC, "mask 0 changes nothing");
      t.equal(await set(_NTO_COF_CLOEXEC, 0), _NTO_COF_CLOEXEC, "cleared");
      t.equal(await set(0, 0), 0, "again none");
      const flags = _NTO_COF_CLOEXEC | _NTO_COF_NOSHARE;
      const other = await attach(client, server, chid, flags);
      const args = [client.pid, other, 0, 0];
      t.equal(await client.result("ConnectFlags", ...args), flags, "those of ConnectAttach");
    },
  },
  {
    title: "ConnectFlags: -EINVAL, -EBADF, -ESRCH",
    puppets: 2,
    async run(t, _board, server, client) {
      const { coid } = await connect(server, client);
      const cases = [
        [0, coid, _NTO_COF_NOSHARE, 0, -EINVAL],
        [0, coid, _NTO_COF_DEAD, _NTO_COF_DEAD, -EINVAL],
        [0, coid, -1, 0, -EINVAL],
        [server.pid, coid, 0, 0, -EINVAL],
        [0, coid + 1, 0, 0, -EBADF],
        [0, -1, 0, 0, -EBADF],
        [0, _NTO_SIDE_CHANNEL, 0, 0, -EBADF],
        [-1, coid, 0, 0, -ESRCH],
        [client.pid + 512, coid, 0, 0, -ESRCH],
      ];
      for (const [pid, id, mask, bits, errno] of cases) {
        const result = await client.result("ConnectFlags", pid, id, mask, bits);
        t.equal(result, errno, `pid ${pid} coid ${id} mask ${mask}`);
      }
      t.equal(await client.result("ConnectFlags", 0, coid, 0, 0), 0, "nothing has changed");
    },
  },
];

const serverInfoCases: readonly ContractCase[] = [
  {
    title: "ConnectServerInfo: the server behind a coid, or behind the next higher one",
    puppets: 2,
    async run(t, _board, server, client) {
      const chid = await server.result("ChannelCreate", 0);
      for (const index of [2, 9, _NTO_SIDE_CHANNEL]) {
        const flags = index === 9 ? _NTO_COF_NOSHARE : 0;
        await client.result("ConnectAttach", 0, server.pid, chid, index, flags);
      }
      const { result, info } = await serverInfo(client, 0, 2);
      t.equal(result, 2, "the coid itself");
      t.ok(info.scoid > 0, "its scoid");
      const { scoid, ...rest } = info;
      t.deepEqual(rest, { nd: 0, pid: server.pid, chid, coid: 2, flags: 0 }, "the record");
      t.equal((await serverInfo(client, 0, 0)).result, 2, "from 0 on");
      const nine = await serverInfo(client, 0, 3);
      t.equal(nine.result, 9, "from 3 on");
      t.deepEqual([nine.info.coid, nine.info.flags], [9, _NTO_COF_NOSHARE], "with its flags");
      t.notEqual(nine.info.scoid, scoid, "and its own scoid");
      const side = await serverInfo(client, 0, 10);
      t.equal(side.result, _NTO_SIDE_CHANNEL, "side channels come last");
      t.equal(side.info.scoid, scoid, "this one shares");
      t.equal((await serverInfo(client, 0, _NTO_SIDE_CHANNEL + 1)).result, -EINVAL, "no more");
    },
  },
  {
    title: "ConnectServerInfo: for another task's coids; -ESRCH, -EINVAL",
    puppets: 3,
    async run(t, _board, server, client, asker) {
      const { chid, coid } = await connect(server, client);
      const { result, info } = await serverInfo(asker, client.pid, 0);
      t.equal(result, coid, "the client's coid");
      t.deepEqual([info.pid, info.chid], [server.pid, chid], "and its server");
      t.equal((await serverInfo(asker, 0, 0)).result, -EINVAL, "the asker has none");
      t.equal((await serverInfo(asker, server.pid, 0)).result, -EINVAL, "nor has the server");
      t.equal((await serverInfo(asker, client.pid + 512, 0)).result, -ESRCH, "no such task");
      t.equal((await serverInfo(asker, -1, 0)).result, -ESRCH, "no such pid");
    },
  },
  {
    title: "ConnectServerInfo: _NTO_COF_DEAD when the channel is gone",
    puppets: 2,
    async run(t, board, server, client) {
      const first = await connect(server, client);
      const second = await connect(server, client);
      await server.result("ChannelDestroy", first.chid);
      const destroyed = await serverInfo(client, 0, first.coid);
      t.equal(destroyed.result, first.coid, "the coid is still there");
      t.equal(destroyed.info.flags, _NTO_COF_DEAD, "destroyed");
      t.deepEqual([destroyed.info.pid, destroyed.info.chid], [0, first.chid], "nobody, its chid");
      t.equal((await serverInfo(client, 0, second.coid)).info.flags, 0, "the other is open");
      await board.kill(server);
      t.equal((await serverInfo(client, 0, second.coid)).info.flags, _NTO_COF_DEAD, "died");
    },
  },
  {
    title: "ConnectServerInfo: without a record it passes over dead servers",
    puppets: 3,
    async run(t, board, server, client, other) {
      const first = await connect(server, client);
      const second = await connect(other, client);
      const find = (coid: number): Promise<number> =>
        client.result("ConnectServerInfo", 0, coid, null);
      t.equal(await find(first.coid), first.coid, "an open one");
      await board.kill(server);
      t.equal(await find(first.coid), second.coid, "the next that is open");
      t.equal((await serverInfo(client, 0, first.coid)).result, first.coid, "with one it does not");
      await other.result("ChannelDestroy", second.chid);
      t.equal(await find(first.coid), -EINVAL, "and then none");
      for (const wrong of [undefined, 4, "info", true]) {
        const result = await client.result("ConnectServerInfo", 0, first.coid, wrong);
        t.equal(result, -EFAULT, `${typeof wrong} is no record`);
      }
    },
  },
];

const clientInfoCases: readonly ContractCase[] = [
  {
    title: "ConnectClientInfo: the client behind a scoid; -1 is the caller",
    puppets: 3,
    async run(t, _board, server, client, other) {
      const { chid, coid } = await connect(server, client);
      const theirs = await attach(other, server, chid);
      for (const [sender, id] of [[client, coid] as const, [other, theirs] as const]) {
        const sent = send(sender, id);
        const { rcvid, info } = await receive(server, chid);
        const asked = await clientInfo(server, info.scoid);
        t.equal(asked.result, 0, "known");
        t.deepEqual(asked.info, { nd: 0, pid: sender.pid }, "the sender");
        await server.result("MsgReply", rcvid, 0, null, 0);
        await sent;
      }
      const own = await clientInfo(server, -1);
      t.deepEqual([own.result, own.info.pid], [0, server.pid], "-1: the server itself");
    },
  },
  {
    title: "ConnectClientInfo: -EINVAL for what is not the scoid of a client it has",
    puppets: 3,
    async run(t, board, server, client, other) {
      const connection = await connect(server, client);
      const sent = send(client, connection.coid);
      const { rcvid, info } = await receive(server, connection.chid);
      const { scoid } = info;
      t.equal((await clientInfo(other, scoid)).result, -EINVAL, "another server's");
      for (const none of [0, -2, scoid + 1, scoid + 4096, 1.5, 2 ** 32 + scoid]) {
        t.equal((await clientInfo(server, none)).result, -EINVAL, `scoid ${none}`);
      }
      await server.result("MsgReply", rcvid, 0, null, 0);
      await sent;
      await client.result("ConnectDetach", connection.coid);
      t.equal((await clientInfo(server, scoid)).result, -EINVAL, "after the client detached");
      const again = await attach(client, server, connection.chid);
      const held = await hold(server, client, { chid: connection.chid, coid: again });
      t.equal((await clientInfo(server, scoid)).result, -EINVAL, "after it attached again");
      await board.kill(client);
      t.equal((await clientInfo(server, scoid)).result, -EINVAL, "after it died");
      void held.sent;
    },
  },
];

export const connectInfoCases: readonly ContractCase[] = [
  ...flagsCases,
  ...serverInfoCases,
  ...clientInfoCases,
];
