/**
 * The dispatch layer: who handles what, and what is done with the rest.
 */
import {
  _NTO_TIMEOUT_REPLY,
  _PULSE_CODE_COIDDEATH,
  _PULSE_CODE_DISCONNECT,
  _PULSE_CODE_UNBLOCK,
  EAGAIN,
  EBUSY,
  EINVAL,
  ENOSYS,
  ESRCH,
  ETIMEDOUT,
  MSG_FLAG_ALLOC_PULSE,
} from "reattach";
import type { ContractCase, Outcome, Puppet } from "./board.js";
import { attach, connect, filled } from "./steps.js";

/** The result of an act on the puppet's dispatch handle. */
async function act(puppet: Puppet, name: string, ...args: readonly unknown[]): Promise<number> {
  return (await puppet.act(name, ...args)).result;
}

/** A server with a dispatch handle and a client that is connected to it. */
async function stageDispatch(server: Puppet, client: Puppet) {
  const chid = await act(server, "dispatchCreate");
  return { chid, coid: await attach(client, server, chid) };
}

/** Sends a message of this type. */
function sendType(client: Puppet, coid: number, type: number, length = 4): Promise<Outcome> {
  const message = Uint8Array.from([type & 0xff, type >> 8, 3, 4].slice(0, length));
  return client.call("MsgSend", coid, message, length, filled(8, 0xee), 8);
}

/** Handles so many arrivals: what the handlers wrote down. */
async function loop(server: Puppet, count: number): Promise<unknown> {
  const { result, args } = await server.act("dispatchLoop", count, []);
  return result === 0 ? args[1] : result;
}

/** low, high, and the result after 10..20 and 30..30 are attached. */
const RANGES = [
  [0, 9, 0],
  [21, 29, 0],
  [31, 65_535, 0],
  [10, 20, -EBUSY],
  [10, 10, -EBUSY],
  [20, 20, -EBUSY],
  [5, 10, -EBUSY],
  [20, 25, -EBUSY],
  [12, 14, -EBUSY],
  [0, 65_535, -EBUSY],
  [30, 30, -EBUSY],
  [29, 31, -EBUSY],
  [9, 8, -EINVAL],
  [-1, 5, -EINVAL],
  [0, 65_536, -EINVAL],
  [0.5, 3, -EINVAL],
  [1, NaN, -EINVAL],
] as const;

const messageCases: readonly ContractCase[] = [
  {
    title: "message_attach: 0 for free ranges, -EBUSY where they overlap, -EINVAL for no range",
    puppets: 1,
    async run(t, _board, server) {
      await act(server, "dispatchCreate");
      t.equal(await act(server, "attachMessages", 10, 20, 0), 0, "10..20");
      t.equal(await act(server, "attachMessages", 30, 30, 0), 0, "30..30");
      for (const [low, high, result] of RANGES) {
        t.equal(await act(server, "attachMessages", low, high, 0), result, `${low}..${high}`);
        if (result === 0) await act(server, "detachMessages", low, high);
      }
      t.equal(await act(server, "detachMessages", 10, 19), -EINVAL, "detach another range");
      t.equal(await act(server, "detachMessages", 10, 20), 0, "detach");
      t.equal(await act(server, "detachMessages", 10, 20), -EINVAL, "twice");
      t.equal(await act(server, "attachMessages", 10, 20, 0), 0, "attach again");
    },
  },
  {
    title: "dispatch_handler: calls the handler of the message's type",
    puppets: 2,
    async run(t, _board, server, client) {
      const { coid } = await stageDispatch(server, client);
      await act(server, "attachMessages", 0, 99, 1);
      await act(server, "attachMessages", 100, 0x1ff, 2);
      await act(server, "attachMessages", 0xffff, 0xffff, 3);
      const rows = [
        [0, 1],
        [99, 1],
        [100, 2],
        [0x1ff, 2],
        [0xffff, 3],
      ] as const;
      for (const [type, status] of rows) {
        const sent = sendType(client, coid, type);
        t.deepEqual(await loop(server, 1), [type], `type ${type}`);
        const { result, args } = await sent;
        t.equal(result, status, "its handler's answer");
        const reply = Array.from((args[3] as Uint8Array).subarray(0, 5));
        t.deepEqual(reply, [type & 0xff, type >> 8, 3, 4, 0xee], "with the message's bytes");
      }
    },
  },
  {
    title: "dispatch_handler: -ENOSYS for a type that nobody handles, and for less than a type",
    puppets: 2,
    async run(t, _board, server, client) {
      const { coid } = await stageDispatch(server, client);
      await act(server, "attachMessages", 10, 20, 1);
      for (const type of [0, 9, 21, 0xffff]) {
        const sent = sendType(client, coid, type);
        t.deepEqual(await loop(server, 1), [], "no handler");
        t.equal((await sent).result, -ENOSYS, `type ${type}`);
      }
      for (const length of [0, 1]) {
        const sent = sendType(client, coid, 10, length);
        await loop(server, 1);
        t.equal((await sent).result, -ENOSYS, `${length} bytes`);
      }
      await act(server, "detachMessages", 10, 20);
      const sent = sendType(client, coid, 10);
      await loop(server, 1);
      t.equal((await sent).result, -ENOSYS, "a handler that was detached");
    },
  },
];

