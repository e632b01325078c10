/**
 * ConnectAttach and ConnectDetach: numbers, tables and errors.
 */
import {
  _NTO_COF_NOSHARE,
  _NTO_SIDE_CHANNEL,
  EAGAIN,
  EBADF,
  EDEADLK,
  EINVAL,
  EMFILE,
  ENOREMOTE,
  ESRCH,
} from "reattach";
import type { ContractCase, Puppet } from "./board.js";
import { attach, connect, receive, send, serve } from "./steps.js";

/** index, and the coid that comes back, one after the other. */
const NUMBERS = [
  [0, 0],
  [0, 1],
  [5, 5],
  [5, 6],
  [31, 31],
  [0, 2],
] as const;

/** nd, pid (null: the server's), chid (null: the channel's), index, flags, and the error. */
type Attach = readonly [string, number, number | null, number | null, number, number, number];
const BAD_ATTACHES: readonly Attach[] = [
  ["the flag _NTO_COF_DEAD", 0, null, null, 0, 0x02, -EINVAL],
  ["the flag _NTO_COF_NETCON", 0, null, null, 0, 0x80, -EINVAL],
  ["the flag _NTO_COF_NONBLOCK", 0, null, null, 0, 0x100, -EINVAL],
  ["flags -1", 0, null, null, 0, -1, -EINVAL],
  ["index -1", 0, null, null, -1, 0, -EINVAL],
  ["index 1.5", 0, null, null, 1.5, 0, -EINVAL],
  ["an index past the last number", 0, null, null, 32, 0, -EINVAL],
  ["another node", 1, null, null, 0, 0, -ENOREMOTE],
  ["node -1", -1, null, null, 0, 0, -ENOREMOTE],
  ["a pid of nobody", 0, 0x3fff_ffff, null, 0, 0, -ESRCH],
  ["a pid with a place but of nobody", 0, 512 + 8, null, 0, 0, -ESRCH],
  ["pid -1", 0, -1, null, 0, 0, -ESRCH],
  ["pid 1.5", 0, 1.5, null, 0, 0, -ESRCH],
  ["chid 0", 0, null, 0, 0, 0, -ESRCH],
  ["chid -1", 0, null, -1, 0, 0, -ESRCH],
  ["a channel that is not open", 0, null, 8, 0, 0, -ESRCH],
  ["its own pid and the server's chid", 0, 0, null, 0, 0, -ESRCH],
];

/** What is no connection. */
const NO_COIDS = [5, 31, 32, -1, 1.5, NaN, _NTO_SIDE_CHANNEL, _NTO_SIDE_CHANNEL + 32, 2 ** 32];

function attachAt(client: Puppet, server: Puppet, chid: number, index: number): Promise<number> {
  return client.result("ConnectAttach", 0, server.pid, chid, index, 0);
}

