/**
 * The main VM: it takes part without ever blocking.
 */
import {
  _NTO_CHF_DISCONNECT,
  _NTO_TIMEOUT_RECEIVE,
  _NTO_TIMEOUT_REPLY,
  _NTO_TIMEOUT_SEND,
  _PULSE_CODE_DISCONNECT,
  createMsgInfo,
  createPulse,
  EBADF,
  EDEADLK,
  ESRCH,
  ETIMEDOUT,
  type MessageInfo,
} from "reattach";
import type { Api, Board, ContractCase } from "./board.js";
import { bytes, filled, send, text } from "./steps.js";

/** Polls until something has arrived on a channel of the main VM: what MsgReceive returned. */
async function pollMain(
  { main, until }: Board,
  chid: number,
  message: Uint8Array,
  info: MessageInfo | null = null,
): Promise<number> {
  let result = -ETIMEDOUT;
  await until(() => {
    result = main.MsgReceive(chid, message, message.length, info);
    return result !== -ETIMEDOUT;
  });
  return result;
}

const receiveCases: readonly ContractCase[] = [
  {
    title: "MsgReceive: on the main VM it only polls: -ETIMEDOUT when nothing is there",
    puppets: 0,
    async run(t, { main }) {
      const chid = main.ChannelCreate(0);
      const message = filled(64);
      const iov = [main.createIov(message)];
      t.equal(main.MsgReceive(chid, message, 64, null), -ETIMEDOUT, "MsgReceive");
      t.equal(main.MsgReceivev(chid, iov, 1, null), -ETIMEDOUT, "MsgReceivev");
      t.equal(main.MsgReceivePulse(chid, message, 64, null), -ETIMEDOUT, "MsgReceivePulse");
      t.equal(main.MsgReceivePulsev(chid, iov, 1, null), -ETIMEDOUT, "MsgReceivePulsev");
      t.equal(main.MsgReceive(chid + 1, message, 64, null), -ESRCH, "a wrong chid is noticed");
      main.TimerTimeout(_NTO_TIMEOUT_RECEIVE, 60_000);
      t.equal(main.MsgReceive(chid, message, 64, null), -ETIMEDOUT, "a time limit changes nothing");
      t.equal(main.TimerTimeout(0, 0), 0, "and is used up");
    },
  },
  {
    title: "MsgReceive: the main VM serves a client by polling",
    puppets: 1,
    async run(t, board, client) {
      const { main } = board;
      const chid = main.ChannelCreate(0);
      const coid = await client.result("ConnectAttach", 0, main.getpid(), chid, 0, 0);
      for (let i = 0; i < 3; i++) {
        const sent = client.call("MsgSend", coid, bytes(`m${i}`), 2, filled(4), 4);
        const message = filled(8);
        const info = createMsgInfo();
        const rcvid = await pollMain(board, chid, message, info);
        t.ok(rcvid > 0, "a message");
        t.equal(text(message), `m${i}`, "its text");
        t.deepEqual([info.pid, info.coid, info.msglen], [client.pid, coid, 2], "its sender");
        t.equal(main.MsgRead(rcvid, message, 8, 1), 1, "MsgRead");
        t.equal(main.MsgWrite(rcvid, bytes("..ok"), 4, 0), 4, "MsgWrite");
        t.equal(main.MsgReply(rcvid, i, bytes("r"), 1), 0, "MsgReply");
        const { result, args } = await sent;
        t.equal(result, i, "the client has its status");
        t.equal(text(args[3] as Uint8Array), "r.ok", "and its reply");
        t.equal(main.MsgReply(rcvid, 0, null, 0), -ESRCH, "a second reply is late");
      }
    },
  },
  {
    title: "MsgReceive: pulses to the main VM, the kernel's too",
    puppets: 1,
    async run(t, board, client) {
      const { main } = board;
      const chid = main.ChannelCreate(_NTO_CHF_DISCONNECT);
      const coid = await client.result("ConnectAttach", 0, main.getpid(), chid, 0, 0);
      await client.result("MsgSendPulse", coid, 10, 7, -7);
      const message = filled(64);
      const pulse = createPulse();
      t.equal(await pollMain(board, chid, message), 0, "a pulse");
      main.readPulse(message, pulse);
      t.deepEqual([pulse.code, pulse.value], [7, -7], "the client's");
      const { scoid } = pulse;
      await board.kill(client);
      t.equal(await pollMain(board, chid, message), 0, "a pulse");
      main.readPulse(message, pulse);
      t.deepEqual([pulse.code, pulse.scoid], [_PULSE_CODE_DISCONNECT, scoid], "the kernel's");
      t.equal(main.ConnectDetach(scoid), 0, "which frees the scoid");
    },
  },
  {
    title: "name_attach: on the main VM: tasks find it and send to it",
    puppets: 1,
    async run(t, board, client) {
      const { main } = board;
      const chid = main.name_attach(null, "display", 0);
      const coid = await client.result("name_open", "display", 0);
      const sent = send(client, coid, "show");
      const message = filled(8);
      const rcvid = await pollMain(board, chid, message);
      t.equal(text(message), "show", "received");
      main.MsgError(rcvid, ESRCH);
      t.equal(await sent, -ESRCH, "answered");
      const queued = send(client, coid);
      await client.until("SEND");
      t.equal(main.name_detach(chid, 0), 0, "detached");
      t.equal(await queued, -ESRCH, "who waits is told");
      t.equal(await send(client, coid), -EBADF, "and who sends later");
    },
  },
];