const pulseCases: readonly ContractCase[] = [
  {
    title: "pulse_attach: a handler for each code; others are dropped",
    puppets: 2,
    async run(t, _board, server, client) {
      const { coid } = await stageDispatch(server, client);
      t.equal(await act(server, "attachPulse", 0, 5, 500), 5, "code 5");
      t.equal(await act(server, "attachPulse", 0, 127, 600), 127, "code 127");
      for (const [code, value] of [[5, 1] as const, [127, -2] as const, [6, 3] as const]) {
        await client.result("MsgSendPulse", coid, 10, code, value);
      }
      t.deepEqual(await loop(server, 3), [5, 1, 500, 127, -2, 600], "with value and handle");
      t.equal(await act(server, "detachPulse", 5), 0, "detached");
      t.equal(await act(server, "detachPulse", 5), -EINVAL, "twice");
      await client.result("MsgSendPulse", coid, 10, 5, 1);
      t.deepEqual(await loop(server, 1), [], "no handler any more");
    },
  },
  {
    title: "pulse_attach: -EBUSY for a code that is taken, -EINVAL for no code or an unknown flag",
    puppets: 1,
    async run(t, _board, server) {
      await act(server, "dispatchCreate");
      t.equal(await act(server, "attachPulse", 0, 0, 0), 0, "code 0");
      t.equal(await act(server, "attachPulse", 0, 0, 0), -EBUSY, "taken");
      t.equal(await act(server, "attachPulse", 0, _PULSE_CODE_COIDDEATH, 0), 0, "the kernel's");
      t.equal(await act(server, "attachPulse", 0, _PULSE_CODE_COIDDEATH, 0), -EBUSY, "taken");
      for (const code of [128, -129, 0.5, NaN]) {
        t.equal(await act(server, "attachPulse", 0, code, 0), -EINVAL, `code ${code}`);
      }
      for (const flags of [2, 3, -1]) {
        t.equal(await act(server, "attachPulse", flags, 1, 0), -EINVAL, `flags ${flags}`);
      }
    },
  },
  {
    title: "pulse_attach: MSG_FLAG_ALLOC_PULSE picks a free code; -EAGAIN when there is none",
    puppets: 1,
    async run(t, _board, server) {
      await act(server, "dispatchCreate");
      await act(server, "attachPulse", 0, 1, 0);
      const codes = new Set<number>();
      for (let i = 0; i < 127; i++) {
        codes.add(await act(server, "attachPulse", MSG_FLAG_ALLOC_PULSE, 1, 0));
      }
      t.equal(codes.size, 127, "each another one");
      t.ok(!codes.has(1) && Math.min(...codes) === 0 && Math.max(...codes) === 127, "0..127");
      t.equal(await act(server, "attachPulse", MSG_FLAG_ALLOC_PULSE, 1, 0), -EAGAIN, "no more");
      await act(server, "detachPulse", 64);
      t.equal(await act(server, "attachPulse", MSG_FLAG_ALLOC_PULSE, 1, 0), 64, "a freed one");
    },
  },
];

