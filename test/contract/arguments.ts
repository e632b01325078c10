/**
 * Bad arguments: each call says what is wrong, and nothing is lost by it.
 */
import { EFAULT, EINVAL, EMSGSIZE, EOVERFLOW, ESRCH } from "reattach";
import type { CallName, ContractCase } from "./board.js";
import { bytes, connect, filled, hold, receive, send } from "./steps.js";

/** A buffer, a count that is given for it, and the error. */
type Bad = readonly [string, unknown, unknown, number];

const four = filled(4);
const BAD_BUFFERS: readonly Bad[] = [
  ["null and 1 byte", null, 1, -EFAULT],
  ["a string", "text", 4, -EFAULT],
  ["a number", 4, 4, -EFAULT],
  ["an array", [1, 2, 3, 4], 4, -EFAULT],
  ["undefined", undefined, 0, -EFAULT],
  ["an ArrayBuffer", new ArrayBuffer(4), 4, -EFAULT],
  ["a Uint16Array", new Uint16Array(4), 4, -EFAULT],
  ["an Int8Array", new Int8Array(4), 4, -EFAULT],
  ["a Uint8ClampedArray", new Uint8ClampedArray(4), 4, -EFAULT],
  ["-1 bytes", four, -1, -EINVAL],
  ["1.5 bytes", four, 1.5, -EINVAL],
  ["NaN bytes", four, NaN, -EINVAL],
  ["2^32 bytes", four, 2 ** 32, -EINVAL],
  ["a string of bytes", four, "4", -EINVAL],
  ["one byte more than there are", four, 5, -EOVERFLOW],
  ["2^31 bytes", four, 2 ** 31, -EOVERFLOW],
];

const part = (base: unknown, length: unknown): unknown => ({ base, length });
const good = part(four, 4);
const BAD_VECTORS: readonly Bad[] = [
  ["null and 1 part", null, 1, -EFAULT],
  ["a part instead of parts", good, 1, -EFAULT],
  ["a buffer instead of parts", four, 1, -EFAULT],
  ["more parts than there are", [good], 2, -EOVERFLOW],
  ["-1 parts", [good], -1, -EINVAL],
  ["0.5 parts", [good], 0.5, -EINVAL],
  ["a part that is null", [good, null], 2, -EFAULT],
  ["a part that is undefined", [undefined, good], 2, -EFAULT],
  ["a part without a buffer", [good, part(null, 4)], 2, -EFAULT],
  ["a part with a string", [part("text", 4)], 1, -EFAULT],
  ["a part that is too short", [good, part(four, 5)], 2, -EOVERFLOW],
  ["a part of -1 bytes", [good, part(four, -1)], 2, -EINVAL],
];

/** Calls, and which of their arguments are a buffer and its count. */
interface Call {
  readonly name: CallName;
  /** Arguments with null and 0 for the buffers, made from an id: a coid, a chid or an rcvid. */
  readonly args: (id: number) => unknown[];
  /** Where each buffer stands; its count follows. */
  readonly simple: readonly number[];
  readonly vector: readonly number[];
}

const sendArgs = (coid: number): unknown[] => [coid, null, 0, null, 0];
const SENDS: readonly Call[] = [
  { name: "MsgSend", args: sendArgs, simple: [1, 3], vector: [] },
  { name: "MsgSendnc", args: sendArgs, simple: [1, 3], vector: [] },
  { name: "MsgSendv", args: sendArgs, simple: [], vector: [1, 3] },
  { name: "MsgSendvnc", args: sendArgs, simple: [], vector: [1, 3] },
  { name: "MsgSendsv", args: sendArgs, simple: [1], vector: [3] },
  { name: "MsgSendsvnc", args: sendArgs, simple: [1], vector: [3] },
  { name: "MsgSendvs", args: sendArgs, simple: [3], vector: [1] },
  { name: "MsgSendvsnc", args: sendArgs, simple: [3], vector: [1] },
];
const receiveArgs = (chid: number): unknown[] => [chid, null, 0, null];
const RECEIVES: readonly Call[] = [
  { name: "MsgReceive", args: receiveArgs, simple: [1], vector: [] },
  { name: "MsgReceivev", args: receiveArgs, simple: [], vector: [1] },
  { name: "MsgReceivePulse", args: receiveArgs, simple: [1], vector: [] },
  { name: "MsgReceivePulsev", args: receiveArgs, simple: [], vector: [1] },
];
const replyArgs = (rcvid: number): unknown[] => [rcvid, 0, null, 0];
const moveArgs = (rcvid: number): unknown[] => [rcvid, null, 0, 0];
const HOLDS: readonly Call[] = [
  { name: "MsgReply", args: replyArgs, simple: [2], vector: [] },
  { name: "MsgReplyv", args: replyArgs, simple: [], vector: [2] },
  { name: "MsgRead", args: moveArgs, simple: [1], vector: [] },
  { name: "MsgReadv", args: moveArgs, simple: [], vector: [1] },
  { name: "MsgWrite", args: moveArgs, simple: [1], vector: [] },
  { name: "MsgWritev", args: moveArgs, simple: [], vector: [1] },
];

