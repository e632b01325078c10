/**
 * Names and connections: races for one name, and connections to what is just closing.
 */
import { ChannelCreate, ChannelDestroy } from "../../../../src/kernel/channel/channel.js";
import { ConnectServerInfo } from "../../../../src/kernel/connection/connection-info.js";
import { ConnectAttach } from "../../../../src/kernel/connection/connect-attach.js";
import { reportDeath } from "../../../../src/kernel/death/death.js";
import { EBADF, EEXIST, ENOENT, ENXIO, ESRCH } from "../../../../src/kernel/errno.js";
import { MsgSend } from "../../../../src/ha/cover.js";
import {
  isRegistered,
  name_attach,
  name_detach,
  name_open,
} from "../../../../src/kernel/name/name.js";
import { waitForName } from "../../../../src/kernel/name/wait.js";
import { createServerInfo } from "../../../../src/arena/records.js";
import type { Scenario } from "../scenario.js";
import {
  as,
  attach,
  BYTES,
  claim,
  connect,
  expect,
  expectAnswer,
  expectOneOf,
  message,
  open,
  serve,
  start,
  strike,
} from "./stage.js";

const race: Scenario = {
  name: "name-race",
  shortPreemptions: 2,
  kills: 0,
  title: "two tasks register one name",
  strike,
  cast() {
    const main = open();
    const tasks = [start(1), start(2)];
    const results = [NaN, NaN];
    const registers = (i: number): void => {
      results[i] = name_attach(null, "n", 0);
    };
    return {
      actors: [
        { name: "one", vm: tasks[0]!, act: () => registers(0) },
        { name: "two", vm: tasks[1]!, act: () => registers(1) },
      ],
      check() {
        for (const result of results) {
          expect(result > 0 || result === -EEXIST, `name_attach: ${result}`);
        }
        const winners = results.filter((result) => result > 0).length;
        expect(winners === 1, `${winners} have the name`);
        expect(
          as(main, () => isRegistered("n")),
          "the name is registered",
        );
      },
    };
  },
};

const raceWithDeath: Scenario = {
  name: "name-death",
  shortPreemptions: 1,
  title: "two tasks register one name, and one of them dies; a third then can have it",
  strike,
  cast() {
    const main = open();
    const tasks = [start(1), start(2), start(3)];
    const results = [NaN, NaN, NaN];
    const registers = (i: number): void => {
      results[i] = name_attach(null, "n", 0);
    };
    return {
      actors: [
        { name: "one", vm: tasks[0]!, act: () => registers(0), isMortal: true },
        { name: "two", vm: tasks[1]!, act: () => registers(1) },
        { name: "main", vm: main, act: () => reportDeath(tasks[0]!.pid), onDeathOf: "one" },
        {
          name: "three",
          vm: tasks[2]!,
          act: () => {
            results[2] = isRegistered("n") ? 0 : name_attach(null, "n", 0);
          },
          after: ["two", "main"],
          onDeathOf: "one",
        },
      ],
      check({ killed }) {
        if (killed.size === 0) return;
        // Whoever lives: the name is not lost with the dead.
        const hasTwo = results[1]! > 0;
        expect(hasTwo ? results[2] === 0 : results[2]! > 0, `name_attach: ${results.join()}`);
      },
    };
  },
};

const openDetach: Scenario = {
  name: "name-open",
  shortPreemptions: 2,
  kills: 0,
  title: "a client opens a name and sends while its server gives it back",
  strike,
  cast() {
    open();
    const [server, client] = [start(1), start(2)];
    const chid = as(server, () => name_attach(null, "n", 0));
    const reply = new Uint8Array(BYTES);
    let [coid, status] = [NaN, NaN];
    const opens = (): void => {
      coid = name_open("n", 0);
      if (coid >= 0) status = MsgSend(coid, message(1), BYTES, reply, BYTES);
    };
    return {
      actors: [
        { name: "server", vm: server, act: () => void name_detach(chid, 0) },
        { name: "client", vm: client, act: opens },
      ],
      check() {
        expect(coid >= 0 || coid === -ENOENT, `name_open: ${coid}`);
        if (coid >= 0) expectOneOf(status, [-EBADF, -ESRCH], "the send");
      },
    };
  },
};

const recordReuse: Scenario = {
  name: "name-reuse",
  shortPreemptions: 2,
  title: "a client opens a name while its record goes to another name of another server",
  kills: 0,
  strike,
  cast() {
    open({ names: 1 });
    const [server, client, other] = [start(1), start(2), start(3)];
    const chid = as(server, () => name_attach(null, "n", 0));
    let [coid, foreign] = [NaN, NaN];
    const registers = (): void => {
      foreign = name_attach(null, "m", 0);
    };
    const opens = (): void => {
      coid = name_open("n", 0);
    };
    return {
      actors: [
        { name: "server", vm: server, act: () => void name_detach(chid, 0) },
        { name: "client", vm: client, act: opens },
        { name: "other", vm: other, act: registers },
      ],
      check() {
        if (!(coid >= 0)) return expectOneOf(coid, [-ENOENT], "name_open");
        const info = createServerInfo();
        as(client, () => ConnectServerInfo(0, coid, info));
        expect(info.chid !== foreign, 'the client of "n" has a connection to "m"');
      },
    };
  },
};

