/**
 * The loop of a server: when it ends, and what it does beside answering.
 */
import test from "tape";
import { Server } from "../../../src/service/index.js";
import { as, Bench, portOf, settle } from "../kernel/vms.js";
import { HANDLERS, sendCall, Sum } from "./stage.js";

const PERIOD_MS = 1_000;

/** A server that may wait, and clients that each send it a message. */
function stage(count: number) {
  const bench = new Bench();
  const clients = Array.from({ length: count }, (_, i) => bench.start(2 + i));
  return { server: bench.start(1, 10, true), clients };
}

test("run: stop() ends it after the message that is being handled", (t) => {
  const { server, clients } = stage(2);
  let calls = 0;
  const sum = as(
    server,
    () =>
      new Server(Sum, {
        ...HANDLERS,
        nothing(_, __, each) {
          if (++calls > 1) throw new Error("it has gone on");
          each.stop();
        },
      }),
  );
  const sent = clients.map((client) => sendCall(client, Sum, "nothing", {}));
  t.equal(
    as(server, () => sum.run()),
    0,
  );
  clients.forEach(settle);
  t.deepEqual(
    sent.map(({ status }) => status),
    [0, null],
    "the second is for the next who serves",
  );
  t.end();
});

test("run: onPeriod is called when it is due, also while messages wait", (t) => {
  const { server, clients } = stage(3);
  const seen: string[] = [];
  const port = portOf(server);
  const sum = as(
    server,
    () =>
      new Server(
        Sum,
        {
          ...HANDLERS,
          nothing() {
            seen.push("call");
            port.ahead_ms += PERIOD_MS;
          },
        },
        {
          period_ms: PERIOD_MS,
          onPeriod(each) {
            seen.push("period");
            if (seen.length === 6) each.stop();
          },
        },
      ),
  );
  for (const client of clients) sendCall(client, Sum, "nothing", {});
  t.equal(
    as(server, () => sum.run()),
    0,
  );
  t.deepEqual(seen, ["call", "period", "call", "period", "call", "period"]);
  t.end();
});

test("run: onPeriod is called without a message, again and again", (t) => {
  const { server } = stage(0);
  let periods = 0;
  const sum = as(
    server,
    () =>
      new Server(Sum, HANDLERS, {
        period_ms: 1,
        onPeriod: (each) => void (++periods === 3 && each.stop()),
      }),
  );
  t.equal(
    as(server, () => sum.run()),
    0,
  );
  t.equal(periods, 3);
  t.end();
});
