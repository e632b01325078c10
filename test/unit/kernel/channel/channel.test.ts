/**
 * Channels: generations, and closing that is done twice or half.
 */
import { channelAt, channelIndex } from "../../../../src/arena/address.js";
import test from "tape";
import { layoutIn } from "../../../../src/arena/arena.js";
import {
  ChannelCreate,
  ChannelDestroy,
  chidOf,
  closeChannel,
  findChannel,
} from "../../../../src/kernel/channel/channel.js";
import { ConnectAttach } from "../../../../src/kernel/connection/connect-attach.js";
import { EBADF, EINVAL, ESRCH, ETIMEDOUT, LOST } from "../../../../src/kernel/errno.js";
import { sendPulse } from "../../../../src/kernel/pulse/pulse.js";
import * as L from "../../../../src/arena/layout.js";
import { MsgReply } from "../../../../src/kernel/message/reply.js";
import { as, Bench, connect, post, settle, slotOf, take } from "../vms.js";

test("chid: none of 2^20 channels in one record has the chid of another", (t) => {
  const bench = new Bench({ channels: 1, connections: 1, names: 0, tasks: 1, pulses: 1 });
  const server = bench.start(1);
  as(server, () => {
    const first = ChannelCreate(0);
    const coid = ConnectAttach(0, 0, first, 0, 0);
    let last = first;
    let wrong = 0;
    for (let i = 0; i < 2 ** 20; i++) {
      ChannelDestroy(last);
      const next = ChannelCreate(0);
      if (next <= last || findChannel(first, server.pid) !== 0) wrong++;
      last = next;
    }
    t.equal(wrong, 0, "each is greater than all before, and the first is not found");
    t.equal(ChannelDestroy(first), -EINVAL, "nor can it be destroyed");
    t.equal(sendPulse(coid, 10, 0, 0), -(LOST + EBADF), "a coid of the first is lost");
    t.equal(ConnectAttach(0, 0, first, 0, 0), -ESRCH, "and cannot be had again");
    t.equal(findChannel(last, server.pid), channelAt(0), "the last is");
  });
  t.end();
});

test("chid: whole and positive up to the last generation, and over its wrap", (t) => {
  const bench = new Bench({ channels: 3 });
  const server = bench.start(1);
  as(server, () => {
    const life = channelAt(0) + L.CHANNEL_LIFE;
    server.words[life] = (L.CHANNEL_GENERATION_MASK << L.LIFE_BITS) | L.LIFE_FREE;
    const last = ChannelCreate(0);
    t.equal(last, L.CHANNEL_GENERATION_MASK * L.CHID_RANGE + 1, "the last generation");
    t.equal(findChannel(last, server.pid), channelAt(0), "is found");
    t.equal(ChannelDestroy(last), 0, "and can be destroyed");
    t.equal(ChannelCreate(0), 1, "the next one is the first generation again");
    t.equal(findChannel(last, server.pid), 0, "the last is stale");
    for (const index of [0, 1, 2]) {
      const channel = channelAt(index);
      t.equal(channelIndex(channel), index, "records and their numbers");
      t.equal(chidOf(channel, 7 << L.LIFE_BITS), 7 * L.CHID_RANGE + index + 1, "chidOf");
    }
  });
  t.end();
});

test("closeChannel: does nothing for who does not own the channel", (t) => {
  const bench = new Bench();
  const server = bench.start(1);
  const client = bench.start(2);
  const { chid, coid } = connect(server, client);
  const posted = post(client, coid);
  as(bench.main, () => {
    for (const pid of [client.pid, server.pid + 512, 0]) closeChannel(channelAt(0), pid);
  });
  t.equal(slotOf(client), L.SLOT_SEND, "the message still waits");
  const rcvid = take(server, chid);
  as(server, () => MsgReply(rcvid, 4, null, 0));
  settle(client);
  t.equal(posted.status, 4, "and is answered");
  t.end();
});

test("closeChannel: ends the messages for this channel and this incarnation, and no other", (t) => {
  const bench = new Bench();
  const server = bench.start(1);
  const [first, second] = [bench.start(2), bench.start(3)];
  const toFirst = connect(server, first);
  const toSecond = connect(server, second);
  const kept = post(first, toFirst.coid);
  const ended = post(second, toSecond.coid);
  as(server, () => ChannelDestroy(toSecond.chid));
  settle(first);
  settle(second);
  t.equal(kept.status, null, "the other channel, of the same generation");
  t.equal(ended.status, -ESRCH, "this channel");
  // A slow report of the first channel's end meets a message for a later incarnation of it.
  first.words[first.me + L.SLOT_CHANNEL_LIFE]! += 1 << L.LIFE_BITS;
  as(server, () => ChannelDestroy(toFirst.chid));
  t.equal(slotOf(first), L.SLOT_SEND, "another incarnation");
  t.end();
});

