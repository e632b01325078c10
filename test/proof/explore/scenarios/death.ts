/**
 * Deaths: of the server, of the client, of both, reported once, twice or by halves, at any point.
 */
import { pollSend, sendAsync } from "../../../../src/ha/async.js";
import { MsgSend } from "../../../../src/ha/cover.js";
import { ChannelCreate } from "../../../../src/kernel/channel/channel.js";
import { ConnectAttach } from "../../../../src/kernel/connection/connect-attach.js";
import { reportDeath } from "../../../../src/kernel/death/death.js";
import { EBADF, ESRCH } from "../../../../src/kernel/errno.js";
import { MsgReceive } from "../../../../src/kernel/message/receive.js";
import { MsgReply } from "../../../../src/kernel/message/reply.js";
import { MsgRead, MsgWrite } from "../../../../src/kernel/message/reply.js";
import type { Scenario } from "../scenario.js";
import {
  answerTo,
  as,
  attach,
  BYTES,
  claim,
  connect,
  expect,
  expectAnswer,
  expectOneOf,
  isPlaceFree,
  isTorn,
  message,
  numberIn,
  open,
  serve,
  start,
  strike,
  tryClaim,
} from "./stage.js";

/** What a client gets whose server may die. */
const SERVED_OR_LOST: readonly number[] = [0, -ESRCH, -EBADF];

const deathSend: Scenario = {
  name: "death-send",
  shortPreemptions: 1,
  title: "a server dies at any point while a client sends twice",
  strike,
  cast() {
    const main = open();
    const [server, client] = [start(1), start(2)];
    const { chid, coid } = connect(server, client);
    const statuses: number[] = [];
    const replies = [new Uint8Array(BYTES), new Uint8Array(BYTES)];
    const serves = (): void => {
      serve(chid, 3);
    };
    const sends = (): void => {
      for (let i = 0; i < 2; i++) {
        statuses.push(MsgSend(coid, message(i), BYTES, replies[i]!, BYTES));
      }
    };
    const reports = (): void => reportDeath(server.pid);
    return {
      actors: [
        { name: "server", vm: server, act: serves, isMortal: true, isDaemon: true },
        { name: "client", vm: client, act: sends },
        { name: "main", vm: main, act: reports, onDeathOf: "server" },
      ],
      check({ killed }) {
        statuses.forEach((status, i) => {
          expectOneOf(status, killed.size === 0 ? [0] : SERVED_OR_LOST, `send ${i}`);
          expectAnswer(status, replies[i]!, i);
        });
        if (statuses[0] !== 0) expect(statuses[1] === -EBADF, `after a loss: ${statuses[1]}`);
      },
    };
  },
};

const deathReply: Scenario = {
  name: "death-reply",
  shortPreemptions: 1,
  title: "a client dies at any point while it is answered; its successor sends at once",
  strike,
  cast() {
    const main = open();
    const [server, client] = [start(1), start(2)];
    const { chid, coid } = connect(server, client);
    const reply = new Uint8Array(BYTES);
    let successor = 0;
    let status = NaN;
    let came: number[] = [];
    const serves = (): void => {
      came = serve(chid, 3);
    };
    const sends = (): void => {
      MsgSend(coid, message(1), BYTES, new Uint8Array(BYTES), BYTES);
    };
    const succeeds = (): void => {
      reportDeath(client.pid);
      // Its place is free at once, or when the server's claim has ended.
      successor = tryClaim(2);
    };
    const sendsAgain = (): void => {
      if (successor < 0) return;
      const again = ConnectAttach(0, server.pid, chid, 0, 0);
      status = MsgSend(again, message(2), BYTES, reply, BYTES);
    };
    return {
      actors: [
        { name: "server", vm: server, act: serves, isDaemon: true },
        { name: "client", vm: client, act: sends, isMortal: true },
        { name: "main", vm: main, act: succeeds, onDeathOf: "client" },
        {
          name: "successor",
          vm: () => attach(successor < 0 ? client.pid : successor),
          act: sendsAgain,
          after: ["main"],
          onDeathOf: "client",
        },
      ],
      check({ killed }) {
        expect(!came.some(isTorn), `received: ${came.join()}`);
        if (killed.size === 0) return;
        if (successor < 0) return expect(isPlaceFree(2), "the end of the claim frees the place");
        expect(status === 0, `the successor's send: ${status}`);
        expectAnswer(status, reply, 2);
      },
    };
  },
};

