/**
 * Typed services: a server and a client that come and go, and meet in other versions.
 */
import {
  _NTO_TIMEOUT_REPLY,
  _NTO_TIMEOUT_SEND,
  EBADF,
  EEXIST,
  EINVAL,
  ENOSYS,
  EPROTO,
  ESRCH,
  ETIMEDOUT,
} from "reattach";
import { COMMIT, HOLD, HOLD_STEP, REFUSE } from "./acts/service.js";
import type { Version } from "./acts/versions.js";
import type { Board, ContractCase, Puppet } from "./board.js";
import { receive } from "./steps.js";

const LIMITS = { stableBytes: 64 };
const LONG_MS = 60_000;
const NAME = "service";
/** A client that opens a service asks once which version it is. */
const OPENING = 1;
/** A connection that goes sends a pulse, which the dispatch layer takes. */
const GONE = 1;
/** So does a client whose time is over. */
const UNBLOCK = 1;

/** The server makes the service. */
async function make(server: Puppet, version: Version = "first"): Promise<number> {
  return (await server.act("serviceMake", version)).result;
}

/** Has the server receive so many times; resolves with what the last returned. */
async function serve(server: Puppet, times: number): Promise<number> {
  return (await server.act("serviceReceive", times, [])).result;
}

async function open(client: Puppet, timeout_ms = LONG_MS): Promise<number> {
  return (await client.act("serviceOpen", timeout_ms)).result;
}

/** A call's status, and what came with it. */
async function ask(client: Puppet, act: string, ...args: number[]): Promise<[number, number]> {
  const outcome = await client.act(act, ...args, []);
  return [outcome.result, (outcome.args[args.length] as number[])[0]!];
}

/** A server that serves, and a client that is connected. */
async function stage(server: Puppet, client: Puppet): Promise<void> {
  await make(server);
  const serves = serve(server, OPENING);
  const status = await open(client);
  if (status !== 0) throw new Error(`open: ${status}`);
  await serves;
}

/** The server dies and comes back with this version. */
async function comeBack(board: Board, server: Puppet, version?: Version): Promise<Puppet> {
  await board.kill(server);
  const successor = await board.restart(server);
  await make(successor, version);
  return successor;
}

const openCases: readonly ContractCase[] = [
  {
    title: "open: waits for a server that is late, and asks for its version",
    puppets: 2,
    limits: LIMITS,
    async run(t, _board, server, client) {
      const opens = open(client);
      await client.until("NANOSLEEP");
      t.equal(await make(server), 0, "the server is there");
      const serves = serve(server, OPENING + 1);
      t.equal(await opens, 0, "open");
      t.deepEqual(await ask(client, "serviceAdd", 3, 4), [4, 7], "the first call");
      t.equal(await serves, 0, "two messages");
    },
  },
  {
    title: "open: through the death of the server that is asked, and of the client that waits",
    puppets: 2,
    limits: LIMITS,
    async run(t, board, server, client) {
      void open(client);
      await client.until("NANOSLEEP");
      await board.kill(client);
      const next = await board.restart(client);
      await make(server);
      const opens = open(next);
      await next.until("SEND");
      const successor = await comeBack(board, server);
      const serves = serve(successor, OPENING);
      t.equal(await opens, 0, "open");
      await serves;
    },
  },
  {
    title: "open: -ETIMEDOUT when nobody comes; each call tries again, and finds a late server",
    puppets: 2,
    limits: LIMITS,
    async run(t, _board, server, client) {
      for (const ms of [0, 5]) t.equal(await open(client, ms), -ETIMEDOUT, `${ms} ms`);
      t.deepEqual(await ask(client, "serviceAdd", 1, 1), [-ETIMEDOUT, 0], "a call");
      t.equal((await client.act("serviceRing", 1)).result, -EBADF, "a pulse waits for nobody");
      t.equal((await client.act("serviceConnect")).result, -ETIMEDOUT, "connect()");
      await make(server);
      // It is there, and does not answer.
      t.equal((await client.act("serviceConnect")).result, -ETIMEDOUT, "in 5 ms, or less");
      const serves = serve(server, GONE + OPENING + 2);
      t.equal(await open(client), 0, "open");
      t.deepEqual(await ask(client, "serviceAdd", 1, 1), [1, 2], "a call");
      t.equal((await client.act("serviceConnect")).result, 0, "connected is connected");
      t.equal((await client.act("serviceRing", 1)).result, 0, "a pulse");
      t.equal(await serves, 0, "served");
    },
  },
  {
    title: "open: TimerTimeout limits it and is used up; in front of a call it limits both",
    puppets: 2,
    limits: LIMITS,
    async run(t, _board, server, client) {
      const states = _NTO_TIMEOUT_SEND | _NTO_TIMEOUT_REPLY;
      await client.result("TimerTimeout", states, 5);
      t.equal(await open(client), -ETIMEDOUT, "open");
      await client.result("TimerTimeout", states, 5);
      t.deepEqual(await ask(client, "serviceAdd", 1, 1), [-ETIMEDOUT, 0], "a call that opens");
      await make(server);
      await client.result("TimerTimeout", states, 5);
      t.deepEqual(await ask(client, "serviceAdd", 1, 1), [-ETIMEDOUT, 0], "a server that is busy");
      const serves = serve(server, OPENING + 1 + GONE + GONE + OPENING);
      t.equal(await open(client), 0, "no limit is left");
      await client.result("TimerTimeout", states, LONG_MS);
      t.deepEqual(await ask(client, "serviceAdd", 1, 1), [1, 2], "within its time");
      t.equal(await client.result("TimerTimeout", 0, 0), 0, "used up");
      await client.act("serviceClose");
      await client.result("TimerTimeout", states, LONG_MS);
      const asked = ask(client, "serviceAdd", HOLD, 1);
      t.equal(await serves, 0, "connected again");
      await serve(server, 1);
      await client.until("REPLY");
      await server.act("serviceAnswer", 5, 3);
      t.deepEqual(await asked, [3, 5], "both within their time");
      t.equal(await client.result("TimerTimeout", 0, 0), 0, "used up");
    },
  },
  {
    title:
      "TimerTimeout in front of a call that connects first: the server answers only the connect",
    puppets: 2,
    limits: LIMITS,
    async run(t, _board, server, client) {
      await stage(server, client);
      await client.act("serviceClose");
      const states = _NTO_TIMEOUT_SEND | _NTO_TIMEOUT_REPLY;
      await client.result("TimerTimeout", states, 1000);
      const serves = serve(server, GONE + OPENING + 1 + UNBLOCK);
      t.deepEqual(await ask(client, "serviceAdd", HOLD, 1), [-ETIMEDOUT, 0], "the call");
      t.equal(await serves, 0, "the server had it, and was asked to unblock its client");
    },
  },
  {
    title: "serve: -EEXIST when the name is taken, at once and with nothing left behind",
    puppets: 2,
    limits: LIMITS,
    async run(t, _board, server, other) {
      t.equal(await make(server), 0, "the first");
      t.equal(await make(other), -EEXIST, "the second");
      t.equal(await serve(other, 1), -EEXIST, "which does not receive");
      t.equal((await server.act("serviceEnd")).result, 0, "the first ends");
      t.equal(await make(other), 0, "and the name is free");
    },
  },
];

