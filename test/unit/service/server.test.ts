/**
 * A server of a service: whom it answers, and with what.
 */
import test from "tape";
import {
  type Dispatch,
  dispatch_block,
  dispatch_context_alloc,
  dispatch_create,
  dispatch_handler,
  EDEADLK,
  EEXIST,
  EINVAL,
  ENOENT,
  ENOSYS,
  EPROTO,
  ESRCH,
  ETIMEDOUT,
  Ledger,
  message_attach,
  MsgReply,
  MsgSendPulse,
  name_open,
} from "../../../src/index.js";
import {
  array,
  call,
  defineService,
  LATER,
  type Members,
  pulse,
  Server,
  type Service,
  u8,
} from "../../../src/service/index.js";
import { as, portOf, post, settle } from "../kernel/vms.js";
import { Counter, HANDLERS, sendCall, serveOne, stage, Sum, wordIn } from "./stage.js";

test("Server: a call gets what its handler has put into the reply, and its status", (t) => {
  const { server, client } = stage();
  const sum = as(server, () => new Server(Sum, HANDLERS));
  t.equal(sum.status, 0);
  const add = sendCall(client, Sum, "add", { a: 3, b: 4 });
  t.equal(serveOne(server, sum, client), 0, "received");
  t.deepEqual([add.status, wordIn(add)], [0, 7], "no status is 0");
  const nothing = sendCall(client, Sum, "nothing", {});
  serveOne(server, sum, client);
  t.equal(nothing.status, 7, "a status of its own");
  t.equal(
    as(server, () => sum.receive()),
    -ETIMEDOUT,
    "no more: a VM that may not block looks",
  );
  t.end();
});

test("Server: a reply begins with zeros: nothing of the one before is left in it", (t) => {
  const { server, client } = stage();
  const sum = as(
    server,
    () => new Server(Sum, { ...HANDLERS, add: ({ a, b }, r) => void (a && (r.sum = a + b)) }),
  );
  for (const [a, expected] of [
    [5, 5],
    [0, 0],
  ] as const) {
    const sent = sendCall(client, Sum, "add", { a, b: 0 });
    serveOne(server, sum, client);
    t.equal(wordIn(sent), expected);
  }
  t.end();
});

test("Server: handlers are methods, and know who asks", (t) => {
  const { server, client } = stage();
  const handlers = {
    ...HANDLERS,
    seen: [] as unknown[],
    nothing(_: object, __: object, each: { rcvid: number; info: { pid: number } }) {
      this.seen.push(each.rcvid > 0, each.info.pid === client.pid);
    },
    reset(value: number) {
      this.seen.push(value);
    },
  };
  const sum = as(server, () => new Server(Sum, handlers));
  t.equal(sum.rcvid, 0, "nobody yet");
  sendCall(client, Sum, "nothing", {});
  serveOne(server, sum, client);
  const coid = as(client, () => name_open("sum", 0));
  for (const value of [-1, 0, 2 ** 31 - 1]) {
    as(client, () => MsgSendPulse(coid, -1, 0, value));
    serveOne(server, sum, client);
  }
  as(client, () => MsgSendPulse(coid, -1, 1, 5));
  t.equal(serveOne(server, sum, client), 0, "a pulse of another code is nobody's");
  t.deepEqual(handlers.seen, [true, true, -1, 0, 2 ** 31 - 1]);
  t.end();
});

