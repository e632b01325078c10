/**
 * Recovery: a connection that is HA-aware works again after its server's death.
 */
import {
  _NTO_COF_NOSHARE,
  _NTO_TIMEOUT_REPLY,
  _NTO_TIMEOUT_SEND,
  EBADF,
  EEXIST,
  EINVAL,
  ENOENT,
  EPERM,
  ESRCH,
  ETIMEDOUT,
  HAREPLACERECOVERYFN,
} from "reattach";
import type { CallName, ContractCase } from "./board.js";
import { calls, comeBack, NAME, stageService } from "./ha-steps.js";
import { bytes, connect, filled, receive, send, serve } from "./steps.js";

const SEND_STATES = _NTO_TIMEOUT_SEND | _NTO_TIMEOUT_REPLY;
const FOREVER = 1_000_000_000;

const attachCases: readonly ContractCase[] = [
  {
    title:
      "ha_attach: -EEXIST for a second function, unless HAREPLACERECOVERYFN replaces the first",
    puppets: 2,
    async run(t, board, server, client) {
      const { coid } = await connect(server, client);
      const attach = async (answer: number, flags: number): Promise<number> =>
        (await client.act("attachAnswering", coid, answer, flags)).result;
      t.equal(await attach(-1, 0), 0, "the first");
      t.equal(await attach(coid, 0), -EEXIST, "the second");
      t.equal(await attach(-1, HAREPLACERECOVERYFN), 0, "in its place");
      await board.kill(server);
      t.equal(await send(client, coid), -EBADF, "it fails");
      t.equal(await calls(client), 1, "one function has run");
      t.equal(await client.result("ha_detach", coid), 0, "ha_detach");
      t.equal(await client.result("ha_detach", coid), -EBADF, "twice");
      t.equal(await send(client, coid), -EBADF, "the original error");
      t.equal(await calls(client), 1, "and no function has run");
      t.equal(await attach(-1, HAREPLACERECOVERYFN), 0, "with the flag a first one is fine too");
    },
  },
  {
    title: "ha_attach: -EBADF for no connection, -EINVAL for no function or an unknown flag",
    puppets: 2,
    async run(t, _board, server, client) {
      const { coid } = await connect(server, client);
      t.equal((await client.act("attachAnswering", coid + 1, 0, 0)).result, -EBADF, "no such coid");
      t.equal((await client.act("attachAnswering", -1, 0, 0)).result, -EBADF, "no coid");
      for (const flags of [2, 3, -1]) {
        t.equal((await client.act("attachAnswering", coid, 0, flags)).result, -EINVAL, `${flags}`);
      }
      for (const none of [null, undefined, 7, "f", {}]) {
        t.equal(await client.result("ha_attach", coid, none, null, 0), -EINVAL, `${none}`);
      }
      t.equal(await client.result("ha_detach", coid), -EBADF, "none has been attached");
    },
  },
];

const recoverCases: readonly ContractCase[] = [
  {
    title: "MsgSend: recovers when the server has died, under the same coid",
    puppets: 2,
    async run(t, board, server, client) {
      const { coid } = await stageService(server, client);
      const back = await comeBack(board, server);
      const sent = send(client, coid, "again");
      t.equal(await serve(back.server, back.chid, 7), "again", "the successor gets the message");
      t.equal(await sent, 7, "and its answer is the call's");
      const next = send(client, coid, "next");
      t.equal(await serve(back.server, back.chid, 8), "next", "the connection is a good one");
      t.equal(await next, 8, "without another recovery");
      t.equal(await calls(client), 1, "one recovery");
    },
  },
  {
    title: "MsgSend: recovers when the server dies while the message is held, or queued",
    puppets: 2,
    async run(t, board, server, client) {
      const stage = await stageService(server, client);
      let current = { server, chid: stage.chid };
      for (const state of ["REPLY", "SEND"] as const) {
        const sent = client.call("MsgSend", stage.coid, bytes("whole"), 5, filled(8), 8);
        if (state === "REPLY") {
          const { rcvid } = await receive(current.server, current.chid);
          await current.server.result("MsgWrite", rcvid, bytes("half"), 4, 0);
        }
        await client.until(state);
        current = await comeBack(board, current.server);
        const { rcvid, text, info } = await receive(current.server, current.chid);
        t.equal(text, "whole", `${state}: the whole message again`);
        t.equal(info.coid, stage.coid, "by the same coid");
        await current.server.result("MsgReply", rcvid, 3, bytes("ok"), 2);
        const { result, args } = await sent;
        t.equal(result, 3, "answered");
        t.deepEqual(args[3], bytes("ok", 8), "with the successor's reply only");
      }
      t.equal(await calls(client), 2, "two recoveries");
    },
  },
  {
    title: "MsgSend: the original error when the function returns -1 or another coid, or throws",
    puppets: 2,
    async run(t, board, server, client) {
      const { coid } = await connect(server, client);
      await client.act("attachAnswering", coid, -1, 0);
      const sent = send(client, coid);
      await client.until("SEND");
      await board.kill(server);
      t.equal(await sent, -ESRCH, "-ESRCH for who was blocked");
      for (const answer of [-1, coid + 1, -ESRCH, NaN]) {
        await client.act("attachAnswering", coid, answer, HAREPLACERECOVERYFN);
        t.equal(await send(client, coid), -EBADF, `it returns ${answer}`);
        t.equal(await calls(client), 1, "called once");
      }
      await client.result("ha_detach", coid);
      await client.act("attachThrowing", coid, "out of order");
      t.equal(await send(client, coid), -EBADF, "it throws");
      t.equal(await client.result("MsgSendPulse", coid, 10, 0, 0), -EBADF, "for a pulse too");
    },
  },
];

