/**
 * ChannelCreate, ChannelDestroy, and what a chid is good for.
 */
import {
  _NTO_CHF_COID_DISCONNECT,
  _NTO_CHF_DISCONNECT,
  _NTO_CHF_FIXED_PRIORITY,
  _NTO_CHF_REPLY_LEN,
  _NTO_CHF_SENDER_LEN,
  _NTO_CHF_THREAD_DEATH,
  _NTO_CHF_UNBLOCK,
  EAGAIN,
  EBADF,
  EBUSY,
  EINVAL,
  ESRCH,
  ETIMEDOUT,
} from "reattach";
import type { CallName, ContractCase } from "./board.js";
import { attach, connect, hold, poll, receive, send } from "./steps.js";

const KNOWN_FLAGS = [
  0,
  _NTO_CHF_FIXED_PRIORITY,
  _NTO_CHF_UNBLOCK,
  _NTO_CHF_THREAD_DEATH,
  _NTO_CHF_DISCONNECT,
  _NTO_CHF_SENDER_LEN,
  _NTO_CHF_COID_DISCONNECT,
  _NTO_CHF_REPLY_LEN,
  0xef,
];
/** NET_MSG, STICKY, ASYNC_NONBLOCK, ASYNC and GLOBAL of QNX, and what is no flag at all. */
const UNKNOWN_FLAGS = [0x10, 0x100, 0x200, 0x400, 0x800, 0x1000, -1, 0.5, 0xff, 2 ** 32];

const ONCE = [_NTO_CHF_THREAD_DEATH, _NTO_CHF_COID_DISCONNECT];

/** What is no chid. */
const NO_CHIDS = [0, -1, 1.5, NaN, 16_385, 2 ** 31, 2 ** 53];
/** What a server can ask of a chid, its further arguments, and the answer for one that is none. */
const CHID_CALLS: readonly (readonly [CallName, readonly unknown[], number])[] = [
  ["ChannelDestroy", [], -EINVAL],
  ["MsgReceive", [null, 0, null], -ESRCH],
  ["MsgReceivev", [null, 0, null], -ESRCH],
  ["MsgReceivePulse", [null, 0, null], -ESRCH],
  ["MsgReceivePulsev", [null, 0, null], -ESRCH],
  ["name_detach", [0], -EINVAL],
];

const createCases: readonly ContractCase[] = [
  {
    title: "ChannelCreate: accepts every flag that has a meaning here",
    puppets: 1,
    async run(t, _board, server) {
      for (const flags of KNOWN_FLAGS) {
        const chid = await server.result("ChannelCreate", flags);
        t.ok(chid > 0, `flags ${flags}: a chid`);
        t.equal(await server.result("ChannelDestroy", chid), 0, "that can be destroyed");
      }
    },
  },
  {
    title: "ChannelCreate: -EINVAL for an unknown flag",
    puppets: 1,
    async run(t, _board, server) {
      for (const flags of UNKNOWN_FLAGS) {
        t.equal(await server.result("ChannelCreate", flags), -EINVAL, `flags ${flags}`);
      }
    },
  },
  {
    title: "ChannelCreate: -EBUSY for a second channel with THREAD_DEATH or COID_DISCONNECT",
    puppets: 2,
    async run(t, _board, server, other) {
      for (const first of ONCE) {
        const chid = await server.result("ChannelCreate", first);
        for (const second of ONCE) {
          const flags = second | _NTO_CHF_UNBLOCK;
          t.equal(await server.result("ChannelCreate", flags), -EBUSY, `${first}, then ${second}`);
          const theirs = await other.result("ChannelCreate", second);
          t.ok(theirs > 0, "another task may have one");
          await other.result("ChannelDestroy", theirs);
        }
        const plain = await server.result("ChannelCreate", _NTO_CHF_DISCONNECT);
        t.ok(plain > 0, "a channel without these flags is possible");
        await server.result("ChannelDestroy", plain);
        await server.result("ChannelDestroy", chid);
      }
      t.ok((await server.result("ChannelCreate", ONCE[0])) > 0, "and again when it is gone");
    },
  },
  {
    title: "ChannelCreate: -EAGAIN when all channels of the system are in use",
    puppets: 2,
    async run(t, { limits }, server, other) {
      const chids: number[] = [];
      for (let i = 0; i < limits.channels; i++) {
        chids.push(await (i % 2 === 0 ? server : other).result("ChannelCreate", 0));
      }
      t.equal(new Set(chids).size, limits.channels, "as many chids as there are channels");
      t.equal(await server.result("ChannelCreate", 0), -EAGAIN, "full");
      t.equal(await other.result("ChannelCreate", 0), -EAGAIN, "for every task");
      await server.result("ChannelDestroy", chids[0]);
      t.ok((await other.result("ChannelCreate", 0)) > 0, "one destroyed, one free");
    },
  },
  {
    title: "ChannelCreate: 64 channels in one task, each with its own queue",
    puppets: 2,
    limits: { channels: 64, connections: 64 },
    async run(t, _board, server, client) {
      const coids: number[] = [];
      const chids: number[] = [];
      for (let i = 0; i < 64; i++) {
        const { chid, coid } = await connect(server, client);
        chids.push(chid);
        coids.push(coid);
      }
      t.equal(new Set(chids).size, 64, "64 channels");
      for (const [i, coid] of coids.entries()) await client.result("MsgSendPulse", coid, 10, 1, i);
      let wrong = 0;
      for (const [i, chid] of chids.entries()) {
        const { rcvid, pulse } = await receive(server, chid);
        if (rcvid !== 0 || pulse.value !== i || (await poll(server, chid)) !== -ETIMEDOUT) wrong++;
      }
      t.equal(wrong, 0, "each receives its own pulse and nothing else");
    },
  },
];

