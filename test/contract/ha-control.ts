/**
 * Recovery: how often, and whether at all. ha_connection_ctrl, and what starts a recovery.
 */
import {
  _NTO_TIMEOUT_SEND,
  EAGAIN,
  EBADF,
  EDEADLK,
  EFAULT,
  EINTR,
  EINVAL,
  EMSGSIZE,
  ENXIO,
  EPERM,
  ESRCH,
  ETIMEDOUT,
  HA_RECOVERY_ACOUNT,
  HA_RECOVERY_ENABLE,
  HA_RECOVERY_ICOUNT,
  HA_RECOVERY_RESET_ACOUNT,
  HA_RECOVERY_RESET_ICOUNT,
  HA_RECOVERY_SUSPEND,
  HAREPLACERECOVERYFN,
} from "reattach";
import type { Assert, Board, ContractCase, Puppet } from "./board.js";
import { calls, comeBack, NAME, REOPEN, script, stageService } from "./ha-steps.js";
import { attach, bytes, connect, filled, receive, send, serve } from "./steps.js";

const control = (client: Puppet, coid: number, command: number, args?: unknown): Promise<number> =>
  client.result("ha_connection_ctrl", coid, command, args);

/** The server dies and comes back; the client sends; its status. */
async function recoverOnce(
  board: Board,
  current: { server: Puppet; chid: number },
  client: Puppet,
  coid: number,
): Promise<{ server: Puppet; chid: number; status: number }> {
  const back = await comeBack(board, current.server);
  const sent = send(client, coid, "m");
  const served = serve(back.server, back.chid, 5);
  const status = await sent;
  // Not recovered: the server still waits for a message.
  const own = status === 5 ? -1 : await client.result("name_open", NAME, 0);
  if (own >= 0) await send(client, own);
  await served;
  await client.result("ConnectDetach", own);
  return { ...back, status };
}