const nestedCases: readonly ContractCase[] = [
  {
    title: "MsgSend: inside its own recovery it is a plain send",
    puppets: 2,
    async run(t, board, server, client) {
      const chid = await server.result("name_attach", null, NAME, 0);
      const coid = await client.result("name_open", NAME, 0);
      t.ok(chid > 0, "a service");
      await client.act("attachSending", coid, NAME);
      const back = await comeBack(board, server);
      const sent = send(client, coid, "m");
      t.equal(await serve(back.server, back.chid, 5), "m", "recovered");
      t.equal(await sent, 5, "answered");
      t.equal(await calls(client), -EBADF, "the send inside got the plain error");
    },
  },
  {
    title: "MsgSend: the original error when the function detaches the connection",
    puppets: 2,
    async run(t, board, server, client) {
      const { coid } = await connect(server, client);
      await client.act("attachDetaching", coid);
      await board.kill(server);
      t.equal(await send(client, coid), -EBADF, "the original error");
      t.equal(await calls(client), 0, "it could be detached");
      t.equal(await client.result("ConnectDetach", coid), -EINVAL, "and is gone");
    },
  },
];

/** The eight names, with arguments for the message "m" and a reply of two bytes. */
const iov = (base: Uint8Array): unknown[] => [{ base, length: base.length }];
const SENDS: readonly (readonly [CallName, readonly unknown[]])[] = [
  ["MsgSend", [bytes("m"), 1, filled(2), 2]],
  ["MsgSendnc", [bytes("m"), 1, filled(2), 2]],
  ["MsgSendv", [iov(bytes("m")), 1, iov(filled(2)), 1]],
  ["MsgSendvnc", [iov(bytes("m")), 1, iov(filled(2)), 1]],
  ["MsgSendsv", [bytes("m"), 1, iov(filled(2)), 1]],
  ["MsgSendsvnc", [bytes("m"), 1, iov(filled(2)), 1]],
  ["MsgSendvs", [iov(bytes("m")), 1, filled(2), 2]],
  ["MsgSendvsnc", [iov(bytes("m")), 1, filled(2), 2]],
];

const nameCases: readonly ContractCase[] = [
  {
    title: "MsgSend: all eight names recover, and MsgSendPulse",
    puppets: 2,
    async run(t, _board, server, client) {
      let chid = await server.result("name_attach", null, NAME, 0);
      const coid = await client.result("name_open", NAME, 0);
      await client.act("attachReopening", coid, NAME, 0);
      for (const [name, args] of SENDS) {
        await server.result("ChannelDestroy", chid);
        chid = await server.result("name_attach", null, NAME, 0);
        const sent = client.call(name, coid, ...args);
        const { rcvid, text } = await receive(server, chid);
        t.equal(text, "m", `${name}: the message`);
        await server.result("MsgReply", rcvid, 4, bytes("ok"), 2);
        const outcome = await sent;
        t.equal(outcome.result, 4, "the status");
        const reply = outcome.args[3] as Uint8Array | { base: Uint8Array }[];
        t.deepEqual(Array.isArray(reply) ? reply[0]!.base : reply, bytes("ok"), "the reply");
      }
      await server.result("ChannelDestroy", chid);
      chid = await server.result("name_attach", null, NAME, 0);
      t.equal(await client.result("MsgSendPulse", coid, 10, 6, 66), 0, "MsgSendPulse");
      t.equal((await receive(server, chid)).pulse.value, 66, "arrives");
      t.equal(await calls(client), SENDS.length + 1, "each needed one recovery");
    },
  },
  {
    title: "MsgSend: a time limit holds for the whole call, recovery included",
    puppets: 2,
    async run(t, board, server, client) {
      const { coid } = await stageService(server, client);
      const back = await comeBack(board, server);
      const sent = client.act("sendWithin", SEND_STATES, 100, coid, bytes("m"), 1, null, 0);
      t.equal((await sent).result, -ETIMEDOUT, "the successor does not receive: -ETIMEDOUT");
      t.equal(await calls(client), 1, "after one recovery");
      t.equal(await client.result("TimerTimeout", 0, 0), 0, "the limit is used up");
      const next = send(client, coid, "next");
      t.equal(await serve(back.server, back.chid, 2), "next", "the next call is not limited");
      t.equal(await next, 2, "and answered");
      await client.result("ha_detach", coid);
      await board.kill(back.server);
      await client.act("sendWithin", SEND_STATES, 60_000, coid, null, 0, null, 0);
      t.equal(await client.result("TimerTimeout", 0, 0), 0, "used up by a call that fails");
    },
  },
  {
    title: "MsgSend: other errors do not start a recovery",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await stageService(server, client);
      for (const errno of [EPERM, ETIMEDOUT, EBADF, ESRCH]) {
        const sent = send(client, coid);
        const { rcvid } = await receive(server, chid);
        await server.result("MsgError", rcvid, errno);
        t.equal(await sent, -errno, "the server's errno");
      }
      t.equal((await client.result("MsgSend", coid, "x", 1, null, 0)) < 0, true, "a bad buffer");
      const late = await client.act("sendWithin", _NTO_TIMEOUT_SEND, 0, coid, null, 0, null, 0);
      t.equal(late.result, -ETIMEDOUT, "a time limit");
      t.equal(await calls(client), 0, "no recovery");
    },
  },
];

