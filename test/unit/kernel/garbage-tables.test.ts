/**
 * Garbage in a task's own channels, connections, names and pulses: nobody else is harmed by it,
 * and it is gone with the task.
 */
import test from "tape";
import { ChannelCreate, _NTO_CHF_DISCONNECT } from "../../../src/kernel/channel/channel.js";
import { channelAt, entryAt } from "../../../src/arena/address.js";
import { ConnectAttach, ConnectDetach } from "../../../src/kernel/connection/connect-attach.js";
import { clientEntry } from "../../../src/kernel/connection/connection.js";
import { reportExit } from "../../../src/kernel/death/death.js";
import { EBADF, ENOENT, ESRCH, ETIMEDOUT } from "../../../src/kernel/errno.js";
import {
  createEvent,
  MsgDeliverEvent,
  SIGEV_PULSE_INIT,
} from "../../../src/kernel/message/event.js";
import * as L from "../../../src/arena/layout.js";
import { nameAt } from "../../../src/kernel/channel/name-record.js";
import { name_attach, name_open } from "../../../src/kernel/name/name.js";
import { PULSE_BYTES, readPulse, sendPulse } from "../../../src/kernel/pulse/pulse.js";
import { createPulse } from "../../../src/arena/records.js";
import { sharedAcquire } from "../../../src/kernel/message/shared-buffer.js";
import type { Vm } from "../../../src/arena/vm.js";
import { claimTask } from "../../../src/kernel/task/task.js";
import { viewPlace } from "../../../src/kernel/inspect/view.js";
import { as, Bench, connect, post, settle, take } from "./vms.js";
import { GARBAGE, held, used, write } from "./garbage.js";

test("CONNECTION_SERIAL: a disconnect pulse never names a coid of the server", (t) => {
  for (const serial of [0, -1, 0x4_0000, 0x10_0000]) {
    const bench = new Bench();
    const server = bench.start(1);
    const client = bench.start(2);
    const { chid, coid } = connect(server, client, _NTO_CHF_DISCONNECT);
    const entry = as(client, () => clientEntry(client.pid, coid));
    const own = as(server, () => ConnectAttach(0, 0, chid, 0, 0));
    client.words[entry + L.CONNECTION_SERIAL] = serial;
    bench.bury(client);
    const bytes = new Uint8Array(PULSE_BYTES);
    t.equal(take(server, chid, bytes), 0, "the pulse comes");
    const pulse = createPulse();
    readPulse(bytes, pulse);
    as(server, () => ConnectDetach(pulse.scoid));
    t.ok(
      as(server, () => clientEntry(server.pid, own)) !== 0,
      `serial ${serial}: nothing of its own`,
    );
  }
  t.end();
});

test("PULSE_CODE: no sender's pulse looks like one of the kernel's", (t) => {
  const bench = new Bench();
  const server = bench.start(1);
  const client = bench.start(2);
  const { chid, coid } = connect(server, client);
  as(client, () => sendPulse(coid, 5, 1, 1));
  const cells = client.words[L.HEAD_PULSES_AT]!;
  for (let i = 0; i < client.words[L.HEAD_PULSES]!; i++) {
    client.words[cells + i * L.PULSE_WORDS + L.PULSE_CODE] = -33 << 8;
  }
  const bytes = new Uint8Array(PULSE_BYTES);
  t.equal(take(server, chid, bytes), 0, "a pulse");
  const pulse = createPulse();
  readPulse(bytes, pulse);
  t.ok(pulse.code >= 0, `of code ${pulse.code}`);
  t.end();
});

test("CHANNEL_OWNER: what is no pid makes a client write nowhere but to tasks", (t) => {
  for (const owner of [0, 511, 511 + 512, -1]) {
    const bench = new Bench();
    const server = bench.start(1);
    const client = bench.start(2, 60);
    const { coid } = connect(server, client);
    const end = client.words[L.HEAD_CHANNELS_AT]! - L.WORD_BYTES;
    client.words[as(client, () => channelAt(0)) + L.CHANNEL_OWNER] = owner;
    const before = client.words.slice();
    post(client, coid);
    const channel = as(client, () => channelAt(0));
    const isOther = (at: number): boolean =>
      at > end && !(at >= channel && at < channel + client.words[L.HEAD_CHANNEL_WORDS]!);
    const first = before.findIndex((word, at) => isOther(at) && word !== client.words[at]);
    t.equal(first, -1, `owner ${owner}: no other word has changed`);
  }
  t.end();
});

test("reportDeath: frees what says that it is nobody's", (t) => {
  for (const garbage of [0, 511, -1, -700, 0x7fff_ffff, 7 + 512 * 9]) {
    const bench = new Bench({ sharedBuffers: 1 });
    const vm = bench.start(1);
    const chid = as(vm, () => name_attach(null, "svc", 0));
    const coid = as(vm, () => ConnectAttach(0, 0, chid, 0, 0));
    as(vm, () => sendPulse(coid, 1, 1, 1));
    as(vm, sharedAcquire);
    const { words } = vm;
    words[as(vm, () => channelAt(0)) + L.CHANNEL_OWNER] = garbage;
    words[as(vm, () => entryAt(0)) + L.CONNECTION_OWNER] = garbage;
    words[as(vm, () => nameAt(0)) + L.NAME_OWNER] = garbage;
    words[words[L.HEAD_SHARED_OWNERS_AT]!] = garbage;
    bench.bury(vm);
    t.equal(used(bench), 0, `owner ${garbage}`);
  }
  t.end();
});

