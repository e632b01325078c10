/**
 * What is said near a boundary: messages, pulses, events and time limits. Each makes several of its
 * calls, so that it crosses, and throws when one of them does other than it should.
 */
import { ha_attach } from "../../../src/ha/attach.js";
import { MsgSend, MsgSendPulse } from "../../../src/ha/cover.js";
import { ha_reopen } from "../../../src/ha/open.js";
import { createMsgInfo, createPulse } from "../../../src/arena/records.js";
import type { Vm } from "../../../src/arena/vm.js";
import { ChannelCreate, ChannelDestroy } from "../../../src/kernel/channel/channel.js";
import { ConnectAttach } from "../../../src/kernel/connection/connect-attach.js";
import { EAGAIN, ESRCH, ETIMEDOUT } from "../../../src/kernel/errno.js";
import {
  createEvent,
  MsgDeliverEvent,
  SIGEV_PULSE_INIT,
} from "../../../src/kernel/message/event.js";
import { MsgReceive } from "../../../src/kernel/message/receive.js";
import { MsgReply } from "../../../src/kernel/message/reply.js";
import { MsgInfo, MsgRead, MsgWrite } from "../../../src/kernel/message/reply.js";
import { MsgReceivePulse } from "../../../src/kernel/message/receive.js";
import { name_attach, name_open } from "../../../src/kernel/name/name.js";
import { PULSE_BYTES, readPulse } from "../../../src/kernel/pulse/pulse.js";
import { delay } from "../../../src/kernel/task/doorbell.js";
import {
  _NTO_TIMEOUT_RECEIVE,
  _NTO_TIMEOUT_REPLY,
  _NTO_TIMEOUT_SEND,
  TimerTimeout,
} from "../../../src/kernel/time/timeout.js";
import { as } from "../../unit/kernel/vms.js";
import { CLIENT, expect, expectEqual, PULSES, type Stage } from "./stage.js";

/** Rounds of each: from two before a boundary to well behind it. */
export const ROUNDS = 5;
export const ROOM = 32;

export const text = (number: number): Uint8Array => new Uint8Array(8).fill(number + 1);

/** Receives at once: an rcvid, 0 or an error. */
function take(stage: Stage, chid: number, into: Uint8Array, info = createMsgInfo()): number {
  return as(stage.server, () => {
    TimerTimeout(_NTO_TIMEOUT_RECEIVE, 0);
    return MsgReceive(chid, into, into.length, info);
  });
}

/** The value of the next pulse of a channel; an rcvid or an error when it is none. */
export function nextPulse(vm: Vm, chid: number): { value: number; code: number; scoid: number } {
  return as(vm, () => {
    const bytes = new Uint8Array(PULSE_BYTES);
    const pulse = createPulse();
    TimerTimeout(_NTO_TIMEOUT_RECEIVE, 0);
    expectEqual(MsgReceivePulse(chid, bytes, PULSE_BYTES, null), 0, "MsgReceivePulse");
    readPulse(bytes, pulse);
    return pulse;
  });
}

/** Messages: received, asked about, read, written and answered once; never a stale one. */
export function messages(stage: Stage): void {
  const info = createMsgInfo();
  const ids = new Set<number>();
  let last = 0;
  for (let i = 0; i < ROUNDS; i++) {
    const reply = new Uint8Array(8);
    const answers = (): void => {
      const bytes = new Uint8Array(ROOM);
      const rcvid = MsgReceive(stage.chid, bytes, ROOM, info);
      expect(rcvid > 0 && !ids.has(rcvid), `round ${i}: rcvid ${rcvid}`);
      ids.add(rcvid);
      expectEqual(bytes[0], i + 1, "the message");
      const again = createMsgInfo();
      expectEqual(MsgInfo(rcvid, again), 0, "MsgInfo");
      expectEqual(JSON.stringify(again), JSON.stringify(info), "the same later");
      expectEqual(MsgRead(rcvid, bytes, 4, 4), 4, "MsgRead");
      expectEqual(MsgWrite(rcvid, text(9), 2, 6), 2, "MsgWrite");
      if (last !== 0) expectEqual(MsgReply(last, 0, null, 0), -ESRCH, "a stale rcvid");
      expectEqual(MsgReply(rcvid, i, text(i), 4), 0, "MsgReply");
      last = rcvid;
    };
    const status = stage.meanwhile(() => MsgSend(stage.coid, text(i), 8, reply, 8), answers);
    expectEqual(status, i, "MsgSend");
    expectEqual(reply.join(), [i + 1, i + 1, i + 1, i + 1, 0, 0, 10, 10].join(), "the reply");
  }
  expectEqual(take(stage, stage.chid, new Uint8Array(ROOM)), -ETIMEDOUT, "nothing is left");
}

