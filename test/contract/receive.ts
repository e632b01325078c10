/**
 * MsgReceive and its kin: what arrives, and what is said about it.
 */
import {
  createMsgInfo,
  createPulse,
  EFAULT,
  ESRCH,
  ETIMEDOUT,
  PULSE_BYTES,
  readPulse,
} from "reattach";
import type { ContractCase } from "./board.js";
import { attach, bytes, connect, filled, hold, poll, receive, send, text } from "./steps.js";

const infoCases: readonly ContractCase[] = [
  {
    title: "MsgReceive: info says who sent what, through which connection, and how much",
    puppets: 2,
    priorities: [10, 15],
    async run(t, _board, server, client) {
      const chid = await server.result("ChannelCreate", 0);
      const coid = await client.result("ConnectAttach", 0, server.pid, chid, 3, 0);
      const sent = client.call("MsgSend", coid, bytes("0123456789"), 10, filled(6), 6);
      const { rcvid, info } = await receive(server, chid, 4);
      const { scoid, number, attempt, ...rest } = info;
      const known = { nd: 0, srcnd: 0, pid: client.pid, tid: 1, chid, coid: 3 };
      const lengths = { msglen: 4, srcmsglen: 10, dstmsglen: 6 };
      t.deepEqual(rest, { ...known, ...lengths, priority: 15, flags: 0 }, "MsgReceive");
      t.ok(Number.isSafeInteger(number) && number > 0, "a number of its own");
      t.equal(attempt, 1, "the first attempt");
      const client1 = await server.call("ConnectClientInfo", scoid, { nd: 9, pid: 9 });
      t.deepEqual(client1.args[1], { nd: 0, pid: client.pid }, "the scoid leads to the client");
      const asked = await server.call("MsgInfo", rcvid, createMsgInfo());
      t.equal(asked.result, 0, "MsgInfo");
      t.deepEqual(asked.args[1], info, "says the same later, the bytes received too");
      await server.result("MsgReply", rcvid, 0, null, 0);
      await sent;
      // The second goes the fast way, as far as it does.
      const next = client.call("MsgSend", coid, bytes("0123456789"), 10, filled(6), 6);
      const second = await receive(server, chid, 4);
      const later = await server.call("MsgInfo", second.rcvid, createMsgInfo());
      t.deepEqual(later.args[1], second.info, "and of the next message");
      t.equal(second.info.msglen, 4, "4 bytes of 10");
      await server.result("MsgReply", second.rcvid, 0, null, 0);
      await next;
    },
  },
  {
    title: "MsgReceive: info is left alone by a pulse, and may be null",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      await client.result("MsgSendPulse", coid, 10, 1, 2);
      const { rcvid, info } = await receive(server, chid);
      t.equal(rcvid, 0, "a pulse");
      t.deepEqual(info, createMsgInfo(), "info is as it was");
      const sent = send(client, coid, "m");
      const received = await server.call("MsgReceive", chid, filled(4), 4, null);
      t.ok(received.result > 0, "a message without info");
      await server.result("MsgReply", received.result, 0, null, 0);
      t.equal(await sent, 0, "is answered");
    },
  },
  {
    title: "MsgReceive: a pulse in the buffer can be read with readPulse",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      await client.result("MsgSendPulse", coid, 12, 127, -5);
      const { result, args } = await server.call("MsgReceive", chid, filled(40, 0xee), 40, null);
      t.equal(result, 0, "0 says that it is a pulse");
      const message = args[1] as Uint8Array;
      const pulse = createPulse();
      t.equal(readPulse(message, pulse), 0, "readPulse");
      t.ok(pulse.scoid > 0, "a scoid");
      t.deepEqual({ ...pulse, scoid: 1 }, { code: 127, value: -5, scoid: 1, priority: 12 }, "all");
      t.deepEqual(message.subarray(PULSE_BYTES), filled(40 - PULSE_BYTES, 0xee), "no byte more");
    },
  },
];

const vectorCases: readonly ContractCase[] = [
  {
    title: "MsgReceivev: scatters a message over its parts",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const sent = send(client, coid, "abcdefgh");
      const iov = [3, 0, 2, 10].map((length) => ({ base: filled(12, 0xee), length }));
      const { result, args } = await server.call("MsgReceivev", chid, iov, 4, createMsgInfo());
      t.ok(result > 0, "received");
      const [a, b, c, d] = (args[1] as { base: Uint8Array }[]).map(({ base }) => base);
      t.equal(text(a!.subarray(0, 3)), "abc", "the first part is full");
      t.deepEqual([a![3], b![0], c![2]], [0xee, 0xee, 0xee], "no part gets more than its length");
      t.equal(text(c!.subarray(0, 2)), "de", "an empty one is passed over");
      t.equal(text(d!.subarray(0, 3)), "fgh", "the last gets the rest");
      t.equal((args[3] as { msglen: number }).msglen, 8, "msglen");
      await server.result("MsgReply", result, 0, null, 0);
      await sent;
    },
  },
  {
    title: "MsgReceivev: a pulse goes into the first part",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      for (const name of ["MsgReceivev", "MsgReceivePulsev"] as const) {
        await client.result("MsgSendPulse", coid, 10, 4, 44);
        const iov = [PULSE_BYTES, 8].map((length) => ({ base: filled(length, 0xee), length }));
        const { result, args } = await server.call(name, chid, iov, 2, null);
        const [first, second] = (args[1] as { base: Uint8Array }[]).map(({ base }) => base);
        const pulse = createPulse();
        readPulse(first!, pulse);
        t.deepEqual([result, pulse.code, pulse.value], [0, 4, 44], name);
        t.deepEqual(second, filled(8, 0xee), "the second is untouched");
      }
    },
  },
];