/** How far another reporter got before it stopped: what it has left behind. */
const HALVES: readonly (readonly [string, number])[] = [
  ["nothing", L.LIFE_ALIVE],
  ["the channel was marked as closing", L.LIFE_DEAD],
];

for (const [what, life] of HALVES) {
  test(`closeChannel: finishes what somebody else has begun: ${what}`, (t) => {
    const bench = new Bench();
    const server = bench.start(1);
    const client = bench.start(2);
    const { coid } = connect(server, client);
    const posted = post(client, coid);
    as(bench.main, () => {
      const channel = channelAt(0);
      const word = server.words[channel + L.CHANNEL_LIFE]!;
      server.words[channel + L.CHANNEL_LIFE] = (word & ~L.LIFE_MASK) | life;
      closeChannel(channel, server.pid);
      t.equal(server.words[channel + L.CHANNEL_OWNER], 0, "the record is free");
      closeChannel(channel, server.pid);
      t.equal(server.words[channel + L.CHANNEL_OWNER], 0, "once more changes nothing");
    });
    settle(client);
    t.equal(posted.status, -ESRCH, "the client has its error");
    t.end();
  });
}

test("closeChannel: the last step alone: the life is raised, the owner still written", (t) => {
  const bench = new Bench({ channels: 1 });
  const server = bench.start(1);
  as(bench.main, () => {
    const chid = as(server, () => ChannelCreate(0));
    const channel = channelAt(0);
    as(server, () => ChannelDestroy(chid));
    // As if the owner's own closing had stopped before it let the record go.
    server.words[channel + L.CHANNEL_OWNER] = server.pid;
    closeChannel(channel, server.pid);
    t.equal(server.words[channel + L.CHANNEL_OWNER], 0, "free");
  });
  t.ok(as(server, () => ChannelCreate(0)) > 0, "and can be had again");
  t.end();
});

test("closeChannel: a slow report of a death does not touch the successor's channel", (t) => {
  const bench = new Bench({ channels: 1 });
  const server = bench.start(1);
  const client = bench.start(2);
  as(server, () => ChannelCreate(0));
  bench.bury(server);
  const successor = bench.start(1);
  const { chid, coid } = connect(successor, client);
  const posted = post(client, coid);
  as(bench.main, () => closeChannel(channelAt(0), server.pid));
  const rcvid = take(successor, chid);
  t.ok(rcvid > 0, "its message is received");
  as(successor, () => MsgReply(rcvid, 3, null, 0));
  settle(client);
  t.equal(posted.status, 3, "and answered");
  t.end();
});

test("ChannelCreate: sweeps what a late sender left in the record", (t) => {
  const bench = new Bench({ channels: 1, pulses: 2 });
  const server = bench.start(1);
  const client = bench.start(2);
  const { chid } = connect(server, client);
  as(server, () => ChannelDestroy(chid));
  const { words } = server;
  const layout = layoutIn(words);
  const channel = as(server, () => channelAt(0));
  // A pulse, a pending bit, a notice: published after the channel had closed.
  words[layout.pulsesAt + L.PULSE_STATE] = -5;
  words[channel + L.CHANNEL_PENDING] = -1;
  words[channel + L.CHANNEL_NOTICE] = -1;
  words[channel + L.CHANNEL_WAITING] = L.WAITING_MESSAGE;
  const next = as(server, () => ChannelCreate(0));
  t.equal(words[channel + L.CHANNEL_WAITING], L.WAITING_NONE, "nobody waits");
  t.equal(words[layout.pulsesAt + L.PULSE_STATE], 0, "the cell is free");
  t.equal(take(server, next), -ETIMEDOUT, "nothing is there");
  t.end();
});

test("ChannelCreate: a death between claiming a record and opening it leaks nothing", (t) => {
  const bench = new Bench({ channels: 1 });
  const server = bench.start(1);
  const other = bench.start(2);
  const owner = as(server, () => channelAt(0)) + L.CHANNEL_OWNER;
  server.words[owner] = server.pid;
  bench.bury(server);
  t.equal(server.words[owner], 0, "the record is free");
  t.ok(as(other, () => ChannelCreate(0)) > 0, "another task has it");
  t.end();
});
