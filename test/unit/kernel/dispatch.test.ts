/**
 * Dispatch handles: what a handler sees.
 */
import test from "tape";
import { ConnectAttach } from "../../../src/kernel/connection/connect-attach.js";
import {
  type Dispatch,
  dispatch_block,
  dispatch_context_alloc,
  dispatch_create,
  dispatch_destroy,
  dispatch_handler,
  type DispatchContext,
  message_attach,
  message_detach,
  pulse_attach,
} from "../../../src/kernel/dispatch.js";
import { ENOSYS, ESRCH } from "../../../src/kernel/errno.js";
import { sendPulse } from "../../../src/kernel/pulse/pulse.js";
import { MsgReply } from "../../../src/kernel/message/reply.js";
import type { Vm } from "../../../src/arena/vm.js";
import { as, Bench, post, settle } from "./vms.js";

interface Stage {
  readonly server: Vm;
  readonly client: Vm;
  readonly dpp: Dispatch;
  readonly ctp: DispatchContext;
  readonly coid: number;
}

function stage(): Stage {
  const bench = new Bench();
  const server = bench.start(1);
  const client = bench.start(2);
  const dpp = as(server, dispatch_create) as Dispatch;
  const ctp = as(server, () => dispatch_context_alloc(dpp));
  const coid = as(client, () => ConnectAttach(0, server.pid, dpp.chid, 0, 0));
  return { server, client, dpp, ctp, coid };
}

/** Receives and handles one arrival. */
function handleOne({ server, ctp }: Stage): number {
  return as(server, () => {
    const status = dispatch_block(ctp);
    return status === 0 ? dispatch_handler(ctp) : status;
  });
}

test("dispatch_handler: a handler gets the context, the type and its own handle", (t) => {
  const at = stage();
  const handle = { name: "mine" };
  const seen: unknown[] = [];
  message_attach(
    at.dpp,
    0x0102,
    0x0102,
    (ctp, type, given) => {
      seen.push(ctp === at.ctp, type, given === handle, ctp.info.msglen, ctp.rcvid > 0);
      MsgReply(ctp.rcvid, 1, null, 0);
    },
    handle,
  );
  const posted = post(at.client, at.coid, Uint8Array.of(2, 1, 9));
  t.equal(handleOne(at), 0, "handled");
  settle(at.client);
  t.equal(posted.status, 1, "answered");
  t.deepEqual(seen, [true, 0x0102, true, 3, true], "type: the first two bytes, little-endian");
  t.end();
});

test("dispatch_handler: a pulse handler gets code, value and its handle, and rcvid 0", (t) => {
  const at = stage();
  const seen: unknown[] = [];
  const note = (ctp: DispatchContext, code: number, handle: unknown): void => {
    seen.push(code, ctp.pulse.value, handle, ctp.rcvid);
  };
  as(at.server, () => pulse_attach(at.dpp, 0, 4, note, "h"));
  as(at.client, () => sendPulse(at.coid, 10, 4, -9));
  t.equal(handleOne(at), 0, "handled");
  t.deepEqual(seen, [4, -9, "h", 0], "all of it");
  t.end();
});

test("message_detach: a handler may detach itself while it runs", (t) => {
  const at = stage();
  let calls = 0;
  const once = (ctp: DispatchContext): void => {
    calls++;
    message_detach(at.dpp, 0, 9);
    MsgReply(ctp.rcvid, 0, null, 0);
  };
  message_attach(at.dpp, 0, 9, once, null);
  for (const expected of [0, -ENOSYS]) {
    const posted = post(at.client, at.coid);
    handleOne(at);
    settle(at.client);
    t.equal(posted.status, expected, `status ${expected}`);
  }
  t.equal(calls, 1, "called once");
  t.end();
});

test("dispatch_destroy: who waits gets -ESRCH, and so does dispatch_block", (t) => {
  const at = stage();
  const posted = post(at.client, at.coid);
  t.equal(
    as(at.server, () => dispatch_destroy(at.dpp)),
    0,
    "destroyed",
  );
  settle(at.client);
  t.equal(posted.status, -ESRCH, "the client");
  t.equal(handleOne(at), -ESRCH, "dispatch_block");
  t.end();
});

test("dispatch_handler: what a handler throws ends the loop, not the dispatch handle", (t) => {
  const at = stage();
  const fail = (): never => {
    throw new Error("a bug");
  };
  message_attach(at.dpp, 0, 9, fail, null);
  const posted = post(at.client, at.coid);
  t.throws(() => handleOne(at), /a bug/, "thrown");
  settle(at.client);
  t.equal(posted.status, null, "the client waits: its server is expected to die");
  t.end();
});
