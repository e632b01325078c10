/**
 * Every exported call with a wrong type in each of its arguments: an errno, never a TypeError, and
 * nothing has changed.
 */
import test from "tape";
import * as reattach from "../../../src/index.js";
import { as, Bench, connect, type TestPort } from "./vms.js";

type Call = (...args: unknown[]) => unknown;

/** What no argument takes, whatever it is. */
const WRONG: readonly (readonly [string, unknown])[] = [
  ["undefined", undefined],
  ["a string", "20"],
  ["true", true],
  ["a bigint", 20n],
  ["a symbol", Symbol("20")],
  ["an object that turns into a number", { valueOf: () => 1 }],
  [
    "an object that throws",
    {
      valueOf: () => {
        throw new Error("asked for its value");
      },
    },
  ],
  ["an object without a prototype", Object.create(null)],
];

const bytes = new Uint8Array(24);
const iov = [reattach.createIov(new Uint8Array(24))];
const info = reattach.createMsgInfo();
const event = reattach.createEvent();
const rfn = (coid: number): number => coid;
const handler = (): void => undefined;

/** Good arguments, as far as they go: an id of nobody is an errno anyway. `any`: takes anything. */
const any = Symbol("any");
const ARGUMENTS: Readonly<Record<string, readonly unknown[]>> = {
  ChannelCreate: [0x1000],
  ChannelDestroy: [9],
  ConnectAttach: [0, 513, 9, 0, 0],
  ConnectDetach: [9],
  ConnectFlags: [0, 9, 0, 0],
  ConnectServerInfo: [0, 9, reattach.createServerInfo()],
  ConnectClientInfo: [9, reattach.createClientInfo()],
  MsgSend: [9, bytes, 4, bytes, 4],
  MsgSendv: [9, iov, 1, iov, 1],
  MsgSendsv: [9, bytes, 4, iov, 1],
  MsgSendvs: [9, iov, 1, bytes, 4],
  MsgSendPulse: [9, 10, 1, 1],
  sendAsync: [9, bytes, 4, bytes, 4, handler],
  MsgReceive: [9, bytes, 24, info],
  MsgReceivev: [9, iov, 1, info],
  MsgReceivePulse: [9, bytes, 24, info],
  MsgReceivePulsev: [9, iov, 1, info],
  MsgReply: [513, 0, bytes, 4],
  MsgReplyv: [513, 0, iov, 1],
  MsgError: [513, 3],
  MsgRead: [513, bytes, 4, 0],
  MsgReadv: [513, iov, 1, 0],
  MsgWrite: [513, bytes, 4, 0],
  MsgWritev: [513, iov, 1, 0],
  MsgInfo: [513, info],
  MsgCurrent: [513],
  MsgDeliverEvent: [513, event],
  MsgVerifyEvent: [513, event],
  TimerTimeout: [8, 1],
  delay: [NaN],
  name_attach: [null, "/wrong", 0],
  name_detach: [9, 0],
  name_open: ["none", 0],
  waitForName: ["none", NaN],
  name_close: [9],
  ha_attach: [9, rfn, any, 0],
  ha_detach: [9],
  ha_connection_ctrl: [9, 1, 1],
  ha_ConnectAttach: [0, 513, 9, 0, 0, rfn, any, 0],
  ha_ConnectDetach: [9],
  ha_ReConnectAttach: [9, 0, 513, 9, any, 0],
  ha_open: ["none", 0, rfn, any, 0],
  ha_creat: ["none", 0, rfn, any, 0],
  ha_reopen: [9, "none", 0],
  ha_close: [9],
  ha_dup: [9],
  stableCommit: [bytes, 4_000],
  sharedRelease: [9],
  sharedMessage: [513],
  readPulse: [new Uint8Array(2), reattach.createPulse()],
  packEvent: [event, new Uint8Array(2), 0],
  unpackEvent: [event, new Uint8Array(2), 0],
  dispatch_destroy: [{ chid: 9 }],
  dispatch_timeout: [{ chid: 9 }, NaN],
  message_attach: [{ chid: 9, ranges: [], pulses: [] }, 9, 1, handler, any],
  message_detach: [{ chid: 9, ranges: [], pulses: [] }, 9, 1],
  pulse_attach: [{ chid: 9, ranges: [], pulses: [] }, 0, 999, handler, any],
  pulse_detach: [{ chid: 9, ranges: [], pulses: [] }, 1],
};
/** Nothing can be wrong, or it is told otherwise: a throw that is documented, null, an array. */
const OTHERS = new Set([
  "MsgSendnc",
  "MsgSendvnc",
  "MsgSendsvnc",
  "MsgSendvsnc",
  "restartRecovery",
  "Ledger",
  "ledgerBytes",
  "stableRead",
  "sharedAcquire",
  "sharedView",
  "dispatch_create",
  "dispatch_context_alloc",
  "dispatch_block",
  "dispatch_handler",
  "SIGEV_NONE_INIT",
  "SIGEV_PULSE_INIT",
  "SIGEV_UNBLOCK_INIT",
  "createClientInfo",
  "createEvent",
  "createIov",
  "createMsgInfo",
  "createPulse",
  "createServerInfo",
  "getpid",
  "getprio",
  "systemLimits",
  "uptime",
  "errnoName",
]);

