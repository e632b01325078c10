/**
 * sendAsync: MsgSend for the main VM, with the same results and the same recovery.
 */
import {
  EAGAIN,
  EBADF,
  EBUSY,
  EDEADLK,
  EFAULT,
  EINVAL,
  EMSGSIZE,
  ENOENT,
  ENOSYS,
  EOVERFLOW,
  EPERM,
  ERESTART,
  ESRCH,
  ETIMEDOUT,
  HAREPLACERECOVERYFN,
} from "reattach";
import type { Api, Board, ContractCase, Puppet } from "./board.js";
import { bytes, filled, poll, receive, serve, text } from "./steps.js";

/** sendAsync as a promise of its status; for errors that it returns at once too. */
function sendMain(
  { main }: Board,
  coid: number,
  smsg: Uint8Array | null = null,
  rmsg: Uint8Array | null = null,
): Promise<number> {
  return new Promise((resolve) => {
    const error = main.sendAsync(coid, smsg, smsg?.length ?? 0, rmsg, rmsg?.length ?? 0, resolve);
    if (error !== 0) resolve(error);
  });
}

/** A channel of the server, and a coid of the main VM to it. */
async function connectMain(
  { main }: Board,
  server: Puppet,
): Promise<{ chid: number; coid: number }> {
  const chid = await server.result("ChannelCreate", 0);
  return { chid, coid: main.ConnectAttach(0, server.pid, chid, 0, 0) };
}

const never = (): never => {
  throw new Error("done was called");
};

/** Bad sends, for a good coid: what is wrong, the call's arguments, the error. */
type Bad = readonly [string, (main: Api, coid: number) => number, number];
const BAD_SENDS: readonly Bad[] = [
  ["no such coid", (main, coid) => main.sendAsync(coid + 1, null, 0, null, 0, never), -EBADF],
  ["null", (main, coid) => main.sendAsync(coid, null, 1, null, 0, never), -EFAULT],
  ["a string", (main, coid) => main.sendAsync(coid, null, 0, "x" as never, 1, never), -EFAULT],
  ["-1 bytes", (main, coid) => main.sendAsync(coid, filled(1), -1, null, 0, never), -EINVAL],
  ["too short", (main, coid) => main.sendAsync(coid, filled(1), 2, null, 0, never), -EOVERFLOW],
  ["too long", (main, coid) => main.sendAsync(coid, filled(129), 129, null, 0, never), -EMSGSIZE],
];

