/**
 * Death: reported twice, from two VMs, half done, late, or in the middle of a claim.
 */
import { channelAt } from "../../../../src/arena/address.js";
import test from "tape";
import { layoutIn } from "../../../../src/arena/arena.js";
import {
  ChannelCreate,
  closeChannel,
  _NTO_CHF_DISCONNECT,
} from "../../../../src/kernel/channel/channel.js";
import { sendAsync } from "../../../../src/ha/async.js";
import { ConnectAttach, ConnectDetach } from "../../../../src/kernel/connection/connect-attach.js";
import { dropConnections } from "../../../../src/kernel/connection/connection.js";
import { reportDeath } from "../../../../src/kernel/death/death.js";
import { EAGAIN, EBADF, ENOENT, ESRCH, ETIMEDOUT } from "../../../../src/kernel/errno.js";
import * as L from "../../../../src/arena/layout.js";
import { dropNames } from "../../../../src/kernel/channel/name-record.js";
import { name_attach, name_open } from "../../../../src/kernel/name/name.js";
import {
  _PULSE_CODE_DISCONNECT,
  dropPulseClaims,
  readPulse,
} from "../../../../src/kernel/pulse/pulse.js";
import { createPulse } from "../../../../src/arena/records.js";
import { MsgReply } from "../../../../src/kernel/message/reply.js";
import { MsgRead, MsgWrite } from "../../../../src/kernel/message/reply.js";
import { sharedAcquire, sharedView } from "../../../../src/kernel/message/shared-buffer.js";
import type { Vm } from "../../../../src/arena/vm.js";
import { aliveTask, claimTask } from "../../../../src/kernel/task/task.js";
import { readTrace } from "../../../../src/kernel/inspect/trace.js";
import { viewUsage } from "../../../../src/kernel/inspect/usage.js";
import { releasePlace } from "../../../../src/kernel/task/claim.js";
import { as, Bench, connect, own, portOf, post, settle, slotOf, take } from "../vms.js";

/** The life of a task's place. */
const lifeOf = (vm: Vm): number => own(vm, L.TASK_LIFE) & L.LIFE_MASK;

function setLife(vm: Vm, life: number): void {
  const word = own(vm, L.TASK_LIFE);
  vm.words[vm.me + L.TASK_LIFE] = (word & ~L.LIFE_MASK) | life;
}

/** A server that holds a message of a client. */
function stage(flags = 0) {
  const bench = new Bench();
  const server = bench.start(1);
  const client = bench.start(2);
  const connection = connect(server, client, flags);
  const posted = post(client, connection.coid, Uint8Array.of(1, 2, 3, 4));
  return { bench, server, client, posted, ...connection };
}

test("reportDeath: twice, and from two VMs, is the same as once", (t) => {
  const { bench, server, client, posted, coid } = stage();
  take(server, 1);
  bench.bury(server);
  const successor = bench.start(1);
  const chid = as(successor, () => name_attach(null, "n", 0));
  for (const reporter of [bench.main, client]) {
    as(reporter, () => reportDeath(server.pid));
  }
  settle(client);
  t.equal(posted.status, -ESRCH, "the client has its error, once");
  t.equal(post(client, coid).error, -EBADF, "then -EBADF");
  t.equal(
    as(bench.main, () => aliveTask(successor.pid)),
    successor.me,
    "the successor lives",
  );
  const named = as(client, () => name_open("n", 0));
  t.ok(chid > 0 && named > 0, "its name is there");
  const next = post(client, named);
  const rcvid = take(successor, chid);
  as(successor, () => MsgReply(rcvid, 1, null, 0));
  settle(client);
  t.equal(next.status, 1, "and it serves");
  const deaths = as(bench.main, readTrace).filter(({ event }) => event === "death");
  t.deepEqual(
    deaths.map(({ value }) => value),
    [server.pid],
    "one death in the trace",
  );
  t.end();
});