/** The blocking calls, each on a good connection. */
const BLOCKING: readonly (readonly [string, (api: Api, coid: number) => number])[] = [
  ["MsgSend", (api, coid) => api.MsgSend(coid, null, 0, null, 0)],
  ["MsgSendnc", (api, coid) => api.MsgSendnc(coid, null, 0, null, 0)],
  ["MsgSendv", (api, coid) => api.MsgSendv(coid, null, 0, null, 0)],
  ["MsgSendvnc", (api, coid) => api.MsgSendvnc(coid, null, 0, null, 0)],
  ["MsgSendsv", (api, coid) => api.MsgSendsv(coid, null, 0, null, 0)],
  ["MsgSendsvnc", (api, coid) => api.MsgSendsvnc(coid, null, 0, null, 0)],
  ["MsgSendvs", (api, coid) => api.MsgSendvs(coid, null, 0, null, 0)],
  ["MsgSendvsnc", (api, coid) => api.MsgSendvsnc(coid, null, 0, null, 0)],
  ["delay", (api) => api.delay(1)],
];

const blockingCases: readonly ContractCase[] = [
  {
    title: "MsgSend: -EDEADLK on the main VM, at once, for all eight names and delay",
    puppets: 1,
    async run(t, { main }, server) {
      const chid = await server.result("ChannelCreate", 0);
      const coid = main.ConnectAttach(0, server.pid, chid, 0, 0);
      t.equal(coid, 0, "connected");
      for (const [name, call] of BLOCKING) {
        t.equal(call(main, coid), -EDEADLK, name);
        main.TimerTimeout(_NTO_TIMEOUT_SEND | _NTO_TIMEOUT_REPLY, 0);
        t.equal(call(main, coid), -EDEADLK, "with a time limit too");
        main.TimerTimeout(0, 0);
      }
      const { result } = await server.act(
        "receiveWithin",
        _NTO_TIMEOUT_RECEIVE,
        0,
        chid,
        filled(32),
      );
      t.equal(result, -ETIMEDOUT, "nothing was sent");
    },
  },
  {
    title: "MsgSendPulse: the main VM sends pulses like any task",
    puppets: 1,
    async run(t, { main }, server) {
      const chid = await server.result("ChannelCreate", 0);
      const coid = main.ConnectAttach(0, server.pid, chid, 0, 0);
      const received = server.call("MsgReceive", chid, filled(32), 32, null);
      await server.until("RECEIVE");
      t.equal(main.MsgSendPulse(coid, 33, 4, 5), 0, "sent");
      const { result, args } = await received;
      const pulse = createPulse();
      main.readPulse(args[1] as Uint8Array, pulse);
      t.deepEqual([result, pulse.code, pulse.value, pulse.priority], [0, 4, 5, 33], "received");
    },
  },
];

export const mainCases: readonly ContractCase[] = [...receiveCases, ...blockingCases];