const deathRead: Scenario = {
  name: "death-read",
  shortPreemptions: 1,
  title: "a client dies while its message is read and written; another lives in its place",
  strike,
  cast() {
    const main = open();
    const [server, client] = [start(1), start(2)];
    const { chid, coid } = connect(server, client);
    const reply = new Uint8Array(BYTES);
    const wrong: string[] = [];
    let successor = 0;
    let status = NaN;
    const serves = (): void => {
      for (let i = 0; i < 2; i++) {
        const head = new Uint8Array(BYTES);
        const rcvid = MsgReceive(chid, head, BYTES, null);
        const number = numberIn(head);
        const body = new Uint8Array(BYTES);
        const read = MsgRead(rcvid, body, BYTES, 0);
        if (read >= 0 && numberIn(body) !== number) wrong.push(`read ${numberIn(body)}`);
        MsgWrite(rcvid, message(answerTo(number)), BYTES, 0);
        MsgReply(rcvid, 0, null, 0);
      }
    };
    const sends = (): void => {
      MsgSend(coid, message(1), BYTES, new Uint8Array(BYTES), BYTES);
    };
    const succeeds = (): void => {
      reportDeath(client.pid);
      successor = tryClaim(2);
    };
    const sendsAgain = (): void => {
      if (successor < 0) return;
      const again = ConnectAttach(0, server.pid, chid, 0, 0);
      status = MsgSend(again, message(2), BYTES, reply, BYTES);
    };
    return {
      actors: [
        { name: "server", vm: server, act: serves, isDaemon: true },
        { name: "client", vm: client, act: sends, isMortal: true },
        { name: "main", vm: main, act: succeeds, onDeathOf: "client" },
        {
          name: "successor",
          vm: () => attach(successor < 0 ? client.pid : successor),
          act: sendsAgain,
          after: ["main"],
          onDeathOf: "client",
        },
      ],
      check({ killed }) {
        expect(wrong.length === 0, wrong.join());
        if (killed.size === 0) return;
        if (successor < 0) return expect(isPlaceFree(2), "the end of the claim frees the place");
        expect(status === 0, `the successor's send: ${status}`);
        expectAnswer(status, reply, 2);
      },
    };
  },
};

const deathOfBoth: Scenario = {
  name: "death-of-both",
  fewerPreemptions: 1,
  title: "client and server die, in any order and at any point, reported by two VMs",
  kills: 2,
  strike,
  cast() {
    const main = open();
    const [server, client, witness] = [start(1), start(2), start(3)];
    const { chid, coid } = connect(server, client);
    const serves = (): void => {
      serve(chid, 2);
    };
    const sends = (): void => {
      const status = MsgSend(coid, message(1), BYTES, new Uint8Array(BYTES), BYTES);
      expectOneOf(status, SERVED_OR_LOST, "the send");
    };
    return {
      actors: [
        { name: "server", vm: server, act: serves, isMortal: true, isDaemon: true },
        { name: "client", vm: client, act: sends, isMortal: true },
        { name: "main", vm: main, act: () => reportDeath(server.pid), onDeathOf: "server" },
        { name: "witness", vm: witness, act: () => reportDeath(client.pid), onDeathOf: "client" },
      ],
      check: () => undefined,
    };
  },
};

