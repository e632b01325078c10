/**
 * MsgSendPulse: small messages that never block the sender.
 */
import {
  _NTO_COF_NOSHARE,
  createPulse,
  EAGAIN,
  EINVAL,
  ETIMEDOUT,
  PULSE_BYTES,
  readPulse,
} from "reattach";
import type { ContractCase, Puppet } from "./board.js";
import { attach, connect, filled, poll, receive, send, serve } from "./steps.js";

/** priority, code, value: the ends of what is allowed. */
const GOOD = [
  [1, 0, 0],
  [63, 127, 2 ** 31 - 1],
  [10, 64, -(2 ** 31)],
  [10, 1, -1],
] as const;

const BAD = [
  ["priority 64", 64, 0, 0],
  ["priority -2", -2, 0, 0],
  ["priority 1.5", 1.5, 0, 0],
  ["priority 256", 256, 0, 0],
  ["code -1", 10, -1, 0],
  ["code 128", 10, 128, 0],
  ["a code of the kernel's", 10, -33, 0],
  ["code 0.5", 10, 0.5, 0],
  ["value 2^31", 10, 0, 2 ** 31],
  ["value -2^31 - 1", 10, 0, -(2 ** 31) - 1],
  ["value 0.5", 10, 0, 0.5],
  ["value NaN", 10, 0, NaN],
] as const;

function pulse(client: Puppet, coid: number, priority: number, value: number): Promise<number> {
  return client.result("MsgSendPulse", coid, priority, 0, value);
}

/** Receives so many pulses: their values in the order they came. */
async function values(server: Puppet, chid: number, count: number): Promise<number[]> {
  const list: number[] = [];
  for (let i = 0; i < count; i++) {
    const { rcvid, pulse: received } = await receive(server, chid);
    list.push(rcvid === 0 ? received.value : NaN);
  }
  return list;
}

