/**
 * TimerTimeout: time limits that run out, in each state.
 */
import {
  _NTO_TIMEOUT_RECEIVE,
  _NTO_TIMEOUT_REPLY,
  _NTO_TIMEOUT_SEND,
  EBADF,
  EDEADLK,
  EFAULT,
  EINVAL,
  ESRCH,
  ETIMEDOUT,
} from "reattach";
import type { ContractCase, Outcome, Puppet } from "./board.js";
import { attach, bytes, connect, filled, poll, receive, send, serve, text } from "./steps.js";

const SEND = _NTO_TIMEOUT_SEND;
const RECEIVE = _NTO_TIMEOUT_RECEIVE;
const REPLY = _NTO_TIMEOUT_REPLY;
/** Long enough for a waiting server to receive a message, however busy the machine. */
const WHILE_MS = 150;
/** More than any case lasts. */
const LONG_MS = 60_000;

const BAD_LIMITS = [
  [1, 5],
  [1 << 3, 5],
  [1 << 7, 5],
  [SEND | 1, 5],
  [-1, 5],
  [0.5, 5],
  [SEND, -1],
  [SEND, NaN],
  [0, -1],
] as const;

/** A server that waits already, and a client that sends to it under a limit. */
async function sendToWaiting(
  server: Puppet,
  client: Puppet,
  { chid, coid }: { chid: number; coid: number },
  states: number,
): Promise<{ rcvid: number; sent: Promise<Outcome> }> {
  const received = receive(server, chid);
  await server.until("RECEIVE");
  const sent = client.act("sendWithin", states, WHILE_MS, coid, bytes("m"), 1, filled(8), 8);
  return { rcvid: (await received).rcvid, sent };
}

const callCases: readonly ContractCase[] = [
  {
    title: "TimerTimeout: returns the states that were armed; 0 takes the limit back",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      t.equal(await client.result("TimerTimeout", SEND | REPLY, LONG_MS), 0, "none before");
      t.equal(await client.result("TimerTimeout", RECEIVE, LONG_MS), SEND | REPLY, "replaced");
      t.equal(await client.result("TimerTimeout", SEND, 0), RECEIVE, "and again");
      t.equal(await client.result("TimerTimeout", 0, 0), SEND, "taken back");
      const sent = send(client, coid);
      await client.until("SEND");
      t.equal(await serve(server, chid, 1), "", "the next call is not limited");
      t.equal(await sent, 1, "and ends as it should");
    },
  },
  {
    title: "TimerTimeout: -EINVAL for an unknown state or a bad time, and nothing changes",
    puppets: 1,
    async run(t, _board, puppet) {
      await puppet.result("TimerTimeout", SEND, LONG_MS);
      for (const [states, ms] of BAD_LIMITS) {
        t.equal(await puppet.result("TimerTimeout", states, ms), -EINVAL, `${states}, ${ms} ms`);
      }
      t.equal(await puppet.result("TimerTimeout", 0, 0), SEND, "the limit is still armed");
    },
  },
  {
    title: "TimerTimeout: is used up by the next call, however that ends",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const own = await client.result(
        "ConnectAttach",
        0,
        0,
        await client.result("ChannelCreate", 0),
        9,
        0,
      );
      const calls = [
        ["MsgSend", [99, null, 0, null, 0], -EBADF],
        ["MsgSend", [coid, "x", 1, null, 0], -EFAULT],
        ["MsgSendv", [coid, [], -1, null, 0], -EINVAL],
        ["MsgSendsv", [coid, null, 0, "x", 0], -EFAULT],
        ["MsgSendvs", [coid, null, 0, null, 1], -EFAULT],
        ["MsgSend", [own, null, 0, null, 0], -EDEADLK],
        ["MsgReceive", [0, null, 0, null], -ESRCH],
        ["MsgReceive", [chid, "x", 1, null], -EFAULT],
        ["MsgReceivev", [chid, null, 1, null], -EFAULT],
        ["MsgReceivePulse", [chid, null, 0, null], -ESRCH],
      ] as const;
      for (const [name, args, result] of calls) {
        await client.result("TimerTimeout", SEND | REPLY | RECEIVE, LONG_MS);
        t.equal(await client.result(name, ...args), result, `${name}: ${result}`);
        t.equal(await client.result("TimerTimeout", 0, 0), 0, "used up");
      }
      await client.result("TimerTimeout", SEND | REPLY, LONG_MS);
      const sent = send(client, coid);
      await serve(server, chid);
      t.equal(await sent, 0, "a call that succeeds");
      t.equal(await client.result("TimerTimeout", 0, 0), 0, "uses it up too");
      await client.result("TimerTimeout", SEND | REPLY, LONG_MS);
      await client.result("MsgSendPulse", coid, 10, 0, 0);
      t.equal(await client.result("TimerTimeout", 0, 0), SEND | REPLY, "a pulse does not block");
    },
  },
];