const countCases: readonly ContractCase[] = [
  {
    title: "ha_connection_ctrl: ACOUNT limits the recoveries of a connection's life",
    puppets: 2,
    async run(t, board, server, client) {
      const { chid, coid } = await stageService(server, client);
      let current = { server, chid };
      const expect = async (status: number, when: string): Promise<void> => {
        const found = await recoverOnce(board, current, client, coid);
        current = found;
        t.equal(found.status, status, when);
      };
      await expect(5, "without a limit");
      t.equal(await control(client, coid, HA_RECOVERY_ACOUNT, 2), 0, "two, and one was needed");
      await expect(5, "the second");
      await expect(-EBADF, "the third is one too many: the original error");
      t.equal(await control(client, coid, HA_RECOVERY_RESET_ACOUNT), 0, "forgotten");
      await expect(5, "the first of two again");
      t.equal(await control(client, coid, HA_RECOVERY_ACOUNT, 0), 0, "none");
      await expect(-EBADF, "the original error");
      t.equal(await control(client, coid, HA_RECOVERY_ACOUNT, -7), 0, "no limit");
      await expect(5, "it goes on");
      t.equal(await calls(client), 4, "the function was asked four times");
    },
  },
  {
    title: "ha_connection_ctrl: ICOUNT limits the calls of the function for one failure",
    puppets: 2,
    async run(t, board, server, client) {
      const { coid } = await connect(server, client);
      await script(client, coid, { answer: "coid" });
      await board.kill(server);
      t.equal(await control(client, coid, HA_RECOVERY_ICOUNT, 3), 0, "three");
      t.equal(await send(client, coid), -EBADF, "it does not connect: the original error");
      t.equal(await calls(client), 3, "after three calls");
      t.equal(await send(client, coid), -EBADF, "the failure goes on");
      t.equal(await calls(client), 3, "and has had its calls");
      t.equal(await control(client, coid, HA_RECOVERY_RESET_ICOUNT), 0, "forgotten");
      t.equal(await send(client, coid), -EBADF, "it does not connect");
      t.equal(await calls(client), 6, "after three more");
      t.equal(await control(client, coid, HA_RECOVERY_ICOUNT, 0), 0, "none");
      await control(client, coid, HA_RECOVERY_RESET_ICOUNT);
      t.equal(await send(client, coid), -EBADF, "the original error");
      t.equal(await calls(client), 6, "at once");
    },
  },
  {
    title: "ha_attach: the original error is that of the first transmission",
    puppets: 2,
    async run(t, board, server, client) {
      const { chid, coid } = await connect(server, client);
      await script(client, coid, { answer: "coid" });
      await control(client, coid, HA_RECOVERY_ICOUNT, 2);
      const sent = send(client, coid);
      await receive(server, chid);
      await board.kill(server);
      t.equal(await sent, -ESRCH, "the server may have seen it, whatever came later");
      t.equal(await calls(client), 2, "two more were lost, without a server");
      await control(client, coid, HA_RECOVERY_RESET_ICOUNT);
      t.equal(await send(client, coid), -EBADF, "the next message is another");
    },
  },
  {
    title: "ha_connection_ctrl: ICOUNT starts again when the message has got through",
    puppets: 2,
    async run(t, board, server, client) {
      const { chid, coid } = await stageService(server, client);
      await control(client, coid, HA_RECOVERY_ICOUNT, 1);
      let current = { server, chid };
      for (let i = 0; i < 3; i++) {
        const found = await recoverOnce(board, current, client, coid);
        t.equal(found.status, 5, `failure ${i + 1}`);
        current = found;
      }
    },
  },
  {
    title: "ha_connection_ctrl: RESET_ICOUNT in the function lets it go on",
    puppets: 2,
    async run(t, board, server, client) {
      const { coid } = await connect(server, client);
      const reset = ["ha_connection_ctrl", "$coid", HA_RECOVERY_RESET_ICOUNT] as const;
      await script(client, coid, { steps: [reset], answer: "coid" });
      await control(client, coid, HA_RECOVERY_ICOUNT, 2);
      await board.kill(server);
      const states = _NTO_TIMEOUT_SEND;
      const { result } = await client.act("sendWithin", states, 50, coid, null, 0, null, 0);
      t.equal(result, -ETIMEDOUT, "until its time is over");
      t.ok((await calls(client)) > 2, "more often than ICOUNT says");
    },
  },
  {
    title: "ha_connection_ctrl: SUSPEND makes a connection plain, ENABLE HA-aware, all else stays",
    puppets: 2,
    async run(t, board, server, client) {
      const { chid, coid } = await stageService(server, client);
      await control(client, coid, HA_RECOVERY_ACOUNT, 1);
      t.equal(await control(client, coid, HA_RECOVERY_SUSPEND), 0, "suspended");
      t.equal(await control(client, coid, HA_RECOVERY_SUSPEND), 0, "twice");
      let current = await recoverOnce(board, { server, chid }, client, coid);
      t.equal(current.status, -EBADF, "a plain connection");
      t.equal(await control(client, coid, HA_RECOVERY_ENABLE), 0, "enabled");
      current = await recoverOnce(board, current, client, coid);
      t.equal(current.status, 5, "HA-aware");
      current = await recoverOnce(board, current, client, coid);
      t.equal(current.status, -EBADF, "its limit has stayed");
    },
  },
  {
    title: "ha_connection_ctrl: -EBADF where nothing is HA-aware, -EINVAL for what is no command",
    puppets: 2,
    async run(t, _board, server, client) {
      const { coid } = await connect(server, client);
      t.equal(await control(client, coid, HA_RECOVERY_SUSPEND), -EBADF, "a plain connection");
      t.equal(await control(client, coid + 1, HA_RECOVERY_SUSPEND), -EBADF, "no connection");
      await script(client, coid, { answer: -1 });
      for (const command of [0, 7, -1, 1.5, null]) {
        t.equal(await control(client, coid, command as number, 1), -EINVAL, `command ${command}`);
      }
      for (const count of [undefined, null, "3", 1.5, NaN, Infinity, 2 ** 31]) {
        for (const command of [HA_RECOVERY_ACOUNT, HA_RECOVERY_ICOUNT]) {
          t.equal(await control(client, coid, command, count), -EINVAL, `${command}: ${count}`);
        }
      }
    },
  },
];

/** What a server answers with: none of it is a lost connection, whatever its number. */
const ANSWERS = { EBADF, ESRCH, ENXIO, EINTR, ETIMEDOUT, EAGAIN, EMSGSIZE, EPERM };

async function expectNoRecovery(t: Assert, client: Puppet, why: string): Promise<void> {
  t.equal(await calls(client), 0, `${why}: no recovery`);
}

