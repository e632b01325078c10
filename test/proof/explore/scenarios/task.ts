/**
 * What a task does alone with its manager: stop while it goes to sleep, and stable state.
 */
import { reportDeath } from "../../../../src/kernel/death/death.js";
import * as L from "../../../../src/arena/layout.js";
import { MsgReceive } from "../../../../src/kernel/message/receive.js";
import { stableCommit, stableRead } from "../../../../src/kernel/stable.js";
import { poison } from "../../../../src/kernel/task/task.js";
import { STOPPED } from "../../../../src/kernel/task/doorbell.js";
import type { Scenario } from "../scenario.js";
import {
  attach,
  BYTES,
  claim,
  connect,
  expect,
  isTorn,
  message,
  numberIn,
  open,
  start,
  strike,
} from "./stage.js";

const stop: Scenario = {
  name: "stop-sleep",
  kills: 0,
  title: "a task is ordered to stop just as it goes to sleep",
  strike,
  cast() {
    const main = open();
    const server = start(1);
    const { chid } = connect(server, main);
    let hasStopped = false;
    const waits = (): void => {
      try {
        MsgReceive(chid, new Uint8Array(BYTES), BYTES, null);
      } catch (error) {
        if (error !== STOPPED) throw error;
        hasStopped = true;
      }
    };
    return {
      actors: [
        { name: "server", vm: server, act: waits },
        { name: "main", vm: main, act: () => poison(server.me, L.POISON_STOP) },
      ],
      check() {
        expect(hasStopped, "it has stopped");
      },
    };
  },
};

const torn: Scenario = {
  name: "stable-torn",
  title: "a task dies at any word of a commit; its successor reads the last whole one",
  stopsAlways: true,
  strike,
  cast() {
    const main = open();
    const task = start(1);
    let successor = 0;
    let done = 0;
    let found = NaN;
    let bytes = NaN;
    const commits = (): void => {
      for (let i = 1; i <= 3; i++) {
        stableCommit(message(i), BYTES);
        done = i;
      }
    };
    const succeeds = (): void => {
      reportDeath(task.pid);
      successor = claim(1);
    };
    const reads = (): void => {
      const state = new Uint8Array(BYTES);
      bytes = stableRead(state);
      found = numberIn(state);
    };
    return {
      actors: [
        { name: "task", vm: task, act: commits, isMortal: true },
        { name: "main", vm: main, act: succeeds, onDeathOf: "task" },
        {
          name: "successor",
          vm: () => attach(successor),
          act: reads,
          after: ["main"],
          onDeathOf: "task",
        },
      ],
      check({ killed }) {
        if (killed.size === 0) return;
        if (bytes === 0) {
          expect(done === 0, `${done} commits were done, none is there`);
          return;
        }
        expect(!isTorn(found), "half of one commit and half of another");
        expect(found === done || found === done + 1, `commit ${done} was done, ${found} is there`);
      },
    };
  },
};

export const scenarios: readonly Scenario[] = [stop, torn];
