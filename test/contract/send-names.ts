/**
 * The eight names of MsgSend: simple and scattered buffers, and how many bytes move.
 */
import type { CallName, ContractCase, Outcome, Puppet } from "./board.js";
import { bytes, connect, filled, receive } from "./steps.js";

interface Name {
  readonly name: CallName;
  /** Is the message scattered? Is the reply? */
  readonly sendv: boolean;
  readonly replyv: boolean;
}

const NAMES: readonly Name[] = [
  { name: "MsgSend", sendv: false, replyv: false },
  { name: "MsgSendnc", sendv: false, replyv: false },
  { name: "MsgSendv", sendv: true, replyv: true },
  { name: "MsgSendvnc", sendv: true, replyv: true },
  { name: "MsgSendsv", sendv: false, replyv: true },
  { name: "MsgSendsvnc", sendv: false, replyv: true },
  { name: "MsgSendvs", sendv: true, replyv: false },
  { name: "MsgSendvsnc", sendv: true, replyv: false },
];

interface Part {
  base: Uint8Array;
  length: number;
}

/** A message as three parts: one empty, and each base longer than what counts of it. */
function parts(message: Uint8Array): Part[] {
  const cut = message.length >> 1;
  const part = (from: number, to: number): Part => {
    const base = filled(to - from + 3, 0xcc);
    base.set(message.subarray(from, to));
    return { base, length: to - from };
  };
  return [part(0, cut), part(cut, cut), part(cut, message.length)];
}

/** The bytes of scattered buffers that count, one after the other. */
function joined(iov: readonly Part[]): number[] {
  return iov.flatMap(({ base, length }) => [...base.subarray(0, length)]);
}

/** Bytes of scattered buffers that do not count. */
function outside(iov: readonly Part[]): number[] {
  return iov.flatMap(({ base, length }) => [...base.subarray(length)]);
}

/** Sends `message` with room for `room` bytes of reply, in the form that the name wants. */
function sendAs(
  client: Puppet,
  { name, sendv, replyv }: Name,
  coid: number,
  message: Uint8Array,
  room: number,
): Promise<Outcome> {
  const smsg = sendv ? [parts(message), 3] : [message, message.length];
  const rmsg = replyv ? [parts(filled(room, 0xee)), 3] : [filled(room + 3, 0xee), room];
  return client.call(name, coid, ...smsg, ...rmsg);
}

/** What the call left in the reply buffers: what counts, and what it had to leave alone. */
function replyOf(outcome: Outcome, { replyv }: Name, room: number): [number[], number[]] {
  const given = outcome.args[3];
  if (replyv) return [joined(given as Part[]), outside(given as Part[])];
  const array = given as Uint8Array;
  return [[...array.subarray(0, room)], [...array.subarray(room)]];
}

/** Bytes asked for and bytes there, both ways. */
const LENGTHS = [
  [0, 0],
  [1, 1],
  [4, 9],
  [9, 4],
  [128, 128],
] as const;

const shapeCases: readonly ContractCase[] = NAMES.map((each) => ({
  title: `${each.name}: moves min(sent, asked) bytes each way, and nothing beyond`,
  puppets: 2,
  async run(t, _board, server, client) {
    const { chid, coid } = await connect(server, client);
    for (const [first, second] of LENGTHS) {
      const message = Uint8Array.from({ length: first }, (_, i) => i + 1);
      const answer = Uint8Array.from({ length: first }, (_, i) => 200 - i);
      const sent = sendAs(client, each, coid, message, second);
      const { rcvid, info, message: received } = await receive(server, chid, second);
      const moved = Math.min(first, second);
      t.deepEqual(
        [info.srcmsglen, info.msglen, info.dstmsglen],
        [first, moved, second],
        `sent ${first}, asked ${second}`,
      );
      t.deepEqual([...received.subarray(0, moved)], [...message.subarray(0, moved)], "there");
      t.deepEqual([...received.subarray(moved)], [...filled(second - moved)], "no more");
      await server.result("MsgReply", rcvid, 1, answer, first);
      const outcome = await sent;
      t.equal(outcome.result, 1, "the status");
      const [counted, rest] = replyOf(outcome, each, second);
      t.deepEqual(counted.slice(0, moved), [...answer.subarray(0, moved)], "and back");
      t.deepEqual(counted.slice(moved), [...filled(second - moved, 0xee)], "no more");
      t.ok(
        rest.every((byte) => byte === 0xcc || byte === 0xee),
        "bytes beyond the lengths are untouched",
      );
    }
  },
}));

const nullCases: readonly ContractCase[] = [
  {
    title:
      "MsgSend: null with 0 bytes or parts is an empty message and no room, for all eight names",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      for (const { name } of NAMES) {
        const sent = client.result(name, coid, null, 0, null, 0);
        const { rcvid, info } = await receive(server, chid);
        t.deepEqual([info.srcmsglen, info.dstmsglen], [0, 0], `${name}: nothing`);
        t.equal(await server.result("MsgReply", rcvid, 3, bytes("lost"), 4), 0, "a reply");
        t.equal(await sent, 3, "gives only its status");
      }
    },
  },
  {
    title: "MsgSend: only the first sbytes of a longer buffer are sent",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      const sent = client.result("MsgSend", coid, bytes("secret"), 3, null, 0);
      const { rcvid, info, text } = await receive(server, chid);
      t.deepEqual([text, info.srcmsglen], ["sec", 3], "three bytes");
      await server.result("MsgReply", rcvid, 0, null, 0);
      await sent;
    },
  },
  {
    title: "MsgSend: a buffer may be longer than messageBytes when what is sent of it is not",
    puppets: 2,
    async run(t, { limits: { messageBytes } }, server, client) {
      const { chid, coid } = await connect(server, client);
      const long = filled(2 * messageBytes, 7);
      const sent = client.call("MsgSend", coid, long, messageBytes, long, 2 * messageBytes);
      const { rcvid, info } = await receive(server, chid, 2 * messageBytes);
      t.equal(info.msglen, messageBytes, "received");
      t.equal(info.dstmsglen, 2 * messageBytes, "the room is as large as it was said");
      const answer = filled(messageBytes, 9);
      t.equal(await server.result("MsgReply", rcvid, 0, answer, messageBytes), 0, "answered");
      const { args } = await sent;
      t.equal((args[3] as Uint8Array)[messageBytes - 1], 9, "the reply's last byte");
      t.equal((args[3] as Uint8Array)[messageBytes], 7, "what follows is untouched");
    },
  },
];

export const sendNamesCases: readonly ContractCase[] = [...shapeCases, ...nullCases];