const reopenCases: readonly ContractCase[] = [
  {
    title: "ha_reopen: points a coid at the service now registered under the name",
    puppets: 3,
    async run(t, _board, first, second, client) {
      const { coid } = await connect(first, client);
      const chid = await second.result("name_attach", null, NAME, 0);
      t.equal(await client.result("ha_reopen", coid, NAME, 0), coid, "the same number");
      const sent = send(client, coid, "moved");
      t.equal(await serve(second, chid, 1), "moved", "the other server");
      t.equal(await sent, 1, "answers");
      t.equal(await client.result("ha_reopen", coid, "nobody", 0), -ENOENT, "no such name");
      t.equal(await client.result("ha_reopen", coid, NAME, 1), -EINVAL, "flags");
      t.equal(await client.result("ha_reopen", coid + 1, NAME, 0), -EBADF, "no such coid");
      const again = send(client, coid, "as before");
      t.equal(await serve(second, chid), "as before", "a failed one changes nothing");
      await again;
    },
  },
  {
    title: "ha_reopen: works when the connection table is full",
    puppets: 3,
    limits: { connections: 4 },
    async run(t, board, server, client, hoarder) {
      const { coid } = await stageService(server, client);
      const own = await hoarder.result("ChannelCreate", 0);
      for (let i = 0; i < 3; i++)
        await hoarder.result("ConnectAttach", 0, 0, own, i, _NTO_COF_NOSHARE);
      const back = await comeBack(board, server);
      const sent = send(client, coid, "m");
      t.equal(await serve(back.server, back.chid, 2), "m", "recovered");
      t.equal(await sent, 2, "answered");
    },
  },
  {
    title: "MsgSend: no message is lost while the server is killed again and again",
    puppets: 3,
    async run(t, board, server, first, second) {
      let current = server;
      const serveOn = async (
        count: number,
      ): Promise<{ chid: number; served: Promise<unknown> }> => {
        const chid = await current.result("name_attach", null, NAME, 0);
        return { chid, served: current.act("serveSums", count, chid, 128) };
      };
      await serveOn(FOREVER);
      const message = filled(50, 1);
      // Both are connected before the first server is killed.
      const coids: number[] = [];
      for (const client of [first, second]) {
        const coid = await client.result("name_open", NAME, 0);
        await client.act("attachReopening", coid, NAME, 0);
        coids.push(coid);
      }
      const sent = [first, second].map(async (client, i) => {
        return (await client.act("sendMany", FOREVER, coids[i]!, message, filled(50))).result;
      });
      for (let i = 0; i < 6; i++) {
        await (i % 2 === 0 ? first : second).until(i % 3 === 0 ? "SEND" : "REPLY");
        await board.kill(current);
        current = await board.restart(current);
        if (i < 5) await serveOn(FOREVER);
      }
      const { chid, served } = await serveOn(1_000);
      await served;
      for (let i = 0; i < 2; i++) {
        const { rcvid } = await receive(current, chid);
        await current.result("MsgError", rcvid, EPERM);
      }
      t.deepEqual(await Promise.all(sent), [-EPERM, -EPERM], "all sends succeed, up to the last");
    },
  },
];

export const haCases: readonly ContractCase[] = [
  ...attachCases,
  ...recoverCases,
  ...nestedCases,
  ...nameCases,
  ...reopenCases,
];
