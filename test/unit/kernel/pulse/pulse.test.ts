/**
 * Pulse cells: order over the wraps of the ticket, claims of the dead, pulses that come too late.
 */
import { channelAt } from "../../../../src/arena/address.js";
import test from "tape";
import { layoutIn } from "../../../../src/arena/arena.js";
import {
  _NTO_CHF_COID_DISCONNECT,
  ChannelCreate,
  ChannelDestroy,
} from "../../../../src/kernel/channel/channel.js";
import { EAGAIN, EINVAL, ETIMEDOUT } from "../../../../src/kernel/errno.js";
import * as L from "../../../../src/arena/layout.js";
import {
  PULSE_BYTES,
  readPulse,
  sendPulse,
  writePulse,
} from "../../../../src/kernel/pulse/pulse.js";
import { createPulse } from "../../../../src/arena/records.js";
import { MsgReply } from "../../../../src/kernel/message/reply.js";
import type { Vm } from "../../../../src/arena/vm.js";
import { as, Bench, connect, post, settle, take } from "../vms.js";

/** Takes a pulse: its value; or what MsgReceive returned. */
function value(server: Vm, chid: number): number {
  const message = new Uint8Array(64);
  const rcvid = take(server, chid, message);
  const pulse = createPulse();
  readPulse(message, pulse);
  return rcvid === 0 ? pulse.value : rcvid;
}

/** Where 31-bit tickets in 32-bit words wrap, minus two. */
const WRAPS = [0, 2 ** 30 - 2, 2 ** 31 - 2, -2, -(2 ** 30) - 2];

for (const start of WRAPS) {
  test(`pulses: first in, first out when the ticket wraps: from ${start} on`, (t) => {
    const bench = new Bench({ pulses: 5 });
    const server = bench.start(1);
    const client = bench.start(2);
    const other = bench.start(3);
    server.words[as(server, () => channelAt(0)) + L.CHANNEL_TICKET] = start;
    const { chid, coid } = connect(server, client);
    const theirs = connect(server, other);
    t.notEqual(chid, theirs.chid, "two channels");
    const order: number[] = [];
    as(client, () => {
      for (let i = 0; i < 5; i++) sendPulse(coid, 10, 0, i);
    });
    post(client, coid);
    for (let i = 0; i < 6; i++) order.push(Math.sign(value(server, chid) - 5));
    t.deepEqual(order, [-1, -1, -1, -1, -1, 1], "five pulses, then the message");
    t.end();
  });
}

test("pulses: a message and pulses of one priority in the order they were sent", (t) => {
  const bench = new Bench({ pulses: 2 });
  const server = bench.start(1);
  const client = bench.start(2);
  const { chid, coid } = connect(server, client);
  as(client, () => sendPulse(coid, 10, 0, 1));
  const posted = post(client, coid);
  as(client, () => sendPulse(coid, 10, 0, 2));
  t.equal(value(server, chid), 1, "a pulse");
  const rcvid = value(server, chid);
  t.ok(rcvid > 2, "the message");
  t.equal(value(server, chid), 2, "a pulse");
  as(server, () => MsgReply(rcvid, 0, null, 0));
  settle(client);
  t.equal(posted.status, 0, "answered");
  t.end();
});

test("pulses: the most urgent first, also before a message", (t) => {
  const bench = new Bench({ pulses: 3 });
  const server = bench.start(1);
  const client = bench.start(2);
  const { chid, coid } = connect(server, client);
  const posted = post(client, coid);
  as(client, () => [3, 30, 12].forEach((priority) => sendPulse(coid, priority, 0, priority)));
  const came = [0, 1, 2, 3].map(() => value(server, chid));
  const rcvid = came.find((one) => one > 63);
  t.deepEqual(came, [30, 12, rcvid, 3], "the message has priority 10");
  as(server, () => MsgReply(rcvid!, 0, null, 0));
  settle(client);
  t.equal(posted.status, 0, "it is answered");
  t.end();
});