const triggerCases: readonly ContractCase[] = [
  {
    title: "MsgSend: an error of the server is no lost connection, whatever its number",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await stageService(server, client);
      for (const [name, errno] of Object.entries(ANSWERS)) {
        const sent = send(client, coid);
        const { rcvid } = await receive(server, chid);
        await server.result("MsgError", rcvid, errno);
        t.equal(await sent, -errno, name);
      }
      await expectNoRecovery(t, client, "MsgError");
    },
  },
  {
    title: "MsgSend: an error of the call is no lost connection",
    puppets: 2,
    async run(t, _board, server, client) {
      const { coid } = await stageService(server, client);
      const own = await client.result("ChannelCreate", 0);
      const loop = await attach(client, client, own);
      await script(client, loop, { answer: "coid" });
      t.equal(await send(client, loop), -EDEADLK, "the own channel");
      t.equal(await client.result("MsgSend", coid, null, 1, null, 0), -EFAULT, "no buffer");
      t.equal(await client.result("MsgSend", coid, null, -1, null, 0), -EINVAL, "no length");
      const long = await client.result("MsgSend", coid, filled(129), 129, null, 0);
      t.equal(long, -EMSGSIZE, "too long");
      const late = await client.act("sendWithin", _NTO_TIMEOUT_SEND, 0, coid, null, 0, null, 0);
      t.equal(late.result, -ETIMEDOUT, "no time");
      await expectNoRecovery(t, client, "none of them");
    },
  },
  {
    title: "MsgSend: HA-aware is the connection, not the server: another one to it is plain",
    puppets: 2,
    async run(t, board, server, client) {
      const { coid } = await stageService(server, client);
      const plain = await client.result("name_open", NAME, 0);
      const back = await comeBack(board, server);
      t.equal(await send(client, plain), -EBADF, "the plain one");
      await expectNoRecovery(t, client, "a plain connection");
      const sent = send(client, coid, "m");
      t.equal(await serve(back.server, back.chid), "m", "the other one is recovered");
      await sent;
      t.equal(await send(client, plain), -EBADF, "which does not help the plain one");
    },
  },
  {
    title: "ha_attach: function and handle may be changed, also from inside",
    puppets: 2,
    async run(t, board, server, client) {
      const { coid } = await connect(server, client);
      await script(client, coid, { steps: [["replace", -1]], answer: "coid" });
      await board.kill(server);
      t.equal(await send(client, coid), -EBADF, "the new function gives up");
      t.equal(await calls(client), 1, "the first one was called once");
      const handles = { steps: [["getprio"]], answer: -1 } as const;
      t.equal(await script(client, coid, handles, HAREPLACERECOVERYFN, 1), 0, "a third one");
      t.equal(await send(client, coid), -EBADF, "gives up");
      t.equal(await calls(client), 1, "and was called");
    },
  },
  {
    title: "ha_attach: one function serves many connections, each with its handle",
    puppets: 2,
    async run(t, board, server, client) {
      const one = await connect(server, client);
      const two = await attach(client, server, one.chid);
      const note = { steps: [["ha_connection_ctrl", "$handle", HA_RECOVERY_ENABLE]] } as const;
      await client.act("attachShared", one.coid, two, { ...note, answer: -1 });
      await board.kill(server);
      t.equal(await send(client, two), -EBADF, "the second");
      t.equal(await send(client, one.coid), -EBADF, "the first");
      t.equal(await calls(client), 2, "one function");
      const { args } = await client.act("recoverySteps", []);
      t.deepEqual(args[0], [0, 0], "each handle was that of a connection");
    },
  },
  {
    title: "MsgSend: whole, from the caller's buffers, into the caller's buffers",
    puppets: 2,
    async run(t, board, server, client) {
      const { chid, coid } = await stageService(server, client);
      await script(client, coid, REOPEN, HAREPLACERECOVERYFN);
      const sent = client.call("MsgSend", coid, bytes("0123456789"), 10, filled(8, 0xee), 8);
      const { rcvid } = await receive(server, chid, 4);
      await server.result("MsgWrite", rcvid, bytes("xxxxxxxx"), 8, 0);
      const back = await comeBack(board, server);
      const again = await receive(back.server, back.chid);
      t.equal(again.text, "0123456789", "all of it again");
      await back.server.result("MsgReply", again.rcvid, 0, bytes("abc"), 3);
      const { args } = await sent;
      t.deepEqual(args[3], Uint8Array.from([...bytes("abc"), ...filled(5, 0xee)]), "the reply");
    },
  },
];

export const haControlCases: readonly ContractCase[] = [...countCases, ...triggerCases];
