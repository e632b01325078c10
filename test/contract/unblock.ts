/**
 * _NTO_CHF_UNBLOCK: the server decides how a client that wants to leave is answered.
 */
import {
  _NTO_CHF_UNBLOCK,
  _NTO_MI_UNBLOCK_REQ,
  _NTO_TIMEOUT_REPLY,
  _NTO_TIMEOUT_SEND,
  _PULSE_CODE_UNBLOCK,
  createMsgInfo,
  EPERM,
  ERESTART,
  ESRCH,
  ETIMEDOUT,
  type MessageInfo,
} from "reattach";
import type { ContractCase, Puppet } from "./board.js";
import { bytes, connect, filled, poll, receive, send, serve, text } from "./steps.js";

const UNBLOCK = _NTO_CHF_UNBLOCK;
const REPLY = _NTO_TIMEOUT_REPLY;
/** Long enough for a waiting server to receive a message, however busy the machine. */
const WHILE_MS = 100;

/** A client whose message the server holds and whose time for the reply is running out. */
async function holdLeaving(server: Puppet, client: Puppet) {
  const { chid, coid } = await connect(server, client, UNBLOCK);
  const received = receive(server, chid);
  await server.until("RECEIVE");
  const message = bytes("stay");
  const sent = client.act("sendWithin", REPLY, WHILE_MS, coid, message, 4, filled(8), 8);
  return { chid, coid, sent, rcvid: (await received).rcvid };
}

async function flagsOf(server: Puppet, rcvid: number): Promise<number> {
  const { args } = await server.call("MsgInfo", rcvid, createMsgInfo());
  return (args[1] as MessageInfo).flags;
}

/** Resolves when the client has asked to be unblocked, without receiving its pulse. */
async function untilAsked(server: Puppet, rcvid: number): Promise<void> {
  while ((await flagsOf(server, rcvid)) !== _NTO_MI_UNBLOCK_REQ);
}

