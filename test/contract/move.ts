/**
 * MsgRead and MsgWrite: bytes to and from a client that waits.
 */
import { _NTO_TIMEOUT_REPLY, ESRCH, ETIMEDOUT } from "reattach";
import type { ContractCase, Outcome, Puppet } from "./board.js";
import { bytes, connect, filled, receive, text } from "./steps.js";

interface Held {
  readonly rcvid: number;
  readonly sent: Promise<Outcome>;
}

/** The client sends "0123456789" with room for 8 bytes, and the server holds it. */
async function holdDigits(server: Puppet, client: Puppet): Promise<Held> {
  const { chid, coid } = await connect(server, client);
  const sent = client.call("MsgSend", coid, bytes("0123456789"), 10, filled(12, 0x2e), 8);
  const { rcvid } = await receive(server, chid, 2);
  return { rcvid, sent };
}

/** count, offset, and what is read of "0123456789". */
const READS = [
  [4, 0, "0123"],
  [4, 3, "3456"],
  [10, 0, "0123456789"],
  [16, 0, "0123456789"],
  [4, 8, "89"],
  [4, 9, "9"],
  [4, 10, ""],
  [4, 11, ""],
  [4, 2 ** 32 - 1, ""],
  [0, 2, ""],
] as const;

/** text, offset, bytes written, and what the 8 bytes of room then hold. */
const WRITES = [
  ["abc", 0, 3, "abc....."],
  ["xy", 2, 2, "abxy...."],
  ["tail", 6, 2, "abxy..ta"],
  ["none", 8, 0, "abxy..ta"],
  ["none", 2 ** 32 - 1, 0, "abxy..ta"],
  ["", 3, 0, "abxy..ta"],
] as const;

const readCases: readonly ContractCase[] = [
  {
    title: "MsgRead: any part of the message, again and again, and nothing past its end",
    puppets: 2,
    async run(t, _board, server, client) {
      const { rcvid, sent } = await holdDigits(server, client);
      for (const [count, offset, expected] of READS) {
        const { result, args } = await server.call("MsgRead", rcvid, filled(20, 0), count, offset);
        t.equal(result, expected.length, `${count} bytes at ${offset}`);
        t.equal(text(args[1] as Uint8Array), expected, `"${expected}"`);
      }
      await client.until("REPLY");
      await server.result("MsgReply", rcvid, 1, null, 0);
      t.equal((await sent).result, 1, "the client has waited on");
    },
  },
  {
    title: "MsgReadv: scatters what it reads over its parts",
    puppets: 2,
    async run(t, _board, server, client) {
      const { rcvid, sent } = await holdDigits(server, client);
      const iov = [2, 3, 9].map((length) => ({ base: filled(12), length }));
      const { result, args } = await server.call("MsgReadv", rcvid, iov, 3, 1);
      t.equal(result, 9, "nine bytes from 1 on");
      const texts = (args[1] as { base: Uint8Array }[]).map(({ base }) => text(base));
      t.deepEqual(texts, ["12", "345", "6789"], "in three parts");
      await server.result("MsgReply", rcvid, 0, null, 0);
      await sent;
    },
  },
];

const writeCases: readonly ContractCase[] = [
  {
    title: "MsgWrite: any part of the client's room, and nothing past its end",
    puppets: 2,
    async run(t, _board, server, client) {
      for (const [last, rows] of WRITES.map((row, i) => [row, WRITES.slice(0, i + 1)] as const)) {
        const { rcvid, sent } = await holdDigits(server, client);
        // Fill the room first: what a server does not write is not defined.
        await server.result("MsgWrite", rcvid, bytes("........"), 8, 0);
        for (const [written, offset, count] of rows) {
          const buffer = bytes(written, 8);
          const result = await server.result("MsgWrite", rcvid, buffer, written.length, offset);
          t.equal(result, count, `"${written}" at ${offset}`);
        }
        await client.until("REPLY");
        await server.result("MsgReply", rcvid, 2, null, 0);
        const { result, args } = await sent;
        t.equal(result, 2, "the status");
        t.equal(text(args[3] as Uint8Array), `${last[3]}....`, `${last[3]}, and no byte more`);
      }
    },
  },
  {
    title: "MsgWrite: a later MsgReply still writes at 0",
    puppets: 2,
    async run(t, _board, server, client) {
      const { rcvid, sent } = await holdDigits(server, client);
      await server.result("MsgWrite", rcvid, bytes("abcdefgh"), 8, 0);
      await server.result("MsgReply", rcvid, 0, bytes("XY"), 2);
      t.equal(text((await sent).args[3] as Uint8Array), "XYcdefgh....", "over what was written");
    },
  },
  {
    title: "MsgWrite: nothing of it is in the client's buffer when the call ends without an answer",
    puppets: 2,
    async run(t, board, server, client) {
      const { chid, coid } = await connect(server, client);
      const limited = receive(server, chid);
      await server.until("RECEIVE");
      const states = _NTO_TIMEOUT_REPLY;
      const late = client.act("sendWithin", states, 100, coid, null, 0, filled(4, 0x2e), 4);
      const { rcvid } = await limited;
      await server.result("MsgWrite", rcvid, bytes("xxxx"), 4, 0);
      t.equal((await late).result, -ETIMEDOUT, "a time limit");
      t.equal(text((await late).args[5] as Uint8Array), "....", "nothing");
      const sent = client.call("MsgSend", coid, null, 0, filled(4, 0x2e), 4);
      const held = await receive(server, chid);
      await server.result("MsgWrite", held.rcvid, bytes("xxxx"), 4, 0);
      await board.kill(server);
      t.equal((await sent).result, -ESRCH, "the server's death");
      t.equal(text((await sent).args[3] as Uint8Array), "....", "nothing");
    },
  },
  {
    title: "MsgWritev: gathers its parts",
    puppets: 2,
    async run(t, _board, server, client) {
      const { rcvid, sent } = await holdDigits(server, client);
      const iov = ["ab", "", "cdefgh"].map((part) => ({ base: bytes(part), length: part.length }));
      t.equal(await server.result("MsgWritev", rcvid, iov, 3, 2), 6, "six fit from 2 on");
      await server.result("MsgWrite", rcvid, bytes(".."), 2, 0);
      await server.result("MsgReply", rcvid, 0, null, 0);
      t.equal(text((await sent).args[3] as Uint8Array), "..abcdef....", "in their order");
    },
  },
  {
    title: "MsgReplyv: gathers its parts, and cuts what the client has no room for",
    puppets: 2,
    async run(t, _board, server, client) {
      const { rcvid, sent } = await holdDigits(server, client);
      const iov = ["ab", "", "cdefghij"].map((part) => ({
        base: bytes(part),
        length: part.length,
      }));
      t.equal(await server.result("MsgReplyv", rcvid, 4, iov, 3), 0, "replies");
      const { result, args } = await sent;
      t.equal(result, 4, "the status");
      t.equal(text(args[3] as Uint8Array), "abcdefgh....", "eight bytes");
    },
  },
];

export const moveCases: readonly ContractCase[] = [...readCases, ...writeCases];
