/**
 * Recovery: what may happen inside a recovery function, and how long it may take.
 */
import { _NTO_TIMEOUT_REPLY, _NTO_TIMEOUT_SEND, EBADF, ESRCH, ETIMEDOUT } from "reattach";
import type { ContractCase } from "./board.js";
import type { Step } from "./acts/ha.js";
import { calls, comeBack, NAME, OTHER, REOPEN, script, stageService, steps } from "./ha-steps.js";
import { attach, bytes, connect, receive, send, serve } from "./steps.js";

const SEND_STATES = _NTO_TIMEOUT_SEND | _NTO_TIMEOUT_REPLY;
const sendStep = (coid: number | "$coid"): Step => ["MsgSend", coid, null, 0, null, 0];

const nestedCases: readonly ContractCase[] = [
  {
    title: "MsgSend: inside a recovery function another connection is recovered too",
    puppets: 3,
    async run(t, board, one, two, client) {
      await one.result("name_attach", null, NAME, 0);
      await two.result("name_attach", null, OTHER, 0);
      const first = await client.result("name_open", NAME, 0);
      const second = await client.result("name_open", OTHER, 0);
      await script(client, second, { steps: [["reopen", OTHER]], answer: "last" });
      await script(client, first, { steps: [sendStep(second), ["reopen", NAME]], answer: "last" });
      const backOne = await comeBack(board, one);
      const backTwo = await comeBack(board, two, OTHER);
      const sent = send(client, first, "outer");
      t.equal(await serve(backTwo.server, backTwo.chid, 6), "", "the inner message");
      t.equal(await serve(backOne.server, backOne.chid, 7), "outer", "the outer message");
      t.equal(await sent, 7, "answered");
      t.deepEqual(await steps(client), [second, 6, first], "the inner one was answered first");
    },
  },
  {
    title: "MsgSend: after two recoveries one inside the other the third is refused",
    puppets: 2,
    async run(t, board, server, client) {
      const { chid, coid } = await connect(server, client);
      const coids = [coid];
      for (let i = 0; i < 2; i++) coids.push(await attach(client, server, chid));
      const [first, second, third] = coids as [number, number, number];
      await script(client, third, { answer: "coid" });
      await script(client, second, { steps: [sendStep(third)], answer: -1 });
      await script(client, first, { steps: [sendStep(second)], answer: -1 });
      await board.kill(server);
      t.equal(await send(client, first), -EBADF, "the original error");
      t.equal(await calls(client), 2, "two functions were asked");
      t.deepEqual(await steps(client), [-EBADF, -EBADF], "what the sends inside have got");
    },
  },
  {
    title: "MsgSend: inside a recovery function that has reconnected the session can be rebuilt",
    puppets: 2,
    async run(t, board, server, client) {
      await server.result("name_attach", null, NAME, 0);
      const coid = await client.result("name_open", NAME, 0);
      const login: Step = ["MsgSend", "$coid", bytes("login"), 5, null, 0];
      await script(client, coid, { steps: [["reopen", NAME], login], answer: "coid" });
      const back = await comeBack(board, server);
      const sent = send(client, coid, "m");
      t.equal(await serve(back.server, back.chid, 1), "login", "first the session");
      t.equal(await serve(back.server, back.chid, 2), "m", "then the message");
      t.equal(await sent, 2, "answered");
    },
  },
  {
    title: "MsgSend: the new server dies while the session is rebuilt: recovery goes on",
    puppets: 2,
    async run(t, board, server, client) {
      await server.result("name_attach", null, NAME, 0);
      const coid = await client.result("name_open", NAME, 0);
      const login: Step = ["MsgSend", "$coid", bytes("login"), 5, null, 0];
      await script(client, coid, { steps: [["reopen", NAME], login], answer: "coid" });
      let back = await comeBack(board, server);
      const sent = send(client, coid, "m");
      t.equal((await receive(back.server, back.chid)).text, "login", "the first successor");
      back = await comeBack(board, back.server);
      t.equal(await serve(back.server, back.chid, 1), "login", "the second");
      t.equal(await serve(back.server, back.chid, 2), "m", "gets the message");
      t.equal(await sent, 2, "answered");
      t.deepEqual(await steps(client), [coid, -ESRCH, coid, 1], "its steps");
    },
  },
  {
    title: "ha_attach: a handler of pulses may change the recovery function",
    puppets: 2,
    async run(t, board, server, client) {
      const { coid } = await connect(server, client);
      await script(client, coid, { answer: "coid" });
      const { result: chid } = await client.act("dispatchCreate");
      const self = await attach(client, client, chid);
      await client.act("attachReplacing", 3, coid, -1);
      await client.result("MsgSendPulse", self, 10, 3, 0);
      await client.act("dispatchLoop", 1, []);
      await board.kill(server);
      t.equal(await send(client, coid), -EBADF, "the new one gives up");
      t.equal(await calls(client), 0, "the old one was not asked");
    },
  },
];

