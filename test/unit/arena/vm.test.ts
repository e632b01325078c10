/**
 * The attachment: calls outside a task say so, and systems in one process do not mix.
 */
import test from "tape";
import * as reattach from "../../../src/index.js";
import { DEFAULT_LIMITS } from "../../../src/arena/limits.js";
import { use } from "../../../src/arena/vm.js";
import { as, Bench, connect, post, take } from "../kernel/vms.js";

/** Calls that need no arena: they look at their arguments only. */
const PURE = [
  "createClientInfo",
  "createEvent",
  "createIov",
  "createMsgInfo",
  "createPulse",
  "createServerInfo",
  "errnoName",
  "message_attach",
  "message_detach",
  "packEvent",
  "pulse_attach",
  "pulse_detach",
  "readPulse",
  "unpackEvent",
  "SIGEV_NONE_INIT",
  "SIGEV_PULSE_INIT",
  "SIGEV_UNBLOCK_INIT",
  "dispatch_timeout",
  "ledgerBytes",
  "restartRecovery",
];
/** Arguments that pass the checks which come before. */
const ARGUMENTS: Readonly<Record<string, readonly unknown[]>> = {
  ConnectAttach: [0, 0, 1, 0, 0],
  MsgReply: [513, 0, null, 0],
  MsgReplyv: [513, 0, null, 0],
  MsgRead: [513, null, 0, 0],
  MsgReadv: [513, null, 0, 0],
  MsgWrite: [513, null, 0, 0],
  MsgWritev: [513, null, 0, 0],
  MsgReceive: [1, null, 0, null],
  MsgReceivev: [1, null, 0, null],
  MsgReceivePulse: [1, null, 0, null],
  MsgReceivePulsev: [1, null, 0, null],
  MsgError: [513, 1],
  name_attach: [null, "n", 0],
  name_open: ["n", 0],
  sendAsync: [0, null, 0, null, 0, () => {}],
  TimerTimeout: [0, 0],
  dispatch_destroy: [{ chid: 1 }],
  dispatch_block: [
    { dpp: { chid: 1, ranges: [], pulses: [], timeout_ms: Infinity }, msg: new Uint8Array(64) },
  ],
  dispatch_handler: [
    { rcvid: 513, dpp: { ranges: [] }, info: { msglen: 0 }, msg: new Uint8Array(64) },
  ],
};

type Callable = (...args: unknown[]) => unknown;
const calls = (Object.entries(reattach) as [string, unknown][]).filter(
  (entry): entry is [string, Callable] =>
    typeof entry[1] === "function" && !PURE.includes(entry[0]),
);

for (const [name, call] of calls) {
  test(`${name}: throws outside a Reattach task`, (t) => {
    const { main } = new Bench();
    // As it is in a VM that no host has attached.
    for (const global of ["$words", "$me", "$vm"]) Reflect.deleteProperty(globalThis, global);
    const args = ARGUMENTS[name] ?? [0, null, 0, null, 0];
    const run = (): unknown =>
      name === "Ledger" ? new reattach.Ledger({ stateBytes: 4, clients: 1 }) : call(...args);
    t.throws(run, /this code does not run in a Reattach task/, "says so");
    use(main);
    t.end();
  });
}

test("use: two systems in one thread keep to themselves", (t) => {
  const one = new Bench();
  const two = new Bench({ ...DEFAULT_LIMITS, messageBytes: 64 });
  const pairs = [one, two].map((bench) => {
    const server = bench.start(1);
    const client = bench.start(2);
    return { server, client, ...connect(server, client) };
  });
  const [first, second] = pairs as [(typeof pairs)[0], (typeof pairs)[0]];
  t.equal(first.client.pid, second.client.pid, "their tasks have the same pids");
  post(first.client, first.coid);
  t.equal(take(second.server, second.chid), -reattach.ETIMEDOUT, "nothing in the second");
  t.ok(take(first.server, first.chid) > 0, "the message is in the first");
  as(two.main, () => t.equal(reattach.systemLimits().messageBytes, 64, "each its own limits"));
  as(one.main, () => t.equal(reattach.systemLimits().messageBytes, 128, "each its own limits"));
  t.end();
});
