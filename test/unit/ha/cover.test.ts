/**
 * Recovery: what a recovery function may do, and how often it is asked.
 */
import test from "tape";
import { ha_attach, ha_detach, HAREPLACERECOVERYFN } from "../../../src/ha/attach.js";
import { MsgSendPulse } from "../../../src/ha/cover.js";
import { ha_reopen } from "../../../src/ha/open.js";
import { recover, RETRANSMIT } from "../../../src/ha/recover.js";
import { ChannelDestroy } from "../../../src/kernel/channel/channel.js";
import { ConnectDetach } from "../../../src/kernel/connection/connect-attach.js";
import { EBADF, EEXIST, EINVAL, ENOENT, ESRCH, LOST } from "../../../src/kernel/errno.js";
import * as L from "../../../src/arena/layout.js";
import { name_attach, name_open } from "../../../src/kernel/name/name.js";
import { readTrace } from "../../../src/kernel/inspect/trace.js";
import { STOPPED } from "../../../src/kernel/task/doorbell.js";
import { as, Bench, own, portOf } from "../kernel/vms.js";

const LOST_EBADF = -(LOST + EBADF);
const LOST_ESRCH = -(LOST + ESRCH);

function stage() {
  const bench = new Bench();
  const server = bench.start(1);
  const client = bench.start(2);
  const chid = as(server, () => name_attach(null, "service", 0));
  const coid = as(client, () => name_open("service", 0));
  return { bench, server, client, chid, coid };
}

test("recover: gets the coid and the handle; the same coid means: transmit again", (t) => {
  const { bench, client, coid } = stage();
  const handle = { name: "mine" };
  const seen: unknown[] = [];
  as(client, () => {
    ha_attach(coid, (lost, given) => seen.push(lost, given === handle) && lost, handle, 0);
    t.equal(recover(coid, LOST_EBADF, LOST_EBADF), RETRANSMIT, "transmit again");
  });
  t.deepEqual(seen, [coid, true], "its arguments");
  t.equal(own(client, L.TASK_RECOVERIES), 1, "counted");
  const events = as(bench.main, readTrace).map(({ event, value }) => [event, value]);
  const told = [
    ["recovering", coid],
    ["recovered", coid],
  ];
  t.deepEqual(events, told, "and traced");
  t.end();
});

test("recover: the original error for a plain connection, and when the function gives up", (t) => {
  const { client, coid } = stage();
  as(client, () => {
    for (const [lost, original] of [[LOST_EBADF, -EBADF] as const, [LOST_ESRCH, -ESRCH] as const]) {
      t.equal(recover(coid, lost, lost), original, "a plain connection");
      for (const answer of [-1, coid + 1, coid - 1, NaN, undefined, String(coid)]) {
        ha_attach(coid, () => answer as number, null, HAREPLACERECOVERYFN);
        t.equal(recover(coid, lost, lost), original, `it returns ${answer}`);
      }
      ha_detach(coid);
    }
  });
  t.equal(own(client, L.TASK_RECOVERIES), 0, "none is counted");
  t.end();
});

test("recover: a function that throws is reported, and asked again the next time", (t) => {
  const { bench, client, coid } = stage();
  let calls = 0;
  as(client, () => {
    const rfn = (lost: number): number => {
      if (++calls === 1) throw new TypeError("not a number");
      return lost;
    };
    ha_attach(coid, rfn, null, 0);
    t.equal(recover(coid, LOST_EBADF, LOST_EBADF), -EBADF, "the original error");
    t.equal(recover(coid, LOST_EBADF, LOST_EBADF), RETRANSMIT, "then it works");
  });
  t.deepEqual(
    portOf(client).logged,
    [`recovery function of coid ${coid} threw: TypeError: not a number`],
    "the text is in the host's log",
  );
  const events = as(bench.main, readTrace).map(({ event }) => event);
  const told = ["recovering", "recovery-threw", "recovering", "recovered"];
  t.deepEqual(events, told, "and both in the trace");
  t.end();
});

