/**
 * Events: delivered to a client that has gone on, or whose connection is somebody else's by now.
 */
import { MsgSend } from "../../../../src/ha/cover.js";
import { ChannelDestroy } from "../../../../src/kernel/channel/channel.js";
import {
  ConnectAttach,
  ConnectDetach,
  reconnect,
} from "../../../../src/kernel/connection/connect-attach.js";
import { EBADF, ESRCH, ETIMEDOUT } from "../../../../src/kernel/errno.js";
import {
  createEvent,
  MsgDeliverEvent,
  SIGEV_PULSE_INIT,
  SIGEV_UNBLOCK_INIT,
} from "../../../../src/kernel/message/event.js";
import { MsgReceive } from "../../../../src/kernel/message/receive.js";
import { MsgReply } from "../../../../src/kernel/message/reply.js";
import { readPulse } from "../../../../src/kernel/pulse/pulse.js";
import { createPulse } from "../../../../src/arena/records.js";
import { _NTO_TIMEOUT_REPLY, TimerTimeout } from "../../../../src/kernel/time/timeout.js";
import type { Cast, Scenario } from "../scenario.js";
import {
  answerTo,
  as,
  BYTES,
  connect,
  expect,
  expectAnswer,
  expectOneOf,
  message,
  numberIn,
  open,
  PULSE_ROOM,
  start,
  strike,
} from "./stage.js";

const unblock: Scenario = {
  name: "event-unblock",
  fewerPreemptions: 1,
  kills: 0,
  title: "an event unblocks a client whose limit runs out and who sends the next message",
  jumps_ms: [5],
  needsTime: true,
  strike,
  cast() {
    open();
    const [server, client] = [start(1), start(2)];
    const { chid, coid } = connect(server, client);
    const statuses: number[] = [];
    const reply = new Uint8Array(BYTES);
    const event = createEvent();
    SIGEV_UNBLOCK_INIT(event);
    const serves = (): void => {
      const bytes = new Uint8Array(BYTES);
      for (;;) {
        // The first may be over before it is received: then the server never sees it.
        const rcvid = MsgReceive(chid, bytes, BYTES, null);
        if (numberIn(bytes) === 1) MsgDeliverEvent(rcvid, event);
        else MsgReply(rcvid, 0, message(answerTo(numberIn(bytes))), BYTES);
      }
    };
    const sends = (): void => {
      TimerTimeout(_NTO_TIMEOUT_REPLY, 5);
      statuses.push(MsgSend(coid, message(1), BYTES, null, 0));
      statuses.push(MsgSend(coid, message(2), BYTES, reply, BYTES));
    };
    return {
      actors: [
        { name: "server", vm: server, act: serves, isDaemon: true },
        { name: "client", vm: client, act: sends },
      ],
      check() {
        expect(statuses[0] === -ETIMEDOUT, `the one that is unblocked: ${statuses[0]}`);
        expect(statuses[1] === 0, `the next one: ${statuses[1]}`);
        expectAnswer(statuses[1]!, reply, 2);
      },
    };
  },
};

const reuse: Scenario = {
  name: "event-reuse",
  shortPreemptions: 2,
  kills: 0,
  title: "an event is delivered while its client detaches and another gets the entry",
  strike,
  cast: () => delivering(false),
};

const returning: Scenario = {
  ...reuse,
  name: "event-return",
  title: "an event is delivered while its client detaches, another comes and goes, and it returns",
  cast: () => delivering(true),
};

function delivering(isReturning: boolean): Cast {
  const main = open({ connections: 2 });
  const [server, client, other] = [start(1), start(2), start(3)];
  // The event leads to the main VM; the connection that gets its entry leads to the server.
  const { chid, coid } = connect(server, client);
  const { chid: mainChid, coid: eventCoid } = connect(main, client);
  const event = createEvent();
  SIGEV_PULSE_INIT(event, eventCoid, 10, 1, 101);
  let status = NaN;
  let foreign = 0;
  const serves = (): void => {
    const rcvid = MsgReceive(chid, new Uint8Array(BYTES), BYTES, null);
    MsgReply(rcvid, 0, null, 0);
    status = MsgDeliverEvent(rcvid, event);
  };
  const sends = (): void => {
    MsgSend(coid, message(1), BYTES, null, 0);
    ConnectDetach(eventCoid);
    if (isReturning) ConnectAttach(0, main.pid, mainChid, eventCoid, 0);
  };
  const attaches = (): void => {
    // Under the same number.
    const theirs = ConnectAttach(0, server.pid, chid, eventCoid, 0);
    if (isReturning) ConnectDetach(theirs);
  };
  const looksFor = (): void => {
    const bytes = new Uint8Array(PULSE_ROOM);
    const pulse = createPulse();
    if (MsgReceive(chid, bytes, PULSE_ROOM, null) !== 0) return;
    readPulse(bytes, pulse);
    foreign = pulse.value;
  };
  return {
    actors: [
      { name: "server", vm: server, act: serves },
      { name: "client", vm: client, act: sends },
      { name: "other", vm: other, act: attaches },
      { name: "looker", vm: server, act: looksFor, after: ["server", "client"], isDaemon: true },
    ],
    check() {
      as(main, () => ChannelDestroy(mainChid));
      expectOneOf(status, [0, -ESRCH, -EBADF], "MsgDeliverEvent");
      expect(foreign === 0, `a pulse for the main VM came to the server: ${foreign}`);
    },
  };
}

const recovery: Scenario = {
  name: "event-recovery",
  shortPreemptions: 1,
  kills: 0,
  title: "an event is delivered while its client connects the coid again",
  strike,
  cast() {
    const main = open();
    const [server, client] = [start(1), start(2)];
    const { chid, coid } = connect(server, client);
    const { chid: mainChid, coid: eventCoid } = connect(main, client);
    const event = createEvent();
    SIGEV_PULSE_INIT(event, eventCoid, 10, 1, 101);
    let status = NaN;
    const serves = (): void => {
      const rcvid = MsgReceive(chid, new Uint8Array(BYTES), BYTES, null);
      MsgReply(rcvid, 0, null, 0);
      status = MsgDeliverEvent(rcvid, event);
    };
    const sends = (): void => {
      MsgSend(coid, message(1), BYTES, null, 0);
      reconnect(eventCoid, 0, main.pid, mainChid, 0);
    };
    return {
      actors: [
        { name: "server", vm: server, act: serves },
        { name: "client", vm: client, act: sends },
      ],
      check() {
        as(main, () => ChannelDestroy(mainChid));
        expect(status === 0, `MsgDeliverEvent: ${status}`);
      },
    };
  },
};

export const scenarios: readonly Scenario[] = [unblock, reuse, returning, recovery];
