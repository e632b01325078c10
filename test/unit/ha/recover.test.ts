/**
 * Limits of a recovery: how often it may be tried, and how long it may take.
 */
import test from "tape";
import {
  HA_RECOVERY_ACOUNT,
  HA_RECOVERY_ICOUNT,
  ha_attach,
  ha_connection_ctrl,
} from "../../../src/ha/attach.js";
import { MsgSend, MsgSendPulse } from "../../../src/ha/cover.js";
import { ha_reopen } from "../../../src/ha/open.js";
import { EBADF, ETIMEDOUT } from "../../../src/kernel/errno.js";
import { name_attach, name_detach, name_open } from "../../../src/kernel/name/name.js";
import { _NTO_TIMEOUT_REPLY, TimerTimeout } from "../../../src/kernel/time/timeout.js";
import { delay } from "../../../src/kernel/task/doorbell.js";
import { as, atNows, Bench, take } from "../kernel/vms.js";

const LIMIT_MS = 20;
/** Many times as long. */
const LONG_MS = 1_000;

function stage() {
  const bench = new Bench();
  const server = bench.start(1);
  const client = bench.start(2, 10, true);
  const chid = as(server, () => name_attach(null, "service", 0));
  const coid = as(client, () => name_open("service", 0));
  return { bench, server, client, chid, coid };
}

test("HA_RECOVERY_ACOUNT: so many recoveries that succeed, and no more", (t) => {
  const { server, client, coid, ...first } = stage();
  let { chid } = first;
  as(client, () => {
    ha_attach(coid, (lost) => ha_reopen(lost, "service", 0), null, 0);
    ha_connection_ctrl(coid, HA_RECOVERY_ACOUNT, 2);
  });
  for (const expected of [0, 0, -EBADF]) {
    as(server, () => {
      name_detach(chid, 0);
      chid = name_attach(null, "service", 0);
    });
    t.equal(
      as(client, () => MsgSendPulse(coid, 10, 1, 1)),
      expected,
    );
  }
  t.end();
});

test("HA_RECOVERY_ICOUNT: so many tries for one failure, and no more", (t) => {
  const { bench, server, client, coid } = stage();
  let calls = 0;
  bench.bury(server);
  as(client, () => {
    ha_attach(coid, (lost) => (calls++, lost), null, 0);
    ha_connection_ctrl(coid, HA_RECOVERY_ICOUNT, 3);
    t.equal(MsgSendPulse(coid, 10, 1, 1), -EBADF, "the original error");
  });
  t.equal(calls, 3, "after three tries");
  t.end();
});

for (const when of ["before the call", "during it"]) {
  test(`TimerTimeout: a limit holds for the recovery too: the server died ${when}`, (t) => {
    const { bench, server, client, chid, coid } = stage();
    let calls = 0;
    let left = NaN;
    const wait = (lost: number): number => {
      calls++;
      left = delay(LONG_MS);
      return lost;
    };
    const die = (): void => {
      take(server, chid);
      bench.bury(server);
    };
    if (when === "before the call") die();
    as(client, () => {
      ha_attach(coid, wait, null, 0);
      ha_connection_ctrl(coid, HA_RECOVERY_ICOUNT, 2);
      TimerTimeout(_NTO_TIMEOUT_REPLY, LIMIT_MS);
      if (when === "during it") atNows(client, () => undefined, die);
      t.equal(MsgSend(coid, null, 0, null, 0), -ETIMEDOUT, "-ETIMEDOUT");
      t.ok(left > 0, "delay in the recovery function has returned early, and says so");
      t.equal(calls, 1, "it was not asked again");
      t.equal(delay(1), 0, "the limit is over with the call");
    });
    t.end();
  });
}
