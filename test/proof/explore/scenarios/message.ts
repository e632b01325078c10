/**
 * Messages between tasks that live: who gets which answer.
 */
import { MsgSend } from "../../../../src/ha/cover.js";
import { ConnectDetach } from "../../../../src/kernel/connection/connect-attach.js";
import { EBADF, ESRCH } from "../../../../src/kernel/errno.js";
import { MsgReceive } from "../../../../src/kernel/message/receive.js";
import { MsgReply } from "../../../../src/kernel/message/reply.js";
import { pollSend, sendAsync } from "../../../../src/ha/async.js";
import type { Scenario } from "../scenario.js";
import {
  answerTo,
  as,
  BYTES,
  connect,
  connectTo,
  expect,
  expectAnswer,
  expectOneOf,
  isTorn,
  message,
  numberIn,
  open,
  serve,
  start,
  strike,
} from "./stage.js";

const sendReply: Scenario = {
  name: "send-reply",
  shortPreemptions: 2,
  kills: 0,
  title: "a client sends twice, and a server answers",
  strike,
  cast() {
    open();
    const [server, client] = [start(1), start(2)];
    const { chid, coid } = connect(server, client);
    const statuses: number[] = [];
    const replies = [new Uint8Array(BYTES), new Uint8Array(BYTES)];
    let came: number[] = [];
    const serves = (): void => {
      came = serve(chid, 2);
    };
    const sends = (): void => {
      for (let i = 0; i < 2; i++) {
        statuses.push(MsgSend(coid, message(i), BYTES, replies[i]!, BYTES));
      }
    };
    return {
      actors: [
        { name: "server", vm: server, act: serves },
        { name: "client", vm: client, act: sends },
      ],
      check() {
        expect(statuses.join() === "0,0", `statuses: ${statuses.join()}`);
        expect(came.join() === "0,1", `received: ${came.join()}`);
        replies.forEach((reply, i) => expectAnswer(0, reply, i));
      },
    };
  },
};

const twoSenders: Scenario = {
  name: "two-senders",
  kills: 0,
  title: "two clients send to one server",
  strike,
  cast() {
    open();
    const [server, one, two] = [start(1), start(2), start(3)];
    const { chid, coid } = connect(server, one);
    const other = connectTo(chid, server, two);
    const statuses: number[] = [NaN, NaN];
    const replies = [new Uint8Array(BYTES), new Uint8Array(BYTES)];
    let came: number[] = [];
    const serves = (): void => {
      came = serve(chid, 2);
    };
    const sends = (): void => {
      statuses[0] = MsgSend(coid, message(1), BYTES, replies[0]!, BYTES);
    };
    const sendsToo = (): void => {
      statuses[1] = MsgSend(other, message(2), BYTES, replies[1]!, BYTES);
    };
    return {
      actors: [
        { name: "server", vm: server, act: serves },
        { name: "one", vm: one, act: sends },
        { name: "two", vm: two, act: sendsToo },
      ],
      check() {
        expect(statuses.join() === "0,0", `statuses: ${statuses.join()}`);
        expect(came.slice().sort().join() === "1,2", `received: ${came.join()}`);
        replies.forEach((reply, i) => expectAnswer(0, reply, i + 1));
      },
    };
  },
};

const lateReply: Scenario = {
  name: "late-reply",
  title: "a server answers each message again while it holds the next: that reaches nobody",
  kills: 0,
  shortPreemptions: 1,
  strike,
  cast() {
    open();
    const [server, client] = [start(1), start(2)];
    const { chid, coid } = connect(server, client);
    const statuses: number[] = [];
    const late: number[] = [];
    const replies = [1, 2, 3].map(() => new Uint8Array(BYTES));
    const servesTwice = (): void => {
      const bytes = new Uint8Array(BYTES);
      let before = 0;
      for (let i = 0; i < replies.length; i++) {
        const rcvid = MsgReceive(chid, bytes, BYTES, null);
        if (before !== 0) late.push(MsgReply(before, 0, message(-1), BYTES));
        MsgReply(rcvid, i + 1, message(answerTo(numberIn(bytes))), BYTES);
        before = rcvid;
      }
      late.push(MsgReply(before, 0, message(-1), BYTES));
    };
    const sends = (): void => {
      for (let i = 0; i < replies.length; i++) {
        statuses.push(MsgSend(coid, message(i), BYTES, replies[i]!, BYTES));
      }
    };
    return {
      actors: [
        { name: "server", vm: server, act: servesTwice },
        { name: "client", vm: client, act: sends },
      ],
      check() {
        expect(statuses.join() === "1,2,3", `statuses: ${statuses.join()}`);
        expect(
          late.every((status) => status === -ESRCH),
          `late replies: ${late.join()}`,
        );
        replies.forEach((reply, i) => expectAnswer(0, reply, i));
      },
    };
  },
};

const detach: Scenario = {
  name: "detach-send",
  shortPreemptions: 2,
  kills: 0,
  title: "the main VM takes a connection back while its message is received and answered",
  strike,
  cast() {
    const main = open();
    const [server] = [start(1)];
    const { chid, coid } = connect(server, main);
    const reply = new Uint8Array(BYTES);
    let status = NaN;
    let came: number[] = [];
    const serves = (): void => {
      came = serve(chid, 2);
    };
    const sends = (): void => {
      sendAsync(coid, message(1), BYTES, reply, BYTES, (result) => (status = result));
      pollSend();
      ConnectDetach(coid);
      pollSend();
    };
    return {
      actors: [
        { name: "server", vm: server, act: serves, isDaemon: true },
        { name: "main", vm: main, act: sends },
      ],
      check() {
        as(main, pollSend);
        expectOneOf(status, [0, -EBADF], "the send");
        expectAnswer(status, reply, 1);
        expect(!came.some(isTorn), `received: ${came.join()}`);
      },
    };
  },
};

const asyncReply: Scenario = {
  name: "async-reply",
  kills: 0,
  title: "the main VM sends without blocking, beside a client",
  strike,
  cast() {
    const main = open();
    const [server, client] = [start(1), start(2)];
    const { chid, coid } = connect(server, main);
    const other = connectTo(chid, server, client);
    const replies = [new Uint8Array(BYTES), new Uint8Array(BYTES)];
    const statuses = [NaN, NaN];
    const serves = (): void => {
      serve(chid, 2);
    };
    const posts = (): void => {
      const done = (result: number): void => {
        statuses[0] = result;
      };
      sendAsync(coid, message(1), BYTES, replies[0]!, BYTES, done);
      // Its host comes again when its doorbell rings; this thread looks a few times.
      for (let i = 0; i < 3; i++) pollSend();
    };
    const sends = (): void => {
      statuses[1] = MsgSend(other, message(2), BYTES, replies[1]!, BYTES);
    };
    return {
      actors: [
        { name: "server", vm: server, act: serves },
        { name: "main", vm: main, act: posts },
        { name: "client", vm: client, act: sends },
      ],
      check() {
        as(main, pollSend);
        expect(statuses.join() === "0,0", `statuses: ${statuses.join()}`);
        replies.forEach((reply, i) => expectAnswer(0, reply, i + 1));
      },
    };
  },
};

export const scenarios: readonly Scenario[] = [
  sendReply,
  twoSenders,
  lateReply,
  detach,
  asyncReply,
];
