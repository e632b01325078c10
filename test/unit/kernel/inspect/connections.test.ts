/**
 * What a watcher sees of connections, channels and tables, and that garbage leads nowhere.
 */
import test from "tape";
import { sendAsync } from "../../../../src/ha/async.js";
import { ha_attach } from "../../../../src/ha/attach.js";
import { MsgSend } from "../../../../src/ha/cover.js";
import { ha_reopen } from "../../../../src/ha/open.js";
import * as L from "../../../../src/arena/layout.js";
import { ChannelCreate } from "../../../../src/kernel/channel/channel.js";
import { ConnectDetach } from "../../../../src/kernel/connection/connect-attach.js";
import { viewChannels, viewConnections } from "../../../../src/kernel/inspect/connections.js";
import { readTrace } from "../../../../src/kernel/inspect/trace.js";
import { viewUsage } from "../../../../src/kernel/inspect/usage.js";
import { MsgReceive } from "../../../../src/kernel/message/receive.js";
import { name_attach, name_open } from "../../../../src/kernel/name/name.js";
import { sendPulse } from "../../../../src/kernel/pulse/pulse.js";
import { as, Bench } from "../vms.js";

function stage() {
  const bench = new Bench();
  const [server, client] = [bench.start(1), bench.start(2, 10, true)];
  const chid = as(server, () => name_attach(null, "store", 0));
  const coid = as(client, () => name_open("store", 0));
  const look = () => as(bench.main, viewConnections);
  return { bench, server, client, chid, coid, look };
}

test("viewConnections: who is connected to whom, though nothing is sent", (t) => {
  const { server, client, coid, look } = stage();
  const [row, ...others] = look();
  t.deepEqual(others, []);
  t.deepEqual(
    { ...row, id: 0 },
    {
      client: client.pid,
      coid,
      server: server.pid,
      service: "store",
      id: 0,
      waits: null,
      isRecovering: false,
    },
  );
  as(client, () => ConnectDetach(coid));
  t.deepEqual(look(), []);
  t.end();
});

test("viewConnections: a server that is gone, and its name; another one, and another id", (t) => {
  const { bench, server, client, coid, look } = stage();
  const [before] = look();
  bench.bury(server);
  t.deepEqual([look()[0]?.server, look()[0]?.service], [0, "store"], "the last that is known");
  const successor = bench.start(1);
  as(successor, () => name_attach(null, "store", 0));
  as(client, () => ha_reopen(coid, "store", 0));
  const [after] = look();
  t.deepEqual([after?.server, after?.coid], [successor.pid, coid]);
  t.notEqual(after?.id, before?.id);
  bench.bury(client);
  t.deepEqual(look(), [], "the connections of the dead are gone");
  t.end();
});

test("viewConnections, viewChannels: what is under way, and what waits", (t) => {
  const { bench, server, chid, look } = stage();
  const queue = () => as(bench.main, viewChannels)[0];
  t.deepEqual(queue(), { server: server.pid, chid, services: ["store"], queued: 0, pulses: 0 });
  as(bench.main, () => {
    const own = name_open("store", 0);
    t.equal(sendPulse(own, -1, 1, 2), 0);
    t.equal(
      sendAsync(own, null, 0, null, 0, () => undefined),
      0,
    );
  });
  const mine = () => look().find(({ client }) => client === bench.main.pid)?.waits;
  t.deepEqual([queue()?.queued, queue()?.pulses, mine()], [1, 1, "SEND"]);
  as(server, () => MsgReceive(chid, null, 0, null));
  t.equal(queue()?.pulses, 0, "the pulse first");
  as(server, () => MsgReceive(chid, null, 0, null));
  t.deepEqual([queue()?.queued, mine()], [0, "REPLY"]);
  t.end();
});

test("viewConnections: who recovers; trace: that it began, and what came of it", (t) => {
  const { bench, server, client, coid, look } = stage();
  bench.bury(server);
  const seen: boolean[] = [];
  as(client, () => {
    const rfn = (): number => {
      seen.push(look()[0]!.isRecovering);
      return -1;
    };
    ha_attach(coid, rfn, null, 0);
    MsgSend(coid, null, 0, null, 0);
  });
  t.deepEqual([...seen, look()[0]?.isRecovering], [true, false]);
  const told = as(bench.main, readTrace).filter(({ event }) => event.startsWith("recover"));
  t.deepEqual(
    told.map(({ event, task, value }) => [event, task, value]),
    [
      ["recovering", 2, coid],
      ["recovery-failed", 2, coid],
    ],
  );
  t.end();
});

test("viewConnections: what a task has written over leads nowhere", (t) => {
  const { bench, client, look } = stage();
  const at = bench.main.words[L.HEAD_CONNECTIONS_AT]!;
  for (const garbage of [-1, 3, 0x7fff_ffff, client.me]) {
    for (const field of [L.CONNECTION_CHANNEL, L.CONNECTION_CHANNEL_LIFE, L.CONNECTION_COID]) {
      bench.main.words[at + field] = garbage;
    }
    for (const { server, service } of look()) t.deepEqual([server, service], [0, ""]);
    as(bench.main, viewChannels);
  }
  for (const owner of [0, -7, 0x7fff_ffff, client.pid + 1]) {
    bench.main.words[at + L.CONNECTION_OWNER] = owner;
    t.deepEqual(look(), [], `an owner that there is not: ${owner}`);
  }
  t.end();
});

test("viewUsage: the most that were in use at once is remembered", (t) => {
  const { bench, server, client, coid } = stage();
  const usage = () => as(bench.main, viewUsage);
  const coids = as(client, () => [1, 2, 3].map(() => name_open("store", 0)));
  as(server, () => {
    ChannelCreate(0);
    name_attach(null, "other", 0);
  });
  as(client, () => [coid, ...coids].forEach(ConnectDetach));
  bench.bury(server);
  const { connections, channels, names, pulses } = usage();
  t.equal(connections.used, 0);
  t.ok(connections.highest! >= 4, `${connections.highest} connections at the most`);
  t.deepEqual([channels.used, channels.highest], [0, 3]);
  t.deepEqual([names.used, names.highest, pulses.highest], [0, 2, null]);
  t.end();
});
