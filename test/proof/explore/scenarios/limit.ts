/**
 * Time limits that run out at the worst moment.
 */
import { MsgSend } from "../../../../src/ha/cover.js";
import { _NTO_CHF_UNBLOCK, ChannelCreate } from "../../../../src/kernel/channel/channel.js";
import { ConnectAttach } from "../../../../src/kernel/connection/connect-attach.js";
import { reportDeath } from "../../../../src/kernel/death/death.js";
import { ETIMEDOUT } from "../../../../src/kernel/errno.js";
import { entryOf } from "../../../../src/kernel/connection/connection.js";
import { MsgReceive } from "../../../../src/kernel/message/receive.js";
import { MsgReply } from "../../../../src/kernel/message/reply.js";
import * as L from "../../../../src/arena/layout.js";
import { MsgError, MsgRead, MsgWrite } from "../../../../src/kernel/message/reply.js";
import { _PULSE_CODE_UNBLOCK, readPulse } from "../../../../src/kernel/pulse/pulse.js";
import { giveUp, publish } from "../../../../src/kernel/message/send.js";
import { createPulse } from "../../../../src/arena/records.js";
import {
  TimerTimeout,
  _NTO_TIMEOUT_RECEIVE,
  _NTO_TIMEOUT_REPLY,
  _NTO_TIMEOUT_SEND,
  SEND_STATES,
} from "../../../../src/kernel/time/timeout.js";
import type { Cast, Scenario } from "../scenario.js";
import {
  answerTo,
  as,
  attach,
  BYTES,
  connect,
  expect,
  expectAnswer,
  expectOneOf,
  isTorn,
  message,
  numberIn,
  open,
  PULSE_ROOM,
  serve,
  start,
  strike,
  tryClaim,
  warmUp,
} from "./stage.js";

const timeoutReply: Scenario = {
  name: "timeout-reply",
  kills: 0,
  title: "a limit runs out while the server answers, and the client sends again",
  jumps_ms: [5],
  needsTime: true,
  strike,
  cast() {
    open();
    const [server, client] = [start(1), start(2)];
    const { chid, coid } = connect(server, client);
    const statuses: number[] = [];
    const replies = [new Uint8Array(BYTES), new Uint8Array(BYTES)];
    let came: number[] = [];
    const serves = (): void => {
      came = serve(chid, 3);
    };
    const sends = (): void => {
      TimerTimeout(SEND_STATES, 5);
      for (let i = 0; i < 2; i++) {
        statuses.push(MsgSend(coid, message(i), BYTES, replies[i]!, BYTES));
      }
    };
    return {
      actors: [
        { name: "server", vm: server, act: serves, isDaemon: true },
        { name: "client", vm: client, act: sends },
      ],
      check() {
        const [first, second] = statuses as [number, number];
        expectOneOf(first, [0, -ETIMEDOUT], "the limited one");
        expectOneOf(second, [0], "the next one");
        replies.forEach((reply, i) => expectAnswer(statuses[i]!, reply, i));
        if (first !== 0)
          expect(
            replies[0]!.every((byte) => byte === 0),
            "a cut off reply is none",
          );
        expect(!came.some(isTorn), `received: ${came.join()}`);
      },
    };
  },
};

const timeoutSend: Scenario = {
  name: "timeout-send",
  title: "a limit on being received runs out, and the client sends again",
  kills: 0,
  jumps_ms: [5],
  needsTime: true,
  strike,
  cast: () => sendingInTime(false),
};

const timeoutSendFast: Scenario = {
  ...timeoutSend,
  name: "timeout-send-fast",
  title: "the same to a server that receives the fast way",
  cast: () => sendingInTime(true),
};