const timeCases: readonly ContractCase[] = [
  {
    title: "TimerTimeout: holds in the recovery function too: delay and ha_reopen come back",
    puppets: 2,
    async run(t, board, server, client) {
      const { coid } = await connect(server, client);
      await script(client, coid, {
        steps: [
          ["delay", 60_000],
          ["ha_reopen", "$coid", NAME, 0],
        ],
        answer: "last",
      });
      await board.kill(server);
      const sent = await client.act("sendWithin", SEND_STATES, 50, coid, null, 0, null, 0);
      t.equal(sent.result, -ETIMEDOUT, "-ETIMEDOUT, not the original error");
      const [left = 0, reopened] = await steps(client);
      t.ok(left > 50_000, "delay returns what is left");
      t.equal(reopened, -ETIMEDOUT, "ha_reopen: the time is over");
      t.equal(await client.result("TimerTimeout", 0, 0), 0, "the limit is used up");
      t.equal(await client.result("delay", 1), 0, "and gone");
    },
  },
  {
    title: "TimerTimeout: holds for the sends of the recovery function",
    puppets: 2,
    async run(t, board, server, client) {
      await server.result("name_attach", null, NAME, 0);
      const coid = await client.result("name_open", NAME, 0);
      await script(client, coid, { steps: [["reopen", NAME], sendStep("$coid")], answer: "last" });
      await comeBack(board, server);
      const sent = await client.act("sendWithin", SEND_STATES, 50, coid, null, 0, null, 0);
      t.equal(sent.result, -ETIMEDOUT, "the successor does not receive");
      t.deepEqual(await steps(client), [coid, -ETIMEDOUT], "the send inside came back");
    },
  },
  {
    title:
      "TimerTimeout: what the recovery function arms is not longer than what the call has left",
    puppets: 2,
    async run(t, board, server, client) {
      await server.result("name_attach", null, NAME, 0);
      const coid = await client.result("name_open", NAME, 0);
      const arm: Step = ["TimerTimeout", SEND_STATES, 60_000];
      await script(client, coid, {
        steps: [["reopen", NAME], arm, sendStep("$coid")],
        answer: "coid",
      });
      await comeBack(board, server);
      const sent = await client.act("sendWithin", SEND_STATES, 50, coid, null, 0, null, 0);
      t.equal(sent.result, -ETIMEDOUT, "the call's limit");
      t.equal((await steps(client))[2], -ETIMEDOUT, "held inside");
    },
  },
  {
    title: "TimerTimeout: a recovery in time leaves the rest of it to the message",
    puppets: 2,
    async run(t, board, server, client) {
      const { coid } = await stageService(server, client);
      const back = await comeBack(board, server);
      const sent = client.act("sendWithin", SEND_STATES, 60_000, coid, bytes("m"), 1, null, 0);
      t.equal(await serve(back.server, back.chid, 9), "m", "recovered");
      t.equal((await sent).result, 9, "answered");
      t.equal(await client.result("TimerTimeout", 0, 0), 0, "the limit is used up");
    },
  },
  {
    title: "TimerTimeout: a limit for the next receive survives a pulse that has to be recovered",
    puppets: 2,
    async run(t, board, server, client) {
      const { coid } = await stageService(server, client);
      const back = await comeBack(board, server);
      await client.result("TimerTimeout", SEND_STATES, 60_000);
      t.equal(await client.result("MsgSendPulse", coid, 10, 3, 4), 0, "the pulse");
      t.equal((await receive(back.server, back.chid)).pulse.value, 4, "arrives");
      t.equal(await client.result("TimerTimeout", 0, 0), SEND_STATES, "it is still armed");
    },
  },
];

const deathCases: readonly ContractCase[] = [
  {
    title: "death: of the client in its recovery function: nothing of it is left",
    puppets: 3,
    async run(t, board, server, client, other) {
      const { coid } = await stageService(server, client);
      await script(client, coid, { steps: [["reopen", NAME], ["hang"]], answer: "coid" }, 1);
      const back = await comeBack(board, server);
      void send(client, coid, "m");
      await client.until("RECOVERING");
      await board.kill(client);
      const next = await board.restart(client);
      const plain = await next.result("name_open", NAME, 0);
      t.equal(await next.result("ha_detach", plain), -EBADF, "its successor has plain connections");
      const theirs = await other.result("name_open", NAME, 0);
      for (const [who, which] of [[next, plain] as const, [other, theirs] as const]) {
        const sent = send(who, which, "fine");
        const { rcvid, text, info } = await receive(back.server, back.chid);
        t.deepEqual([text, info.attempt], ["fine", 1], "the server works on");
        await back.server.result("MsgReply", rcvid, 1, null, 0);
        t.equal(await sent, 1, "and answers");
      }
    },
  },
  {
    title: "MsgSend: a recovery function that throws: the original error, and another try later",
    puppets: 2,
    async run(t, board, server, client) {
      const { coid } = await stageService(server, client);
      await script(client, coid, { steps: [["throw", "out of order"]], answer: "coid" }, 1);
      const sent = send(client, coid);
      await client.until("SEND");
      const back = await comeBack(board, server);
      t.equal(await sent, -ESRCH, "the original error");
      t.equal(await send(client, coid), -EBADF, "and again");
      await script(client, coid, REOPEN, 1);
      const again = send(client, coid, "m");
      t.equal(await serve(back.server, back.chid, 3), "m", "another function");
      t.equal(await again, 3, "helps");
    },
  },
];

export const haReentryCases: readonly ContractCase[] = [
  ...nestedCases,
  ...timeCases,
  ...deathCases,
];