const resultCases: readonly ContractCase[] = [
  {
    title: "sendAsync: done gets the server's status, and the reply is in the buffer",
    puppets: 1,
    async run(t, board, server) {
      const { chid, coid } = await connectMain(board, server);
      for (let i = 0; i < 3; i++) {
        const rmsg = filled(6, 0xee);
        const sent = sendMain(board, coid, bytes("ping"), rmsg);
        const received = await receive(server, chid);
        t.equal(received.text, "ping", "received");
        const { pid, coid: their, srcmsglen, dstmsglen } = received.info;
        const { main } = board;
        t.deepEqual([pid, their, srcmsglen, dstmsglen], [main.getpid(), coid, 4, 6], "info");
        await server.result("MsgReply", received.rcvid, i, bytes("pong"), 4);
        t.equal(await sent, i, "the status");
        t.deepEqual(rmsg, Uint8Array.from([...bytes("pong"), 0xee, 0xee]), "and the reply");
      }
    },
  },
  {
    title: "sendAsync: errors at once, and done is not called",
    puppets: 1,
    async run(t, board, server) {
      const { main } = board;
      const { chid, coid } = await connectMain(board, server);
      for (const [what, call, errno] of BAD_SENDS) t.equal(call(main, coid), errno, what);
      const own = main.ChannelCreate(0);
      const loop = main.ConnectAttach(0, 0, own, 5, 0);
      t.equal(main.sendAsync(loop, null, 0, null, 0, never), -EDEADLK, "its own channel");
      const sent = sendMain(board, coid, bytes("good"));
      t.equal(main.sendAsync(coid, null, 0, null, 0, never), -EBUSY, "one is under way");
      t.equal(await serve(server, chid, 4), "good", "which is the first that arrives");
      t.equal(await sent, 4, "and is answered");
    },
  },
  {
    title: "sendAsync: done may send again",
    puppets: 1,
    async run(t, board, server) {
      const { main } = board;
      const { chid, coid } = await connectMain(board, server);
      const statuses: number[] = [];
      const all = new Promise<void>((resolve) => {
        const next = (status: number): void => {
          statuses.push(status);
          if (statuses.length === 3) resolve();
          else main.sendAsync(coid, null, 0, null, 0, next);
        };
        t.equal(main.sendAsync(coid, null, 0, null, 0, next), 0, "the first");
      });
      for (let i = 0; i < 3; i++) await serve(server, chid, i);
      await all;
      t.deepEqual(statuses, [0, 1, 2], "three in a row");
    },
  },
  {
    title: "sendAsync: MsgError, and ERESTART sends again",
    puppets: 1,
    async run(t, board, server) {
      const { chid, coid } = await connectMain(board, server);
      const sent = sendMain(board, coid, bytes("m"));
      for (let i = 0; i < 2; i++) {
        const { rcvid, text: got } = await receive(server, chid);
        t.equal(got, "m", `transmission ${i + 1}`);
        await server.result("MsgError", rcvid, ERESTART);
      }
      const { rcvid } = await receive(server, chid);
      await server.result("MsgError", rcvid, EPERM);
      t.equal(await sent, -EPERM, "-EPERM");
    },
  },
  {
    title: "sendAsync: TimerTimeout limits it; a late reply gets -ESRCH",
    puppets: 1,
    async run(t, board, server) {
      const { main } = board;
      const { chid, coid } = await connectMain(board, server);
      main.TimerTimeout(main._NTO_TIMEOUT_SEND, 1);
      t.equal(await sendMain(board, coid), -ETIMEDOUT, "nobody receives");
      t.equal(await poll(server, chid), -ETIMEDOUT, "the message is gone");
      const received = receive(server, chid);
      await server.until("RECEIVE");
      main.TimerTimeout(main._NTO_TIMEOUT_REPLY, 100);
      const sent = sendMain(board, coid);
      const { rcvid } = await received;
      t.equal(await sent, -ETIMEDOUT, "nobody answers");
      t.equal(await server.result("MsgReply", rcvid, 0, null, 0), -ESRCH, "a late reply");
      const next = sendMain(board, coid);
      await serve(server, chid, 6);
      t.equal(await next, 6, "the limit was for one send");
    },
  },
  {
    title: "sendAsync: -ENOSYS on a task, which may block",
    puppets: 1,
    async run(t, _board, puppet) {
      const chid = await puppet.result("ChannelCreate", 0);
      await puppet.result("ConnectAttach", 0, 0, chid, 0, 0);
      t.equal(await puppet.result("sendAsync", 0, null, 0, null, 0, null), -ENOSYS, "-ENOSYS");
    },
  },
];

const endCases: readonly ContractCase[] = [
  {
    title: "sendAsync: -ESRCH when the server dies, then -EBADF",
    puppets: 1,
    async run(t, board, server) {
      const { chid, coid } = await connectMain(board, server);
      const sent = sendMain(board, coid);
      await receive(server, chid);
      await board.kill(server);
      t.equal(await sent, -ESRCH, "-ESRCH");
      t.equal(await sendMain(board, coid), -EBADF, "-EBADF");
    },
  },
  {
    title: "ConnectDetach: ends a send under way on the coid with -EBADF",
    puppets: 1,
    async run(t, board, server) {
      const { main } = board;
      const { chid, coid } = await connectMain(board, server);
      const held = sendMain(board, coid, bytes("held"));
      const { rcvid } = await receive(server, chid);
      t.equal(main.ConnectDetach(coid), 0, "detached while the server holds it");
      t.equal(await server.result("MsgReply", rcvid, 0, null, 0), -ESRCH, "a reply is late");
      t.equal(await held, -EBADF, "-EBADF");
      const again = main.ConnectAttach(0, server.pid, chid, 0, 0);
      const queued = sendMain(board, again, bytes("queued"));
      t.equal(main.ConnectDetach(again), 0, "detached while it is queued");
      t.equal(await poll(server, chid), -ETIMEDOUT, "the server never sees it");
      t.equal(await queued, -EBADF, "-EBADF");
    },
  },
];