const selfCases: readonly ContractCase[] = [
  {
    title: "delay: 0, and what comes meanwhile stays queued",
    puppets: 3,
    async run(t, _board, server, client, other) {
      const { chid, coid } = await connect(server, client);
      const theirs = await attach(other, server, chid);
      const delayed = server.result("delay", 30);
      const sent = send(client, coid, "m");
      await other.result("MsgSendPulse", theirs, 20, 1, 5);
      t.equal(await delayed, 0, "it returns 0");
      await client.until("SEND");
      t.equal((await receive(server, chid)).pulse.value, 5, "the pulse");
      t.equal(await serve(server, chid, 3), "m", "and the message are received later");
      t.equal(await sent, 3, "answered");
      for (const ms of [0, -5]) t.equal(await server.result("delay", ms), 0, `${ms} ms`);
    },
  },
  {
    title: "getpid, getprio, systemLimits: what a task knows of itself",
    puppets: 2,
    priorities: [10, 23],
    async run(t, { limits }, first, second) {
      for (const puppet of [first, second]) {
        t.equal(await puppet.result("getpid"), puppet.pid, "getpid");
        t.deepEqual(await puppet.result("systemLimits"), { ...limits }, "systemLimits");
      }
      t.equal(await second.result("getprio"), 23, "getprio");
    },
  },
];