function sendingInTime(isWarm: boolean): Cast {
  open();
  const [server, client] = [start(1), start(2)];
  const { chid, coid } = connect(server, client);
  if (isWarm) as(server, () => warmUp(chid));
  const statuses: number[] = [];
  const replies = [new Uint8Array(BYTES), new Uint8Array(BYTES)];
  const sends = (): void => {
    TimerTimeout(_NTO_TIMEOUT_SEND, 5);
    for (let i = 0; i < 2; i++) {
      statuses.push(MsgSend(coid, message(i), BYTES, replies[i]!, BYTES));
    }
  };
  return {
    actors: [
      { name: "server", vm: server, act: () => serve(chid, 3), isDaemon: true },
      { name: "client", vm: client, act: sends },
    ],
    check() {
      expectOneOf(statuses[0]!, [0, -ETIMEDOUT], "the limited one");
      expect(statuses[1] === 0, `the next one: ${statuses[1]}`);
      replies.forEach((reply, i) => expectAnswer(statuses[i]!, reply, i));
    },
  };
}

const timeoutRead: Scenario = {
  name: "timeout-read",
  kills: 0,
  title: "a limit runs out while the server reads and writes, and the client sends another",
  jumps_ms: [5],
  needsTime: true,
  strike,
  cast() {
    open();
    const [server, client] = [start(1), start(2)];
    const { chid, coid } = connect(server, client);
    const statuses: number[] = [];
    const replies = [new Uint8Array(BYTES), new Uint8Array(BYTES)];
    const seen: string[] = [];
    const serves = (): void => {
      for (let i = 0; i < 2; i++) {
        const head = new Uint8Array(BYTES);
        const rcvid = MsgReceive(chid, head, BYTES, null);
        const number = numberIn(head);
        const body = new Uint8Array(BYTES);
        const read = MsgRead(rcvid, body, BYTES, 0);
        if (read >= 0 && numberIn(body) !== number) seen.push(`read ${numberIn(body)}`);
        const written = MsgWrite(rcvid, message(answerTo(number)), BYTES, 0);
        const replied = MsgReply(rcvid, 0, null, 0);
        if (replied === 0 && written !== BYTES) seen.push(`replied after a write of ${written}`);
      }
    };
    const sends = (): void => {
      TimerTimeout(_NTO_TIMEOUT_REPLY, 5);
      for (let i = 0; i < 2; i++) {
        statuses.push(MsgSend(coid, message(i), BYTES, replies[i]!, BYTES));
      }
    };
    return {
      actors: [
        { name: "server", vm: server, act: serves, isDaemon: true },
        { name: "client", vm: client, act: sends },
      ],
      check() {
        expectOneOf(statuses[0]!, [0, -ETIMEDOUT], "the limited one");
        expect(statuses[1] === 0, `the next one: ${statuses[1]}`);
        replies.forEach((reply, i) => expectAnswer(statuses[i]!, reply, i));
        expect(seen.length === 0, seen.join());
      },
    };
  },
};

const unblock: Scenario = {
  name: "unblock",
  kills: 0,
  title: "a limit runs out on an unblock channel: the server is asked once, and decides",
  jumps_ms: [5],
  needsTime: true,
  strike,
  cast() {
    open();
    const [server, client] = [start(1), start(2)];
    const { chid, coid } = connect(server, client, _NTO_CHF_UNBLOCK);
    const reply = new Uint8Array(BYTES);
    let status = NaN;
    let asked = 0;
    const serves = (): void => {
      const bytes = new Uint8Array(PULSE_ROOM);
      const pulse = createPulse();
      let held = 0;
      // It answers only when it is asked: the limit has to bring it that pulse.
      while (asked === 0) {
        const rcvid = MsgReceive(chid, bytes, PULSE_ROOM, null);
        if (rcvid > 0) held = rcvid;
        else if (readPulse(bytes, pulse) === 0 && pulse.code === _PULSE_CODE_UNBLOCK) {
          asked++;
          expect(pulse.value === held, "it is asked about the message that it holds");
          TimerTimeout(_NTO_TIMEOUT_RECEIVE, 0);
          const again = MsgReceive(chid, bytes, PULSE_ROOM, null);
          expectOneOf(again, [-ETIMEDOUT], "what comes after it was asked");
          MsgError(held, -1);
        }
      }
    };
    const sends = (): void => {
      TimerTimeout(_NTO_TIMEOUT_REPLY, 5);
      status = MsgSend(coid, message(1), BYTES, reply, BYTES);
    };
    return {
      actors: [
        { name: "server", vm: server, act: serves, isDaemon: true },
        { name: "client", vm: client, act: sends },
      ],
      check() {
        expectOneOf(status, [-ETIMEDOUT], "the client");
      },
    };
  },
};