/** Versions of a server, and what a client of the first one gets. */
const VERSIONS: readonly (readonly [Version, status: number, questions: number])[] = [
  ["first", 0, 1],
  ["one call more", 0, 4],
  ["another field", -EPROTO, 2],
  ["one call less", -EPROTO, 3],
  ["no pulse", -EPROTO, 4],
];

const versionCases: readonly ContractCase[] = [
  ...VERSIONS.map(([version, expected, questions]): ContractCase => ({
    title: `open: a server with ${version}: ${expected === 0 ? "0" : "-EPROTO"}`,
    puppets: 2,
    limits: LIMITS,
    async run(t, _board, server, client) {
      await make(server, version);
      const serves = serve(server, questions);
      t.equal(await open(client), expected, "open");
      t.equal(await serves, 0, "it asks no more than it has to");
      t.equal((await client.act("serviceStatus")).result, expected, "status");
      if (expected !== 0) {
        t.equal(await serve(server, GONE), 0, "and keeps no connection");
        return;
      }
      const more = serve(server, 1);
      t.deepEqual(await ask(client, "serviceAdd", 3, 4), [4, 7], "a call");
      await more;
    },
  })),
  {
    title: "open: -EPROTO when somebody else has the name, who answers with ENOSYS",
    puppets: 2,
    limits: LIMITS,
    async run(t, _board, server, client) {
      const chid = await server.result("name_attach", null, NAME, 0);
      const opens = open(client);
      const { rcvid } = await receive(server, chid);
      await server.result("MsgError", rcvid, ENOSYS);
      t.equal(await opens, -EPROTO, "open");
    },
  },
  {
    title: "send: a successor of another version: -ENOSYS for what has changed, and for that alone",
    puppets: 2,
    limits: LIMITS,
    async run(t, board, server, client) {
      await stage(server, client);
      const successor = await comeBack(board, server, "another field");
      const serves = serve(successor, 2);
      t.deepEqual(await ask(client, "serviceAdd", 3, 4), [-ENOSYS, 0], "add has changed");
      t.deepEqual(await ask(client, "serviceCount", 3), [0, 3], "count has not");
      await serves;
    },
  },
];

