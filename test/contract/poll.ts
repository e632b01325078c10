/**
 * TimerTimeout with 0 milliseconds: do not block in these states at all.
 */
import {
  _NTO_TIMEOUT_RECEIVE,
  _NTO_TIMEOUT_REPLY,
  _NTO_TIMEOUT_SEND,
  EBADF,
  EDEADLK,
  ETIMEDOUT,
} from "reattach";
import type { ContractCase, Puppet } from "./board.js";
import { attach, bytes, connect, filled, poll, receive, send, serve } from "./steps.js";

const SEND = _NTO_TIMEOUT_SEND;
const RECEIVE = _NTO_TIMEOUT_RECEIVE;
const REPLY = _NTO_TIMEOUT_REPLY;

/** MsgSend that does not block in these states. */
async function sendNow(client: Puppet, coid: number, states: number): Promise<number> {
  return (await client.act("sendWithin", states, 0, coid, bytes("now"), 3, null, 0)).result;
}

export const pollCases: readonly ContractCase[] = [
  {
    title: "TimerTimeout: SEND and 0: -ETIMEDOUT when nobody waits for a message",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      t.equal(await sendNow(client, coid, SEND), -ETIMEDOUT, "SEND");
      t.equal(await sendNow(client, coid, SEND | REPLY), -ETIMEDOUT, "SEND and REPLY");
      t.equal(await poll(server, chid), -ETIMEDOUT, "nothing is queued");
    },
  },
  {
    title: "TimerTimeout: SEND and 0: a waiting server gets the message, and the reply is awaited",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const received = receive(server, chid);
      await server.until("RECEIVE");
      const sent = sendNow(client, coid, SEND);
      const { rcvid, text } = await received;
      t.equal(text, "now", "received");
      await client.until("REPLY");
      await server.result("MsgReply", rcvid, 5, null, 0);
      t.equal(await sent, 5, "answered");
    },
  },
  {
    title: "TimerTimeout: SEND and 0: a server that waits for pulses only does not wait for it",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const waiting = server.result("MsgReceivePulse", chid, filled(32), 32, null);
      await server.until("RECEIVE");
      t.equal(await sendNow(client, coid, SEND), -ETIMEDOUT, "-ETIMEDOUT");
      await client.result("MsgSendPulse", coid, 10, 0, 0);
      t.equal(await waiting, 0, "the pulse");
      t.equal(await poll(server, chid), -ETIMEDOUT, "no message");
    },
  },
  {
    title: "TimerTimeout: REPLY and 0: -ETIMEDOUT when a server waits, and it gets nothing",
    puppets: 3,
    async run(t, _board, server, client, other) {
      const { chid, coid } = await connect(server, client);
      const theirs = await attach(other, server, chid);
      const received = receive(server, chid);
      await server.until("RECEIVE");
      t.equal(await sendNow(client, coid, REPLY), -ETIMEDOUT, "REPLY");
      t.equal(await sendNow(client, coid, SEND | REPLY), -ETIMEDOUT, "SEND and REPLY");
      await server.until("RECEIVE");
      const sent = send(other, theirs, "other");
      const { rcvid, text } = await received;
      t.equal(text, "other", "the first it receives is another's");
      await server.result("MsgReply", rcvid, 0, null, 0);
      await sent;
    },
  },
  {
    title: "TimerTimeout: REPLY and 0, queued: -ETIMEDOUT when a server comes, which never sees it",
    puppets: 3,
    async run(t, _board, server, client, other) {
      const { chid, coid } = await connect(server, client);
      const theirs = await attach(other, server, chid);
      const sent = sendNow(client, coid, REPLY);
      await client.until("SEND");
      const behind = send(other, theirs, "behind");
      await other.until("SEND");
      t.equal(await serve(server, chid, 1), "behind", "the server gets the next message");
      t.equal(await behind, 1, "and answers it");
      t.equal(await sent, -ETIMEDOUT, "the first has ended");
    },
  },
  {
    title: "TimerTimeout: RECEIVE and 0: takes what is there, else -ETIMEDOUT",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      t.equal(await poll(server, chid), -ETIMEDOUT, "nothing");
      await client.result("MsgSendPulse", coid, 10, 0, 0);
      t.equal(await poll(server, chid), 0, "a pulse");
      const sent = send(client, coid, "m");
      await client.until("SEND");
      const pulse = await server.result("TimerTimeout", RECEIVE, 0);
      t.equal(pulse, 0, "armed");
      const none = await server.result("MsgReceivePulse", chid, filled(32), 32, null);
      t.equal(none, -ETIMEDOUT, "no pulse, though a message waits");
      const rcvid = await poll(server, chid);
      t.ok(rcvid > 0, "the message");
      await server.result("MsgReply", rcvid, 0, null, 0);
      t.equal(await sent, 0, "answered");
    },
  },
  {
    title: "TimerTimeout: a dead channel and a loopback are noticed before the limit is",
    puppets: 2,
    async run(t, board, server, client) {
      const first = await connect(server, client);
      const second = await connect(server, client);
      const own = await client.result("ChannelCreate", 0);
      const loop = await client.result("ConnectAttach", 0, 0, own, 0, 0);
      await server.result("ChannelDestroy", first.chid);
      const waiting = receive(server, second.chid);
      await server.until("RECEIVE");
      await board.kill(server);
      void waiting;
      for (const states of [SEND, REPLY, SEND | REPLY]) {
        t.equal(await sendNow(client, first.coid, states), -EBADF, `destroyed, states ${states}`);
        t.equal(await sendNow(client, second.coid, states), -EBADF, `died, states ${states}`);
        t.equal(await sendNow(client, loop, states), -EDEADLK, `loopback, states ${states}`);
      }
    },
  },
];