const unblockSuccessor: Scenario = {
  name: "unblock-successor",
  fewerPreemptions: 2,
  title: "a server is told of a client that has died, whose successor wants another's help",
  kills: 0,
  jumps_ms: [5],
  needsTime: true,
  strike,
  cast() {
    const main = open();
    const [server, client, other] = [start(1), start(2), start(3)];
    const { chid, coid } = connect(server, client, _NTO_CHF_UNBLOCK);
    const otherChid = as(other, () => ChannelCreate(_NTO_CHF_UNBLOCK));
    const bytes = new Uint8Array(PULSE_ROOM);
    // Its message is held by the server, and its time is over.
    as(client, () => publish(entryOf(coid), 0, 0, null, L.SLOT_FLAG_TIMED));
    as(server, () => MsgReceive(chid, bytes, PULSE_ROOM, null));
    as(client, () => giveUp($own[L.SLOT_STATE]!, _NTO_TIMEOUT_REPLY, 0));
    let successor = 0;
    let status = NaN;
    const looks = (): void => {
      TimerTimeout(_NTO_TIMEOUT_RECEIVE, 0);
      MsgReceive(chid, bytes, PULSE_ROOM, null);
    };
    const succeeds = (): void => {
      reportDeath(client.pid);
      // Its place is free at once, or when the server's claim has ended.
      successor = tryClaim(2);
    };
    const sends = (): void => {
      if (successor < 0) return;
      const again = ConnectAttach(0, other.pid, otherChid, 0, 0);
      TimerTimeout(_NTO_TIMEOUT_REPLY, 5);
      status = MsgSend(again, null, 0, null, 0);
    };
    const helps = (): void => {
      const room = new Uint8Array(PULSE_ROOM);
      const held = MsgReceive(otherChid, room, PULSE_ROOM, null);
      if (MsgReceive(otherChid, room, PULSE_ROOM, null) === 0) MsgError(held, -1);
    };
    return {
      actors: [
        { name: "server", vm: server, act: looks },
        { name: "main", vm: main, act: succeeds },
        {
          name: "successor",
          vm: () => attach(successor < 0 ? client.pid : successor),
          act: sends,
          after: ["main"],
        },
        { name: "other", vm: other, act: helps, isDaemon: true },
      ],
      check() {
        if (successor > 0) expectOneOf(status, [-ETIMEDOUT], "the successor's send");
      },
    };
  },
};

const receiveTimeout: Scenario = {
  name: "receive-timeout",
  title: "a server's own limit runs out just as a message comes: it gets it now or next",
  kills: 0,
  jumps_ms: [5],
  needsTime: true,
  strike,
  cast() {
    open();
    const [server, client] = [start(1), start(2)];
    const { chid, coid } = connect(server, client);
    const reply = new Uint8Array(BYTES);
    let status = NaN;
    const came: number[] = [];
    const serves = (): void => {
      TimerTimeout(_NTO_TIMEOUT_RECEIVE, 5);
      came.push(...serve(chid, 1));
      if (came[0] === -ETIMEDOUT) came.push(...serve(chid, 1));
    };
    const sends = (): void => {
      status = MsgSend(coid, message(1), BYTES, reply, BYTES);
    };
    return {
      actors: [
        { name: "server", vm: server, act: serves },
        { name: "client", vm: client, act: sends },
      ],
      check() {
        expect(status === 0, `the send: ${status}`);
        expectAnswer(status, reply, 1);
        const found = came.join();
        expect(found === "1" || found === `${-ETIMEDOUT},1`, `received: ${found}`);
      },
    };
  },
};

export const scenarios: readonly Scenario[] = [
  timeoutReply,
  timeoutSend,
  timeoutSendFast,
  timeoutRead,
  unblock,
  unblockSuccessor,
  receiveTimeout,
];
