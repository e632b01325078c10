/**
 * Effects once: the number of a message, and a server's ledger.
 */
import { EMSGSIZE, ENOMEM } from "reattach";
import type { Board, ContractCase, Puppet } from "./board.js";
import { comeBack, NAME, stageService } from "./ha-steps.js";
import { bytes, filled, receive, send, serve } from "./steps.js";

const LIMITS = { stableBytes: 64 };
/** The client adds this much with each message. */
const STEP = "\u0005";
const FIRST = 5;

/** A server with a ledger, and a client that is recovered. */
async function stageLedger(
  server: Puppet,
  client: Puppet,
): Promise<{ chid: number; coid: number }> {
  await server.act("ledgerOpen");
  return stageService(server, client);
}

/** The server dies, and comes back with its ledger. */
async function comeBackWithLedger(
  board: Board,
  server: Puppet,
): Promise<{ server: Puppet; chid: number; isRestored: number }> {
  await board.kill(server);
  const successor = await board.restart(server);
  const { result: isRestored } = await successor.act("ledgerOpen");
  const chid = await successor.result("name_attach", null, NAME, 0);
  return { server: successor, chid, isRestored };
}

const numberCases: readonly ContractCase[] = [
  {
    title: "MsgReceive: info.number is another one for each message, info.attempt is 1",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await stageService(server, client);
      const numbers = new Set<number>();
      for (let i = 0; i < 5; i++) {
        const sent = send(client, coid);
        const { rcvid, info } = await receive(server, chid);
        numbers.add(info.number);
        t.equal(info.attempt, 1, "the first attempt");
        await server.result("MsgReply", rcvid, 0, null, 0);
        await sent;
      }
      t.equal(numbers.size, 5, "five numbers");
    },
  },
  {
    title: "MsgReceive: a message that is sent again has its number, and counts its attempts",
    puppets: 2,
    async run(t, board, server, client) {
      const stage = await stageService(server, client);
      let current = { server, chid: stage.chid };
      const sent = send(client, stage.coid, "m");
      let first = 0;
      for (let attempt = 1; attempt <= 10; attempt++) {
        const { rcvid, info } = await receive(current.server, current.chid);
        if (attempt === 1) first = info.number;
        t.equal(info.number, first, "the same number");
        t.equal(info.attempt, Math.min(attempt, 8), `attempt ${attempt}`);
        const asked = await current.server.call("MsgInfo", rcvid, { ...info, attempt: 0 });
        t.deepEqual(asked.args[1], info, "MsgInfo says the same");
        current = await comeBack(board, current.server);
      }
      await serve(current.server, current.chid, 3);
      t.equal(await sent, 3, "answered");
      const next = send(client, stage.coid, "n");
      const { rcvid, info } = await receive(current.server, current.chid);
      t.equal(info.attempt, 1, "the next message is a new one");
      t.notEqual(info.number, first, "with a number of its own");
      await current.server.result("MsgReply", rcvid, 0, null, 0);
      await next;
    },
  },
  {
    title: "MsgReceive: a message that no server can have seen is sent for the first time",
    puppets: 2,
    async run(t, board, server, client) {
      const { coid } = await stageService(server, client);
      const back = await comeBack(board, server);
      const sent = send(client, coid, "m");
      const { rcvid, info } = await receive(back.server, back.chid);
      t.equal(info.attempt, 1, "the first attempt, although it was recovered");
      await back.server.result("MsgReply", rcvid, 0, null, 0);
      await sent;
    },
  },
];