test("reportDeath: of nobody, of a free place and of a pid that never was does nothing", (t) => {
  const { bench, server, client } = stage();
  as(bench.main, () => {
    for (const pid of [0, -1, NaN, 1.5, 512 + 5, server.pid + 512, server.pid + 2 ** 31]) {
      reportDeath(pid);
    }
    t.equal(claimTask(5, 10), 512 + 5, "a free place is as it was");
    t.ok(aliveTask(server.pid) !== 0 && aliveTask(client.pid) !== 0, "both live");
  });
  t.ok(take(server, 1) > 0, "and the message is there");
  t.end();
});

/** The steps of reportDeath, in order, as somebody else may have done some of them. */
const STEPS: readonly ((vm: Vm) => void)[] = [
  (vm) => setLife(vm, L.LIFE_DEAD),
  (vm) => closeChannel(channelAt(0), vm.pid),
  (vm) => dropConnections(vm.pid),
  (vm) => dropNames(vm.pid),
  (vm) => dropPulseClaims(vm.pid),
  (vm) => setLife(vm, L.LIFE_DRAINED),
  (vm) => releasePlace(vm.me),
];

for (let done = 0; done <= STEPS.length; done++) {
  test(`reportDeath: after a reporter that died itself after step ${done}`, (t) => {
    const bench = new Bench({ sharedBuffers: 1, sharedBytes: 32, channels: 2, connections: 2 });
    const client = bench.start(2);
    const back = bench.start(3);
    const victim = bench.start(1);
    // The main VM also frees what is nobody's; another VM has only the steps.
    const reporter = done === 0 ? client : bench.main;
    const chid = as(victim, () => name_attach(null, "n", 0));
    const coid = as(client, () => ConnectAttach(0, victim.pid, chid, 0, 0));
    const behind = connect(back, victim, _NTO_CHF_DISCONNECT);
    const posted = post(client, coid);
    post(victim, behind.coid);
    const rcvid = take(back, behind.chid);
    // It held a shared buffer and was writing a pulse cell.
    victim.words[layoutIn(victim.words).sharedOwnersAt] = victim.pid;
    victim.words[layoutIn(victim.words).pulsesAt + L.PULSE_STATE] = victim.pid;
    as(reporter, () => {
      for (const step of STEPS.slice(0, done)) step(victim);
      reportDeath(victim.pid);
    });
    settle(client);
    t.equal(posted.status, -ESRCH, "its client has its error");
    t.equal(
      as(back, () => MsgReply(rcvid, 0, null, 0)),
      -ESRCH,
      "its own message is gone",
    );
    t.equal(
      as(client, () => name_open("n", 0)),
      -ENOENT,
      "its name is free",
    );
    t.equal(as(bench.main, viewUsage).names.used, 0, "its record too");
    t.equal(victim.words[layoutIn(victim.words).sharedOwnersAt], 0, "its shared buffer");
    t.equal(victim.words[layoutIn(victim.words).pulsesAt + L.PULSE_STATE], 0, "its pulse cell");
    const message = new Uint8Array(64);
    const pulse = createPulse();
    t.equal(take(back, behind.chid, message), 0, "its server is told");
    readPulse(message, pulse);
    t.equal(pulse.code, _PULSE_CODE_DISCONNECT, "that it is gone");
    t.equal(
      as(back, () => ConnectDetach(pulse.scoid)),
      0,
      "and frees the scoid",
    );
    t.equal(take(back, behind.chid, message), -ETIMEDOUT, "it is told once");
    t.ok(as(bench.main, () => claimTask(1, 10)) > 0, "its place is free");
    t.ok(as(client, () => ChannelCreate(0)) > 0, "its channel");
    t.end();
  });
}

