/**
 * Connections: serials of scoids, and entries written while their channel closes.
 */
import { channelAt, entryAt } from "../../../../src/arena/address.js";
import test from "tape";
import {
  _NTO_CHF_COID_DISCONNECT,
  _NTO_CHF_DISCONNECT,
  ChannelCreate,
  ChannelDestroy,
} from "../../../../src/kernel/channel/channel.js";
import {
  ConnectAttach,
  ConnectDetach,
  reattachEntry,
} from "../../../../src/kernel/connection/connect-attach.js";
import { ConnectClientInfo } from "../../../../src/kernel/connection/connection-info.js";
import {
  _NTO_COF_NOSHARE,
  _NTO_SIDE_CHANNEL,
  coidAt,
  entryOf,
  scoidEntry,
  scoidOf,
  tableIndex,
} from "../../../../src/kernel/connection/connection.js";
import { EAGAIN, EINVAL, ENXIO, ESRCH } from "../../../../src/kernel/errno.js";
import * as L from "../../../../src/arena/layout.js";
import { createClientInfo, createPulse } from "../../../../src/arena/records.js";
import { MsgReceive } from "../../../../src/kernel/message/receive.js";
import { PULSE_BYTES, readPulse } from "../../../../src/kernel/pulse/pulse.js";
import type { Vm } from "../../../../src/arena/vm.js";
import { as, Bench, connect, post, settle, take } from "../vms.js";

const SMALL = { channels: 2, connections: 1, names: 0, tasks: 2, pulses: 1 };
/** Serials run from 1 to the mask and leave two out. */
const SERIALS = L.SCOID_SERIAL_MASK - 2;

function scoid(client: Vm, coid: number): number {
  return as(client, () => scoidOf(client.words[entryOf(coid) + L.CONNECTION_ROOT]!));
}

test("scoid: none of a million connections in one entry has the scoid of another", (t) => {
  const bench = new Bench(SMALL);
  const server = bench.start(1);
  const client = bench.start(2);
  const { chid } = connect(server, client);
  const first = scoid(client, 0);
  let repeats = 0;
  as(client, () => {
    for (let i = 1; i < SERIALS; i++) {
      ConnectDetach(0);
      ConnectAttach(0, server.pid, chid, 0, 0);
      const next = scoidOf(entryOf(0));
      if (next === first || scoidEntry(first) !== 0) repeats++;
      if (next >= _NTO_SIDE_CHANNEL && next < _NTO_SIDE_CHANNEL + 4_096) repeats++;
    }
  });
  t.equal(repeats, 0, `the first is stale ${SERIALS - 1} times, and none looks like a coid`);
  const info = createClientInfo();
  t.equal(
    as(server, () => ConnectClientInfo(first, info)),
    -EINVAL,
    "the server notices it",
  );
  as(client, () => {
    ConnectDetach(0);
    ConnectAttach(0, server.pid, chid, 0, 0);
  });
  t.equal(scoid(client, 0), first, "only then the serials begin again");
  t.end();
});

test("scoid: none is -1, which means the task itself", (t) => {
  const bench = new Bench({ ...SMALL, connections: 4_096 });
  const server = bench.start(1);
  const client = bench.start(2);
  const chid = as(server, () => ChannelCreate(0));
  as(client, () => {
    const last = entryAt(4_095);
    for (let i = 0; i < 4_095; i++) client.words[entryAt(i) + L.CONNECTION_OWNER] = 1;
    client.words[last + L.CONNECTION_SERIAL] = L.SCOID_SERIAL_MASK - 2;
    for (let i = 0; i < 4; i++) {
      ConnectAttach(0, server.pid, chid, 0, 0);
      t.ok(scoidOf(last) > 0 && scoidOf(last) < 2 ** 32 - 1, `${scoidOf(last)}`);
      ConnectDetach(0);
    }
  });
  t.end();
});

test("coid: a place in the table and back, for both spaces", (t) => {
  const bench = new Bench({ connections: 5 });
  as(bench.main, () => {
    for (const coid of [0, 4, _NTO_SIDE_CHANNEL, _NTO_SIDE_CHANNEL + 4]) {
      t.equal(coidAt(tableIndex(coid)), coid, `${coid}`);
    }
    for (const none of [-1, 5, 1.5, NaN, _NTO_SIDE_CHANNEL + 5, 2 ** 31, 2 ** 32]) {
      t.equal(tableIndex(none), -1, `${none}`);
      t.equal(entryOf(none), 0, "no entry");
    }
  });
  t.end();
});