const expireCases: readonly ContractCase[] = [
  {
    title: "TimerTimeout: SEND: -ETIMEDOUT when nobody receives, and the message is gone",
    puppets: 3,
    async run(t, _board, server, client, other) {
      const { chid, coid } = await connect(server, client);
      const theirs = await attach(other, server, chid);
      for (const states of [SEND, SEND | REPLY]) {
        const sent = client.act("sendWithin", states, 20, coid, bytes("late"), 4, null, 0);
        t.equal((await sent).result, -ETIMEDOUT, `states ${states}`);
      }
      t.equal(await poll(server, chid), -ETIMEDOUT, "nothing is queued");
      const next = send(client, coid, "next");
      const beside = send(other, theirs, "other");
      t.deepEqual(
        [await serve(server, chid), await serve(server, chid)].sort(),
        ["next", "other"],
        "only what was sent later",
      );
      await Promise.all([next, beside]);
    },
  },
  {
    title: "TimerTimeout: SEND does not limit the wait for the reply",
    puppets: 2,
    async run(t, _board, server, client) {
      const connection = await connect(server, client);
      const { rcvid, sent } = await sendToWaiting(server, client, connection, SEND);
      // The server's own limit, set after the client's and longer, has run out: so has the
      // client's.
      const later = server.act("receiveWithin", RECEIVE, 2 * WHILE_MS, connection.chid, filled(64));
      t.equal((await later).result, -ETIMEDOUT, "the client's time is over");
      await client.until("REPLY");
      t.equal(await server.result("MsgReply", rcvid, 6, null, 0), 0, "a reply");
      t.equal((await sent).result, 6, "arrives");
    },
  },
  {
    title: "TimerTimeout: REPLY: -ETIMEDOUT when no reply comes; a late one gets -ESRCH",
    puppets: 2,
    async run(t, _board, server, client) {
      const connection = await connect(server, client);
      for (const states of [REPLY, SEND | REPLY]) {
        const { rcvid, sent } = await sendToWaiting(server, client, connection, states);
        t.equal((await sent).result, -ETIMEDOUT, `states ${states}`);
        t.equal(await server.result("MsgReply", rcvid, 0, null, 0), -ESRCH, "MsgReply");
        t.equal(await server.result("MsgError", rcvid, 5), -ESRCH, "MsgError");
        t.equal(await server.result("MsgRead", rcvid, filled(4), 4, 0), -ESRCH, "MsgRead");
      }
      const sent = send(client, connection.coid, "again");
      t.equal(await serve(server, connection.chid, 2), "again", "the client can send again");
      t.equal(await sent, 2, "and is answered");
    },
  },
  {
    title: "TimerTimeout: REPLY does not limit the wait for a server",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const sent = client.act("sendWithin", REPLY, LONG_MS, coid, bytes("q"), 1, null, 0);
      await client.until("SEND");
      t.equal(await serve(server, chid, 7), "q", "received in time");
      t.equal((await sent).result, 7, "and answered");
    },
  },
  {
    title: "TimerTimeout: a reply in time is a reply",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const reply = filled(4);
      const sent = client.act("sendWithin", SEND | REPLY, LONG_MS, coid, null, 0, reply, 4);
      const { rcvid } = await receive(server, chid);
      await server.result("MsgReply", rcvid, 3, bytes("yes!"), 4);
      const { result, args } = await sent;
      t.equal(result, 3, "the status");
      t.equal(text(args[5] as Uint8Array), "yes!", "and the data");
    },
  },
  {
    title: "TimerTimeout: RECEIVE: -ETIMEDOUT when nothing comes, for all receive calls",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const names = ["MsgReceive", "MsgReceivev", "MsgReceivePulse", "MsgReceivePulsev"] as const;
      for (const name of names) {
        await server.result("TimerTimeout", RECEIVE, 20);
        t.equal(await server.result(name, chid, null, 0, null), -ETIMEDOUT, name);
      }
      const sent = send(client, coid, "now");
      await client.until("SEND");
      await server.result("TimerTimeout", RECEIVE, 20);
      const pulses = await server.result("MsgReceivePulse", chid, filled(32), 32, null);
      t.equal(pulses, -ETIMEDOUT, "MsgReceivePulse, though a message waits");
      t.equal(await serve(server, chid), "now", "which is received without a limit");
      await sent;
    },
  },
  {
    title: "TimerTimeout: RECEIVE does not limit a send, nor SEND and REPLY a receive",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      await server.result("TimerTimeout", SEND | REPLY, 0);
      const received = receive(server, chid);
      await server.until("RECEIVE");
      await client.result("TimerTimeout", RECEIVE, 0);
      const sent = send(client, coid, "m");
      const { rcvid } = await received;
      t.ok(rcvid > 0, "the server has waited");
      await client.until("REPLY");
      await server.result("MsgReply", rcvid, 9, null, 0);
      t.equal(await sent, 9, "and so has the client");
    },
  },
  {
    title: "TimerTimeout: a server's death is reported to a client with a limit as to any other",
    puppets: 2,
    async run(t, board, server, client) {
      const { chid, coid } = await connect(server, client);
      const sent = client.act("sendWithin", SEND | REPLY, LONG_MS, coid, null, 0, null, 0);
      await receive(server, chid);
      await board.kill(server);
      t.equal((await sent).result, -ESRCH, "-ESRCH");
      const again = client.act("sendWithin", SEND | REPLY, LONG_MS, coid, null, 0, null, 0);
      t.equal((await again).result, -EBADF, "then -EBADF");
    },
  },
  {
    title: "TimerTimeout: Infinity is a limit that never runs out",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const sent = client.act("sendWithin", SEND | REPLY, Infinity, coid, null, 0, null, 0);
      await client.until("SEND");
      await serve(server, chid, 1);
      t.equal((await sent).result, 1, "answered");
    },
  },
];

export const timeoutCases: readonly ContractCase[] = [...selfCases, ...callCases, ...expireCases];