/** Receive calls with too little room for a pulse, and no byte may change beyond it. */
const SHORT_ROOMS: readonly (readonly [
  "MsgReceive" | "MsgReceivev" | "MsgReceivePulse" | "MsgReceivePulsev",
  string,
  unknown,
  number,
])[] = [
  ["MsgReceive", "no buffer", null, 0],
  ["MsgReceive", "one byte too few", filled(64, 0xee), PULSE_BYTES - 1],
  ["MsgReceivePulse", "one byte too few", filled(64, 0xee), PULSE_BYTES - 1],
  ["MsgReceivev", "no part", [{ base: filled(64, 0xee), length: 64 }], 0],
  ["MsgReceivev", "a short part", [{ base: filled(64, 0xee), length: PULSE_BYTES - 1 }], 1],
  ["MsgReceivePulsev", "a short part", [{ base: filled(64, 0xee), length: 1 }], 1],
];

const pulseCases: readonly ContractCase[] = [
  {
    title: "MsgReceive: -EFAULT when a pulse does not fit, and the pulse is lost",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      for (const [name, what, buffer, count] of SHORT_ROOMS) {
        await client.result("MsgSendPulse", coid, 10, 1, 1);
        const { result, args } = await server.call(name, chid, buffer, count, null);
        t.equal(result, -EFAULT, `${name}: ${what}`);
        const given = args[1] as Uint8Array | { base: Uint8Array }[] | null;
        const array = Array.isArray(given) ? given[0]!.base : (given ?? filled(0));
        t.ok(
          array.every((byte) => byte === 0xee),
          "nothing was written",
        );
        t.equal(await poll(server, chid), -ETIMEDOUT, "it is gone");
      }
    },
  },
  {
    title: "MsgReceivePulse: takes pulses only; messages stay queued",
    puppets: 3,
    async run(t, _board, server, client, other) {
      const { chid, coid } = await connect(server, client);
      const theirs = await attach(other, server, chid);
      const sent = send(client, coid, "message");
      await client.until("SEND");
      const waiting = server.call("MsgReceivePulse", chid, filled(32), 32, null);
      await server.until("RECEIVE");
      await other.result("MsgSendPulse", theirs, 10, 9, 0);
      t.equal((await waiting).result, 0, "the pulse");
      await client.until("SEND");
      const { rcvid, text: got } = await receive(server, chid);
      t.equal(got, "message", "the message is received later");
      await server.result("MsgReply", rcvid, 0, null, 0);
      t.equal(await sent, 0, "and answered");
    },
  },
  {
    title: "MsgReceive: takes only what was sent to this channel",
    puppets: 3,
    async run(t, _board, server, client, other) {
      const first = await connect(server, client);
      const second = await connect(server, other);
      const toFirst = send(client, first.coid, "first");
      const toSecond = send(other, second.coid, "second");
      await client.until("SEND");
      await other.until("SEND");
      const later = await receive(server, second.chid);
      t.equal(later.text, "second", "the second channel");
      const sooner = await receive(server, first.chid);
      t.equal(sooner.text, "first", "the first channel");
      t.equal(await poll(server, first.chid), -ETIMEDOUT, "nothing more here");
      t.equal(await poll(server, second.chid), -ETIMEDOUT, "nor there");
      await server.result("MsgReply", later.rcvid, 2, null, 0);
      await server.result("MsgReply", sooner.rcvid, 1, null, 0);
      t.deepEqual([await toFirst, await toSecond], [1, 2], "answered");
    },
  },
  {
    title: "MsgInfo: -ESRCH for what is not held, and info is left alone",
    puppets: 2,
    async run(t, _board, server, client) {
      const { rcvid, sent } = await hold(server, client, await connect(server, client));
      await server.result("MsgReply", rcvid, 0, null, 0);
      await sent;
      const asked = await server.call("MsgInfo", rcvid, createMsgInfo());
      t.equal(asked.result, -ESRCH, "after the reply");
      t.deepEqual(asked.args[1], createMsgInfo(), "info is as it was");
    },
  },
];

export const receiveCases: readonly ContractCase[] = [...infoCases, ...vectorCases, ...pulseCases];
