/**
 * Garbage in a task's own record and transfer slot: nobody else is harmed by it, and it is gone
 * with the task.
 */
import test from "tape";
import { ChannelCreate } from "../../../src/kernel/channel/channel.js";
import { entryAt } from "../../../src/arena/address.js";
import { ConnectServerInfo } from "../../../src/kernel/connection/connection-info.js";
import { ConnectAttach, ConnectDetach } from "../../../src/kernel/connection/connect-attach.js";
import { clientEntry } from "../../../src/kernel/connection/connection.js";
import { EAGAIN, EFAULT, EMSGSIZE } from "../../../src/kernel/errno.js";
import { MsgReply } from "../../../src/kernel/message/reply.js";
import * as L from "../../../src/arena/layout.js";
import { sendPulse } from "../../../src/kernel/pulse/pulse.js";
import { createIov, createMsgInfo, createServerInfo } from "../../../src/arena/records.js";
import { MsgInfo, MsgRead, MsgReplyv } from "../../../src/kernel/message/reply.js";
import {
  sharedAcquire,
  sharedMessage,
  sharedView,
} from "../../../src/kernel/message/shared-buffer.js";
import { claimTask } from "../../../src/kernel/task/task.js";
import { viewPlace } from "../../../src/kernel/inspect/view.js";
import { viewUsage } from "../../../src/kernel/inspect/usage.js";
import { createVitals, lookAt } from "../../../src/kernel/inspect/vitals.js";
import { as, Bench, connect, portOf, post, slotOf, take } from "./vms.js";
import { GARBAGE, held, write } from "./garbage.js";

test("SLOT_STATE: CLAIMED that no server has claimed does not outlive its task", (t) => {
  const bench = new Bench();
  const vm = bench.start(1);
  write(vm, L.SLOT_STATE, (3 << L.SLOT_STATE_BITS) | L.SLOT_CLAIMED);
  bench.bury(vm);
  t.ok(as(bench.main, () => claimTask(1, 10)) > 0, "its place is free");
  t.end();
});

test("claim: the place of a client that died inside it is kept until it ends", (t) => {
  const bench = new Bench();
  const { server, client, rcvid } = held(bench);
  let during = 0;
  portOf(server).atCopy = () => {
    bench.bury(client);
    during = as(bench.main, () => claimTask(2, 10));
  };
  t.equal(
    as(server, () => MsgReply(rcvid, 0, new Uint8Array(4), 4)),
    0,
    "the reply goes out",
  );
  t.equal(during, -EAGAIN, "the place was not free meanwhile");
  t.ok(as(bench.main, () => claimTask(2, 10)) > 0, "now it is");
  t.end();
});

test("claim: a client that calls its place free does not get it out of a claim", (t) => {
  const bench = new Bench();
  const { server, client, rcvid } = held(bench);
  let during = 0;
  portOf(server).atCopy = () => {
    const life = client.words[client.me + L.TASK_LIFE]!;
    write(client, L.TASK_LIFE, (life & ~L.LIFE_MASK) | L.LIFE_FREE);
    during = as(bench.main, () => claimTask(2, 10));
  };
  as(server, () => MsgReply(rcvid, 0, new Uint8Array(4), 4));
  t.equal(during, -EAGAIN, "not while a server writes into its buffers");
  t.ok(as(bench.main, () => claimTask(2, 10)) > 0, "and then it is free");
  t.end();
});

test("claim: one whose claimant has died is none", (t) => {
  const bench = new Bench();
  const { server, client } = held(bench);
  const state = client.words[client.me + L.SLOT_STATE]!;
  write(client, L.SLOT_STATE, (state & ~L.SLOT_STATE_MASK) | L.SLOT_CLAIMED);
  write(server, L.TASK_CLAIMING, client.me);
  write(client, L.SLOT_CHANNEL, 5);
  bench.bury(client);
  t.equal(
    as(bench.main, () => claimTask(2, 10)),
    -EAGAIN,
    "its claimant lives",
  );
  bench.bury(server);
  t.ok(as(bench.main, () => claimTask(2, 10)) > 0, "and now it does not");
  t.end();
});

test("SLOT_ROOM: a negative one does not make a reply throw or write elsewhere", (t) => {
  for (const room of GARBAGE) {
    const bench = new Bench();
    const { server, client, rcvid } = held(bench);
    write(client, L.SLOT_ROOM, room);
    const before = server.bytes.slice();
    const status = as(server, () => MsgReply(rcvid, 0, new Uint8Array(1_000).fill(9), 1_000));
    t.ok(status === 0 || status === -EMSGSIZE, `room ${room}: ${status}`);
    const at = client.sendAtByte + 128;
    const inOwn = (index: number): boolean => index >= at && index < at + 128;
    const nines = server.bytes.findIndex((byte, i) => byte === 9 && before[i] !== 9 && !inOwn(i));
    t.equal(nines, -1, "all bytes are in its own reply buffer");
  }
  t.end();
});