const isRecord = (value: unknown): boolean =>
  value instanceof Object &&
  !(value instanceof Uint8Array) &&
  !Array.isArray(value) &&
  typeof value !== "function";

const calls = Object.entries(reattach as unknown as Record<string, Call>).filter(
  ([, value]) => typeof value === "function",
);

test("wrong arguments: the table has every exported call", (t) => {
  for (const [name] of calls) {
    t.ok(Object.hasOwn(ARGUMENTS, name) || OTHERS.has(name), name);
  }
  t.end();
});

for (const [name, args] of Object.entries(ARGUMENTS)) {
  test(`${name}: an errno for a wrong type in each argument, and nothing has changed`, (t) => {
    const bench = new Bench({ stableBytes: 64, sharedBuffers: 1, sharedBytes: 256 });
    const server = bench.start(1, 10, true);
    const client = bench.start(2, 10, true);
    // Ids that mean something: the fast paths look at them first.
    const { chid, coid } = connect(server, client);
    const call = (reattach as unknown as Record<string, Call>)[name]!;
    const before = bench.main.words.slice();
    args.forEach((good, at) => {
      if (good === any) return;
      for (const [what, wrong] of WRONG) {
        // A call fills any object.
        if (isRecord(good) && wrong instanceof Object) continue;
        if (typeof good === "string" && typeof wrong === "string") continue;
        for (const vm of [server, client]) {
          const given = args.map((arg) => (arg === 9 ? (vm === server ? chid : coid) : arg));
          given[at] = wrong;
          let result: unknown;
          try {
            result = as(vm, () => call(...given));
          } catch (error) {
            result = error;
          }
          const isErrno = typeof result === "number" && result < 0;
          if (!isErrno) t.fail(`argument ${at + 1}, ${what}: ${String(result)}`);
        }
      }
    });
    t.deepEqual(bench.main.words, before, "the arena is as it was");
    t.equal((server.port as TestPort).logged.length, 0, "nothing was said");
    t.end();
  });
}

test("wrong arguments: what is no errno is a RangeError, null, or nothing", (t) => {
  const task = new Bench({ stableBytes: 64 }).start(1);
  as(task, () => {
    for (const [what, wrong] of [...WRONG, ["null", null] as const]) {
      const value = wrong as never;
      if (typeof wrong !== "string") {
        t.throws(() => reattach.restartRecovery(value), RangeError, `restartRecovery: ${what}`);
      }
      if (wrong !== undefined && !(wrong instanceof Object)) {
        t.throws(() => reattach.restartRecovery("a", value), RangeError, `its options: ${what}`);
      }
      t.throws(() => reattach.ledgerBytes(value), RangeError, `ledgerBytes: ${what}`);
      t.throws(() => new reattach.Ledger(value), RangeError, `Ledger: ${what}`);
      t.equal(reattach.sharedView(value), null, `sharedView: ${what}`);
      t.equal(reattach.errnoName(value), "", `errnoName: ${what}`);
      t.ok((reattach.dispatch_context_alloc(value) as unknown) !== undefined, "a context, or not");
      for (const init of [reattach.SIGEV_NONE_INIT, reattach.SIGEV_UNBLOCK_INIT]) {
        t.equal(typeof init(value), "number", `SIGEV_…_INIT: ${what}`);
      }
      t.ok(reattach.dispatch_block(value) < 0, `dispatch_block: ${what}`);
      t.ok(reattach.dispatch_handler(value) < 0, `dispatch_handler: ${what}`);
    }
  });
  t.end();
});