const destroyCases: readonly ContractCase[] = [
  {
    title: "ChannelDestroy: -ESRCH for clients that wait, -EBADF for what they send later",
    puppets: 3,
    async run(t, _board, server, replyBlocked, sendBlocked) {
      const { chid, coid } = await connect(server, replyBlocked);
      const second = await attach(sendBlocked, server, chid);
      const { sent } = await hold(server, replyBlocked, { chid, coid });
      const queued = send(sendBlocked, second);
      await sendBlocked.until("SEND");
      t.equal(await server.result("ChannelDestroy", chid), 0, "destroyed");
      t.equal(await sent, -ESRCH, "the REPLY-blocked one");
      t.equal(await queued, -ESRCH, "the SEND-blocked one");
      for (const [client, lost] of [
        [replyBlocked, coid] as const,
        [sendBlocked, second] as const,
      ]) {
        t.equal(await send(client, lost), -EBADF, "a message");
        t.equal(await client.result("MsgSendPulse", lost, 10, 0, 0), -EBADF, "a pulse");
        t.equal(await client.result("ConnectDetach", lost), 0, "the coid is there to be detached");
      }
    },
  },
  {
    title: "ChannelDestroy: the server's rcvids of that channel are void",
    puppets: 2,
    async run(t, _board, server, client) {
      const connection = await connect(server, client);
      const { rcvid, sent } = await hold(server, client, connection);
      await server.result("ChannelDestroy", connection.chid);
      t.equal(await server.result("MsgReply", rcvid, 0, null, 0), -ESRCH, "MsgReply");
      t.equal(await sent, -ESRCH, "the client has had its error");
    },
  },
  {
    title: "ChannelDestroy: clients of the server's other channel notice nothing",
    puppets: 2,
    async run(t, _board, server, client) {
      const kept = await connect(server, client);
      const { chid } = await connect(server, client);
      const { rcvid, sent } = await hold(server, client, kept);
      await server.result("ChannelDestroy", chid);
      t.equal(await server.result("MsgReply", rcvid, 5, null, 0), 0, "the held message");
      t.equal(await sent, 5, "is answered");
    },
  },
  {
    title: "ChannelDestroy: queued pulses are dropped",
    puppets: 2,
    async run(t, { limits }, server, client) {
      const { chid, coid } = await connect(server, client);
      for (let i = 0; i < limits.pulses; i++) await client.result("MsgSendPulse", coid, 10, 1, i);
      await server.result("ChannelDestroy", chid);
      for (let i = 0; i < limits.channels; i++) {
        const next = await server.result("ChannelCreate", 0);
        t.equal(await poll(server, next), -ETIMEDOUT, "a new channel is empty");
      }
    },
  },
  {
    title: "ChannelDestroy: a stale chid is noticed, though its record is in use again",
    puppets: 2,
    limits: { channels: 1 },
    async run(t, _board, server, client) {
      const stale = await server.result("ChannelCreate", 0);
      await server.result("ChannelDestroy", stale);
      t.equal(await server.result("ChannelDestroy", stale), -EINVAL, "destroyed twice");
      const chid = await server.result("ChannelCreate", 0);
      t.notEqual(chid, stale, "another chid");
      for (const [name, rest, errno] of CHID_CALLS) {
        t.equal(await server.result(name, stale, ...rest), errno, name);
      }
      t.equal(await server.result("name_attach", { chid: stale }, "n", 0), -ESRCH, "name_attach");
      t.equal(await attach(client, server, stale), -ESRCH, "ConnectAttach");
      t.equal(await attach(client, server, chid), 0, "the new one is well");
    },
  },
];

const chidCases: readonly ContractCase[] = CHID_CALLS.map(([name, rest, errno]) => ({
  title: `${name}: ${errno === -ESRCH ? "-ESRCH" : "-EINVAL"} for what is no channel of the caller`,
  puppets: 2,
  async run(t, _board, server, other) {
    const chid = await server.result("ChannelCreate", 0);
    t.equal(await other.result(name, chid, ...rest), errno, "another task's");
    for (const none of NO_CHIDS) {
      t.equal(await server.result(name, none, ...rest), errno, `chid ${none}`);
    }
    t.equal(await server.result("ChannelDestroy", chid), 0, "the channel is untouched");
  },
}));

export const channelCases: readonly ContractCase[] = [
  ...createCases,
  ...destroyCases,
  ...chidCases,
];