const ledgerCases: readonly ContractCase[] = [
  {
    title: "Ledger: the server dies before its effect: the repeat is a new message",
    puppets: 2,
    limits: LIMITS,
    async run(t, board, server, client) {
      const { chid, coid } = await stageLedger(server, client);
      const sent = send(client, coid, STEP);
      await server.act("ledgerReceive", chid, []);
      const back = await comeBackWithLedger(board, server);
      t.equal(back.isRestored, 0, "nothing was committed");
      t.equal((await back.server.act("ledgerServe", back.chid, 1)).result, FIRST, "added once");
      t.equal(await sent, FIRST, "answered");
    },
  },
  {
    title: "Ledger: the server dies during its effect: the half of it is gone",
    puppets: 2,
    limits: LIMITS,
    async run(t, board, server, client) {
      const { chid, coid } = await stageLedger(server, client);
      const sent = send(client, coid, STEP);
      await server.act("ledgerReceive", chid, []);
      t.equal((await server.act("ledgerAdd")).result, FIRST, "added, and not committed");
      const back = await comeBackWithLedger(board, server);
      t.equal((await back.server.act("ledgerCounter")).result, 0, "the successor begins with 0");
      t.equal((await back.server.act("ledgerServe", back.chid, 1)).result, FIRST, "added once");
      t.equal(await sent, FIRST, "answered");
    },
  },
  {
    title: "Ledger: the server dies after its effect: the repeat gets the reply that was kept",
    puppets: 2,
    limits: LIMITS,
    async run(t, board, server, client) {
      const { chid, coid } = await stageLedger(server, client);
      const sent = client.call("MsgSend", coid, bytes(STEP), 1, filled(4, 0xee), 4);
      await server.act("ledgerReceive", chid, []);
      await server.act("ledgerAdd");
      await server.act("ledgerCommit");
      let back = await comeBackWithLedger(board, server);
      t.equal(back.isRestored, 1, "the ledger is there");
      const looks = back.server.act("ledgerRepeats", back.chid);
      const { result, args } = await sent;
      t.equal(result, FIRST, "the status that was kept");
      t.deepEqual(args[3], Uint8Array.of(FIRST, 0xee, 0xee, 0xee), "and the reply");
      const next = send(client, coid, STEP);
      t.ok((await looks).result > 0, "the next message is none");
      await back.server.act("ledgerAdd");
      await back.server.act("ledgerReply");
      t.equal(await next, 2 * FIRST, "added once each");
      back = await comeBackWithLedger(board, back.server);
      t.equal((await back.server.act("ledgerCounter")).result, 2 * FIRST, "and kept");
    },
  },
  {
    title: "Ledger: the server dies again and again, and answers once",
    puppets: 2,
    limits: LIMITS,
    async run(t, board, server, client) {
      const { chid, coid } = await stageLedger(server, client);
      let current: { server: Puppet; chid: number } = { server, chid };
      let expected = 0;
      for (let i = 0; i < 6; i++) {
        const sent = send(client, coid, STEP);
        expected += FIRST;
        for (const when of ["before", "during", "after"].slice(i % 3)) {
          await current.server.act("ledgerReceive", current.chid, []);
          if (when !== "before") await current.server.act("ledgerAdd");
          if (when === "after") await current.server.act("ledgerCommit");
          current = await comeBackWithLedger(board, current.server);
        }
        void current.server.act("ledgerRepeats", current.chid);
        t.equal(await sent, expected, `message ${i + 1}`);
        current = await comeBackWithLedger(board, current.server);
      }
    },
  },
  {
    title: "Ledger: as many clients as it is made for; the place of a dead one is free",
    puppets: 4,
    limits: LIMITS,
    async run(t, board, server, one, two, three) {
      await server.act("ledgerOpen");
      const chid = await server.result("name_attach", null, NAME, 0);
      const add = async (client: Puppet): Promise<number> => {
        const coid = await client.result("name_open", NAME, 0);
        const sent = send(client, coid, STEP);
        await server.act("ledgerReceive", chid, []);
        const { result } = await server.act("ledgerReply");
        if (result !== 0) await server.act("ledgerForget");
        await sent;
        return result;
      };
      t.equal(await add(one), 0, "the first");
      t.equal(await add(two), 0, "the second");
      t.equal(await add(three), -ENOMEM, "one too many");
      t.equal(await add(one), 0, "the first again");
      await board.kill(two);
      t.equal(await add(three), 0, "in the place of the dead one");
      await board.restart(two);
    },
  },
  {
    title: "stableCommit: bytes outlive the task, of the last commit; too many are refused",
    puppets: 2,
    limits: { stableBytes: 8 },
    async run(t, board, puppet, other) {
      const look = async (from: Puppet, room: number): Promise<readonly [number, Uint8Array]> => {
        const { result, args } = await from.act("stableLook", filled(room, 0xee));
        return [result, args[0] as Uint8Array];
      };
      t.equal((await look(puppet, 8))[0], 0, "nothing yet");
      t.equal((await puppet.act("stableWrite", bytes("01234567"), 8)).result, 0, "eight bytes");
      t.equal((await puppet.act("stableWrite", bytes("abc"), 3)).result, 0, "three");
      const tooMany = await puppet.act("stableWrite", filled(9), 9);
      t.equal(tooMany.result, -EMSGSIZE, "nine are too many");
      await board.kill(puppet);
      const next = await board.restart(puppet);
      const [count, found] = await look(next, 4);
      t.deepEqual([count, found], [3, Uint8Array.from([...bytes("abc"), 0xee])], "the last");
      t.deepEqual((await look(next, 2))[1], bytes("ab"), "as much as there is room for");
      t.equal((await look(other, 8))[0], 0, "everybody has his own");
      t.equal(await next.result("stableCommit", filled(0), 0), 0, "and none at all");
      t.equal((await look(next, 8))[0], 0, "again");
    },
  },
];

export const haOnceCases: readonly ContractCase[] = [...numberCases, ...ledgerCases];
