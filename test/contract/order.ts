/**
 * Order: which arrival is received first, and at which priority the receiver goes on.
 */
import { _NTO_CHF_FIXED_PRIORITY, ESRCH, ETIMEDOUT } from "reattach";
import type { Board, ContractCase, Puppet } from "./board.js";
import { attach, connect, hold, poll, receive, send, serve } from "./steps.js";

const FIXED = _NTO_CHF_FIXED_PRIORITY;

/** All puppets but the first send to it, one after the other, and wait. */
async function queueUp({ puppets }: Board): Promise<{ chid: number; sent: Promise<number>[] }> {
  const [server, ...clients] = puppets as [Puppet, ...Puppet[]];
  const chid = await server.result("ChannelCreate", 0);
  const sent: Promise<number>[] = [];
  for (const client of clients) {
    sent.push(send(client, await attach(client, server, chid), client.name));
    await client.until("SEND");
  }
  return { chid, sent };
}

/** Receives and answers so many messages: the texts in the order they came. */
async function serveAll(server: Puppet, chid: number, count: number): Promise<string[]> {
  const names: string[] = [];
  for (let i = 0; i < count; i++) names.push(await serve(server, chid));
  return names;
}

const prio = (puppet: Puppet): Promise<number> => puppet.result("getprio");

const queueCases: readonly ContractCase[] = [
  {
    title: "MsgReceive: senders of one priority in the order they sent",
    puppets: 8,
    async run(t, board, server) {
      const { chid, sent } = await queueUp(board);
      const names = board.puppets.slice(1).map(({ name }) => name);
      t.deepEqual(await serveAll(server, chid, 7), names, "first come, first served");
      t.deepEqual(
        await Promise.all(sent),
        names.map(() => 0),
        "all are answered",
      );
    },
  },
  {
    title: "MsgReceive: the highest priority first, and within one the first to come",
    puppets: 8,
    priorities: [1, 10, 20, 10, 30, 20, 10, 63],
    async run(t, board, server) {
      const { chid, sent } = await queueUp(board);
      const order = ["p8", "p5", "p3", "p6", "p2", "p4", "p7"];
      t.deepEqual(await serveAll(server, chid, 7), order, "by priority, then by arrival");
      await Promise.all(sent);
    },
  },
  {
    title: "MsgReceive: who sends again goes to the end of its priority's queue",
    puppets: 4,
    async run(t, board, server, first) {
      const { chid, sent } = await queueUp(board);
      t.equal(await serve(server, chid), "p2", "the first");
      await sent[0];
      const again = send(first, 0, "again");
      await first.until("SEND");
      t.deepEqual(await serveAll(server, chid, 3), ["p3", "p4", "again"], "and then as last");
      await Promise.all([...sent, again]);
    },
  },
  {
    title: "MsgReceive: pulses and messages in one order of priority and arrival",
    puppets: 5,
    priorities: [10, 10, 20, 10, 30],
    async run(t, _board, server, low, high, late, sender) {
      const { chid, coid } = await connect(server, sender);
      const pulse = (priority: number, value: number): Promise<number> =>
        sender.result("MsgSendPulse", coid, priority, 0, value);
      const lowCoid = await attach(low, server, chid);
      const highCoid = await attach(high, server, chid);
      const lateCoid = await attach(late, server, chid);
      const sent = [send(low, lowCoid, "low")];
      await low.until("SEND");
      await pulse(10, 1);
      sent.push(send(late, lateCoid, "late"));
      await late.until("SEND");
      await pulse(20, 2);
      sent.push(send(high, highCoid, "high"));
      await high.until("SEND");
      await pulse(63, 3);
      await pulse(1, 4);
      const order: (string | number)[] = [];
      for (let i = 0; i < 7; i++) {
        const received = await receive(server, chid);
        order.push(received.rcvid === 0 ? received.pulse.value : received.text);
        if (received.rcvid > 0) await server.result("MsgReply", received.rcvid, 0, null, 0);
      }
      t.deepEqual(order, [3, 2, "high", "low", 1, "late", 4], "63, 20, 20, 10, 10, 10, 1");
      await Promise.all(sent);
    },
  },
  {
    title: "MsgReceive: a sender whose priority was raised while it is queued moves up",
    puppets: 4,
    priorities: [1, 10, 20, 30],
    async run(t, board, server, low, middle, high) {
      const chid = await server.result("ChannelCreate", 0);
      // The low one is a server too, and the high one waits for it.
      const behind = await connect(low, high);
      const sent = [send(low, await attach(low, server, chid), "low")];
      await low.until("SEND");
      sent.push(send(middle, await attach(middle, server, chid), "middle"));
      await middle.until("SEND");
      const waiting = send(high, behind.coid, "for low");
      await high.until("SEND");
      t.deepEqual(await serveAll(server, chid, 2), ["low", "middle"], "before the middle one");
      await Promise.all(sent);
      t.equal(await serve(low, behind.chid), "for low", "its own client");
      await waiting;
      t.equal(board.puppets.length, 4, "four tasks");
    },
  },
];

