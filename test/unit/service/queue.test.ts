/**
 * Calls of the main VM, which may not wait: connected by the first, and queued.
 */
import test from "tape";
import { EAGAIN, EBADF, EBUSY, ENOSYS, EPROTO, ESRCH, name_open } from "../../../src/index.js";
import { closeOutbox, pollSend } from "../../../src/ha/async.js";
import {
  array,
  call,
  type Client,
  defineService,
  type Members,
  open,
  pulse,
  Server,
  type Service,
  u32,
  u8,
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

function stage(limits = {}): Stage {
  const bench = new Bench(limits);
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

const ADD = call({ a: u32, b: u32 }, { sum: u32 });

/** What the server has become, and which member the client finds changed. */
const CHANGED: readonly (readonly [string, Members])[] = [
  ["nothing", { add: ADD, nothing: call({ a: u8 }, {}), reset: pulse() }],
  ["reset", { add: ADD, nothing: call({}, {}) }],
];

for (const [member, members] of CHANGED) {
  test(`sendAsync: -EPROTO when only ${member} is another one`, (t) => {
    const at = stage();
    const handlers = { add: () => 0, nothing: () => 0, reset: () => undefined };
    const other = as(at.server, () => new Server(defineService("sum", members), handlers as never));
    t.equal(add(at, 1), 0, "queued");
    serve(at, other, 4);
    t.deepEqual(at.ends, [[1, -EPROTO, 0]]);
    t.match(portOf(at.main).logged.join(), new RegExp(`another version: ${member} is`));
    t.end();
  });
}

test("sendAsync: a client that is refused keeps no connection", (t) => {
  const at = stage({ connections: 1 });
  const Other = defineService("sum", { add: call({}, {}), nothing: call({}, {}) });
  const other = as(at.server, () => new Server(Other, { add: () => 0, nothing: () => 0 }));
  for (let i = 0; i < 3; i++) {
    t.equal(add(at, i), 0, "the only connection is free");
    serve(at, other, 2);
    t.deepEqual(at.ends[i], [i, -EPROTO, 0]);
    // The pulse of the one that has gone.
    serve(at, other, 1);
  }
  t.end();
});

test("open: messages that are too long for the system are refused with both numbers", (t) => {
  const { main } = new Bench({ messageBytes: 24 });
  const Long = defineService("long", { all: call({ raw: array(u8, 21) }, {}) });
  const why = /long\.all: its request has 28 bytes, .*limits\.messageBytes allows 24$/;
  t.throws(() => as(main, () => open(Long)), why);
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

test("sendAsync: 64 wait at the most, too, while the server's version is asked for", (t) => {
  const at = stage();
  const More = defineService("sum", {
    nothing: call({}, {}),
    add: call({ a: u32, b: u32 }, { sum: u32 }),
    reset: pulse(),
  });
  const first = as(at.server, () => new Server(More, HANDLERS));
  for (let i = 0; i < 64; i++) if (add(at, i) !== 0) t.fail(`${i} is not queued`);
  t.equal(add(at, 64), -EAGAIN, "one too many");
  const other = as(at.main, () => open(Sum));
  const fromOther = (): number => as(at.main, () => other.nothing.sendAsync(() => undefined));
  t.equal(fromOther(), -EAGAIN, "of another client, too");
  t.equal(other.connection.coid, -1, "which is not connected for that");
  serve(at, first, 2);
  t.equal(at.ends.length, 64, "another version: all are told");
  t.ok(at.ends.every(([, status]) => status === -EPROTO));
  as(at.server, () => first.close());
  const sum = as(at.server, () => new Server(Sum, HANDLERS));
  for (let i = 0; i < 64; i++) if (add(at, i) !== 0) t.fail(`${i} is not queued`);
  t.equal(add(at, 64), -EAGAIN, "their places were free again, and no more than those");
  serve(at, sum, 1);
  t.equal(add(at, 64), 0, "connected, and one is under way");
  t.equal(add(at, 65), -EAGAIN);
  serve(at, sum, 65);
  t.deepEqual(
    at.ends.slice(64).map(([a, status]) => [a, status]),
    Array.from({ length: 65 }, (_, i) => [i, 0]),
    "in order",
  );
  t.end();
});

test("sendAsync: questions of several members find a place in a full queue", (t) => {
  const at = stage();
  const More = defineService("sum", {
    add: call({ a: u32, b: u32 }, { sum: u32 }),
    nothing: call({}, {}),
    reset: pulse(),
    more: call({}, {}),
  });
  const handlers = { ...HANDLERS, more: () => 0 };
  const sum = as(at.server, () => new Server(More, handlers));
  const coid = as(at.main, () => name_open("sum", 0));
  const plain = post(at.main, coid);
  t.equal(plain.error, 0, "a plain one is under way");
  for (let i = 0; i < 63; i++) if (add(at, i) !== 0) t.fail(`${i} is not queued`);
  t.equal(add(at, 63), -EAGAIN, "the question and 63 calls");
  serve(at, sum, 1 + 4 + 63);
  t.equal(at.ends.filter(([, status]) => status === 0).length, 63);
  t.end();
});

test("sendAsync: one that cannot be sent is told in its turn, and nothing overtakes", (t) => {
  const at = stage();
  const sum = as(at.server, () => new Server(Sum, HANDLERS));
  const closing = as(at.main, () => open(Sum));
  as(at.main, () => closing.nothing.sendAsync(() => undefined));
  serve(at, sum, 2);
  add(at, 1);
  serve(at, sum, 2);
  add(at, 2);
  as(at.main, () => {
    closing.nothing.sendAsync((status) => {
      at.ends.push([-1, status]);
      add(at, 4);
    });
    closing.connection.close();
  });
  add(at, 3);
  // The connection that is closed has sent a pulse.
  serve(at, sum, 4);
  t.deepEqual(
    at.ends.map(([a, status]) => [a, status]),
    [
      [1, 0],
      [2, 0],
      [-1, -EBADF],
      [3, 0],
      [4, 0],
    ],
  );
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
