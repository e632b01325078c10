/**
 * restartRecovery: the ready-made recovery function.
 */
import {
  _NTO_TIMEOUT_REPLY,
  _NTO_TIMEOUT_SEND,
  EBADF,
  EPERM,
  ETIMEDOUT,
  HAREPLACERECOVERYFN,
} from "reattach";
import type { ContractCase } from "./board.js";
import { calls, comeBack, NAME, OTHER } from "./ha-steps.js";
import { bytes, receive, send, serve } from "./steps.js";

const SEND_STATES = _NTO_TIMEOUT_SEND | _NTO_TIMEOUT_REPLY;
const LONG_MS = 60_000;

const restartCases: readonly ContractCase[] = [
  {
    title: "restartRecovery: waits for the successor, and sends again",
    puppets: 2,
    async run(t, board, server, client) {
      await server.result("name_attach", null, NAME, 0);
      const coid = await client.result("name_open", NAME, 0);
      await client.act("attachRestart", coid, [NAME], LONG_MS, false);
      const sent = send(client, coid, "m");
      await client.until("SEND");
      const back = await comeBack(board, server);
      t.equal(await serve(back.server, back.chid, 3), "m", "it was waited for");
      t.equal(await sent, 3, "answered");
    },
  },
  {
    title: "restartRecovery: fails over in the order of the list, and comes back to the first",
    puppets: 3,
    async run(t, board, first, second, client) {
      await first.result("name_attach", null, NAME, 0);
      const spare = await second.result("name_attach", null, OTHER, 0);
      const coid = await client.result("name_open", NAME, 0);
      await client.act("attachRestart", coid, [NAME, OTHER], LONG_MS, false);
      await board.kill(first);
      let sent = send(client, coid, "over");
      t.equal(await serve(second, spare, 1), "over", "the other service");
      t.equal(await sent, 1, "answers");
      const again = await board.restart(first);
      const chid = await again.result("name_attach", null, NAME, 0);
      await board.kill(second);
      sent = send(client, coid, "back");
      t.equal(await serve(again, chid, 2), "back", "the preferred one");
      t.equal(await sent, 2, "answers");
    },
  },
  {
    title: "restartRecovery: rebuild restores the session; when it cannot, all begins again",
    puppets: 2,
    async run(t, board, server, client) {
      await server.result("name_attach", null, NAME, 0);
      const coid = await client.result("name_open", NAME, 0);
      await client.act("attachRestart", coid, [NAME], LONG_MS, true);
      const back = await comeBack(board, server);
      const sent = send(client, coid, "m");
      const { rcvid, text } = await receive(back.server, back.chid);
      t.equal(text, NAME, "the name of what was found");
      await back.server.result("MsgError", rcvid, EPERM);
      t.equal(await serve(back.server, back.chid), NAME, "once more");
      t.equal(await serve(back.server, back.chid, 7), "m", "then the message");
      t.equal(await sent, 7, "answered");
      t.equal(await calls(client), 2, "two tries");
    },
  },
  {
    title: "restartRecovery: gives up after its time: the original error",
    puppets: 2,
    async run(t, board, server, client) {
      await server.result("name_attach", null, NAME, 0);
      const coid = await client.result("name_open", NAME, 0);
      await client.act("attachRestart", coid, [NAME, OTHER], 30, false);
      await board.kill(server);
      t.equal(await send(client, coid), -EBADF, "nobody came");
      t.equal(await client.result("delay", 1), 0, "no limit is left behind");
      await client.act("attachRestart", coid, [NAME], LONG_MS, false);
      const within = await client.act("sendWithin", SEND_STATES, 30, coid, null, 0, null, 0);
      t.equal(within.result, -ETIMEDOUT, "the call has less time");
    },
  },
  {
    title: "restartRecovery: its time holds for rebuild too",
    puppets: 2,
    async run(t, board, server, client) {
      await server.result("name_attach", null, NAME, 0);
      const coid = await client.result("name_open", NAME, 0);
      await client.act("attachRestart", coid, [NAME], 30, true);
      await comeBack(board, server);
      t.equal(await send(client, coid), -EBADF, "the successor does not answer the rebuild");
    },
  },
  {
    title: "sendAsync: restartRecovery on the main VM does not block",
    puppets: 1,
    async run(t, board, server) {
      const { main } = board;
      const chid = await server.result("name_attach", null, NAME, 0);
      const coid = main.name_open(NAME, 0);
      main.ha_attach(coid, main.restartRecovery(NAME), null, 0);
      const sendMain = (text: string): Promise<number> =>
        new Promise((resolve) => {
          main.sendAsync(coid, bytes(text), text.length, null, 0, resolve);
        });
      let sent = sendMain("held");
      const held = await receive(server, chid);
      t.deepEqual([held.text, held.info.attempt], ["held", 1], "held by the first server");
      let back = await comeBack(board, server);
      const again = await receive(back.server, back.chid);
      t.deepEqual([again.text, again.info.attempt], ["held", 2], "the second attempt");
      t.equal(again.info.number, held.info.number, "of the same message");
      await back.server.result("MsgReply", again.rcvid, 5, null, 0);
      t.equal(await sent, 5, "answered");
      back = await comeBack(board, back.server);
      sent = sendMain("next");
      const next = await receive(back.server, back.chid);
      t.deepEqual([next.text, next.info.attempt], ["next", 1], "nobody has seen this one before");
      t.notEqual(next.info.number, held.info.number, "another message");
      await back.server.result("MsgReply", next.rcvid, 6, null, 0);
      t.equal(await sent, 6, "answered");
      main.ha_attach(coid, main.restartRecovery(NAME, { limit_ms: 30 }), null, HAREPLACERECOVERYFN);
      await board.kill(back.server);
      t.equal(await sendMain("late"), -EBADF, "nobody came in time");
      main.ha_close(coid);
      t.equal(main.ha_detach(coid), -EBADF, "closed");
      await board.restart(back.server);
    },
  },
];

export const haRestartCases: readonly ContractCase[] = restartCases;
