/**
 * Scenarios: pulses, events and time limits.
 */
import {
  _NTO_TIMEOUT_RECEIVE,
  _NTO_TIMEOUT_REPLY,
  _NTO_TIMEOUT_SEND,
  ChannelCreate,
  ConnectAttach,
  createEvent,
  createIov,
  createMsgInfo,
  createPulse,
  delay,
  ETIMEDOUT,
  MsgDeliverEvent,
  MsgReceive,
  MsgReceivePulse,
  MsgReceivePulsev,
  MsgReply,
  MsgSend,
  MsgSendPulse,
  MsgVerifyEvent,
  packEvent,
  PULSE_BYTES,
  readPulse,
  SIGEV_PULSE_INIT,
  TimerTimeout,
  unpackEvent,
} from "reattach";
import { BYTES, expect, type Round, type Scenario } from "./scenario.js";
import { OK, openServer, receiver, serverChannel } from "./setup.js";

/** A value that no small number stands for. */
const VALUE = -123_456_789;
/** Shorter than a clock tick: both ways of timing out are met, at once and after a sleep. */
const LIMIT_MS = 0.05;

/** A task's connection to a channel of its own. */
function toSelf(): { chid: number; coid: number } {
  const chid = ChannelCreate(0);
  return { chid, coid: ConnectAttach(0, 0, chid, 0, 0) };
}

const selfScenarios: readonly Scenario[] = [
  {
    title: "MsgSendPulse, MsgReceivePulse, readPulse: to itself",
    client() {
      const { chid, coid } = toSelf();
      const bytes = new Uint8Array(PULSE_BYTES);
      const pulse = createPulse();
      const info = createMsgInfo();
      return () => {
        expect(MsgSendPulse(coid, -1, 5, VALUE), OK);
        expect(MsgReceivePulse(chid, bytes, PULSE_BYTES, info), OK);
        expect(readPulse(bytes, pulse), OK);
        expect(pulse.value, VALUE);
      };
    },
  },
  {
    title: "MsgReceivePulsev: into the first part",
    client() {
      const { chid, coid } = toSelf();
      const iov = [createIov(new Uint8Array(PULSE_BYTES))];
      return () => {
        expect(MsgSendPulse(coid, -1, 5, VALUE), OK);
        expect(MsgReceivePulsev(chid, iov, 1, null), OK);
      };
    },
  },
  {
    title: "TimerTimeout, MsgReceive: a poll, and a limit that passes",
    client() {
      const chid = ChannelCreate(0);
      const bytes = new Uint8Array(BYTES);
      return () => {
        TimerTimeout(_NTO_TIMEOUT_RECEIVE, 0);
        expect(MsgReceive(chid, bytes, BYTES, null), -ETIMEDOUT);
        TimerTimeout(_NTO_TIMEOUT_RECEIVE, LIMIT_MS);
        expect(MsgReceive(chid, bytes, BYTES, null), -ETIMEDOUT);
      };
    },
  },
  {
    title: "TimerTimeout, MsgSend: nobody receives",
    server() {
      serverChannel();
      return () => {};
    },
    client() {
      const coid = openServer();
      const bytes = new Uint8Array(BYTES);
      return () => {
        TimerTimeout(_NTO_TIMEOUT_SEND | _NTO_TIMEOUT_REPLY, LIMIT_MS);
        expect(MsgSend(coid, bytes, BYTES, bytes, BYTES), -ETIMEDOUT);
      };
    },
  },
  {
    title: "delay: not at all",
    client: () => () => expect(delay(0), OK),
  },
];

/** The client sends an event; the server delivers it, and then answers. */
function eventServer(): Round {
  const chid = serverChannel();
  const message = new Uint8Array(BYTES);
  const event = createEvent();
  return () => {
    const rcvid = MsgReceive(chid, message, BYTES, null);
    expect(unpackEvent(event, message, 0), OK);
    expect(MsgVerifyEvent(rcvid, event), OK);
    expect(MsgDeliverEvent(rcvid, event), OK);
    expect(MsgReply(rcvid, 0, null, 0), OK);
  };
}

export const pulseScenarios: readonly Scenario[] = [
  ...selfScenarios,
  {
    title: "MsgSendPulse: to another task, which answers a message after it",
    server() {
      const chid = serverChannel();
      const bytes = new Uint8Array(BYTES);
      return () => {
        expect(MsgReceive(chid, bytes, BYTES, null), OK);
        expect(MsgReply(MsgReceive(chid, bytes, BYTES, null), 0, null, 0), OK);
      };
    },
    client() {
      const coid = openServer();
      return () => {
        // More urgent than the message, so that it comes first.
        expect(MsgSendPulse(coid, 40, 7, VALUE), OK);
        expect(MsgSend(coid, null, 0, null, 0), OK);
      };
    },
  },
  {
    title: "packEvent, MsgVerifyEvent, MsgDeliverEvent: a pulse for the client",
    server: eventServer,
    client() {
      const server = openServer();
      const { chid, coid } = toSelf();
      const event = createEvent();
      const message = new Uint8Array(BYTES);
      const pulse = new Uint8Array(PULSE_BYTES);
      SIGEV_PULSE_INIT(event, coid, 10, 3, VALUE);
      return () => {
        expect(packEvent(event, message, 0), OK);
        expect(MsgSend(server, message, BYTES, null, 0), OK);
        expect(MsgReceivePulse(chid, pulse, PULSE_BYTES, null), OK);
      };
    },
  },
  {
    title: "TimerTimeout, MsgSend: the answer comes in time",
    server() {
      const receive = receiver(serverChannel());
      return () => expect(MsgReply(receive(), 0, null, 0), OK);
    },
    client() {
      const coid = openServer();
      const bytes = new Uint8Array(BYTES);
      return () => {
        TimerTimeout(_NTO_TIMEOUT_SEND | _NTO_TIMEOUT_REPLY, 60_000);
        expect(MsgSend(coid, bytes, BYTES, null, 0), OK);
      };
    },
  },
];