const attachCases: readonly ContractCase[] = [
  {
    title: "ConnectAttach: the first free number from index on",
    puppets: 2,
    async run(t, _board, server, client) {
      const chid = await server.result("ChannelCreate", 0);
      for (const [index, coid] of NUMBERS) {
        t.equal(await attachAt(client, server, chid, index), coid, `from ${index}: ${coid}`);
      }
      await client.result("ConnectDetach", 1);
      t.equal(await attachAt(client, server, chid, 0), 1, "a number that is free again");
      t.equal(await server.result("ConnectAttach", 0, 0, chid, 0, 0), 0, "each task has its own");
    },
  },
  {
    title: "ConnectAttach: an index in the side-channel space chooses no number",
    puppets: 2,
    async run(t, _board, server, client) {
      const chid = await server.result("ChannelCreate", 0);
      const first = await attachAt(client, server, chid, _NTO_SIDE_CHANNEL);
      t.equal(first, _NTO_SIDE_CHANNEL, "the first side channel");
      const second = await attachAt(client, server, chid, _NTO_SIDE_CHANNEL + 7);
      t.equal(second, _NTO_SIDE_CHANNEL + 1, "the next one, whatever the index");
      t.equal(await attachAt(client, server, chid, 0), 0, "plain numbers are another space");
      for (const coid of [first, second, 0]) {
        const sent = send(client, coid, "via");
        t.equal(await serve(server, chid, 3), "via", `a message through ${coid}`);
        t.equal(await sent, 3, "is answered");
        t.equal(await client.result("ConnectDetach", coid), 0, "and it can be detached");
      }
    },
  },
  {
    title: "ConnectAttach: errors for each bad argument, and nothing is attached",
    puppets: 2,
    async run(t, { limits }, server, client) {
      t.equal(limits.connections, 32, "the table below counts on 32 numbers");
      const own = await server.result("ChannelCreate", 0);
      for (const [what, nd, pid, chid, index, flags, errno] of BAD_ATTACHES) {
        const args = [nd, pid ?? server.pid, chid ?? own, index, flags];
        t.equal(await client.result("ConnectAttach", ...args), errno, what);
      }
      t.equal(await attach(client, server, own), 0, "the first good one gets the first number");
    },
  },
  {
    title: "ConnectAttach: -EMFILE when no number from index on is free",
    puppets: 2,
    async run(t, { limits: { connections } }, server, client) {
      const chid = await server.result("ChannelCreate", 0);
      await attachAt(client, server, chid, connections - 1);
      t.equal(await attachAt(client, server, chid, connections - 1), -EMFILE, "the last number");
      for (let i = 0; i < connections - 1; i++) await attachAt(client, server, chid, 0);
      t.equal(await attachAt(client, server, chid, 0), -EMFILE, "all numbers");
    },
  },
  {
    title: "ConnectAttach: -EAGAIN when all connections of the system are in use",
    puppets: 3,
    async run(t, { limits: { connections } }, server, hoarder, client) {
      const chid = await server.result("ChannelCreate", 0);
      for (let i = 0; i < connections; i++) await attach(hoarder, server, chid, _NTO_COF_NOSHARE);
      t.equal(await attach(client, server, chid), -EAGAIN, "another task has them all");
      t.equal(
        await attachAt(client, server, chid, _NTO_SIDE_CHANNEL),
        -EAGAIN,
        "side channels too",
      );
      await hoarder.result("ConnectDetach", 0);
      t.equal(await attach(client, server, chid), 0, "one detached, one free");
    },
  },
  {
    title:
      "ConnectAttach: -ESRCH for the pid of a dead incarnation, though its place is in use again",
    puppets: 2,
    async run(t, board, server, client) {
      const stale = server.pid;
      await server.result("ChannelCreate", 0);
      await board.kill(server);
      t.equal(await client.result("ConnectAttach", 0, stale, 1, 0, 0), -ESRCH, "while it is dead");
      const successor = await board.restart(server);
      t.notEqual(successor.pid, stale, "the successor has another pid");
      const chid = await successor.result("ChannelCreate", 0);
      const args = [0, stale, chid, 0, 0];
      t.equal(await client.result("ConnectAttach", ...args), -ESRCH, "the successor's channel");
      t.equal(await client.result("ConnectFlags", stale, 0, 0, 0), -ESRCH, "ConnectFlags");
      t.equal(await client.result("ConnectServerInfo", stale, 0, {}), -ESRCH, "ConnectServerInfo");
      t.equal(await attach(client, successor, chid), 0, "by its own pid");
    },
  },
  {
    title: "ConnectAttach: pid 0 is the task itself; it sends itself pulses but no messages",
    puppets: 1,
    async run(t, _board, server) {
      const chid = await server.result("ChannelCreate", 0);
      const coid = await server.result("ConnectAttach", 0, 0, chid, 0, 0);
      t.equal(coid, 0, "attached");
      t.equal(await send(server, coid), -EDEADLK, "a message to itself would never be answered");
      t.equal(await server.result("MsgSendPulse", coid, 10, 3, 4), 0, "a pulse to itself");
      const { rcvid, pulse } = await receive(server, chid);
      t.equal(rcvid, 0, "arrives");
      t.deepEqual([pulse.code, pulse.value], [3, 4], "with its code and value");
    },
  },
  {
    title: "ConnectAttach: one task with connections to many, and many to one",
    puppets: 5,
    async run(t, { puppets }, hub) {
      const spokes = puppets.slice(1);
      const hubChid = await hub.result("ChannelCreate", 0);
      for (const [i, spoke] of spokes.entries()) {
        const { chid, coid } = await connect(spoke, hub);
        const back = await attach(spoke, hub, hubChid);
        const there = send(hub, coid, `to ${i}`);
        t.equal(await serve(spoke, chid, i), `to ${i}`, "there");
        t.equal(await there, i, "answered");
        const backAgain = send(spoke, back, `from ${i}`);
        t.equal(await serve(hub, hubChid, i), `from ${i}`, "and back");
        t.equal(await backAgain, i, "answered");
      }
    },
  },
];

const detachCases: readonly ContractCase[] = [
  {
    title: "ConnectDetach: the number is no connection any more",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      t.equal(await client.result("ConnectDetach", coid), 0, "detached");
      t.equal(await client.result("ConnectDetach", coid), -EINVAL, "twice");
      t.equal(await send(client, coid), -EBADF, "MsgSend");
      t.equal(await client.result("MsgSendPulse", coid, 10, 0, 0), -EBADF, "MsgSendPulse");
      t.equal(await attach(client, server, chid), coid, "the number is free");
    },
  },
  {
    title: "ConnectDetach: -EINVAL for what is no connection",
    puppets: 2,
    async run(t, _board, server, client) {
      await connect(server, client);
      for (const coid of NO_COIDS) {
        t.equal(await client.result("ConnectDetach", coid), -EINVAL, `coid ${coid}`);
        t.equal(await send(client, coid), -EBADF, "and MsgSend: -EBADF");
      }
    },
  },
  {
    title: "ConnectDetach: the coids of one task are not another's",
    puppets: 3,
    async run(t, _board, server, client, other) {
      const { coid } = await connect(server, client);
      t.equal(await other.result("ConnectDetach", coid), -EINVAL, "cannot be detached");
      t.equal(await send(other, coid), -EBADF, "cannot be sent through");
    },
  },
  {
    title: "name_close: is ConnectDetach",
    puppets: 2,
    async run(t, _board, server, client) {
      const { coid } = await connect(server, client);
      t.equal(await client.result("name_close", coid), 0, "closed");
      t.equal(await client.result("name_close", coid), -EINVAL, "twice");
    },
  },
];

export const connectCases: readonly ContractCase[] = [...attachCases, ...detachCases];
