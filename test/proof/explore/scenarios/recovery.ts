/**
 * Recovery: a server dies, its successor comes, and the client's message takes effect once.
 */
import { ha_attach } from "../../../../src/ha/attach.js";
import { MsgSend } from "../../../../src/ha/cover.js";
import { Ledger, ledgerBytes } from "../../../../src/ha/ledger.js";
import { ha_reopen } from "../../../../src/ha/open.js";
import { restartRecovery } from "../../../../src/ha/restart.js";
import { reportDeath } from "../../../../src/kernel/death/death.js";
import { MsgReceive } from "../../../../src/kernel/message/receive.js";
import { name_attach, name_open } from "../../../../src/kernel/name/name.js";
import { createMsgInfo } from "../../../../src/arena/records.js";
import { stableRead } from "../../../../src/kernel/stable.js";
import type { Vm } from "../../../../src/arena/vm.js";
import { delay } from "../../../../src/kernel/task/doorbell.js";
import type { Actor, Scenario } from "../scenario.js";
import { as, attach, BYTES, claim, expect, message, open, serve, start, strike } from "./stage.js";

const LEDGER = { stateBytes: 4, clients: 1 };
const MESSAGES = 2;

/** Adds one for each message, once, and answers with the sum. */
function countMessages(chid: number): void {
  const ledger = new Ledger(LEDGER);
  const info = createMsgInfo();
  const bytes = new Uint8Array(BYTES);
  for (;;) {
    const rcvid = MsgReceive(chid, bytes, BYTES, info);
    if (rcvid <= 0 || ledger.answers(rcvid, info)) continue;
    ledger.state[0]!++;
    ledger.reply(rcvid, info, ledger.state[0]!, null, 0);
  }
}

/** Sends, and reconnects by name as often as it must. */
function sendAll(coid: number, sums: number[]): void {
  ha_attach(coid, reconnect, null, 0);
  for (let i = 0; i < MESSAGES; i++) sums.push(MsgSend(coid, message(i), BYTES, null, 0));
}

function reconnect(coid: number): number {
  for (;;) {
    if (ha_reopen(coid, "n", 0) === coid) return coid;
    delay(50);
  }
}

/** A server that dies once, its successor, and a client; `late` may report the death again. */
function recovering(late: (server: Vm, witness: Vm) => Actor[]): Scenario["cast"] {
  return () => {
    const main = open({ stableBytes: ledgerBytes(LEDGER) });
    const [server, client, witness] = [start(1), start(2), start(3)];
    const chid = as(server, () => name_attach(null, "n", 0));
    const coid = as(client, () => name_open("n", 0));
    const sums: number[] = [];
    let successor = 0;
    const succeeds = (): void => {
      reportDeath(server.pid);
      successor = claim(1);
    };
    const servesOn = (): void => countMessages(name_attach(null, "n", 0));
    return {
      actors: [
        {
          name: "server",
          vm: server,
          act: () => countMessages(chid),
          isMortal: true,
          isDaemon: true,
        },
        { name: "client", vm: client, act: () => sendAll(coid, sums) },
        { name: "main", vm: main, act: succeeds, onDeathOf: "server" },
        {
          name: "successor",
          vm: () => attach(successor),
          act: servesOn,
          after: ["main"],
          onDeathOf: "server",
          isDaemon: true,
        },
        ...late(server, witness),
      ],
      check({ killed }) {
        const expected = Array.from({ length: MESSAGES }, (_, i) => i + 1).join();
        expect(sums.join() === expected, `sums ${sums.join()}, expected ${expected}`);
        const state = new Uint8Array(4);
        as(killed.has("server") ? attach(successor) : server, () => stableRead(state));
        expect(state[0] === MESSAGES, `${state[0]} effects of ${MESSAGES} messages`);
      },
    };
  };
}

const once: Scenario = {
  name: "recovery",
  fewerPreemptions: 1,
  title: "a server with a ledger dies at any point: no message is lost, none counts twice",
  needsTime: true,
  strike,
  cast: recovering(() => []),
};

const standby: Scenario = {
  name: "standby",
  fewerPreemptions: 2,
  title: "a successor serves while the death of its predecessor is reported again, late",
  needsTime: true,
  strike,
  cast: recovering((server, witness) => [
    { name: "witness", vm: witness, act: () => reportDeath(server.pid), onDeathOf: "server" },
  ]),
};

const waiting: Scenario = {
  name: "restart-wait",
  fewerPreemptions: 1,
  title: "restartRecovery sleeps until the successor of a server that died has registered its name",
  strike,
  cast() {
    const main = open();
    const [server, client] = [start(1), start(2)];
    const chid = as(server, () => name_attach(null, "n", 0));
    const coid = as(client, () => name_open("n", 0));
    let [successor, status] = [0, NaN];
    const sends = (): void => {
      ha_attach(coid, restartRecovery("n"), null, 0);
      status = MsgSend(coid, message(1), BYTES, null, 0);
    };
    const succeeds = (): void => {
      reportDeath(server.pid);
      successor = claim(1);
    };
    return {
      actors: [
        {
          name: "server",
          vm: server,
          act: () => void serve(chid, 1),
          isMortal: true,
          isDaemon: true,
        },
        { name: "client", vm: client, act: sends },
        { name: "main", vm: main, act: succeeds, onDeathOf: "server" },
        {
          name: "successor",
          vm: () => attach(successor),
          act: () => void serve(name_attach(null, "n", 0), 1),
          after: ["main"],
          onDeathOf: "server",
          isDaemon: true,
        },
      ],
      check: () => expect(status === 0, `the send: ${status}`),
    };
  },
};

export const scenarios: readonly Scenario[] = [once, standby, waiting];
