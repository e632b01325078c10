/**
 * Calls of the main VM, which may not wait: connected by the first, and queued.
 */
import test from "tape";
import { EAGAIN, EBUSY, ENOSYS, EPROTO, ESRCH, name_open } from "../../../src/index.js";
import { closeOutbox, pollSend } from "../../../src/ha/async.js";
import {
  call,
  type Client,
  defineService,
  open,
  Server,
  type Service,
  u32,
} from "../../../src/service/index.js";
import type { Vm } from "../../../src/arena/vm.js";
import { as, Bench, portOf, post } from "../kernel/vms.js";
import { HANDLERS, Sum } from "./stage.js";

type SumClient = Client<typeof Sum extends Service<infer M> ? M : never>;

interface Stage {
  readonly main: Vm;
  readonly server: Vm;
  readonly client: SumClient;
  /** Ends of calls, in order: what was asked, its status and its sum. */
  readonly ends: number[][];
}

function stage(): Stage {
  const bench = new Bench();
  const { main } = bench;
  return { main, server: bench.start(1), client: as(main, () => open(Sum)), ends: [] };
}

/** Adds 1 to a number, later. */
function add({ main, client, ends }: Stage, a: number): number {
  return as(main, () => {
    client.add.request.a = a;
    client.add.request.b = 1;
    return client.add.sendAsync((status) => ends.push([a, status, client.add.reply.sum]));
  });
}

/** Lets a server answer so many messages, and main see each end. */
function serve({ main, server }: Stage, from: { receive(): number }, times: number): number[] {
  return Array.from({ length: times }, () => {
    const status = as(server, () => from.receive());
    as(main, pollSend);
    return status;
  });
}

test("sendAsync: -EAGAIN until somebody has the name; then it connects and is queued", (t) => {
  const at = stage();
  t.equal(at.client.connection.status, -EAGAIN, "open");
  t.equal(add(at, 1), -EAGAIN, "nobody is there");
  t.equal(
    as(at.main, () => at.client.add.send()),
    -EAGAIN,
    "and nobody waits",
  );
  const sum = as(at.server, () => new Server(Sum, HANDLERS));
  for (const a of [10, 20, 30]) t.equal(add(at, a), 0, `${a} is queued`);
  t.deepEqual(at.ends, [], "nothing yet");
  t.deepEqual(serve(at, sum, 4), [0, 0, 0, 0], "the question, and three calls");
  t.deepEqual(
    at.ends,
    [
      [10, 0, 11],
      [20, 0, 21],
      [30, 0, 31],
    ],
    "each with its own request, in order",
  );
  t.equal(at.client.connection.status, 0, "connected");
  t.equal(add(at, 40), 0);
  serve(at, sum, 1);
  t.deepEqual(at.ends[3], [40, 0, 41], "without another question");
  t.end();
});

test("sendAsync: another version: -EPROTO for all that have waited for that", (t) => {
  const at = stage();
  const Other = defineService("sum", {
    add: call({ a: u32 }, { sum: u32 }),
    nothing: call({}, {}),
  });
  const other = as(at.server, () => new Server(Other, { add: () => 0, nothing: () => 0 }));
  for (const a of [1, 2]) t.equal(add(at, a), 0, "queued");
  serve(at, other, 2);
  t.deepEqual(at.ends, [
    [1, -EPROTO, 0],
    [2, -EPROTO, 0],
  ]);
  t.equal(at.client.connection.status, -EPROTO);
  t.match(portOf(at.main).logged.join(), /open: sum: another version: add is \w{8}, there it is/);
  t.end();
});

test("sendAsync: waits for a send that is not of a service, and 64 wait at the most", (t) => {
  const at = stage();
  const sum = as(at.server, () => new Server(Sum, HANDLERS));
  add(at, 1);
  serve(at, sum, 2);
  const coid = as(at.main, () => name_open("sum", 0));
  const plain = post(at.main, coid);
  t.equal(plain.error, 0, "a plain one is under way");
  for (let i = 0; i < 64; i++) if (add(at, i) !== 0) t.fail(`${i} is not queued`);
  t.equal(add(at, 64), -EAGAIN, "one too many");
  t.equal(post(at.main, coid).error, -EBUSY, "a plain one is not queued");
  serve(at, sum, 65);
  t.equal(plain.status, -ENOSYS, "no call of the service");
  t.equal(at.ends.length, 65, "all have ended");
  t.ok(at.ends.every(([a, status, found]) => status === 0 && found === a! + 1));
  t.end();
});

test("sendAsync: when the board stops, all that wait are told", (t) => {
  const at = stage();
  const sum = as(at.server, () => new Server(Sum, HANDLERS));
  add(at, 1);
  serve(at, sum, 2);
  for (const a of [2, 3, 4]) add(at, a);
  as(at.main, () => {
    const { done, status } = closeOutbox(at.main);
    done?.(status);
  });
  t.deepEqual(
    at.ends.slice(1).map(([a, status]) => [a, status]),
    [
      [2, -ESRCH],
      [3, -ESRCH],
      [4, -ESRCH],
    ],
  );
  t.end();
});

test("sendAsync: without a callback it is a promise, of an error too", async (t) => {
  const at = stage();
  t.equal(await as(at.main, () => at.client.nothing.sendAsync()), -EAGAIN, "nobody is there");
  const sum = as(at.server, () => new Server(Sum, HANDLERS));
  const promise = as(at.main, () => at.client.nothing.sendAsync());
  serve(at, sum, 2);
  t.equal(await promise, 7, "its status");
});