const inheritCases: readonly ContractCase[] = [
  {
    title: "MsgReceive: the receiver goes on at the priority of what it received",
    puppets: 3,
    priorities: [10, 20, 5],
    async run(t, _board, server, high, low) {
      const { chid, coid } = await connect(server, high);
      const lowCoid = await attach(low, server, chid);
      t.equal(await prio(server), 10, "its own");
      const first = await hold(server, high, { chid, coid });
      t.equal(await prio(server), 20, "the high client's");
      const second = await hold(server, low, { chid, coid: lowCoid });
      t.equal(await prio(server), 5, "the low client's, which it received later");
      await server.result("MsgReply", first.rcvid, 0, null, 0);
      await server.result("MsgReply", second.rcvid, 0, null, 0);
      await Promise.all([first.sent, second.sent]);
      await high.result("MsgSendPulse", coid, 33, 0, 0);
      await receive(server, chid);
      t.equal(await prio(server), 33, "that of a pulse");
    },
  },
  {
    title: "MsgSend: a server that is not receiving runs at least at the priority of who waits",
    puppets: 3,
    priorities: [10, 20, 5],
    async run(t, _board, server, high, low) {
      const { chid, coid } = await connect(server, high);
      const lowCoid = await attach(low, server, chid);
      const fromLow = send(low, lowCoid);
      await low.until("SEND");
      t.equal(await prio(server), 10, "a lower one does not lower it");
      const fromHigh = send(high, coid);
      await high.until("SEND");
      t.equal(await prio(server), 20, "a higher one raises it");
      await serve(server, chid);
      await serve(server, chid);
      await Promise.all([fromLow, fromHigh]);
      t.equal(await prio(server), 5, "the last it received counts");
    },
  },
  {
    title: "MsgSendPulse: raises the server as a message does",
    puppets: 2,
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client);
      await client.result("MsgSendPulse", coid, 40, 0, 0);
      t.equal(await prio(server), 40, "raised");
      await client.result("MsgSendPulse", coid, 4, 0, 0);
      t.equal(await prio(server), 40, "not lowered");
      await receive(server, chid);
      await receive(server, chid);
      t.equal(await prio(server), 4, "until it received the last");
    },
  },
  {
    title: "ChannelCreate: _NTO_CHF_FIXED_PRIORITY keeps the server at its own priority",
    puppets: 2,
    priorities: [10, 20],
    async run(t, _board, server, client) {
      const { chid, coid } = await connect(server, client, FIXED);
      const sent = send(client, coid);
      await client.until("SEND");
      t.equal(await prio(server), 10, "while a client waits");
      const { rcvid } = await receive(server, chid);
      t.equal(await prio(server), 10, "after it received");
      t.equal(await server.result("MsgCurrent", rcvid), 0, "MsgCurrent");
      t.equal(await prio(server), 10, "changes nothing");
      await server.result("MsgReply", rcvid, 0, null, 0);
      await sent;
      await client.result("MsgSendPulse", coid, 40, 0, 0);
      t.equal(await prio(server), 10, "while a pulse waits");
      await receive(server, chid);
      t.equal(await prio(server), 10, "after the pulse");
    },
  },
  {
    title: "MsgCurrent: takes the priority of a held message's client; 0 goes back to the own one",
    puppets: 3,
    priorities: [10, 20, 5],
    async run(t, _board, server, high, low) {
      const { chid, coid } = await connect(server, high);
      const lowCoid = await attach(low, server, chid);
      const first = await hold(server, high, { chid, coid });
      const second = await hold(server, low, { chid, coid: lowCoid });
      t.equal(await server.result("MsgCurrent", first.rcvid), 0, "the high one");
      t.equal(await prio(server), 20, "20");
      t.equal(await server.result("MsgCurrent", second.rcvid), 0, "the low one");
      t.equal(await prio(server), 5, "5");
      t.equal(await server.result("MsgCurrent", 0), 0, "none");
      t.equal(await prio(server), 10, "10");
      await server.result("MsgReply", first.rcvid, 0, null, 0);
      await server.result("MsgReply", second.rcvid, 0, null, 0);
      await Promise.all([first.sent, second.sent]);
      t.equal(await server.result("MsgCurrent", first.rcvid), -ESRCH, "answered: -ESRCH");
      t.equal(await prio(server), 10, "and nothing changes");
      t.equal(await poll(server, chid), -ETIMEDOUT, "nothing is left");
    },
  },
];

export const orderCases: readonly ContractCase[] = [...queueCases, ...inheritCases];