const NAME = "service";

/** A service, and a coid of the main VM whose recovery reopens its name as soon as it is there. */
async function stageService(board: Board, server: Puppet) {
  const { main } = board;
  const chid = await server.result("name_attach", null, NAME, 0);
  const coid = main.name_open(NAME, 0);
  let calls = 0;
  const reopen = (lost: number): number => {
    calls++;
    const result = main.ha_reopen(lost, NAME, 0);
    return result === -ENOENT ? -EAGAIN : result;
  };
  main.ha_attach(coid, reopen, null, 0);
  return { chid, coid, calls: () => calls };
}

const recoveryCases: readonly ContractCase[] = [
  {
    title: "sendAsync: a recovery function that returns -EAGAIN is called until its server is back",
    puppets: 1,
    async run(t, board, server) {
      const { chid, coid, calls } = await stageService(board, server);
      const rmsg = filled(4);
      const sent = sendMain(board, coid, bytes("m"), rmsg);
      await receive(server, chid);
      await board.kill(server);
      await board.until(() => calls() > 2);
      const successor = await board.restart(server);
      const next = await successor.result("name_attach", null, NAME, 0);
      const { rcvid, text: got } = await receive(successor, next);
      t.equal(got, "m", "the same message");
      await successor.result("MsgReply", rcvid, 3, bytes("back"), 4);
      t.equal(await sent, 3, "answered");
      t.equal(text(rmsg), "back", "with the reply");
    },
  },
  {
    title: "sendAsync: recovers a connection that was lost before the send",
    puppets: 1,
    async run(t, board, server) {
      const { coid } = await stageService(board, server);
      await board.kill(server);
      const sent = sendMain(board, coid, bytes("m"));
      const successor = await board.restart(server);
      const chid = await successor.result("name_attach", null, NAME, 0);
      t.equal(await serve(successor, chid, 4), "m", "received");
      t.equal(await sent, 4, "answered");
    },
  },
  {
    title: "sendAsync: a time limit ends the wait for a server that does not come back",
    puppets: 1,
    async run(t, board, server) {
      const { main } = board;
      const { coid } = await stageService(board, server);
      await board.kill(server);
      main.TimerTimeout(main._NTO_TIMEOUT_SEND | main._NTO_TIMEOUT_REPLY, 30);
      t.equal(await sendMain(board, coid), -ETIMEDOUT, "-ETIMEDOUT");
    },
  },
  {
    title: "sendAsync: the original error when the recovery function gives up or throws",
    puppets: 1,
    async run(t, board, server) {
      const { main } = board;
      const { chid, coid } = await connectMain(board, server);
      main.ha_attach(coid, () => -1, null, 0);
      const sent = sendMain(board, coid);
      await receive(server, chid);
      await board.kill(server);
      t.equal(await sent, -ESRCH, "-ESRCH for one under way");
      t.equal(await sendMain(board, coid), -EBADF, "-EBADF for a later one");
      const fail = (): never => {
        throw new Error("out of order");
      };
      main.ha_attach(coid, fail, null, HAREPLACERECOVERYFN);
      t.equal(await sendMain(board, coid), -EBADF, "-EBADF when it throws");
      let tries = 0;
      const giveUp = (): number => (++tries < 3 ? -EAGAIN : -1);
      main.ha_attach(coid, giveUp, null, HAREPLACERECOVERYFN);
      t.equal(await sendMain(board, coid), -EBADF, "-EBADF when it gives up after a while");
      t.equal(tries, 3, "at its third call");
    },
  },
];

export const sendAsyncCases: readonly ContractCase[] = [
  ...resultCases,
  ...endCases,
  ...recoveryCases,
];
