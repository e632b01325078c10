/**
 * Leaks: after any number of deaths every table can be filled to its last record.
 *
 * On top of what these cases do, the board counts all tables after every case of the suite.
 */
import {
  _NTO_CHF_COID_DISCONNECT,
  _NTO_CHF_DISCONNECT,
  _NTO_COF_NOSHARE,
  EAGAIN,
  type Limits,
} from "reattach";
import { type Room, shortages } from "./acts/room.js";
import type { Assert, Board, ContractCase, Puppet } from "./board.js";
import { attach, connect, filled, hold, receive, send } from "./steps.js";

const LIMITS = { sharedBuffers: 4, sharedBytes: 1_024 };

/** Asserts that every table has all its room: whatever is held is the puppet's own. */
async function hasAllRoom(
  t: Assert,
  counter: Puppet,
  limits: Readonly<Limits>,
  when: string,
): Promise<void> {
  const { args } = await counter.act("countRoom", {});
  t.equal(shortages(args[0] as Room, limits), "", `${when}: nothing has leaked`);
}

/** The puppet takes all there is: channels, connections, names, pulses, shared buffers. */
async function takeAll(puppet: Puppet, { limits }: Board): Promise<void> {
  const chid = await puppet.result("ChannelCreate", _NTO_CHF_DISCONNECT | _NTO_CHF_COID_DISCONNECT);
  while ((await puppet.result("ChannelCreate", 0)) > 0);
  for (let i = 0; i < limits.connections; i++) {
    const flags = i % 2 === 0 ? _NTO_COF_NOSHARE : 0;
    await puppet.result("ConnectAttach", 0, 0, chid, 0, flags);
  }
  for (let i = 0; i < limits.names; i++) await puppet.result("name_attach", { chid }, `n${i}`, 0);
  for (let i = 0; i < limits.pulses; i++) await puppet.result("MsgSendPulse", 0, 10, 1, i);
  while ((await puppet.result("sharedAcquire")) >= 0);
}

/** Ways to die, each with what the victim was doing. */
const WAYS: readonly (readonly [string, (victim: Puppet, other: Puppet) => Promise<void>])[] = [
  ["running", async () => {}],
  [
    "RECEIVE-blocked",
    async (victim) => {
      const chid = await victim.result("ChannelCreate", 0);
      void receive(victim, chid);
      await victim.until("RECEIVE");
    },
  ],
  [
    "SEND-blocked",
    async (victim, other) => {
      const { coid } = await connect(other, victim);
      void send(victim, coid);
      await victim.until("SEND");
    },
  ],
  [
    "REPLY-blocked",
    async (victim, other) => {
      await hold(other, victim, await connect(other, victim));
    },
  ],
  [
    "REPLY-blocked on a channel that is told of disconnects",
    async (victim, other) => {
      await hold(other, victim, await connect(other, victim, _NTO_CHF_DISCONNECT));
    },
  ],
  [
    "with a shared buffer in a held message",
    async (victim, other) => {
      const { chid, coid } = await connect(other, victim);
      const index = await victim.result("sharedAcquire");
      void victim.act("sendShared", coid, index, 1_024, index, 1_024);
      await receive(other, chid);
    },
  ],
  [
    "holding a message",
    async (victim, other) => {
      await hold(victim, other, await connect(victim, other));
    },
  ],
  [
    "with a message queued",
    async (victim, other) => {
      const { coid } = await connect(victim, other, _NTO_CHF_DISCONNECT);
      void send(other, coid);
      await other.until("SEND");
    },
  ],
];

export const leakCases: readonly ContractCase[] = [
  ...WAYS.map(([how, prepare]): ContractCase => ({
    title: `death: ${how}: nothing leaks`,
    puppets: 3,
    limits: LIMITS,
    async run(t, board, victim, other, counter) {
      let current = victim;
      for (let i = 0; i < 2; i++) {
        await prepare(current, other);
        await board.kill(current);
        await other.act("reset");
        await hasAllRoom(t, counter, board.limits, `death ${i + 1}`);
        current = await board.restart(current);
      }
    },
  })),
  {
    title: "death: of a task that holds everything there is: all of it is free again",
    puppets: 2,
    limits: LIMITS,
    async run(t, board, victim, counter) {
      let current = victim;
      for (let i = 0; i < 3; i++) {
        await takeAll(current, board);
        t.equal(await counter.result("ChannelCreate", 0), -EAGAIN, "nothing is free");
        t.equal(await counter.result("sharedAcquire"), -EAGAIN, "nothing at all");
        await board.kill(current);
        await hasAllRoom(t, counter, board.limits, `death ${i + 1}`);
        current = await board.restart(current);
      }
    },
  },
  {
    title: "death: of all tasks at once, waiting for each other in a ring: nothing leaks",
    puppets: 5,
    limits: LIMITS,
    async run(t, board, one, two, three, four, counter) {
      const ring = [one, two, three, four];
      for (let i = 0; i < ring.length; i++) {
        await connect(ring[(i + 1) % 4]!, ring[i]!, _NTO_CHF_DISCONNECT);
      }
      for (const puppet of ring) void send(puppet, 0);
      for (const puppet of ring) await puppet.until("SEND");
      await Promise.all(ring.map((puppet) => board.kill(puppet)));
      await hasAllRoom(t, counter, board.limits, "after four deaths");
    },
  },
  {
    title: "ChannelCreate: 20,000 times, with everything on it: nothing leaks",
    puppets: 2,
    limits: LIMITS,
    async run(t, { limits }, server, counter) {
      t.equal((await server.act("churn", 20_000)).result, 0, "created and destroyed");
      await hasAllRoom(t, counter, limits, "after all of them");
    },
  },
  {
    title: "reset: a puppet that gives everything back leaves nothing",
    puppets: 3,
    limits: LIMITS,
    async run(t, board, puppet, client, counter) {
      await takeAll(puppet, board);
      await puppet.act("reset");
      const { chid, coid } = await connect(puppet, client, _NTO_CHF_DISCONNECT);
      t.equal(await attach(client, puppet, chid), 1, "connected twice");
      const { rcvid, sent } = await hold(puppet, client, { chid, coid });
      await puppet.result("MsgWrite", rcvid, filled(4), 4, 0);
      await puppet.act("reset");
      await sent;
      await client.act("reset");
      await hasAllRoom(t, counter, board.limits, "after the reset");
    },
  },
];
