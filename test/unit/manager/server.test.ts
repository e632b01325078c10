/**
 * The manager's server: what it takes of the main VM, beside requests.
 */
import test from "tape";
import { openManagerChannel } from "../../../src/kernel/channel/channel.js";
import {
  _NTO_TIMEOUT_REPLY,
  _NTO_TIMEOUT_SEND,
  TimerTimeout,
} from "../../../src/kernel/time/timeout.js";
import { ManagerServer } from "../../../src/manager/server.js";
import { as, Bench } from "../kernel/vms.js";

const STATES = _NTO_TIMEOUT_SEND | _NTO_TIMEOUT_REPLY;

test("ManagerServer: its looks leave the application's TimerTimeout alone", (t) => {
  const { main } = new Bench();
  as(main, () => {
    const chid = openManagerChannel();
    const server = new ManagerServer({ startService: () => 0, perform: () => 0 }, chid);
    TimerTimeout(STATES, 200);
    const until = main.armedUntil;
    for (let i = 0; i < 3; i++) t.equal(server.poll(), 0, "nothing has come");
    t.equal(main.armedUntil, until, "the same time");
    t.equal(TimerTimeout(0, 0), STATES, "for the same states");
  });
  t.end();
});