test("reportDeath: a shared buffer is kept while a server writes into it", (t) => {
  const bench = new Bench({ sharedBuffers: 1, sharedBytes: 64, messageBytes: 32 });
  const server = bench.start(1);
  const client = bench.start(2);
  const other = bench.start(3);
  const { chid, coid } = connect(server, client);
  const view = as(client, () => sharedView(sharedAcquire()))!;
  as(client, () => sendAsync(coid, view, 64, view, 64, () => undefined));
  const rcvid = take(server, chid);
  portOf(server).atCopy = () => {
    bench.bury(client);
    t.equal(as(other, sharedAcquire), -EAGAIN, "in the middle of MsgReply it is nobody else's");
  };
  t.equal(
    as(server, () => MsgReply(rcvid, 0, new Uint8Array(64), 64)),
    0,
  );
  t.equal(as(other, sharedAcquire), 0, "then it is free");
  t.end();
});

test("reportDeath: of a server frees the connections that lingered for it", (t) => {
  const { bench, server, client, coid } = stage(_NTO_CHF_DISCONNECT);
  settle(client);
  as(client, () => ConnectDetach(coid));
  t.equal(as(bench.main, viewUsage).connections.used, 1, "until the server is told");
  // By another than the main VM, which frees what is nobody's.
  as(client, () => reportDeath(server.pid));
  t.equal(as(bench.main, viewUsage).connections.used, 0, "nobody is left to be told");
  t.end();
});

test("reportDeath: tells the server what an earlier reporter left untold", (t) => {
  const { bench, server, client, chid } = stage(_NTO_CHF_DISCONNECT);
  as(bench.main, () => {
    setLife(client, L.LIFE_DEAD);
    dropConnections(client.pid);
  });
  // The entry lingers, and its reporter stopped before it posted the notice.
  server.words[as(server, () => channelAt(0)) + L.CHANNEL_NOTICE] = 0;
  bench.bury(client);
  t.equal(take(server, chid), 0, "a pulse");
  t.equal(server.pulse.code, _PULSE_CODE_DISCONNECT, "disconnect");
  t.equal(take(server, chid), -ETIMEDOUT, "once");
  t.end();
});

test("reportDeath: rings everybody: the dead may have been about to", (t) => {
  const { bench, server, client } = stage();
  const bystander = bench.start(3);
  const bells = [client, bystander].map((vm) => own(vm, L.TASK_BELL));
  const rcvid = take(server, 1);
  // It dies between the two: the answer counts, and the doorbell is silent.
  as(server, () => MsgReply(rcvid, 0, null, 0));
  client.words[client.me + L.TASK_BELL] = bells[0]!;
  bench.bury(server);
  const rung = [client, bystander].map((vm) => own(vm, L.TASK_BELL));
  t.ok(rung[0]! > bells[0]!, "the client is rung");
  t.ok(rung[1]! > bells[1]!, "and everybody else: it may have been the next to get a pulse");
  t.end();
});

test("reportDeath: of a client while its server writes the reply: the server frees it", (t) => {
  const { bench, server, client, chid } = stage();
  const rcvid = take(server, chid);
  let inside = -1;
  portOf(server).atCopy = () => {
    inside = slotOf(client);
    bench.bury(client);
    t.equal(lifeOf(client), L.LIFE_DRAINED, "all is cleaned up but its slot");
    t.equal(
      as(bench.main, () => claimTask(2, 10)),
      -EAGAIN,
      "the place is not free",
    );
    bench.bury(client);
    t.equal(slotOf(client), L.SLOT_CLAIMED, "however often its death is reported");
  };
  const result = as(server, () => MsgReply(rcvid, 1, Uint8Array.of(9, 9), 2));
  t.equal(inside, L.SLOT_CLAIMED, "it died inside the claim");
  t.equal(result, 0, "the server's call ends as if nothing were");
  t.equal(lifeOf(client), L.LIFE_FREE, "and has freed the place");
  const pid = as(bench.main, () => claimTask(2, 10));
  t.ok(pid > 0 && pid !== client.pid, "for a successor");
  t.equal(
    as(server, () => MsgReply(rcvid, 1, null, 0)),
    -ESRCH,
    "which the rcvid does not hit",
  );
  t.end();
});