const attachRace: Scenario = {
  name: "attach-race",
  shortPreemptions: 1,
  title: "two clients attach, and two servers make channels, at the same time",
  kills: 0,
  strike,
  cast() {
    const main = open();
    const [server, one, two] = [start(1), start(2), start(3)];
    const { chid } = connect(server, main);
    const coids = [NaN, NaN];
    const chids = [NaN, NaN];
    const comes = (i: number): void => {
      chids[i] = ChannelCreate(0);
      coids[i] = ConnectAttach(0, server.pid, chid, 0, 0);
    };
    return {
      actors: [
        { name: "one", vm: one, act: () => comes(0) },
        { name: "two", vm: two, act: () => comes(1) },
      ],
      check() {
        expect(
          coids.every((coid) => coid >= 0),
          `ConnectAttach: ${coids.join()}`,
        );
        // One channel is left of two.
        const made = chids.filter((found) => found > 0);
        expect(made.length === 1, `ChannelCreate: ${chids.join()}`);
        const infos = [createServerInfo(), createServerInfo()];
        as(one, () => ConnectServerInfo(0, coids[0]!, infos[0]!));
        as(two, () => ConnectServerInfo(0, coids[1]!, infos[1]!));
        for (const info of infos) expect(info.chid === chid, `it leads to ${info.chid}`);
        expect(infos[0]!.scoid !== infos[1]!.scoid, "both have one connection");
      },
    };
  },
};

const attachDestroy: Scenario = {
  name: "attach-destroy",
  shortPreemptions: 1,
  title: "a client attaches to a channel and sends while its server closes it and dies",
  strike,
  cast() {
    const main = open();
    const [server, client] = [start(1), start(2)];
    const { chid } = connect(server, main);
    const reply = new Uint8Array(BYTES);
    let [coid, status] = [NaN, NaN];
    const serves = (): void => {
      serve(chid, 1);
      ChannelDestroy(chid);
    };
    const attaches = (): void => {
      coid = ConnectAttach(0, server.pid, chid, 0, 0);
      if (coid >= 0) status = MsgSend(coid, message(1), BYTES, reply, BYTES);
    };
    return {
      actors: [
        { name: "server", vm: server, act: serves, isMortal: true, isDaemon: true },
        { name: "client", vm: client, act: attaches },
        { name: "main", vm: main, act: () => reportDeath(server.pid), onDeathOf: "server" },
      ],
      check({ killed }) {
        expect(coid >= 0 || coid === -ESRCH || coid === -ENXIO, `ConnectAttach: ${coid}`);
        if (killed.size === 0) expect(status === 0, `the send: ${status}`);
        else if (coid >= 0) expectOneOf(status, [0, -EBADF, -ESRCH], "the send");
        expectAnswer(status, reply, 1);
      },
    };
  },
};

const wait: Scenario = {
  name: "name-wait",
  shortPreemptions: 2,
  title: "a client sleeps until a name is registered, by a server that dies or by the next one",
  strike,
  cast() {
    const main = open();
    const [server, client, successor] = [start(1), start(2), start(3)];
    let status = NaN;
    const waits = (): void => {
      status = waitForName("n", Infinity);
    };
    const registers = (): void => void name_attach(null, "n", 0);
    return {
      actors: [
        { name: "server", vm: server, act: registers, isMortal: true },
        { name: "client", vm: client, act: waits },
        { name: "main", vm: main, act: () => reportDeath(server.pid), onDeathOf: "server" },
        { name: "next", vm: successor, act: registers, after: ["main"], onDeathOf: "server" },
      ],
      check: () => expect(status === 0, `waitForName: ${status}`),
    };
  },
};

const waiterDeath: Scenario = {
  name: "waiter-death",
  fewerPreemptions: 1,
  title: "a client dies while it waits for a name; its successor waits, its death is reported late",
  strike,
  cast() {
    const main = open();
    const [server, client, witness] = [start(1), start(2), start(3)];
    let [next, status] = [0, NaN];
    const waits = (): void => {
      status = waitForName("n", Infinity);
    };
    const succeeds = (): void => {
      reportDeath(client.pid);
      next = claim(2);
    };
    return {
      actors: [
        { name: "server", vm: server, act: () => void name_attach(null, "n", 0) },
        { name: "client", vm: client, act: waits, isMortal: true },
        { name: "main", vm: main, act: succeeds, onDeathOf: "client" },
        { name: "witness", vm: witness, act: () => reportDeath(client.pid), onDeathOf: "client" },
        {
          name: "successor",
          vm: () => attach(next),
          act: waits,
          after: ["main"],
          onDeathOf: "client",
        },
      ],
      check: () => expect(status === 0, `waitForName: ${status}`),
    };
  },
};

export const scenarios: readonly Scenario[] = [
  race,
  wait,
  waiterDeath,
  raceWithDeath,
  openDetach,
  recordReuse,
  attachRace,
  attachDestroy,
];