/** Every bad argument of a call: its arguments, what is wrong, the error. */
function badCalls({ args, simple, vector }: Call, id: number): [unknown[], string, number][] {
  const rows: [unknown[], string, number][] = [];
  const add = (at: number, table: readonly Bad[]): void => {
    for (const [what, buffer, count, errno] of table) {
      const bad = args(id);
      bad[at] = buffer;
      bad[at + 1] = count;
      rows.push([bad, what, errno]);
    }
  };
  for (const at of simple) add(at, BAD_BUFFERS);
  for (const at of vector) add(at, BAD_VECTORS);
  return rows;
}

const sendCases: readonly ContractCase[] = SENDS.map((each) => ({
  title: `${each.name}: -EFAULT, -EINVAL, -EOVERFLOW for bad buffers, and nothing is sent`,
  puppets: 2,
  async run(t, _board, server, client) {
    const { chid, coid } = await connect(server, client);
    for (const [args, what, errno] of badCalls(each, coid)) {
      t.equal(await client.result(each.name, ...args), errno, what);
    }
    const sent = send(client, coid, "good");
    const { rcvid, text } = await receive(server, chid);
    t.equal(text, "good", "the first to arrive is a good one");
    await server.result("MsgReply", rcvid, 0, null, 0);
    t.equal(await sent, 0, "and it is answered");
  },
}));

const sizeCases: readonly ContractCase[] = SENDS.map(({ name, simple }) => ({
  title: `${name}: -EMSGSIZE for more than messageBytes, and nothing is sent`,
  puppets: 2,
  async run(t, { limits: { messageBytes } }, server, client) {
    const { chid, coid } = await connect(server, client);
    const isSimple = simple.includes(1);
    const long = filled(messageBytes + 1);
    const one = isSimple ? [long, messageBytes + 1] : [[{ base: long, length: long.length }], 1];
    t.equal(await client.result(name, coid, ...one, null, 0), -EMSGSIZE, "one byte more");
    if (!isSimple) {
      const halves = [filled(messageBytes), filled(1)].map((base) => ({
        base,
        length: base.length,
      }));
      t.equal(await client.result(name, coid, halves, 2, null, 0), -EMSGSIZE, "in two parts");
    }
    const sent = send(client, coid, "short");
    const { rcvid, text } = await receive(server, chid);
    t.equal(text, "short", "the first to arrive is a short one");
    await server.result("MsgReply", rcvid, 0, null, 0);
    t.equal(await sent, 0, "and it is answered");
  },
}));

const receiveCases: readonly ContractCase[] = RECEIVES.map((each) => ({
  title: `${each.name}: -EFAULT, -EINVAL, -EOVERFLOW for bad buffers, and nothing is received`,
  puppets: 2,
  async run(t, _board, server, client) {
    const { chid, coid } = await connect(server, client);
    const sent = send(client, coid, "kept");
    await client.until("SEND");
    for (const [args, what, errno] of badCalls(each, chid)) {
      t.equal(await server.result(each.name, ...args), errno, what);
    }
    const { rcvid, text } = await receive(server, chid);
    t.equal(text, "kept", "the message is still there");
    await server.result("MsgReply", rcvid, 4, null, 0);
    t.equal(await sent, 4, "and is answered");
  },
}));

