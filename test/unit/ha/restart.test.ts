/**
 * restartRecovery: bad input at the place where it is made, what it tells the manager, its pauses.
 */
import test from "tape";
import { pollSend, sendAsync } from "../../../src/ha/async.js";
import { ha_attach } from "../../../src/ha/attach.js";
import { MsgSendPulse } from "../../../src/ha/cover.js";
import { restartRecovery, type RestartOptions } from "../../../src/ha/restart.js";
import { ChannelDestroy } from "../../../src/kernel/channel/channel.js";
import { EBADF, ETIMEDOUT } from "../../../src/kernel/errno.js";
import { name_attach, name_open } from "../../../src/kernel/name/name.js";
import { _NTO_TIMEOUT_SEND, TimerTimeout } from "../../../src/kernel/time/timeout.js";
import { as, Bench, portOf } from "../kernel/vms.js";

const BAD: readonly (readonly [string, string | string[], RestartOptions, RegExp])[] = [
  ["no service", [], {}, /no service is given/],
  ["an empty name", "", {}, /found service "", allowed is what name_attach takes/],
  ["a path", ["good", "/bad"], {}, /found service "\/bad"/],
  ["no string", [7 as never], {}, /found service 7/],
  ["no time", "s", { limit_ms: 0 }, /found limit_ms 0, allowed is a number above 0/],
  ["NaN", "s", { pause_ms: NaN }, /found pause_ms NaN/],
  ["a negative time", "s", { pauseMax_ms: -1 }, /found pauseMax_ms -1/],
];

test("restartRecovery: throws for what cannot work, where it is made", (t) => {
  for (const [what, services, options, message] of BAD) {
    t.throws(() => restartRecovery(services, options), message, what);
  }
  t.end();
});

test("restartRecovery: tells the manager, and waits until a service is there", (t) => {
  const bench = new Bench();
  const server = bench.start(1);
  const client = bench.start(2, 10, true);
  const chid = as(server, () => name_attach(null, "service", 0));
  const lost: string[] = [];
  const port = portOf(client);
  port.manager = { serviceLost: (service) => lost.push(service), startService: () => 0 };
  as(client, () => {
    const coid = name_open("service", 0);
    const options = { limit_ms: 40 };
    ha_attach(coid, restartRecovery(["service", "other"], options), null, 0);
    as(server, () => ChannelDestroy(chid));
    const start = port.now();
    t.equal(MsgSendPulse(coid, 10, 1, 1), -EBADF, "nobody comes: the original error");
    t.ok(port.now() - start >= 40, "after its time");
    as(server, () => name_attach(null, "other", 0));
    t.equal(MsgSendPulse(coid, 10, 1, 1), 0, "another service");
  });
  t.deepEqual(lost, ["service", "service"], "once for each recovery");
  t.end();
});

test("restartRecovery: a rebuild that fails is tried again after growing pauses", (t) => {
  const bench = new Bench();
  const server = bench.start(1);
  const client = bench.start(2, 10, true);
  const chid = as(server, () => name_attach(null, "service", 0));
  const port = portOf(client);
  as(client, () => {
    const coid = name_open("service", 0);
    const times: number[] = [];
    const rebuild = (): boolean => times.push(port.now()) === 4;
    const options = { limit_ms: 10_000, pause_ms: 3, pauseMax_ms: 8, rebuild };
    ha_attach(coid, restartRecovery("service", options), null, 0);
    as(server, () => ChannelDestroy(chid));
    as(server, () => name_attach(null, "service", 0));
    t.equal(MsgSendPulse(coid, 10, 1, 1), 0, "the fourth try succeeds");
    const pauses = times.slice(1).map((time, i) => time - times[i]!);
    t.ok(
      pauses.every((pause) => pause >= 3),
      `pauses of ${pauses.map((pause) => pause.toFixed(1)).join(", ")} ms`,
    );
  });
  t.end();
});

test("restartRecovery: on the main VM a failure ended by a time limit is not the next one", (t) => {
  const bench = new Bench();
  const server = bench.start(1);
  const { main } = bench;
  const chid = as(server, () => name_attach(null, "service", 0));
  const statuses: number[] = [];
  as(main, () => {
    const coid = name_open("service", 0);
    ha_attach(coid, restartRecovery("service", { limit_ms: 500 }), null, 0);
    as(server, () => ChannelDestroy(chid));
    const send = (): number => sendAsync(coid, null, 0, null, 0, (status) => statuses.push(status));
    TimerTimeout(_NTO_TIMEOUT_SEND, 20);
    send();
    pollSend();
    portOf(main).ahead_ms += 20;
    pollSend();
    t.deepEqual(statuses, [-ETIMEDOUT], "the send had no more time");
    portOf(main).ahead_ms += 10_000;
    send();
    pollSend();
    t.deepEqual(statuses, [-ETIMEDOUT], "much later: another failure, which has time");
    portOf(main).ahead_ms += 500;
    pollSend();
    t.deepEqual(statuses, [-ETIMEDOUT, -EBADF], "and then none: the original error");
  });
  t.end();
});