test("ConnectAttach: -ENXIO to a task that is just dying", (t) => {
  const bench = new Bench();
  const server = bench.start(1);
  const client = bench.start(2);
  const { chid } = connect(server, client);
  const life = server.words[server.me + L.TASK_LIFE]!;
  const attach = (): number => as(client, () => ConnectAttach(0, server.pid, chid, 0, 0));
  server.words[server.me + L.TASK_LIFE] = (life & ~L.LIFE_MASK) | L.LIFE_DEAD;
  t.equal(attach(), -ENXIO, "marked dead, not worked through");
  bench.bury(server);
  t.equal(attach(), -ESRCH, "worked through");
  t.end();
});

test("ConnectAttach: -EAGAIN while a server has not received that its clients are dead", (t) => {
  const bench = new Bench(SMALL);
  const server = bench.start(1);
  let client = bench.start(2);
  const { chid } = connect(server, client, _NTO_CHF_DISCONNECT);
  const attach = (): number => as(client, () => ConnectAttach(0, server.pid, chid, 0, 0));
  bench.bury(client);
  client = bench.start(2);
  t.equal(attach(), -EAGAIN, "it hangs, or is busy");
  const bytes = new Uint8Array(PULSE_BYTES);
  const received = as(server, () => MsgReceive(chid, bytes, PULSE_BYTES, null));
  t.equal(received, 0, "it receives the pulse");
  t.equal(attach(), -EAGAIN, "the scoid is its own until it detaches it");
  const pulse = createPulse();
  readPulse(bytes, pulse);
  t.equal(
    as(server, () => ConnectDetach(pulse.scoid)),
    0,
    "it does",
  );
  t.equal(attach(), 0, "then there is room");
  t.end();
});

test("reattachEntry: -ESRCH when the new channel is closed meanwhile", (t) => {
  const bench = new Bench();
  const server = bench.start(1);
  const client = bench.start(2);
  const { chid, coid } = connect(server, client);
  const life = server.words[as(server, () => channelAt(0)) + L.CHANNEL_LIFE]!;
  as(server, () => ChannelDestroy(chid));
  t.equal(
    as(client, () => reattachEntry(coid, channelAt(0), life)),
    -ESRCH,
    "-ESRCH",
  );
  t.equal(
    as(client, () => ConnectDetach(coid)),
    0,
    "the coid is there to be detached",
  );
  t.end();
});

/** A full table, in which a coid of a dead channel, alone or shared, is pointed at a new one. */
for (const sharers of [0, 1, 2]) {
  test(`reattachEntry: in a full table, a dead coid shared by ${sharers} others moves`, (t) => {
    const bench = new Bench({ connections: 3 });
    const server = bench.start(1);
    const client = bench.start(2);
    const { chid, coid } = connect(server, client);
    as(client, () => {
      for (let i = 0; i < sharers; i++) ConnectAttach(0, server.pid, chid, 0, 0);
      const own = ChannelCreate(0);
      while (ConnectAttach(0, 0, own, 0, _NTO_COF_NOSHARE) >= 0);
    });
    const next = as(server, () => ChannelCreate(_NTO_CHF_DISCONNECT));
    const channel = as(server, () => channelAt(2));
    const life = server.words[channel + L.CHANNEL_LIFE]!;
    const move = (id: number): number => as(client, () => reattachEntry(id, channel, life));
    t.equal(move(coid), -EAGAIN, "while its channel is open there is no room");
    as(server, () => ChannelDestroy(chid));
    for (let id = 0; id <= sharers; id++) {
      t.equal(move(id), id, `coid ${id} moves`);
      const posted = post(client, id);
      t.ok(take(server, next) > 0, "and leads to the new channel");
      as(client, () => ConnectDetach(id));
      settle(client);
      t.ok(posted.status !== null && posted.status < 0, "until it is detached");
      t.equal(take(server, next), 0, "of which the server is told");
      as(server, () => ConnectDetach(server.pulse.scoid));
    }
    const free = as(bench.main, () => {
      const chid2 = ChannelCreate(0);
      let count = 0;
      while (ConnectAttach(0, 0, chid2, 0, _NTO_COF_NOSHARE) >= 0) count++;
      return count;
    });
    t.equal(free, sharers + 1, "what was detached is free");
    t.end();
  });
}

