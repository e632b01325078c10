/**
 * Priorities that pass from clients to their server, while it receives.
 */
import { MsgSend, MsgSendPulse } from "../../../../src/ha/cover.js";
import * as L from "../../../../src/arena/layout.js";
import type { Vm } from "../../../../src/arena/vm.js";
import { MsgReceive } from "../../../../src/kernel/message/receive.js";
import type { Scenario } from "../scenario.js";
import {
  as,
  BYTES,
  connect,
  connectTo,
  expect,
  message,
  open,
  start,
  strike,
  warmUp,
} from "./stage.js";

const LOW = 10;
const HIGH = 30;

/** The priority that a task has now. */
const priorityIn = (vm: Vm): number => vm.words[vm.me + L.TASK_PRIORITY]!;
const setPriority = (vm: Vm, priority: number): void => {
  vm.words[vm.me + L.TASK_PRIORITY] = priority;
};

const raise: Scenario = {
  name: "priority-raise",
  shortPreemptions: 2,
  kills: 0,
  title: "a server receives from a client while a more urgent one sends: it runs at the latter's",
  strike,
  cast() {
    open();
    const [server, low, high] = [start(1), start(2), start(3)];
    const { chid, coid } = connect(server, low);
    const other = connectTo(chid, server, high);
    setPriority(server, 1);
    setPriority(high, HIGH);
    const taken: number[] = [];
    const bytes = new Uint8Array(BYTES);
    as(server, () => warmUp(chid));
    const serves = (): void => {
      taken.push(MsgReceive(chid, bytes, BYTES, null));
    };
    const sends = (): void => {
      MsgSend(coid, message(1), BYTES, null, 0);
    };
    const sendsToo = (): void => {
      MsgSend(other, message(2), BYTES, null, 0);
    };
    return {
      actors: [
        { name: "server", vm: server, act: serves },
        { name: "low", vm: low, act: sends, isDaemon: true },
        { name: "high", vm: high, act: sendsToo, isDaemon: true },
      ],
      check() {
        expect(taken.length === 1 && taken[0]! > 0, `received ${taken.join()}`);
        // Both have been sent: one is held, and the other waits.
        expect(priorityIn(server) === HIGH, `it runs at ${priorityIn(server)}`);
      },
    };
  },
};

const pulses: Scenario = {
  name: "priority-pulse",
  shortPreemptions: 2,
  kills: 0,
  title: "a server receives from a client while an urgent pulse comes: it runs at the pulse's",
  strike,
  cast() {
    open();
    const [server, low, high] = [start(1), start(2), start(3)];
    const { chid, coid } = connect(server, low);
    const other = connectTo(chid, server, high);
    setPriority(server, 1);
    let taken = NaN;
    const bytes = new Uint8Array(24);
    const serves = (): void => {
      taken = MsgReceive(chid, bytes, bytes.length, null);
    };
    const sends = (): void => {
      MsgSend(coid, message(1), BYTES, null, 0);
    };
    const sendsToo = (): void => {
      MsgSendPulse(other, HIGH, 1, 1);
    };
    return {
      actors: [
        { name: "server", vm: server, act: serves },
        { name: "low", vm: low, act: sends, isDaemon: true },
        { name: "high", vm: high, act: sendsToo },
      ],
      check() {
        expect(
          priorityIn(server) === HIGH,
          `it received ${taken} and runs at ${priorityIn(server)}`,
        );
        expect(priorityIn(low) === LOW, "the client's own stays");
      },
    };
  },
};

export const scenarios: readonly Scenario[] = [raise, pulses];