test("reportDeath: garbage in a dead task's connections does not stop it", (t) => {
  for (const field of [L.CONNECTION_CHANNEL, L.CONNECTION_ROOT, L.CONNECTION_CHANNEL_LIFE]) {
    for (const value of GARBAGE) {
      const bench = new Bench();
      const server = bench.start(1);
      const client = bench.start(2);
      connect(server, client, _NTO_CHF_DISCONNECT);
      client.words[as(client, () => entryAt(0)) + field] = value;
      t.doesNotThrow(() => bench.bury(client), `word ${field} ${value}`);
      bench.bury(server);
      t.equal(used(bench), 0, "and nothing is left");
    }
  }
  t.end();
});

test("reportExit: ends a task that has written over its own life", (t) => {
  for (const value of [0, -1, 5, 77, (2 << L.LIFE_BITS) | L.LIFE_FREE, (1 << L.LIFE_BITS) | 3]) {
    const bench = new Bench();
    const server = bench.start(1);
    const client = bench.start(2);
    const { coid } = connect(server, client);
    const posted = post(client, coid);
    write(server, L.TASK_LIFE, value);
    as(bench.main, () => reportExit(server.pid));
    settle(client);
    t.equal(posted.status, -ESRCH, `life ${value}: its client is told`);
    t.ok(as(bench.main, () => claimTask(1, 10)) > 0, "its place is free");
  }
  t.end();
});

test("CHANNEL_LIFE: a server that writes over it cannot make a client wait for ever", (t) => {
  for (const value of [0, -1, 5, 6, 7, 77 << L.LIFE_BITS]) {
    const bench = new Bench();
    const server = bench.start(1);
    const client = bench.start(2);
    const { chid, coid } = connect(server, client);
    const posted = post(client, coid);
    take(server, chid);
    const wasOpen = server.words[as(server, () => channelAt(0)) + L.CHANNEL_LIFE] === value;
    server.words[as(server, () => channelAt(0)) + L.CHANNEL_LIFE] = value;
    bench.bury(server);
    settle(client);
    t.equal(posted.status, -ESRCH, `life ${value}${wasOpen ? ", as it was" : ""}: -ESRCH`);
    bench.bury(client);
    t.equal(used(bench), 0, "nothing is left");
  }
  t.end();
});

test("ChannelCreate: a record that was given up while open is another channel afterwards", (t) => {
  const bench = new Bench({ channels: 1 });
  const hostile = bench.start(1);
  const client = bench.start(2);
  const honest = bench.start(3);
  const { chid, coid } = connect(hostile, client);
  const posted = post(client, coid);
  hostile.words[as(hostile, () => channelAt(0)) + L.CHANNEL_OWNER] = 0;
  const other = as(honest, () => ChannelCreate(0));
  t.notEqual(other, chid, "another chid");
  t.equal(take(honest, other), -ETIMEDOUT, "which nobody has sent to");
  t.equal(take(hostile, chid), -ESRCH, "and is not the hostile task's");
  settle(client);
  t.equal(posted.status, -ESRCH, "whose client is told");
  t.end();
});

test("names: garbage in a record is not followed, and is no endless text", (t) => {
  for (const value of GARBAGE) {
    const bench = new Bench();
    const { server, client } = held(bench);
    as(server, () => name_attach({ chid: channelOf(server) }, "svc", 0));
    const record = as(server, () => nameAt(0));
    server.words[record + L.NAME_LENGTH] = value;
    const { waitsFor } = as(bench.main, () => viewPlace(2));
    t.ok((waitsFor?.name.length ?? 99) <= L.NAME_BYTES_MAX, `length ${value}`);
    server.words[record + L.NAME_LENGTH] = 3;
    server.words[record + L.NAME_CHANNEL] = value;
    t.equal(
      as(client, () => name_open("svc", 0)),
      -ENOENT,
      `channel ${value}: -ENOENT`,
    );
  }
  t.end();
});

function channelOf(server: Vm): number {
  return (
    as(server, () => server.words[channelAt(0) + L.CHANNEL_LIFE]! >>> L.LIFE_BITS) * L.CHID_RANGE +
    1
  );
}

test("MsgDeliverEvent: does not follow garbage in the client's connection", (t) => {
  for (const value of GARBAGE) {
    const bench = new Bench();
    const { server, client, rcvid } = held(bench);
    const entry = as(client, () => clientEntry(client.pid, 0));
    const event = createEvent();
    SIGEV_PULSE_INIT(event, 0, 5, 1, 1);
    client.words[entry + L.CONNECTION_CHANNEL] = value;
    const before = server.words.slice();
    t.equal(
      as(server, () => MsgDeliverEvent(rcvid, event)),
      -EBADF,
      `channel ${value}: -EBADF`,
    );
    t.deepEqual(server.words, before, "nothing was written");
  }
  t.end();
});
