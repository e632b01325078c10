/**
 * The way to the manager: when it does not answer, and what src/ha asks of it.
 */
import test from "tape";
import * as H from "../../../src/ham/index.js";
import { ConnectServerInfo } from "../../../src/kernel/connection/connection-info.js";
import { _NTO_SIDE_CHANNEL } from "../../../src/kernel/connection/connection.js";
import { EINVAL, ENOENT, ETIMEDOUT } from "../../../src/kernel/errno.js";
import * as L from "../../../src/arena/layout.js";
import { createServerInfo } from "../../../src/arena/records.js";
import { _NTO_TIMEOUT_SEND, TimerTimeout } from "../../../src/kernel/time/timeout.js";
import { as, own, portOf } from "../kernel/vms.js";
import { RealStage } from "../manager/supervise/real.js";

const STEP_MS = 100;

test("a stalled main VM: -ETIMEDOUT after 5 s, or sooner by TimerTimeout", (t) => {
  for (const [armed, ms] of [
    [null, 5_000],
    [20, 20],
    [9_000, 5_000],
  ] as const) {
    const stage = new RealStage();
    const client = stage.client("a");
    as(client, () => {
      H.ham_connect(0);
      stage.isPolling = false;
      const port = portOf(client);
      const now = port.now.bind(port);
      let time = now();
      // Each look at the clock is so much later than the one before.
      port.now = () => (time += STEP_MS);
      const since = time;
      if (armed !== null) TimerTimeout(_NTO_TIMEOUT_SEND, armed);
      t.equal(H.ham_entity("e", 0, 0), -ETIMEDOUT, `armed ${armed}`);
      t.ok(time - since >= ms && time - since < ms + 5 * STEP_MS, `after ${time - since} ms`);
      port.now = now;
      stage.isPolling = true;
      t.equal(H.ham_entity_handle(0, "e", 0), -ENOENT, "the manager never saw it");
    });
  }
  t.end();
});

test("ManagerClient: asks for a service, and rings the main VM for a lost one", (t) => {
  const stage = new RealStage();
  const client = stage.client("a");
  as(client, () => {
    const { manager } = portOf(client);
    t.equal(manager!.startService("known"), 0, "declared");
    t.equal(manager!.startService("unknown"), -ENOENT, "not declared");
    const info = createServerInfo();
    const coid = ConnectServerInfo(0, _NTO_SIDE_CHANNEL, info);
    t.equal(coid, -EINVAL, "and it leaves no connection");
    const bell = own(stage.bench.main, L.TASK_BELL);
    manager!.serviceLost("known");
    t.equal(own(stage.bench.main, L.TASK_BELL), bell + 1, "rung");
  });
  t.end();
});