/** A message that is transmitted again has its number, and says that it is another attempt. */
export function recoveries(stage: Stage): void {
  as(stage.server, () => name_attach({ chid: stage.chid }, "wrap", 0));
  const coid = as(stage.client, () => {
    const opened = name_open("wrap", 0);
    ha_attach(opened, (lost) => ha_reopen(lost, "wrap", 0), null, 0);
    return opened;
  });
  for (let i = 0; i < ROUNDS; i++) {
    const [first, second] = [createMsgInfo(), createMsgInfo()];
    const bytes = new Uint8Array(ROOM);
    const loses = (): void => {
      expect(MsgReceive(stage.chid, bytes, ROOM, first) > 0, "received");
      expectEqual(ChannelDestroy(stage.chid), 0, "ChannelDestroy");
      stage.chid = ChannelCreate(0);
      expectEqual(name_attach({ chid: stage.chid }, "wrap", 0), stage.chid, "name_attach");
    };
    const answers = (): void => {
      const rcvid = MsgReceive(stage.chid, bytes, ROOM, second);
      expectEqual(second.number, first.number, "the same number");
      expectEqual(second.attempt, 2, "the second attempt");
      expectEqual(MsgReply(rcvid, i, null, 0), 0, "MsgReply");
    };
    const status = stage.meanwhile(() => MsgSend(coid, text(i), 8, null, 0), loses, answers);
    expectEqual(status, i, "recovered");
  }
}

/** Pulses: as many as fit, in order, the urgent ones first, and before a later message. */
export function pulses(stage: Stage): void {
  for (let round = 0; round < ROUNDS; round++) {
    as(stage.client, () => {
      for (let i = 0; i < PULSES; i++) {
        expectEqual(MsgSendPulse(stage.coid, i === 1 ? 20 : 10, 0, i), 0, "MsgSendPulse");
      }
      expectEqual(MsgSendPulse(stage.coid, 10, 0, 9), -EAGAIN, "the channel is full");
    });
    const came: number[] = [];
    const takes = (): void => {
      for (let i = 0; i < PULSES; i++) came.push(nextPulse(stage.server, stage.chid).value);
      const rcvid = MsgReceive(stage.chid, new Uint8Array(ROOM), ROOM, null);
      expectEqual(MsgReply(rcvid, 3, null, 0), 0, "the message, last");
    };
    const status = stage.meanwhile(() => MsgSend(stage.coid, null, 0, null, 0), takes);
    expectEqual(status, 3, "answered");
    expectEqual(came.join(), "1,0,2", "the order of the pulses");
  }
}

/** Pulses and messages of one priority come in the order they were sent. */
export function order(stage: Stage): void {
  for (let round = 0; round < ROUNDS; round++) {
    as(stage.client, () => MsgSendPulse(stage.coid, 10, 0, 1));
    const came: string[] = [];
    const bytes = new Uint8Array(ROOM);
    const takes = (): void => {
      as(stage.main, () => undefined);
      for (let i = 0; i < 2; i++) {
        const rcvid = MsgReceive(stage.chid, bytes, ROOM, null);
        came.push(rcvid === 0 ? "pulse" : "message");
        if (rcvid > 0) MsgReply(rcvid, 0, null, 0);
      }
    };
    expectEqual(
      stage.meanwhile(() => MsgSend(stage.coid, null, 0, null, 0), takes),
      0,
      "MsgSend",
    );
    expectEqual(came.join(), "pulse,message", "first come, first served");
  }
}

/** Events reach a client after its message has been answered, and not its successor. */
export function events(stage: Stage): void {
  const own = as(stage.client, () => ChannelCreate(0));
  const through = as(stage.client, () => ConnectAttach(0, 0, own, 0, 0));
  const event = createEvent();
  SIGEV_PULSE_INIT(event, through, 10, 5, 77);
  let rcvid = 0;
  for (let i = 0; i < ROUNDS; i++) {
    const answers = (): void => {
      rcvid = MsgReceive(stage.chid, new Uint8Array(ROOM), ROOM, null);
      MsgReply(rcvid, 0, null, 0);
    };
    stage.meanwhile(() => MsgSend(stage.coid, null, 0, null, 0), answers);
    expectEqual(
      as(stage.server, () => MsgDeliverEvent(rcvid, event)),
      0,
      "MsgDeliverEvent",
    );
    expectEqual(nextPulse(stage.client, own).value, 77, "the pulse");
  }
  stage.bench.bury(stage.client);
  stage.client = stage.start(CLIENT);
  const late = as(stage.server, () => MsgDeliverEvent(rcvid, event));
  expectEqual(late, -ESRCH, "its client is gone");
}

/** Time limits and pauses last as long as they say. */
export function limits(stage: Stage): void {
  const lasts = (ms: number, what: string, act: () => number, result: number): void => {
    const begin = stage.now_ms;
    expectEqual(as(stage.client, act), result, what);
    const took = stage.now_ms - begin;
    expect(took >= ms && took < ms + 20, `${what}: took ${took} ms, not ${ms}`);
  };
  for (let i = 0; i < 2; i++) {
    lasts(1, "delay", () => delay(1), 0);
    const limited = (states: number) => (): number => {
      TimerTimeout(states, 1);
      return MsgSend(stage.coid, null, 0, null, 0);
    };
    lasts(1, "MsgSend", limited(_NTO_TIMEOUT_SEND | _NTO_TIMEOUT_REPLY), -ETIMEDOUT);
    const own = as(stage.client, () => ChannelCreate(0));
    const receives = (): number => {
      TimerTimeout(_NTO_TIMEOUT_RECEIVE, 1);
      return MsgReceive(own, null, 0, null);
    };
    lasts(1, "MsgReceive", receives, -ETIMEDOUT);
    as(stage.client, () => ChannelDestroy(own));
  }
}