/** What a stranger may send, and what it gets. */
const WRONG: readonly (readonly [
  what: string,
  (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>,
  number,
])[] = [
  ["nothing", () => new Uint8Array(0), ENOSYS],
  ["one byte", (bytes) => bytes.slice(0, 1), ENOSYS],
  ["half a tag", (bytes) => bytes.slice(0, 2), ENOSYS],
  ["a tag alone", (bytes) => bytes.slice(0, 4), EPROTO],
  ["a byte less", (bytes) => bytes.slice(0, -1), EPROTO],
  ["a byte more", (bytes) => Uint8Array.of(...bytes, 0), EPROTO],
  ["as much as there is", (bytes) => Uint8Array.of(...bytes, ...Array(116).fill(0)), EPROTO],
  ["another fingerprint", (bytes) => bytes.fill(bytes[3]! ^ 1, 3, 4), ENOSYS],
  ["a call that is not there", (bytes) => bytes.fill(bytes[0]! + 2, 0, 1), ENOSYS],
  ["another service", (bytes) => bytes.fill(bytes[1]! ^ 1, 1, 2), ENOSYS],
  ["a question of another protocol", (bytes) => bytes.fill(bytes[0]! & 0xc0, 0, 1), ENOSYS],
];

for (const [what, change, errno] of WRONG) {
  test(`Server: ${what} is answered with ${errno === EPROTO ? "EPROTO" : "ENOSYS"}`, (t) => {
    const { server, client } = stage();
    let isCalled = false;
    const add = (): void => void (isCalled = true);
    const sum = as(server, () => new Server(Sum, { ...HANDLERS, add }));
    // A right one before it: its bytes are still in the buffer.
    sendCall(client, Sum, "nothing", {});
    serveOne(server, sum, client);
    const sent = sendCall(client, Sum, "add", { a: 1, b: 2 }, change);
    serveOne(server, sum, client);
    t.equal(sent.status, -errno);
    t.notOk(isCalled, "no handler sees it");
    t.end();
  });
}

test("Server: a negative status is MsgError's, and a status that is none ends the task", (t) => {
  const { server, client } = stage();
  let status: unknown = -EINVAL;
  const handlers = { ...HANDLERS, nothing: () => status as number };
  const sum = as(server, () => new Server(Sum, handlers));
  const sent = sendCall(client, Sum, "nothing", {});
  serveOne(server, sum, client);
  t.equal(sent.status, -EINVAL);
  for (status of [NaN, 1.5, 2 ** 31, -5000, "x", Promise.resolve(0), {}]) {
    const why = /nothing: found the status .*, which no call returns/;
    const left = sendCall(client, Sum, "nothing", {});
    t.throws(() => as(server, () => sum.receive()), why, String(status));
    t.equal(left.status, null, "the client waits for the successor");
    as(server, () => MsgReply(sum.rcvid, 0, null, 0));
    settle(client);
  }
  t.end();
});

test("Server: what the program forgot is said where it is made", (t) => {
  const { server } = stage({ stableBytes: 64, messageBytes: 24 });
  const Long = defineService("long", { all: call({ raw: array(u8, 21) }, {}) });
  as(server, () => {
    const make = (service: unknown, handlers: object, options?: object) => () =>
      new Server(service as Service<Members>, handlers as never, options as never);
    t.throws(make(Sum, { ...HANDLERS, add: undefined }), /sum\.add has no handler/);
    t.throws(make(Sum, { ...HANDLERS, reset: 5 }), /sum\.reset has no handler/);
    const none = (): void => undefined;
    const both = { add: none, later: none };
    t.throws(make(Counter, both), /counter\.add takes effect once: it needs a ledger/);
    const ledger = new Ledger({ stateBytes: 4, replyBytes: 3, clients: 1 });
    t.throws(make(Counter, both, { ledger }), /its replies have 4 bytes, the ledger keeps 3/);
    const long = /long\.all: its request has 28 bytes, .*limits\.messageBytes allows 24$/;
    t.throws(make(Long, { all: none }), long);
    t.equal(name_open("sum", 0), -ENOENT, "nothing is registered");
  });
  t.end();
});

test("Server: a name that is taken is a status and a line, and leaves no channel", (t) => {
  const { bench, server } = stage({ channels: 2 });
  const other = bench.start(3);
  const first = as(server, () => new Server(Sum, HANDLERS));
  for (let i = 0; i < 5; i++) {
    const second = as(other, () => new Server(Sum, HANDLERS));
    t.equal(second.status, -EEXIST);
    t.equal(
      as(other, () => second.receive()),
      -EEXIST,
      "it does not receive",
    );
    t.equal(
      as(other, () => second.close()),
      -EINVAL,
      "it has nothing to close",
    );
  }
  t.deepEqual(portOf(other).logged.slice(0, 1), ["serve: sum: the name is taken"]);
  t.equal(
    as(server, () => first.close()),
    0,
  );
  t.equal(as(other, () => new Server(Sum, HANDLERS)).status, 0, "free again");
  t.equal(
    as(server, () => first.receive()),
    -ESRCH,
    "the first has no channel any more",
  );
  t.equal(
    as(server, () => first.close()),
    -EINVAL,
    "and cannot be closed twice",
  );
  t.end();
});

test("Server: without a free channel it is a status and a line", (t) => {
  const { server } = stage({ channels: 1 });
  as(server, () => dispatch_create());
  const sum = as(server, () => new Server(Sum, HANDLERS));
  t.ok(sum.status < 0 && as(server, () => sum.receive()) === sum.status);
  t.match(portOf(server).logged.join(), /^serve: sum: dispatch_create: E/);
  t.end();
});

test("Server: the main VM may not wait: run() says so, and receive() looks", (t) => {
  const { server } = stage();
  const sum = as(server, () => new Server(Sum, HANDLERS));
  t.equal(
    as(server, () => sum.run()),
    -EDEADLK,
  );
  t.match(portOf(server).logged.join(), /serve: sum: the main VM may not wait/);
  t.end();
});

test("Server: on a shared channel: answers later, errors, and replies of zeros", (t) => {
  const { server, client } = stage({ stableBytes: 64 });
  let held = 0;
  const { ctp, sum } = as(server, () => {
    const channel = dispatch_create() as Dispatch;
    const handlers = {
      add({ a, b }: { a: number; b: number }, reply: { sum: number }): void {
        if (a !== 0) reply.sum = a + b;
      },
      nothing(_: object, __: object, { rcvid }: { rcvid: number }): number {
        if (held !== 0) return -EINVAL;
        held = rcvid;
        return LATER;
      },
      reset: (): void => undefined,
    };
    const service = new Server(Sum, handlers, { dispatch: channel });
    return { ctp: dispatch_context_alloc(channel), sum: service };
  });
  const handle = (): void => {
    as(server, () => dispatch_block(ctp) === 0 && dispatch_handler(ctp));
    settle(client);
  };
  for (const [a, expected] of [
    [5, 6],
    [0, 0],
  ] as const) {
    const added = sendCall(client, Sum, "add", { a, b: 1 });
    handle();
    t.deepEqual([added.status, wordIn(added)], [0, expected]);
  }
  const later = sendCall(client, Sum, "nothing", {});
  handle();
  t.equal(later.status, null, "it waits");
  as(server, () => sum.calls.nothing.answer(held, 3));
  settle(client);
  t.equal(later.status, 3, "and is answered");
  const refused = sendCall(client, Sum, "nothing", {});
  handle();
  t.equal(refused.status, -EINVAL, "an error");
  t.end();
});

test("Server: services and handlers of one's own share a channel and its loop", (t) => {
  const { server, client } = stage();
  const Other = defineService(
    "other",
    { ask: call({ n: u8 }, { n: u8 }), ring: pulse() },
    { code: 1 },
  );
  const heard: string[] = [];
  const { dpp, ctp } = as(server, () => {
    const channel = dispatch_create() as Dispatch;
    const dispatch = { dispatch: channel };
    const sum = new Server(Sum, { ...HANDLERS, reset: () => void heard.push("reset") }, dispatch);
    const other = new Server(
      Other,
      { ask: (q, p) => void (p.n = q.n + 1), ring: () => void heard.push("ring") },
      dispatch,
    );
    t.deepEqual([sum.status, other.status], [0, 0]);
    t.equal(sum.close(), -EINVAL, "the channel is not its own");
    message_attach(channel, 3, 3, (each) => void MsgReply(each.rcvid, 33, null, 0), null);
    t.throws(
      () => new Server(defineService("more", { a: pulse() }), { a: () => undefined }, dispatch),
      /more: code 0: EBUSY/,
    );
    const same = { type: Sum.type };
    const Clash = defineService("clash", { a: call({}, {}) }, same);
    t.throws(() => new Server(Clash, { a: () => 0 }, dispatch), /clash: type \d+: EBUSY/);
    return { dpp: channel, ctp: dispatch_context_alloc(channel) };
  });
  const handle = (): void => {
    as(server, () => dispatch_block(ctp) === 0 && dispatch_handler(ctp));
    settle(client);
  };
  const asked = sendCall(client, Other, "ask", { n: 4 });
  handle();
  t.deepEqual([asked.status, asked.reply[0]], [0, 5]);
  const added = sendCall(client, Sum, "add", { a: 1, b: 1 });
  handle();
  t.equal(wordIn(added), 2);
  const coid = as(client, () => name_open("other", 0));
  const plain = post(client, coid, Uint8Array.of(3, 0));
  handle();
  t.equal(plain.status, 33, "a message of one's own");
  for (const code of [1, 0]) {
    as(client, () => MsgSendPulse(coid, -1, code, 0));
    handle();
  }
  t.deepEqual(heard, ["ring", "reset"]);
  t.ok(dpp.chid > 0);
  t.end();
});