test("pulses: of a dead coid, once", (t) => {
  const bench = new Bench();
  const server = bench.start(1);
  const client = bench.start(2);
  const own = as(client, () => ChannelCreate(_NTO_CHF_COID_DISCONNECT));
  const { chid, coid } = connect(server, client);
  as(server, () => ChannelDestroy(chid));
  t.equal(value(client, own), coid, "which it is");
  t.equal(value(client, own), -ETIMEDOUT, "and no more");
  t.end();
});

test("pulses: a cell that was claimed and never published stalls nobody", (t) => {
  const bench = new Bench({ pulses: 3, channels: 1 });
  const server = bench.start(1);
  const client = bench.start(2);
  const victim = bench.start(3);
  const { chid, coid } = connect(server, client);
  const cell = layoutIn(server.words).pulsesAt + L.PULSE_WORDS + L.PULSE_STATE;
  server.words[cell] = victim.pid;
  const fill = (): number =>
    as(client, () => {
      let count = 0;
      while (sendPulse(coid, 10, 0, count) === 0) count++;
      return count;
    });
  t.equal(fill(), 2, "the other two cells can be used");
  t.deepEqual([value(server, chid), value(server, chid)], [0, 1], "and received");
  t.equal(value(server, chid), -ETIMEDOUT, "the claimed one is not received");
  bench.bury(victim);
  t.equal(fill(), 3, "all three");
  t.equal(
    as(client, () => sendPulse(coid, 10, 0, 0)),
    -EAGAIN,
    "full",
  );
  for (let i = 0; i < 3; i++) t.equal(value(server, chid), i, `pulse ${i}`);
  t.end();
});

test("pulses: one cannot be published into the successor's channel, however late it is", (t) => {
  const bench = new Bench({ pulses: 2, channels: 1 });
  const server = bench.start(1);
  const client = bench.start(2);
  const { chid, coid } = connect(server, client);
  const { words } = server;
  const layout = layoutIn(words);
  // A sender claims a cell and stops; the channel goes and comes; then it would publish its cell.
  words[layout.pulsesAt + L.PULSE_STATE] = client.pid;
  as(server, () => ChannelDestroy(chid));
  const next = as(server, () => ChannelCreate(0));
  const state = words[layout.pulsesAt + L.PULSE_STATE]!;
  t.equal(state, client.pid + L.PID_TOLD, "its claim is marked, and it cannot");
  t.equal(value(server, next), -ETIMEDOUT, "nothing is received");
  bench.bury(client);
  t.equal(words[layout.pulsesAt + L.PULSE_STATE], 0, "its death frees the cell");
  t.ok(as(client, () => sendPulse(coid, 10, 0, 0)) < 0, "the old connection is lost");
  t.end();
});

test("writePulse: any pulse can be read back, the largest rcvid too", (t) => {
  const bench = new Bench();
  const pulse = createPulse();
  const values = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 32, 2 ** 53 - 1, 513, 2 ** 40 + 7];
  for (const code of [0, 127, -32, -35, -128]) {
    for (const each of values) {
      for (const scoid of [0, 1, 4_097, 2 ** 31, 2 ** 32 - 2, -1]) {
        const original = { code, value: each, scoid, priority: 63 };
        Object.assign(bench.main.pulse, original);
        const message = new Uint8Array(PULSE_BYTES + 2).fill(0xee);
        as(bench.main, () => writePulse(message));
        readPulse(message, pulse);
        if (JSON.stringify(pulse) !== JSON.stringify(original)) {
          t.deepEqual(pulse, original, "written and read");
        }
        if (message[PULSE_BYTES] !== 0xee) t.fail("a byte too many");
      }
    }
  }
  t.equal(readPulse(new Uint8Array(PULSE_BYTES - 1), pulse), -EINVAL, "too short: -EINVAL");
  t.end();
});