const callCases: readonly ContractCase[] = [
  {
    title: "send: statuses and replies, errors and pulses, in order",
    puppets: 2,
    limits: LIMITS,
    async run(t, _board, server, client) {
      await stage(server, client);
      const serves = server.act("serviceReceive", 6, []);
      t.deepEqual(await ask(client, "serviceAdd", 0xffff_fff0, 15), [15, 0xffff_ffff], "a call");
      t.deepEqual(await ask(client, "serviceAdd", REFUSE, 1), [-EINVAL, 0xffff_ffff], "an error");
      for (const value of [-1, 2 ** 31 - 1]) {
        t.equal((await client.act("serviceRing", value)).result, 0, `a pulse of ${value}`);
      }
      t.deepEqual(await ask(client, "serviceAdd", 1, 2), [2, 3], "another call");
      t.deepEqual(await ask(client, "serviceCount", 5), [0, 5], "and another one");
      t.deepEqual((await serves).args[1], [-1, 2 ** 31 - 1], "the pulses");
    },
  },
  {
    title: "send: a call that is answered later; a client that dies meanwhile is forgotten",
    puppets: 2,
    limits: LIMITS,
    async run(t, board, server, client) {
      await stage(server, client);
      const asked = ask(client, "serviceAdd", HOLD, 1);
      await serve(server, 1);
      await client.until("REPLY");
      t.equal((await server.act("serviceAnswer", 42, 7)).result, 0, "answer()");
      t.deepEqual(await asked, [7, 42], "the reply");
      t.equal((await server.act("serviceAnswer", 42, 7)).result, -ESRCH, "not twice");
      void ask(client, "serviceAdd", HOLD, 1);
      await serve(server, 1);
      await board.kill(client);
      t.equal((await server.act("serviceAnswer", 42, 7)).result, -ESRCH, "nobody waits");
      await board.restart(client);
    },
  },
  {
    title:
      "send: the server dies before a call, and in the middle of it: the client gets its reply",
    puppets: 2,
    limits: LIMITS,
    async run(t, board, server, client) {
      await stage(server, client);
      let current = await comeBack(board, server);
      for (const [a, b] of [
        [1, 2],
        [3, 4],
      ] as const) {
        const asked = ask(client, "serviceAdd", a, b);
        await client.until("SEND");
        current = await comeBack(board, current);
        const serves = serve(current, 1);
        t.deepEqual(await asked, [b, a + b], "before it was received");
        await serves;
      }
      const asked = ask(client, "serviceAdd", HOLD, 1);
      await serve(current, 1);
      current = await comeBack(board, current);
      await serve(current, 1);
      await current.act("serviceAnswer", 9, 9);
      t.deepEqual(await asked, [9, 9], "after it was received");
    },
  },
  {
    title: "send: once: an effect that was committed is not repeated, one that was not is",
    puppets: 2,
    limits: LIMITS,
    async run(t, board, server, client) {
      await stage(server, client);
      const serves = serve(server, 1);
      t.deepEqual(await ask(client, "serviceCount", 3), [0, 3], "nobody dies");
      await serves;
      let current = server;
      for (let i = 0; i < 3; i++) {
        const asked = ask(client, "serviceCount", COMMIT + 4);
        await serve(current, 1);
        current = await comeBack(board, current);
        const again = serve(current, 1);
        t.deepEqual(await asked, [0, 7 + 4 * i], "committed, and not sent");
        await again;
      }
      void ask(client, "serviceCount", HOLD_STEP);
      await serve(current, 1);
      current = await comeBack(board, current);
      await serve(current, 1);
      await board.kill(client);
      const other = await board.restart(client);
      const opens = serve(current, GONE + OPENING + 1);
      await open(other);
      t.deepEqual(
        await ask(other, "serviceCount", 0),
        [0, 16],
        "one that was not committed is gone",
      );
      await opens;
    },
  },
  {
    title: "close: the connection is gone, and a call makes another",
    puppets: 2,
    limits: LIMITS,
    async run(t, _board, server, client) {
      await stage(server, client);
      t.equal((await client.act("serviceClose")).result, 0, "close()");
      t.equal((await client.act("serviceClose")).result, -EBADF, "again");
      const serves = serve(server, GONE + OPENING + 1);
      t.deepEqual(await ask(client, "serviceAdd", 1, 1), [1, 2], "a call");
      t.equal(await serves, 0, "which has asked for the version again");
    },
  },
];

const serveCases: readonly ContractCase[] = [
  {
    title: "serve: until a handler stops it; then the name is free, and its clients have lost it",
    puppets: 2,
    limits: LIMITS,
    async run(t, _board, server, client) {
      const serves = server.act("serviceServe");
      t.equal(await open(client), 0, "open");
      t.deepEqual(await ask(client, "serviceAdd", 1, 2), [0, 3], "a call");
      t.equal((await client.act("serviceRing", 5)).result, 0, "the pulse that stops it");
      t.equal((await serves).result, 0, "serve()");
      t.equal(await make(client), 0, "another may have the name");
    },
  },
];

export const serviceCases: readonly ContractCase[] = [
  ...openCases,
  ...versionCases,
  ...callCases,
  ...serveCases,
];
