/**
 * Sending: who gives up while the other side is in the middle of something.
 */
import { channelAt } from "../../../../src/arena/address.js";
import test from "tape";
import { MsgSend } from "../../../../src/ha/cover.js";
import { EDEADLK, ESRCH, ETIMEDOUT } from "../../../../src/kernel/errno.js";
import * as L from "../../../../src/arena/layout.js";
import { MsgReply } from "../../../../src/kernel/message/reply.js";
import { MsgRead, MsgWrite } from "../../../../src/kernel/message/reply.js";
import type { Vm } from "../../../../src/arena/vm.js";
import {
  _NTO_TIMEOUT_REPLY,
  _NTO_TIMEOUT_SEND,
  TimerTimeout,
} from "../../../../src/kernel/time/timeout.js";
import { STOPPED } from "../../../../src/kernel/task/doorbell.js";
import { as, atNows, Bench, connect, own, portOf, post, settle, slotOf, take } from "../vms.js";

const LONG_MS = 1_000_000;

/** A server and a client that may block, connected. */
function stageBlocking() {
  const bench = new Bench();
  const server = bench.start(1);
  const client = bench.start(2, 10, true);
  return { bench, server, client, ...connect(server, client) };
}

/** A client whose send is limited, and whose time can be made to pass. */
function stageLimited(states: number) {
  const bench = new Bench();
  const server = bench.start(1);
  const client = bench.start(2);
  const { chid, coid } = connect(server, client);
  as(client, () => TimerTimeout(states, 50));
  const posted = post(client, coid, Uint8Array.of(1, 2, 3, 4));
  const expire = (): void => {
    portOf(client).ahead_ms = LONG_MS;
    settle(client);
  };
  return { bench, server, client, chid, coid, posted, expire };
}

const sendBlocking = (client: Vm, coid: number): number =>
  as(client, () => MsgSend(coid, Uint8Array.of(7), 1, null, 0));

test("MsgSend: a limit ends the wait for a server that hangs while it waits for messages", (t) => {
  const { server, client, coid } = stageBlocking();
  // The server announced that it waits, and never came to take the message.
  server.words[as(server, () => channelAt(0)) + L.CHANNEL_WAITING] = L.WAITING_MESSAGE;
  as(client, () => TimerTimeout(_NTO_TIMEOUT_SEND | _NTO_TIMEOUT_REPLY, 5));
  t.equal(sendBlocking(client, coid), -ETIMEDOUT, "-ETIMEDOUT");
  t.equal(slotOf(client), L.SLOT_IDLE, "nothing is outstanding");
  t.end();
});

test("MsgSend: a SEND limit alone waits for a server that is just picking the message up", (t) => {
  const { server, client, coid, chid } = stageBlocking();
  const waiting = as(server, () => channelAt(0)) + L.CHANNEL_WAITING;
  server.words[waiting] = L.WAITING_MESSAGE;
  as(client, () => TimerTimeout(_NTO_TIMEOUT_SEND, 0));
  let looks = 0;
  const serve = (): void => {
    looks++;
    const rcvid = take(server, chid);
    as(server, () => MsgReply(rcvid, 6, null, 0));
  };
  const wait = (): void => void looks++;
  // The clock is read once to see that the time is over, and then at each look.
  atNows(client, wait, wait, wait, serve);
  t.equal(sendBlocking(client, coid), 6, "the reply");
  t.equal(looks, 4, "it came at the fourth look");
  t.end();
});

test("MsgSend: a REPLY limit that runs out in the queue: the server sees nothing", (t) => {
  const { server, client, coid, chid } = stageBlocking();
  as(client, () => TimerTimeout(_NTO_TIMEOUT_REPLY, 50));
  let seen = 0;
  const pass = (): void => void (portOf(client).ahead_ms = LONG_MS);
  const come = (): void => void (seen = take(server, chid));
  atNows(client, () => {}, pass, come);
  t.equal(sendBlocking(client, coid), -ETIMEDOUT, "-ETIMEDOUT");
  t.equal(seen, -ETIMEDOUT, "the server found nothing");
  t.equal(slotOf(client), L.SLOT_EXPIRED, "it has ended the message");
  t.end();
});

test("MsgSend: a client whose time is over waits for the end of the server's claim", (t) => {
  const { server, client, chid, posted, expire } = stageLimited(_NTO_TIMEOUT_REPLY);
  const rcvid = take(server, chid);
  let inside = -1;
  portOf(server).atCopy = () => {
    inside = slotOf(client);
    expire();
    t.equal(posted.status, null, "it has not given up");
  };
  t.equal(
    as(server, () => MsgReply(rcvid, 8, Uint8Array.of(9), 1)),
    0,
    "the reply wins",
  );
  t.equal(inside, L.SLOT_CLAIMED, "the time was over inside the claim");
  settle(client);
  t.equal(posted.status, 8, "the client has it");
  t.equal(posted.reply[0], 9, "and its data");
  t.end();
});

test("MsgSend: after MsgWrite's claim a client whose time is over gives up", (t) => {
  const { server, client, chid, posted, expire } = stageLimited(_NTO_TIMEOUT_REPLY);
  const rcvid = take(server, chid);
  portOf(server).atCopy = expire;
  t.equal(
    as(server, () => MsgWrite(rcvid, Uint8Array.of(9), 1, 0)),
    1,
    "written",
  );
  t.equal(posted.status, null, "it waited");
  settle(client);
  t.equal(posted.status, -ETIMEDOUT, "now it has given up");
  t.ok(as(server, () => MsgReply(rcvid, 1, null, 0)) < 0, "a reply is late");
  t.end();
});