export const unblockCases: readonly ContractCase[] = [
  {
    title: "UNBLOCK: a client whose time is over stays, and the server gets one pulse",
    puppets: 2,
    priorities: [10, 15],
    async run(t, _board, server, client) {
      const { chid, rcvid, sent } = await holdLeaving(server, client);
      t.equal(await flagsOf(server, rcvid), 0, "MsgInfo: it has not asked yet");
      await server.result("MsgCurrent", 0);
      const asked = await receive(server, chid);
      t.equal(asked.rcvid, 0, "a pulse");
      t.equal(await server.result("getprio"), 15, "the server goes on at its priority");
      t.deepEqual(
        [asked.pulse.code, asked.pulse.value, asked.pulse.priority],
        [_PULSE_CODE_UNBLOCK, rcvid, 15],
        "with the rcvid, at the client's priority",
      );
      t.equal(await flagsOf(server, rcvid), _NTO_MI_UNBLOCK_REQ, "MsgInfo: it has asked");
      await client.until("REPLY");
      t.equal(await poll(server, chid), -ETIMEDOUT, "no second pulse");
      t.equal(await server.result("MsgRead", rcvid, filled(4), 4, 0), 4, "MsgRead");
      t.equal(await server.result("MsgWrite", rcvid, bytes("w"), 1, 0), 1, "MsgWrite");
      t.equal(await server.result("MsgReply", rcvid, 8, bytes("reply"), 5), 0, "MsgReply");
      const { result, args } = await sent;
      t.equal(result, 8, "the client gets the reply all the same");
      t.equal(text(args[5] as Uint8Array), "reply", "with its data");
    },
  },
  {
    title: "UNBLOCK: MsgError(rcvid, -1) gives the client the error it would have got",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, sent } = await holdLeaving(server, client);
      const { pulse } = await receive(server, chid);
      t.equal(await server.result("MsgError", pulse.value, -1), 0, "-1");
      t.equal((await sent).result, -ETIMEDOUT, "-ETIMEDOUT");
      t.equal(await server.result("MsgError", pulse.value, -1), -ESRCH, "once");
    },
  },
  {
    title: "UNBLOCK: MsgError with an errno gives that",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, sent } = await holdLeaving(server, client);
      const { pulse } = await receive(server, chid);
      await server.result("MsgError", pulse.value, EPERM);
      t.equal((await sent).result, -EPERM, "-EPERM");
    },
  },
  {
    title: "UNBLOCK: the pulse is gone when the server replied first",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid, rcvid, sent } = await holdLeaving(server, client);
      await untilAsked(server, rcvid);
      t.equal(await server.result("MsgReply", rcvid, 2, null, 0), 0, "replied");
      t.equal((await sent).result, 2, "the client has its reply");
      t.equal(await poll(server, chid), -ETIMEDOUT, "no pulse");
      const next = send(client, coid, "next");
      const received = await receive(server, chid);
      t.equal(received.text, "next", "the client's next message");
      t.equal(received.info.flags, 0, "asks for nothing");
      t.equal(await poll(server, chid), -ETIMEDOUT, "no pulse for it");
      await server.result("MsgReply", received.rcvid, 0, null, 0);
      await next;
    },
  },
  {
    title: "UNBLOCK: the pulse of an earlier message does not hit the next one",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid, sent } = await holdLeaving(server, client);
      const { pulse } = await receive(server, chid);
      await server.result("MsgReply", pulse.value, 1, null, 0);
      await sent;
      const next = send(client, coid, "next");
      const { rcvid } = await receive(server, chid);
      t.equal(await server.result("MsgError", pulse.value, -1), -ESRCH, "the old rcvid");
      await server.result("MsgReply", rcvid, 3, null, 0);
      t.equal(await next, 3, "the next message is answered");
    },
  },
  {
    title: "UNBLOCK: a SEND-blocked client is simply released, without a pulse",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client, UNBLOCK);
      const states = _NTO_TIMEOUT_SEND | REPLY;
      const sent = client.act("sendWithin", states, 20, coid, bytes("m"), 1, null, 0);
      t.equal((await sent).result, -ETIMEDOUT, "released");
      t.equal(await poll(server, chid), -ETIMEDOUT, "no pulse, no message");
    },
  },
  {
    title: "UNBLOCK: the server's death ends the wait of a client that asked to leave",
    puppets: 2,
    async run(t, board, server, client) {
      const { rcvid, sent } = await holdLeaving(server, client);
      await untilAsked(server, rcvid);
      await board.kill(server);
      t.equal((await sent).result, -ESRCH, "-ESRCH");
    },
  },
  {
    title: "UNBLOCK: ChannelDestroy ends it without a pulse",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, rcvid, sent } = await holdLeaving(server, client);
      await untilAsked(server, rcvid);
      await server.result("ChannelDestroy", chid);
      t.equal((await sent).result, -ESRCH, "-ESRCH");
      const next = await server.result("ChannelCreate", UNBLOCK);
      t.equal(await poll(server, next), -ETIMEDOUT, "the record's next channel knows nothing");
    },
  },
  {
    title: "UNBLOCK: the client's own death needs no answer; the pulse is gone",
    puppets: 2,
    async run(t, board, server, client) {
      const { chid, rcvid } = await holdLeaving(server, client);
      await untilAsked(server, rcvid);
      await board.kill(client);
      t.equal(await poll(server, chid), -ETIMEDOUT, "no pulse");
      t.equal(await server.result("MsgError", rcvid, -1), -ESRCH, "nobody waits");
    },
  },
  {
    title: "UNBLOCK: ERESTART sends the message again, and its time is over at once",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid, sent } = await holdLeaving(server, client);
      const { pulse } = await receive(server, chid);
      t.equal(await server.result("MsgError", pulse.value, ERESTART), 0, "once more");
      await client.until("SEND");
      t.equal(await poll(server, chid), -ETIMEDOUT, "the server never sees it");
      t.equal((await sent).result, -ETIMEDOUT, "the client's time was over");
      const next = send(client, coid, "next");
      t.equal(await serve(server, chid, 2), "next", "the client is well");
      t.equal(await next, 2, "and answered");
    },
  },
];