test("recover: the order to stop passes through a recovery function", (t) => {
  const { client, coid } = stage();
  as(client, () => {
    const stop = (): never => {
      throw STOPPED;
    };
    ha_attach(coid, stop, null, 0);
    let thrown: unknown;
    try {
      recover(coid, LOST_EBADF, LOST_EBADF);
    } catch (error) {
      thrown = error;
    }
    t.equal(thrown, STOPPED, "STOPPED");
    ha_attach(coid, (lost) => lost, null, HAREPLACERECOVERYFN);
    t.equal(
      recover(coid, LOST_EBADF, LOST_EBADF),
      RETRANSMIT,
      "the function is not taken for running",
    );
  });
  t.end();
});

test("recover: inside a recovery function the same coid is plain, another one is not", (t) => {
  const { client, coid } = stage();
  const other = as(client, () => name_open("service", 0));
  const results: number[] = [];
  as(client, () => {
    ha_attach(other, (lost) => lost, null, 0);
    const nested = (lost: number): number => {
      results.push(recover(lost, LOST_EBADF, LOST_EBADF), recover(other, LOST_EBADF, LOST_EBADF));
      return lost;
    };
    ha_attach(coid, nested, null, 0);
    t.equal(recover(coid, LOST_EBADF, LOST_EBADF), RETRANSMIT, "recovered");
  });
  t.deepEqual(results, [-EBADF, RETRANSMIT], "the same: plain; the other: recovered");
  t.end();
});

test("ha_attach: a function may replace or detach itself while it runs", (t) => {
  const { client, coid } = stage();
  as(client, () => {
    const second = (): number => -1;
    const first = (lost: number): number => {
      t.equal(ha_attach(lost, second, null, 0), -EEXIST, "it is still attached");
      t.equal(ha_attach(lost, second, null, HAREPLACERECOVERYFN), 0, "replaced");
      return lost;
    };
    ha_attach(coid, first, null, 0);
    t.equal(recover(coid, LOST_EBADF, LOST_EBADF), RETRANSMIT, "the first one's answer counts");
    t.equal(recover(coid, LOST_EBADF, LOST_EBADF), -EBADF, "the next time the second is asked");
    const last = (lost: number): number => (ha_detach(lost), lost);
    ha_attach(coid, last, null, HAREPLACERECOVERYFN);
    t.equal(recover(coid, LOST_EBADF, LOST_EBADF), RETRANSMIT, "one that detaches itself");
    t.equal(recover(coid, LOST_EBADF, LOST_EBADF), -EBADF, "is gone");
    t.equal(ha_detach(coid), -EBADF, "nothing to detach");
  });
  t.end();
});

test("ha_attach: -EINVAL for what is no function, before it looks at the coid", (t) => {
  const { client, coid } = stage();
  as(client, () => {
    t.equal(ha_attach(coid, null as never, null, 0), -EINVAL, "null");
    t.equal(
      ha_attach(coid, () => 0, null, 2),
      -EINVAL,
      "flags",
    );
    t.equal(
      ha_attach(coid + 9, () => 0, null, 0),
      -EBADF,
      "no such coid",
    );
    ConnectDetach(coid);
    t.equal(
      ha_attach(coid, () => 0, null, 0),
      -EBADF,
      "a detached coid",
    );
  });
  t.end();
});

test("MsgSendPulse: is transmitted again until it succeeds or recovery gives up", (t) => {
  const { server, client, chid, coid } = stage();
  as(server, () => ChannelDestroy(chid));
  let calls = 0;
  as(client, () => {
    const patient = (lost: number): number => {
      calls++;
      if (calls === 3) as(server, () => name_attach(null, "service", 0));
      const result = ha_reopen(lost, "service", 0);
      return result === -ENOENT ? lost : result;
    };
    ha_attach(coid, patient, null, 0);
    t.equal(MsgSendPulse(coid, 10, 1, 1), 0, "sent");
  });
  t.equal(calls, 3, "at the third recovery");
  t.end();
});
