/**
 * Channels that close, and whose records are opened again while others still mean the old ones.
 */
import { MsgSend, MsgSendPulse } from "../../../../src/ha/cover.js";
import { ChannelCreate, ChannelDestroy } from "../../../../src/kernel/channel/channel.js";
import { ConnectAttach } from "../../../../src/kernel/connection/connect-attach.js";
import { reportDeath } from "../../../../src/kernel/death/death.js";
import { EAGAIN, EBADF, ESRCH } from "../../../../src/kernel/errno.js";
import * as L from "../../../../src/arena/layout.js";
import type { Scenario } from "../scenario.js";
import {
  as,
  BYTES,
  connect,
  expect,
  expectOneOf,
  message,
  open,
  serve,
  start,
  strike,
  takePulses,
  warmUp,
} from "./stage.js";

const channelReuse: Scenario = {
  name: "channel-reuse",
  shortPreemptions: 2,
  kills: 0,
  title: "a server closes its channel and another opens the record, while a client is sending",
  strike,
  cast() {
    open({ channels: 1 });
    const [server, client, other] = [start(1), start(2), start(3)];
    const { chid, coid } = connect(server, client);
    let status = NaN;
    let opened = 0;
    let foreign: number[] = [];
    const closes = (): void => {
      ChannelDestroy(chid);
    };
    const opens = (): void => {
      opened = ChannelCreate(0);
      if (opened <= 0) return;
      warmUp(opened);
      foreign = serve(opened, 1);
    };
    const sends = (): void => {
      status = MsgSend(coid, message(1), BYTES, new Uint8Array(BYTES), BYTES);
    };
    return {
      actors: [
        { name: "server", vm: server, act: closes },
        { name: "client", vm: client, act: sends },
        { name: "other", vm: other, act: opens, isDaemon: true },
      ],
      check() {
        expectOneOf(status, [-EBADF, -ESRCH], "the send");
        expect(foreign.length === 0, `the other server received ${foreign.join()}`);
      },
    };
  },
};

const reopened: Scenario = {
  name: "pulse-reuse",
  shortPreemptions: 2,
  kills: 0,
  title: "a channel closes and its record is opened again, while a pulse is being sent",
  strike,
  cast() {
    open({ channels: 1, pulses: 1 });
    const [server, client, other] = [start(1), start(2), start(3)];
    const { chid, coid } = connect(server, client);
    let status = NaN;
    let opened = 0;
    const foreign: number[] = [];
    const opens = (): void => {
      opened = ChannelCreate(0);
      if (opened > 0) foreign.push(...takePulses(opened, 1));
    };
    return {
      actors: [
        { name: "server", vm: server, act: () => void ChannelDestroy(chid) },
        {
          name: "client",
          vm: client,
          act: () => {
            status = MsgSendPulse(coid, -1, 1, 101);
          },
        },
        { name: "other", vm: other, act: opens, isDaemon: true },
      ],
      check() {
        expectOneOf(status, [0, -EBADF, -EAGAIN], "the pulse");
        expect(foreign.length === 0, `the other server received ${foreign.join()}`);
      },
    };
  },
};

const lateSweep: Scenario = {
  name: "sweep-late",
  fewerPreemptions: 1,
  kills: 0,
  title: "a slow reporter of a death meets the pulses of the channel's next incarnation",
  strike,
  cast() {
    const main = open({ channels: 1, pulses: 1 });
    const [server, witness, other] = [start(1), start(2), start(3)];
    connect(server, main);
    let chid = 0;
    let status = NaN;
    let came: number[] = [];
    const reports = (): void => reportDeath(server.pid);
    const creates = (): void => {
      chid = ChannelCreate(0);
    };
    const serves = (): void => {
      came = takePulses(chid, 1);
    };
    const sends = (): void => {
      status = MsgSendPulse(ConnectAttach(0, other.pid, chid, 0, 0), -1, 1, 101);
    };
    return {
      actors: [
        { name: "main", vm: main, act: reports },
        { name: "witness", vm: witness, act: reports },
        { name: "creator", vm: other, act: creates, after: ["main"] },
        { name: "other", vm: other, act: serves, after: ["creator"], isDaemon: true },
        { name: "client", vm: main, act: sends, after: ["creator"] },
      ],
      check() {
        expect(status === 0, `the pulse: ${status}`);
        expect(came.join() === "101", `received ${came.join()}`);
      },
    };
  },
};

const early: Scenario = {
  name: "pulse-early",
  shortPreemptions: 2,
  kills: 0,
  title: "a client guesses the chid, and sends a pulse as soon as the channel is open",
  strike,
  cast() {
    open();
    const [server, client] = [start(1), start(2)];
    const before = as(server, () => ChannelCreate(0));
    as(server, () => ChannelDestroy(before));
    const guess = before + L.CHID_RANGE;
    let status = NaN;
    let came: number[] = [];
    const serves = (): void => {
      came = takePulses(ChannelCreate(0), 1);
    };
    const guesses = (): void => {
      const coid = ConnectAttach(0, server.pid, guess, 0, 0);
      if (coid >= 0) status = MsgSendPulse(coid, -1, 1, 101);
    };
    return {
      actors: [
        { name: "server", vm: server, act: serves, isDaemon: true },
        { name: "client", vm: client, act: guesses },
      ],
      check() {
        if (status === 0) expect(came.join() === "101", `received ${came.join()}`);
      },
    };
  },
};

export const scenarios: readonly Scenario[] = [channelReuse, reopened, lateSweep, early];