test("reportDeath: of a client while its server is in MsgWrite", (t) => {
  const { bench, server, client, chid } = stage();
  const rcvid = take(server, chid);
  portOf(server).atCopy = () => bench.bury(client);
  t.equal(
    as(server, () => MsgWrite(rcvid, Uint8Array.of(9), 1, 0)),
    1,
    "written",
  );
  t.equal(lifeOf(client), L.LIFE_FREE, "the place is free");
  t.equal(
    as(server, () => MsgReply(rcvid, 1, null, 0)),
    -ESRCH,
    "nobody waits",
  );
  t.end();
});

test("reportDeath: of a server inside its claim: the client gets -ESRCH", (t) => {
  const { bench, server, client, posted, chid } = stage();
  take(server, chid);
  client.words[client.me + L.SLOT_STATE] =
    (own(client, L.SLOT_STATE) & ~L.SLOT_STATE_MASK) | L.SLOT_CLAIMED;
  settle(client);
  t.equal(posted.status, null, "while it is claimed the client waits");
  bench.bury(server);
  settle(client);
  t.equal(posted.status, -ESRCH, "-ESRCH");
  t.end();
});

test("reportDeath: of client and server, within a claim: the place is freed", (t) => {
  for (const serverFirst of [false, true]) {
    const { bench, server, client, chid } = stage();
    take(server, chid);
    client.words[client.me + L.SLOT_STATE] =
      (own(client, L.SLOT_STATE) & ~L.SLOT_STATE_MASK) | L.SLOT_CLAIMED;
    const order = serverFirst ? [server, client] : [client, server];
    for (const vm of order) bench.bury(vm);
    t.equal(lifeOf(client), L.LIFE_FREE, `the server ${serverFirst ? "first" : "last"}`);
    t.ok(as(bench.main, () => claimTask(2, 10)) > 0, "a successor can start");
  }
  t.end();
});

test("reportDeath: of a client in the middle of a server's MsgRead: the copy is void", (t) => {
  const { bench, server, client, chid } = stage();
  const rcvid = take(server, chid);
  portOf(server).atCopy = () => bench.bury(client);
  t.equal(
    as(server, () => MsgRead(rcvid, new Uint8Array(4), 4, 0)),
    -ESRCH,
    "-ESRCH",
  );
  t.end();
});

test("releasePlace: a slow caller does not end the successor's message", (t) => {
  const { bench, client, chid, server } = stage();
  take(server, chid);
  bench.bury(client);
  const successor = bench.start(2);
  const coid = as(successor, () => ConnectAttach(0, server.pid, chid, 0, 0));
  const posted = post(successor, coid);
  as(bench.main, () => {
    releasePlace(client.me);
    reportDeath(client.pid);
  });
  t.equal(slotOf(successor), L.SLOT_SEND, "its message waits");
  const rcvid = take(server, chid);
  as(server, () => MsgReply(rcvid, 2, null, 0));
  settle(successor);
  t.equal(posted.status, 2, "and is answered");
  t.end();
});

test("releasePlace: leaves a place alone whose death has not been worked through", (t) => {
  const { bench, client } = stage();
  as(bench.main, () => releasePlace(client.me));
  t.equal(slotOf(client), L.SLOT_SEND, "alive: nothing");
  setLife(client, L.LIFE_DEAD);
  as(bench.main, () => releasePlace(client.me));
  t.equal(slotOf(client), L.SLOT_IDLE, "dead: its message is taken back");
  t.equal(lifeOf(client), L.LIFE_DEAD, "but the place is not free");
  setLife(client, L.LIFE_DRAINED);
  as(bench.main, () => releasePlace(client.me));
  t.equal(lifeOf(client), L.LIFE_FREE, "drained: it is");
  t.end();
});