const doubleReport: Scenario = {
  name: "double-report",
  fewerPreemptions: 1,
  title: "two VMs report one death, one of them slow enough to meet the successor",
  strike,
  cast() {
    const main = open();
    const [server, client, witness] = [start(1), start(2), start(3)];
    const { chid, coid } = connect(server, client);
    const [late, reply] = [new Uint8Array(BYTES), new Uint8Array(BYTES)];
    let status = NaN;
    let next = NaN;
    let successor = 0;
    let newChid = 0;
    const succeeds = (): void => {
      reportDeath(server.pid);
      successor = claim(1);
    };
    const sends = (): void => {
      status = MsgSend(coid, message(1), BYTES, late, BYTES);
    };
    const sendsOn = (): void => {
      const other = ConnectAttach(0, successor, newChid, 0, 0);
      next = MsgSend(other, message(2), BYTES, reply, BYTES);
    };
    const creates = (): void => {
      newChid = ChannelCreate(0);
    };
    return {
      actors: [
        { name: "server", vm: server, act: () => serve(chid, 2), isMortal: true, isDaemon: true },
        { name: "client", vm: client, act: sends },
        { name: "main", vm: main, act: succeeds, onDeathOf: "server" },
        { name: "witness", vm: witness, act: () => reportDeath(server.pid), onDeathOf: "server" },
        {
          name: "creator",
          vm: () => attach(successor),
          act: creates,
          after: ["main"],
          onDeathOf: "server",
        },
        {
          name: "next",
          vm: client,
          act: sendsOn,
          after: ["client", "creator"],
          onDeathOf: "server",
        },
        {
          name: "successor",
          vm: () => attach(successor),
          act: () => serve(newChid, 2),
          after: ["creator"],
          onDeathOf: "server",
          isDaemon: true,
        },
      ],
      check({ killed }) {
        expectOneOf(status, killed.size === 0 ? [0] : SERVED_OR_LOST, "the send");
        expectAnswer(status, late, 1);
        if (killed.size === 0) return;
        expect(next === 0, `the send to the successor: ${next}`);
        expectAnswer(next, reply, 2);
      },
    };
  },
};

const halfReport: Scenario = {
  name: "half-report",
  fewerPreemptions: 2,
  title: "the reporter of a death dies itself, half way; another reports it again",
  kills: 2,
  strike,
  cast() {
    const main = open();
    const [server, client, witness] = [start(1), start(2), start(3)];
    const { chid, coid } = connect(server, client);
    let status = NaN;
    const sends = (): void => {
      status = MsgSend(coid, message(1), BYTES, new Uint8Array(BYTES), BYTES);
    };
    const reportsBoth = (): void => {
      reportDeath(witness.pid);
      reportDeath(server.pid);
    };
    const reports = (): void => reportDeath(server.pid);
    return {
      actors: [
        { name: "server", vm: server, act: () => serve(chid, 2), isMortal: true, isDaemon: true },
        { name: "client", vm: client, act: sends },
        { name: "witness", vm: witness, act: reports, onDeathOf: "server", isMortal: true },
        { name: "main", vm: main, act: reportsBoth, onDeathOf: "server", after: ["witness"] },
      ],
      check({ killed }) {
        expectOneOf(status, killed.has("server") ? SERVED_OR_LOST : [0], "the send");
      },
    };
  },
};

const asyncDeath: Scenario = {
  name: "async-death",
  shortPreemptions: 1,
  title: "the server of the main VM's send dies, and the main VM itself reports it",
  strike,
  cast() {
    const main = open();
    const [server] = [start(1)];
    const { chid, coid } = connect(server, main);
    const reply = new Uint8Array(BYTES);
    let status = NaN;
    const posts = (): void => {
      const error = sendAsync(coid, message(1), BYTES, reply, BYTES, (result) => {
        status = result;
      });
      if (error !== 0) status = error;
      for (let i = 0; i < 3; i++) pollSend();
    };
    const reports = (): void => {
      reportDeath(server.pid);
      pollSend();
    };
    return {
      actors: [
        { name: "server", vm: server, act: () => serve(chid, 1), isMortal: true },
        { name: "main", vm: main, act: posts },
        { name: "reporter", vm: main, act: reports, onDeathOf: "server", after: ["main"] },
      ],
      check({ killed }) {
        as(main, pollSend);
        expectOneOf(status, killed.size === 0 ? [0] : SERVED_OR_LOST, "the send");
        expectAnswer(status, reply, 1);
      },
    };
  },
};

export const scenarios: readonly Scenario[] = [
  deathSend,
  deathReply,
  deathRead,
  deathOfBoth,
  doubleReport,
  halfReport,
  asyncDeath,
];