export const pulseCases: readonly ContractCase[] = [
  {
    title: "MsgSendPulse: priority, code and value arrive as they were sent",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      for (const [priority, code, value] of GOOD) {
        t.equal(await client.result("MsgSendPulse", coid, priority, code, value), 0, "sent");
        const { rcvid, pulse: received } = await receive(server, chid);
        t.equal(rcvid, 0, "a pulse");
        const { scoid, ...rest } = received;
        t.deepEqual(rest, { code, value, priority }, `${priority}, ${code}, ${value}`);
        const info = await server.call("ConnectClientInfo", scoid, { nd: 0, pid: 0 });
        t.equal((info.args[1] as { pid: number }).pid, client.pid, "the scoid is the sender's");
      }
    },
  },
  {
    title: "MsgSendPulse: priority 0 is changed to 1",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      t.equal(await pulse(client, coid, 0, 7), 0, "sent");
      t.equal((await receive(server, chid)).pulse.priority, 1, "with priority 1");
    },
  },
  {
    title: "MsgSendPulse: priority -1 is the sender's own",
    puppets: 2,
    priorities: [10, 17],
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      await pulse(client, coid, -1, 0);
      t.equal((await receive(server, chid)).pulse.priority, 17, "17");
    },
  },
  {
    title: "MsgSendPulse: -EINVAL for a bad priority, code or value, and nothing is sent",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      for (const [what, priority, code, value] of BAD) {
        const result = await client.result("MsgSendPulse", coid, priority, code, value);
        t.equal(result, -EINVAL, what);
      }
      t.equal(await poll(server, chid), -ETIMEDOUT, "nothing has arrived");
    },
  },
  {
    title: "MsgSendPulse: by priority, and within one in the order they were sent",
    puppets: 3,
    async run(t, _board, server, client, other) {
      const { chid, coid } = await connect(server, client);
      const theirs = await attach(other, server, chid);
      await pulse(client, coid, 10, 1);
      await pulse(other, theirs, 20, 2);
      await pulse(client, coid, 20, 3);
      await pulse(other, theirs, 10, 4);
      await pulse(client, coid, 63, 5);
      await pulse(other, theirs, 1, 6);
      await pulse(client, coid, 1, 7);
      await pulse(client, coid, 10, 8);
      t.deepEqual(await values(server, chid, 8), [5, 2, 3, 1, 4, 8, 6, 7], "63, 20, 10, 1");
    },
  },
  {
    title: "MsgSendPulse: equal pulses are delivered one by one",
    puppets: 2,
    async run(t, { limits: { pulses } }, server, client) {
      const { chid, coid } = await connect(server, client);
      for (let i = 0; i < pulses; i++) await pulse(client, coid, 10, 7);
      t.deepEqual(await values(server, chid, pulses), Array.from(filled(pulses, 7)), "all");
      t.equal(await poll(server, chid), -ETIMEDOUT, "and no more");
    },
  },
  {
    title: "MsgSendPulse: -EAGAIN when the channel is full, and none is lost",
    puppets: 3,
    async run(t, { limits: { pulses } }, server, client, other) {
      const { chid, coid } = await connect(server, client);
      const second = await connect(server, client);
      const theirs = await attach(other, server, chid);
      for (let i = 0; i < pulses; i++) t.equal(await pulse(client, coid, 10, i), 0, `pulse ${i}`);
      t.equal(await pulse(client, coid, 10, 99), -EAGAIN, "full");
      t.equal(await pulse(other, theirs, 63, 99), -EAGAIN, "for everybody, however urgent");
      t.equal(await pulse(client, second.coid, 10, 50), 0, "another channel is not");
      t.deepEqual(await values(server, chid, 1), [0], "one received");
      t.equal(await pulse(other, theirs, 10, 100), 0, "one free");
      t.equal(await pulse(client, coid, 10, 99), -EAGAIN, "full again");
      const rest = Array.from({ length: pulses }, (_, i) => (i === pulses - 1 ? 100 : i + 1));
      t.deepEqual(await values(server, chid, pulses), rest, "all in their order");
      t.deepEqual(await values(server, second.chid, 1), [50], "the other channel's too");
    },
  },
  {
    title: "MsgSendPulse: messages get through to a channel full of pulses, in their turn",
    puppets: 2,
    limits: { pulses: 2 },
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      await pulse(client, coid, 11, 1);
      await pulse(client, coid, 9, 2);
      const sent = send(client, coid, "between");
      await client.until("SEND");
      t.deepEqual(await values(server, chid, 1), [1], "the urgent pulse");
      t.equal(await serve(server, chid, 4), "between", "the message");
      t.equal(await sent, 4, "is answered");
      t.deepEqual(await values(server, chid, 1), [2], "the other pulse");
    },
  },
  {
    title: "MsgSendPulse: does not wait for the server, and wakes it",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const received = receive(server, chid);
      await server.until("RECEIVE");
      t.equal(await pulse(client, coid, 10, 3), 0, "sent");
      t.equal((await received).pulse.value, 3, "the waiting server has it");
    },
  },
  {
    title: "MsgSendPulse: pulses of several clients, each with its scoid",
    puppets: 5,
    limits: { pulses: 64 },
    async run(t, { puppets }, server) {
      const chid = await server.result("ChannelCreate", 0);
      const clients = puppets.slice(1);
      const sums = new Map<number, number[]>();
      await Promise.all(
        clients.map(async (client, i) => {
          const coid = await attach(client, server, chid, _NTO_COF_NOSHARE);
          for (let n = 0; n < 10; n++) await pulse(client, coid, 10, 100 * i + n);
        }),
      );
      for (let n = 0; n < 10 * clients.length; n++) {
        const { pulse: received } = await receive(server, chid);
        const list = sums.get(received.scoid) ?? [];
        sums.set(received.scoid, [...list, received.value]);
      }
      const ten = Array.from({ length: 10 }, (_, n) => n);
      const expected = clients.map((_, i) => ten.map((n) => 100 * i + n));
      const found = [...sums.values()].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
      t.deepEqual(found, expected, "each client's in its own order");
    },
  },
  {
    title: "readPulse: -EINVAL for less than PULSE_BYTES",
    puppets: 1,
    async run(t, _board, puppet) {
      const short = await puppet.call("readPulse", filled(PULSE_BYTES - 1), createPulse());
      t.equal(short.result, -EINVAL, "one byte too few");
      t.equal(readPulse(filled(PULSE_BYTES), createPulse()), 0, "enough");
    },
  },
];
