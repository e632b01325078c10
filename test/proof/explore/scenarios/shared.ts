/**
 * Shared buffers: who has one, and who writes into it when its owner dies.
 */
import { MsgSend } from "../../../../src/ha/cover.js";
import { reportDeath } from "../../../../src/kernel/death/death.js";
import { EAGAIN } from "../../../../src/kernel/errno.js";
import { MsgReceive } from "../../../../src/kernel/message/receive.js";
import { MsgReply } from "../../../../src/kernel/message/reply.js";
import { MsgRead } from "../../../../src/kernel/message/reply.js";
import { sharedAcquire, sharedView } from "../../../../src/kernel/message/shared-buffer.js";
import type { Scenario } from "../scenario.js";
import {
  answerTo,
  as,
  BYTES,
  connect,
  connectTo,
  expect,
  expectAnswer,
  expectOneOf,
  isTorn,
  message,
  numberIn,
  open,
  start,
  strike,
} from "./stage.js";

/** One buffer, and it is longer than what a task may send without. */
const ONE = { sharedBuffers: 1, sharedBytes: 2 * BYTES, messageBytes: BYTES };
const LONG = 2 * BYTES;

const race: Scenario = {
  name: "shared-race",
  shortPreemptions: 2,
  title: "two tasks want the only shared buffer, and one of them dies; a third then can have it",
  strike,
  cast() {
    const main = open(ONE);
    const tasks = [start(1), start(2), start(3)];
    const found = [NaN, NaN, NaN];
    const acquires = (i: number): void => {
      found[i] = sharedAcquire();
    };
    return {
      actors: [
        { name: "one", vm: tasks[0]!, act: () => acquires(0), isMortal: true },
        { name: "two", vm: tasks[1]!, act: () => acquires(1) },
        { name: "main", vm: main, act: () => reportDeath(tasks[0]!.pid), onDeathOf: "one" },
        {
          name: "three",
          vm: tasks[2]!,
          act: () => acquires(2),
          after: ["two", "main"],
          onDeathOf: "one",
        },
      ],
      check({ killed }) {
        expectOneOf(found[1]!, [0, -EAGAIN], "sharedAcquire");
        if (killed.size === 0) {
          expectOneOf(found[0]!, [0, -EAGAIN], "sharedAcquire");
          expect(found[0] !== found[1], `both found ${found[0]}`);
        } else {
          expect(found[1] !== found[2], `"two" found ${found[1]}, "three" ${found[2]}`);
        }
      },
    };
  },
};

/** A message that fills the buffer: twice the same two words. */
function fill(view: Uint8Array, number: number): void {
  view.set(message(number));
  view.set(message(number), BYTES);
}

const death: Scenario = {
  name: "shared-death",
  shortPreemptions: 1,
  fewerPreemptions: 1,
  // Tasks write into a view directly: nobody sees that two of them touch the same bytes.
  stopsAlways: true,
  title: "a client dies while its shared buffer is read and written; another gets the buffer",
  strike,
  cast() {
    const main = open(ONE);
    const [server, client, other] = [start(1), start(2), start(3)];
    const { chid, coid } = connect(server, client);
    const otherCoid = connectTo(chid, server, other);
    const first = as(client, sharedAcquire);
    const wrong: string[] = [];
    let second = -EAGAIN;
    let status = NaN;
    let answer = new Uint8Array(LONG);
    const serves = (): void => {
      const head = new Uint8Array(LONG);
      const body = new Uint8Array(LONG);
      const reply = new Uint8Array(LONG);
      for (let i = 0; i < 2; i++) {
        const rcvid = MsgReceive(chid, head, LONG, null);
        const number = numberIn(head);
        const read = MsgRead(rcvid, body, LONG, 0);
        if (read >= 0 && numberIn(body) !== number) wrong.push(`read ${numberIn(body)}`);
        if (isTorn(number)) wrong.push("received half of one message and half of another");
        fill(reply, answerTo(number));
        MsgReply(rcvid, 0, reply, LONG);
      }
    };
    const sends = (): void => {
      const view = sharedView(first)!;
      fill(view, 1);
      MsgSend(coid, view, LONG, view, LONG);
    };
    const sendsToo = (): void => {
      second = sharedAcquire();
      if (second < 0) return;
      const view = sharedView(second)!;
      fill(view, 2);
      status = MsgSend(otherCoid, view, LONG, view, LONG);
      answer = view.slice();
    };
    return {
      actors: [
        { name: "server", vm: server, act: serves, isDaemon: true },
        { name: "client", vm: client, act: sends, isMortal: true },
        { name: "main", vm: main, act: () => reportDeath(client.pid), onDeathOf: "client" },
        { name: "other", vm: other, act: sendsToo, after: ["main"], onDeathOf: "client" },
      ],
      check({ killed }) {
        expect(wrong.length === 0, wrong.join());
        if (killed.size === 0 || second < 0) return;
        expect(status === 0, `the other's send: ${status}`);
        expectAnswer(status, answer, 2);
        expectAnswer(status, answer.subarray(BYTES), 2);
      },
    };
  },
};

export const scenarios: readonly Scenario[] = [race, death];