for (const end of ["its time is over", "the server dies"]) {
  test(`MsgSend: what MsgWrite has written is no reply when ${end}`, (t) => {
    const { bench, server, client, coid, chid } = stageBlocking();
    const reply = new Uint8Array(4);
    const write = (): void => {
      const rcvid = take(server, chid);
      as(server, () => MsgWrite(rcvid, Uint8Array.of(9), 1, 0));
      if (end === "the server dies") bench.bury(server);
      else portOf(client).ahead_ms = LONG_MS;
    };
    as(client, () => TimerTimeout(_NTO_TIMEOUT_REPLY, 50));
    atNows(client, () => {}, write);
    const status = as(client, () => MsgSend(coid, Uint8Array.of(7), 1, reply, 4));
    t.equal(status, end === "the server dies" ? -ESRCH : -ETIMEDOUT);
    t.deepEqual([...reply], [0, 0, 0, 0], "the caller's buffer is as it was");
    t.end();
  });
}

test("MsgReceive: a client that gives up while its message is copied, and sends another", (t) => {
  const { server, client, chid, coid, posted, expire } = stageLimited(_NTO_TIMEOUT_REPLY);
  const message = new Uint8Array(4);
  let second: ReturnType<typeof post> | undefined;
  portOf(server).atCopy = () => {
    expire();
    second = post(client, coid, Uint8Array.of(5, 6, 7, 8));
  };
  const rcvid = take(server, chid, message);
  t.equal(posted.status, -ETIMEDOUT, "the first has ended");
  t.ok(rcvid > 0, "the server gets a message");
  t.deepEqual([...message], [5, 6, 7, 8], "the second one, whole");
  as(server, () => MsgReply(rcvid, 3, null, 0));
  settle(client);
  t.equal(second?.status, 3, "and its answer goes to that");
  t.end();
});

test("MsgRead: a client that gives up while its message is copied, and sends another", (t) => {
  const { server, client, chid, coid, expire } = stageLimited(_NTO_TIMEOUT_REPLY);
  const rcvid = take(server, chid);
  portOf(server).atCopy = () => {
    expire();
    post(client, coid, Uint8Array.of(5, 6, 7, 8));
  };
  t.ok(as(server, () => MsgRead(rcvid, new Uint8Array(4), 4, 0)) < 0, "a torn copy is void");
  t.ok(take(server, chid) > rcvid, "the second message is received");
  t.end();
});

test("MsgSend: gives up at the very moment of a reply: one of the two wins, and both know", (t) => {
  for (const replyFirst of [true, false]) {
    const { server, chid, posted, expire } = stageLimited(_NTO_TIMEOUT_REPLY);
    const rcvid = take(server, chid);
    if (!replyFirst) expire();
    const replied = as(server, () => MsgReply(rcvid, 4, null, 0));
    if (replyFirst) expire();
    t.equal(posted.status, replyFirst ? 4 : -ETIMEDOUT, "the client");
    t.equal(replied === 0, replyFirst, "the server");
  }
  t.end();
});

test("MsgSend: the order to stop ends the wait, in every state", (t) => {
  const stop = (client: Vm): void => {
    client.words[client.me + L.TASK_POISON] = L.POISON_STOP;
  };
  const states = _NTO_TIMEOUT_SEND | _NTO_TIMEOUT_REPLY;
  for (const when of ["before", "SEND", "REPLY"]) {
    const { server, client, coid, chid } = stageBlocking();
    if (when === "before") stop(client);
    as(client, () => TimerTimeout(states, LONG_MS));
    const receive = when === "REPLY" ? () => void take(server, chid) : () => {};
    atNows(
      client,
      () => {},
      receive,
      () => stop(client),
    );
    let thrown: unknown;
    try {
      sendBlocking(client, coid);
    } catch (error) {
      thrown = error;
    }
    t.equal(thrown, STOPPED, `${when}: STOPPED is thrown`);
    as(client, () => TimerTimeout(0, 0));
  }
  t.end();
});

test("MsgSend: a doorbell that nobody rang for does not end the wait", (t) => {
  const { server, client, coid, chid } = stageBlocking();
  as(client, () => TimerTimeout(_NTO_TIMEOUT_SEND | _NTO_TIMEOUT_REPLY, LONG_MS));
  const ring = (): void => void client.words[client.me + L.TASK_BELL]!++;
  const serve = (): void => {
    const rcvid = take(server, chid);
    as(server, () => MsgReply(rcvid, 2, null, 0));
  };
  atNows(client, () => {}, ring, ring, ring, ring, serve);
  t.equal(sendBlocking(client, coid), 2, "only the reply does");
  t.ok(own(client, L.TASK_BELL) >= 4, "it was rung for nothing");
  t.end();
});

test("MsgSend: -EDEADLK on a VM that may not wait, also on the coid it used last", (t) => {
  const bench = new Bench();
  const server = bench.start(1);
  const { main } = bench;
  const { chid, coid } = connect(server, main);
  const posted = post(main, coid);
  as(server, () => MsgReply(take(server, chid), 0, null, 0));
  settle(main);
  t.equal(posted.status, 0, "sendAsync has gone through");
  const bytes = new Uint8Array(4);
  t.equal(
    as(main, () => MsgSend(coid, bytes, 4, bytes, 4)),
    -EDEADLK,
    "-EDEADLK",
  );
  t.end();
});