const kernelPulseCases: readonly ContractCase[] = [
  {
    title:
      "dispatch_handler: detaches the scoid of a client that is gone, unless somebody handles it",
    puppets: 2,
    limits: { connections: 1 },
    async run(t, _board, server, client) {
      const { chid, coid } = await stageDispatch(server, client);
      await client.result("ConnectDetach", coid);
      t.equal(await attach(client, server, chid), -EAGAIN, "the scoid lingers");
      t.deepEqual(await loop(server, 1), [], "nobody handles it");
      t.equal(await attach(client, server, chid), coid, "it is free");
      await act(server, "attachPulse", 0, _PULSE_CODE_DISCONNECT, 1);
      await client.result("ConnectDetach", coid);
      t.deepEqual(await loop(server, 1), [_PULSE_CODE_DISCONNECT, 0, 1], "somebody does");
      t.equal(await attach(client, server, chid), -EAGAIN, "then it is theirs to detach");
      await server.result("ChannelDestroy", chid);
    },
  },
  {
    title: "dispatch_handler: gives a client that asks to be unblocked its own error",
    puppets: 2,
    async run(t, _board, server, client) {
      const { coid } = await stageDispatch(server, client);
      await act(server, "attachHolding", 0, 10);
      const message = filled(2);
      const held = server.act("dispatchLoop", 2, []);
      await server.until("RECEIVE");
      const sent = client.act("sendWithin", _NTO_TIMEOUT_REPLY, 100, coid, message, 2, null, 0);
      t.equal((await sent).result, -ETIMEDOUT, "-ETIMEDOUT");
      t.deepEqual((await held).args[1], [0], "the handler saw the message only");
    },
  },
  {
    title: "dispatch_handler: an unblock request goes to its handler when there is one",
    puppets: 2,
    async run(t, _board, server, client) {
      const { coid } = await stageDispatch(server, client);
      await act(server, "attachHolding", 0, 10);
      await act(server, "attachPulse", 0, _PULSE_CODE_UNBLOCK, 3);
      const held = server.act("dispatchLoop", 1, []);
      await server.until("RECEIVE");
      const sent = client.act("sendWithin", _NTO_TIMEOUT_REPLY, 100, coid, filled(2), 2, null, 0);
      await held;
      const rcvid = await act(server, "dispatchRcvid");
      t.deepEqual(await loop(server, 1), [_PULSE_CODE_UNBLOCK, rcvid, 3], "with the rcvid");
      await client.until("REPLY");
      await server.result("MsgReply", rcvid, 6, null, 0);
      t.equal((await sent).result, 6, "the handler decides");
    },
  },
];

const handleCases: readonly ContractCase[] = [
  {
    title: "dispatch_create: -EBUSY for a second one, -EAGAIN without a channel",
    puppets: 2,
    limits: { channels: 2 },
    async run(t, _board, server, other) {
      const chid = await act(server, "dispatchCreate");
      t.ok(chid > 0, "the first");
      t.equal(await act(server, "dispatchCreate"), -EBUSY, "it asks for coid-death pulses");
      await other.result("ChannelCreate", 0);
      t.equal(await act(other, "dispatchCreate"), -EAGAIN, "all channels are in use");
      t.equal(await act(server, "dispatchDestroy"), 0, "destroyed");
      t.equal(await act(server, "dispatchDestroy"), -EINVAL, "twice");
      t.ok((await act(other, "dispatchCreate")) > 0, "one is free");
    },
  },
  {
    title: "dispatch_block: -ETIMEDOUT after dispatch_timeout, -ESRCH when the channel is gone",
    puppets: 2,
    async run(t, _board, server, client) {
      const { coid } = await stageDispatch(server, client);
      await act(server, "attachMessages", 0, 10, 7);
      for (const ms of [-1, NaN])
        t.equal(await act(server, "dispatchTimeout", ms), -EINVAL, `${ms}`);
      for (const ms of [0, 10]) {
        t.equal(await act(server, "dispatchTimeout", ms), 0, `${ms} ms`);
        t.equal(await loop(server, 1), -ETIMEDOUT, "over");
        t.equal(await loop(server, 1), -ETIMEDOUT, "for every call");
      }
      t.equal(await act(server, "dispatchTimeout", Infinity), 0, "no limit");
      const handled = loop(server, 1);
      await server.until("RECEIVE");
      const sent = sendType(client, coid, 5);
      t.deepEqual(await handled, [5], "waits");
      t.equal((await sent).result, 7, "and answers");
      await act(server, "dispatchDestroy");
      t.equal(await loop(server, 1), -ESRCH, "gone");
    },
  },
  {
    title: "name_attach: a dispatch handle under a name serves whoever opens it",
    puppets: 2,
    async run(t, _board, server, client) {
      const chid = await act(server, "dispatchCreate");
      await act(server, "attachMessages", 1, 1, 11);
      t.equal(await server.result("name_attach", { chid }, "dispatch", 0), chid, "registered");
      const coid = await client.result("name_open", "dispatch", 0);
      const sent = sendType(client, coid, 1);
      t.deepEqual(await loop(server, 1), [1], "handled");
      t.equal((await sent).result, 11, "answered");
      const plain = await connect(client, server);
      t.ok(plain.coid >= 0, "the server is a client too");
    },
  },
];

export const dispatchCases: readonly ContractCase[] = [
  ...messageCases,
  ...pulseCases,
  ...kernelPulseCases,
  ...handleCases,
];