test("SLOT_REPLY_AT: a reply never goes to a shared buffer of somebody else", (t) => {
  const bench = new Bench({ sharedBuffers: 2, sharedBytes: 256 });
  const victim = bench.start(3);
  const index = as(victim, sharedAcquire);
  const { server, client, rcvid } = held(bench);
  const at = client.words[L.HEAD_SHARED_AT_BYTE]! + index * client.words[L.HEAD_SHARED_STRIDE]!;
  write(client, L.SLOT_REPLY_AT, at);
  const status = as(server, () => MsgReply(rcvid, 0, new Uint8Array(8).fill(9), 8));
  t.equal(status, -EMSGSIZE, "-EMSGSIZE");
  t.notOk(
    as(victim, () => sharedView(index)!.includes(9)),
    "the victim's bytes are as they were",
  );
  write(client, L.SLOT_SENT, 200);
  write(client, L.SLOT_SEND_AT, at);
  t.equal(
    as(server, () => MsgRead(rcvid, new Uint8Array(8), 8, 0)),
    -EFAULT,
    "nor is it read",
  );
  t.ok(as(server, () => sharedMessage(rcvid)) < 0, "nor given to the server");
  t.end();
});

test("TASK_PRIORITY: a wrong one does not become the server's", (t) => {
  for (const priority of GARBAGE.filter((each) => each !== 1 && each !== 7)) {
    const bench = new Bench();
    const server = bench.start(1, 10);
    const client = bench.start(2, 10);
    const { chid, coid } = connect(server, client);
    const self = as(server, () => ConnectAttach(0, 0, chid, 0, 0));
    write(client, L.TASK_PRIORITY, priority);
    post(client, coid);
    t.ok(take(server, chid) > 0, `${priority}: the message arrives`);
    const own = server.words[server.me + L.TASK_PRIORITY]!;
    t.ok(own >= 1 && own <= 63, `the server runs at ${own}`);
    t.equal(
      as(server, () => sendPulse(self, -1, 1, 1)),
      0,
      "and can send pulses at its own",
    );
  }
  t.end();
});

test("SLOT_SEQ_HIGH: a wrong one does not make MsgReceive return an error", (t) => {
  const bench = new Bench();
  const server = bench.start(1);
  const client = bench.start(2);
  const { chid, coid } = connect(server, client);
  write(client, L.SLOT_SEQ_HIGH, -1);
  post(client, coid);
  t.ok(take(server, chid) > 0, "an rcvid");
  t.end();
});

test("MsgInfo: numbers of their kind, whatever stands in the client's slot", (t) => {
  const fields = [L.SLOT_CONNECTION, L.SLOT_SENT, L.SLOT_ROOM, L.SLOT_FIRST, L.SLOT_CHANNEL_LIFE];
  for (const field of [...fields, L.TASK_PRIORITY, L.SLOT_SEQ_HIGH, L.SLOT_CHANNEL]) {
    for (const value of GARBAGE) {
      const { server, client, rcvid } = held(new Bench());
      const own = as(server, () =>
        ConnectAttach(
          0,
          client.pid,
          as(client, () => ChannelCreate(0)),
          0,
          0,
        ),
      );
      write(client, field, value);
      const info = createMsgInfo();
      const status = as(server, () => MsgInfo(rcvid, info));
      if (status < 0) continue;
      const sane = Object.values(info).every((each) => Number.isSafeInteger(each) && each >= -1);
      t.ok(sane && info.priority >= 1 && info.priority <= 63, `word ${field} ${value}`);
      as(server, () => ConnectDetach(info.scoid));
      t.ok(as(server, () => clientEntry(server.pid, own)) !== 0, "its scoid is none of its coids");
    }
  }
  t.end();
});

test("watchers: looking at a task with garbage in its slot and connections throws nothing", (t) => {
  const info = createServerInfo();
  for (let field = L.TASK_BELL; field < L.TASK_WORDS; field++) {
    for (const value of GARBAGE) {
      const bench = new Bench();
      const { client } = held(bench);
      write(client, field, value);
      if (field < L.CONNECTION_WORDS && field !== L.CONNECTION_OWNER) {
        client.words[as(client, () => entryAt(0)) + field] = value;
      }
      as(bench.main, () => {
        viewPlace(2);
        lookAt(client.pid, createVitals());
        ConnectServerInfo(client.pid, 0, info);
        viewUsage();
      });
    }
  }
  t.pass("nothing was thrown");
  t.end();
});

test("MsgReplyv: parts that run code run it before the client's slot is claimed", (t) => {
  const { server, client, rcvid } = held(new Bench());
  const seen: number[] = [];
  const base = new Uint8Array(4);
  const part = {
    base,
    get length() {
      seen.push(slotOf(client));
      return 4;
    },
  };
  t.equal(
    as(server, () => MsgReplyv(rcvid, 0, [part, createIov(base)], 2)),
    0,
    "replies",
  );
  t.ok(seen.length > 0 && seen.every((slot) => slot === L.SLOT_REPLY), "the slot was not claimed");
  t.end();
});

test("MsgReply: -EFAULT for a proxy of an array, which would run code inside the claim", (t) => {
  const { server, client, rcvid } = held(new Bench());
  const proxy = new Proxy(new Uint8Array(4), { get: () => 4 });
  t.equal(
    as(server, () => MsgReply(rcvid, 0, proxy, 200)),
    -EFAULT,
    "-EFAULT",
  );
  t.equal(slotOf(client), L.SLOT_REPLY, "the client waits on");
  t.end();
});