test("reattachEntry: in a full table, the root that only it used is free", (t) => {
  const bench = new Bench({ connections: 2 });
  const server = bench.start(1);
  const client = bench.start(2);
  const { chid, coid } = connect(server, client);
  const second = as(client, () => ConnectAttach(0, server.pid, chid, 0, 0));
  // Its entry stays as the root of the second.
  as(client, () => ConnectDetach(coid));
  as(server, () => ChannelDestroy(chid));
  const next = as(server, () => ChannelCreate(0));
  const channel = as(server, () => channelAt(0));
  const life = server.words[channel + L.CHANNEL_LIFE]!;
  const move = as(client, () => reattachEntry(second, channel, life));
  t.equal(move, second, "moved");
  post(client, second);
  t.ok(take(server, next) > 0, "it leads to the new channel");
  const other = as(bench.main, () => ConnectAttach(0, server.pid, next, 0, 0));
  t.equal(other, 0, "one entry is free");
  t.end();
});

test("reattachEntry: to the same channel: another connection, and none leaks", (t) => {
  const bench = new Bench({ connections: 2 });
  const server = bench.start(1);
  const client = bench.start(2);
  const { chid, coid } = connect(server, client);
  const channel = as(server, () => channelAt(0));
  const life = server.words[channel + L.CHANNEL_LIFE]!;
  for (let i = 0; i < 5; i++) {
    const before = scoid(client, coid);
    const result = as(client, () => reattachEntry(coid, channel, life));
    t.equal(result, coid, "the same coid");
    t.notEqual(scoid(client, coid), before, "another scoid");
  }
  post(client, coid);
  t.ok(take(server, chid) > 0, "it works");
  const other = as(bench.main, () => ConnectAttach(0, server.pid, chid, 0, 0));
  t.equal(other, 0, "one entry is free");
  t.end();
});

test("reattachEntry: the flags stay: NOSHARE does not share, and COIDDEATH is told again", (t) => {
  const bench = new Bench();
  const server = bench.start(1);
  const client = bench.start(2);
  const own = as(client, () => ChannelCreate(_NTO_CHF_COID_DISCONNECT));
  const first = as(server, () => ChannelCreate(0));
  const coid = as(client, () => ConnectAttach(0, server.pid, first, 0, _NTO_COF_NOSHARE));
  let chid = first;
  for (let i = 0; i < 3; i++) {
    as(server, () => ChannelDestroy(chid));
    t.equal(take(client, own), 0, "the death of its channel is told");
    t.equal(client.pulse.value, coid, "by its coid");
    chid = as(server, () => ChannelCreate(0));
    const channel = as(server, () => channelAt(1));
    const life = server.words[channel + L.CHANNEL_LIFE]!;
    const plain = as(client, () => ConnectAttach(0, server.pid, chid, 0, 0));
    as(client, () => reattachEntry(coid, channel, life));
    t.notEqual(scoid(client, coid), scoid(client, plain), "it shares with nobody");
    as(client, () => ConnectDetach(plain));
  }
  t.end();
});

test("reattachEntry: moves one of a shared connection, and the others stay", (t) => {
  const bench = new Bench();
  const server = bench.start(1);
  const client = bench.start(2);
  const { chid, coid } = connect(server, client);
  const second = as(client, () => ConnectAttach(0, server.pid, chid, 0, 0));
  const next = as(server, () => ChannelCreate(0));
  const channel = as(server, () => channelAt(1));
  const life = server.words[channel + L.CHANNEL_LIFE]!;
  const before = scoid(client, second);
  t.equal(
    as(client, () => reattachEntry(coid, channel, life)),
    coid,
    "moved",
  );
  t.equal(
    as(client, () => scoidOf(entryAt(0))),
    before,
    "the root of the other stays",
  );
  post(client, second);
  t.ok(take(server, chid) > 0, "the other leads where it led");
  t.equal(
    as(client, () => reattachEntry(second, channel, life)),
    second,
    "it follows",
  );
  const roots = as(client, () =>
    [coid, second].map((id) => server.words[entryOf(id) + L.CONNECTION_ROOT]),
  );
  t.equal(roots[0], roots[1], "and shares again");
  settle(client);
  const posted = post(client, second);
  t.equal(posted.error, 0, "a send");
  t.ok(take(server, next) > 0, "arrives on the new channel");
  t.end();
});
