/**
 * Who is told that a client, or a channel, is gone: once, and always.
 */
import {
  _NTO_CHF_COID_DISCONNECT,
  _NTO_CHF_DISCONNECT,
  ChannelCreate,
  ChannelDestroy,
} from "../../../../src/kernel/channel/channel.js";
import { MsgSend } from "../../../../src/ha/cover.js";
import { ConnectAttach, ConnectDetach } from "../../../../src/kernel/connection/connect-attach.js";
import { reportDeath } from "../../../../src/kernel/death/death.js";
import { ESRCH } from "../../../../src/kernel/errno.js";
import { MsgReceive } from "../../../../src/kernel/message/receive.js";
import { MsgReply } from "../../../../src/kernel/message/reply.js";
import { viewUsage } from "../../../../src/kernel/inspect/usage.js";
import type { Scenario } from "../scenario.js";
import {
  as,
  BYTES,
  connect,
  expect,
  expectOneOf,
  message,
  open,
  PULSE_ROOM,
  start,
  strike,
  takePulses,
} from "./stage.js";

const disconnects: Scenario = {
  name: "disconnect",
  shortPreemptions: 2,
  title: "a client goes, by itself or by death, and its server is told once and detaches it",
  strike,
  cast() {
    const main = open();
    const [server, client] = [start(1), start(2)];
    const { chid } = connect(server, main, _NTO_CHF_DISCONNECT);
    const told: number[] = [];
    const takes = (): void => {
      for (;;) {
        const [scoid] = takePulses(chid, 1) as [number];
        told.push(scoid);
        ConnectDetach(-scoid);
      }
    };
    const comesAndGoes = (): void => {
      const coid = ConnectAttach(0, server.pid, chid, 0, 0);
      ConnectDetach(coid);
    };
    return {
      actors: [
        { name: "server", vm: server, act: takes, isDaemon: true },
        { name: "client", vm: client, act: comesAndGoes, isMortal: true },
        { name: "main", vm: main, act: () => reportDeath(client.pid), onDeathOf: "client" },
      ],
      check({ killed }) {
        if (killed.size === 0) expect(told.length === 1, `told of ${told.join()}`);
        // Killed between two stores of ConnectAttach it may have had a connection nobody knew.
        expect(told.length <= 1, `told of ${told.join()}`);
        expect(as(server, () => ConnectDetach(-(told[0] ?? -1))) < 0, "it is gone");
      },
    };
  },
};

const disconnectsTwice: Scenario = {
  name: "disconnect-twice",
  shortPreemptions: 2,
  kills: 0,
  title: "a client comes and goes twice: its server is told of both",
  strike,
  cast() {
    const main = open();
    const [server, client] = [start(1), start(2)];
    const { chid } = connect(server, main, _NTO_CHF_DISCONNECT);
    const told: number[] = [];
    const takes = (): void => {
      for (;;) told.push(...takePulses(chid, 1));
    };
    const comesAndGoes = (): void => {
      for (let i = 0; i < 2; i++) ConnectDetach(ConnectAttach(0, server.pid, chid, 0, 0));
    };
    return {
      actors: [
        { name: "server", vm: server, act: takes, isDaemon: true },
        { name: "client", vm: client, act: comesAndGoes },
      ],
      check() {
        expect(told.length === 2 && told[0] !== told[1], `told of ${told.join()}`);
        for (const scoid of told) as(server, () => ConnectDetach(-scoid));
      },
    };
  },
};

const destroyed: Scenario = {
  name: "disconnect-destroy",
  shortPreemptions: 2,
  kills: 0,
  title: "a client goes just as its server, which wants to be told, closes the channel",
  strike,
  cast() {
    const main = open();
    const [server, client] = [start(1), start(2)];
    const { chid, coid } = connect(server, client, _NTO_CHF_DISCONNECT);
    return {
      actors: [
        { name: "server", vm: server, act: () => void ChannelDestroy(chid) },
        { name: "client", vm: client, act: () => void ConnectDetach(coid) },
      ],
      check() {
        const { used } = as(main, viewUsage).connections;
        expect(used === 0, `${used} connections are left`);
      },
    };
  },
};

const coidDeath: Scenario = {
  name: "coid-death",
  shortPreemptions: 2,
  kills: 0,
  title: "a client that wants to be told of dead coids attaches as the channel closes",
  strike,
  cast() {
    const main = open();
    const [server, client] = [start(1), start(2)];
    const { chid } = connect(server, main);
    const own = as(client, () => ChannelCreate(_NTO_CHF_COID_DISCONNECT));
    let coid = NaN;
    let told: number[] = [];
    const attaches = (): void => {
      coid = ConnectAttach(0, server.pid, chid, 0, 0);
      if (coid >= 0) told = takePulses(own, 1);
    };
    return {
      actors: [
        { name: "server", vm: server, act: () => void ChannelDestroy(chid) },
        { name: "client", vm: client, act: attaches },
      ],
      check() {
        if (coid < 0) expectOneOf(coid, [-ESRCH], "ConnectAttach");
        else expect(told[0] === coid, `told of ${told.join()}, not of ${coid}`);
      },
    };
  },
};

const held: Scenario = {
  name: "disconnect-held",
  shortPreemptions: 1,
  title: "a client dies whose message is held; once its server is told the message is gone",
  strike,
  cast() {
    const main = open();
    const [server, client] = [start(1), start(2)];
    const { chid, coid } = connect(server, client, _NTO_CHF_DISCONNECT);
    const bytes = new Uint8Array(PULSE_ROOM);
    let rcvid = 0;
    let told = 0;
    let after = NaN;
    const serves = (): void => {
      rcvid = MsgReceive(chid, bytes, PULSE_ROOM, null);
      if (rcvid > 0) [told] = takePulses(chid, 1) as [number];
      else told = -1;
      if (rcvid > 0) after = MsgReply(rcvid, 0, null, 0);
    };
    const sends = (): void => {
      MsgSend(coid, message(1), BYTES, null, 0);
    };
    return {
      actors: [
        { name: "server", vm: server, act: serves, isDaemon: true },
        { name: "client", vm: client, act: sends, isMortal: true, isDaemon: true },
        { name: "main", vm: main, act: () => reportDeath(client.pid), onDeathOf: "client" },
      ],
      check({ killed }) {
        if (killed.size === 0 || rcvid <= 0 || told === 0) return;
        expect(after === -ESRCH, `a reply after the disconnect pulse: ${after}`);
      },
    };
  },
};

export const scenarios: readonly Scenario[] = [
  held,
  disconnects,
  disconnectsTwice,
  destroyed,
  coidDeath,
];