const holdCases: readonly ContractCase[] = HOLDS.map((each) => ({
  title: `${each.name}: -EFAULT, -EINVAL, -EOVERFLOW for bad buffers; the client waits on`,
  puppets: 2,
  async run(t, _board, server, client) {
    const connection = await connect(server, client);
    const sent = client.call("MsgSend", connection.coid, bytes("m"), 1, filled(4, 0xee), 4);
    const { rcvid } = await receive(server, connection.chid);
    for (const [args, what, errno] of badCalls(each, rcvid)) {
      t.equal(await server.result(each.name, ...args), errno, what);
    }
    await client.until("REPLY");
    t.equal(await server.result("MsgReply", rcvid, 6, null, 0), 0, "answered");
    const { result, args } = await sent;
    t.equal(result, 6, "the status");
    t.deepEqual(args[3], filled(4, 0xee), "nothing was written");
  },
}));

const offsetCases: readonly ContractCase[] = [
  {
    title: "MsgRead: -EINVAL for a bad offset; MsgReadv, MsgWrite and MsgWritev too",
    puppets: 2,
    async run(t, _board, server, client) {
      const { rcvid, sent } = await hold(server, client, await connect(server, client));
      for (const offset of [-1, 0.5, NaN, 2 ** 32, "0", null]) {
        for (const { name, simple } of HOLDS.slice(2)) {
          const buffer = simple.length > 0 ? [four, 4] : [[good], 1];
          const result = await server.result(name, rcvid, ...buffer, offset);
          t.equal(result, -EINVAL, `${name}: offset ${offset}`);
        }
      }
      await server.result("MsgReply", rcvid, 0, null, 0);
      t.equal(await sent, 0, "the client has waited on");
    },
  },
  {
    title: "MsgReply: -EMSGSIZE for more than messageBytes, and the client goes on waiting",
    puppets: 2,
    async run(t, { limits: { messageBytes } }, server, client) {
      const { chid, coid } = await connect(server, client);
      const room = 2 * messageBytes;
      const sent = client.result("MsgSend", coid, null, 0, filled(room), room);
      const { rcvid } = await receive(server, chid);
      const long = filled(room);
      const iov = [{ base: long, length: messageBytes + 1 }];
      const count = messageBytes + 1;
      t.equal(await server.result("MsgReply", rcvid, 0, long, count), -EMSGSIZE, "MsgReply");
      t.equal(await server.result("MsgReplyv", rcvid, 0, iov, 1), -EMSGSIZE, "MsgReplyv");
      t.equal(await server.result("MsgWrite", rcvid, long, count, 0), -EMSGSIZE, "MsgWrite");
      t.equal(await server.result("MsgWritev", rcvid, iov, 1, 0), -EMSGSIZE, "MsgWritev");
      const past = await server.result("MsgWrite", rcvid, four, 1, messageBytes);
      t.equal(past, -EMSGSIZE, "MsgWrite past messageBytes");
      t.equal(await server.result("MsgReply", rcvid, 8, null, 0), 0, "a short one");
      t.equal(await sent, 8, "arrives");
      t.equal(await server.result("MsgReply", rcvid, 8, long, count), -ESRCH, "a second: -ESRCH");
    },
  },
  {
    title: "MsgReply: cuts what the client has no room for, however long the reply is",
    puppets: 2,
    async run(t, { limits: { messageBytes } }, server, client) {
      const { chid, coid } = await connect(server, client);
      const sent = client.call("MsgSend", coid, null, 0, filled(4), 4);
      const { rcvid } = await receive(server, chid);
      const long = filled(2 * messageBytes, 5);
      t.equal(await server.result("MsgReply", rcvid, 0, long, long.length), 0, "replies");
      t.deepEqual((await sent).args[3], filled(4, 5), "four bytes arrive");
    },
  },
];

export const argumentCases: readonly ContractCase[] = [
  ...sendCases,
  ...sizeCases,
  ...receiveCases,
  ...holdCases,
  ...offsetCases,
];
