/**
 * Pulses: full channels, dead senders, and the order of what comes.
 */
import { MsgSendPulse } from "../../../../src/ha/cover.js";
import { reportDeath } from "../../../../src/kernel/death/death.js";
import { EAGAIN } from "../../../../src/kernel/errno.js";
import type { Scenario } from "../scenario.js";
import {
  connect,
  connectTo,
  expect,
  expectOneOf,
  open,
  start,
  strike,
  takePulses,
} from "./stage.js";

const full: Scenario = {
  name: "pulse-full",
  shortPreemptions: 2,
  kills: 0,
  title: "two tasks send pulses to a channel that holds one",
  strike,
  cast() {
    open({ pulses: 1 });
    const [server, one, two] = [start(1), start(2), start(3)];
    const { chid, coid } = connect(server, one);
    const other = connectTo(chid, server, two);
    const statuses: number[] = [NaN, NaN];
    let came: number[] = [];
    const takes = (): void => {
      came = takePulses(chid, 1);
      came = came.concat(takePulses(chid, 1));
    };
    const sends = (): void => {
      statuses[0] = MsgSendPulse(coid, -1, 1, 101);
    };
    const sendsToo = (): void => {
      statuses[1] = MsgSendPulse(other, -1, 1, 102);
    };
    return {
      actors: [
        { name: "server", vm: server, act: takes, isDaemon: true },
        { name: "one", vm: one, act: sends },
        { name: "two", vm: two, act: sendsToo },
      ],
      check() {
        const sent: number[] = [];
        statuses.forEach((status, i) => {
          expectOneOf(status, [0, -EAGAIN], `pulse ${i}`);
          if (status === 0) sent.push(101 + i);
        });
        expect(sent.length > 0, "a channel that is empty takes one");
        // The server may still be asleep over the second; what it has is what was sent.
        const got = came.slice().sort();
        expect(
          got.every((value) => sent.includes(value)) && new Set(got).size === got.length,
          `sent ${sent.join()}, received ${got.join()}`,
        );
        if (sent.length === 2) expect(got.length === 2, `sent 2, received ${got.join()}`);
        else expect(got.length <= 1, `sent 1, received ${got.join()}`);
      },
    };
  },
};

const order: Scenario = {
  name: "pulse-order",
  shortPreemptions: 2,
  kills: 0,
  title: "a task sends three pulses to a channel that holds two, while they are taken",
  strike,
  cast() {
    open({ pulses: 2 });
    const [server, client] = [start(1), start(2)];
    const { chid, coid } = connect(server, client);
    const sent: number[] = [];
    const came: number[] = [];
    const takes = (): void => {
      for (;;) came.push(...takePulses(chid, 1));
    };
    const sends = (): void => {
      for (let value = 1; value <= 3; value++) {
        const status = MsgSendPulse(coid, -1, 1, value);
        expectOneOf(status, [0, -EAGAIN], `pulse ${value}`);
        if (status === 0) sent.push(value);
      }
    };
    return {
      actors: [
        { name: "server", vm: server, act: takes, isDaemon: true },
        { name: "client", vm: client, act: sends },
      ],
      check() {
        expect(came.join() === sent.join(), `sent ${sent.join()}, received ${came.join()}`);
      },
    };
  },
};

const deadSender: Scenario = {
  name: "pulse-death",
  shortPreemptions: 1,
  title: "a task dies at any point of a pulse; another's still goes through",
  strike,
  cast() {
    const main = open({ pulses: 1 });
    const [server, one, two] = [start(1), start(2), start(3)];
    const { chid, coid } = connect(server, one);
    const other = connectTo(chid, server, two);
    let status = NaN;
    const came: number[] = [];
    const takes = (): void => {
      for (;;) came.push(...takePulses(chid, 1));
    };
    const sends = (): void => {
      MsgSendPulse(coid, -1, 1, 101);
    };
    const sendsToo = (): void => {
      status = MsgSendPulse(other, -1, 1, 102);
    };
    return {
      actors: [
        { name: "server", vm: server, act: takes, isDaemon: true },
        { name: "one", vm: one, act: sends, isMortal: true },
        { name: "two", vm: two, act: sendsToo, after: ["one"] },
        { name: "main", vm: main, act: () => reportDeath(one.pid), onDeathOf: "one" },
      ],
      check() {
        expectOneOf(status, [0, -EAGAIN], "the other's pulse");
        if (status === 0) expect(came.includes(102), `received ${came.join()}`);
        expect(came.length <= 2 && new Set(came).size === came.length, `received ${came.join()}`);
      },
    };
  },
};

export const scenarios: readonly Scenario[] = [full, order, deadSender];
