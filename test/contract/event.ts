/**
 * Events: what a client asks a server to deliver to it later.
 */
import {
  createEvent,
  EAGAIN,
  EBADF,
  EINVAL,
  ESRCH,
  EVENT_BYTES,
  ETIMEDOUT,
  packEvent,
  SIGEV_NONE,
  SIGEV_NONE_INIT,
  SIGEV_PULSE,
  SIGEV_PULSE_INIT,
  type Sigevent,
  SIGEV_UNBLOCK,
  SIGEV_UNBLOCK_INIT,
  unpackEvent,
} from "reattach";
import type { ContractCase, Puppet } from "./board.js";
import { connect, filled, hold, poll, receive } from "./steps.js";

const NO_EVENTS = [
  { type: 1 },
  { type: 7 },
  { type: -1 },
  { type: 255 },
  { priority: 0 },
  { priority: 64 },
  { priority: -1 },
  { code: -1 },
  { code: 128 },
  { value: 0.5 },
  { value: 2 ** 31 },
];

/** A pulse event for the client's coid. */
function pulseEvent(coid: number, change: Partial<Sigevent> = {}): Sigevent {
  const event = createEvent();
  SIGEV_PULSE_INIT(event, coid, 20, 5, -77);
  return { ...event, ...change };
}

/**
 * A server that holds a message of a client, and a coid of the client through which events reach
 * the client's own channel.
 */
async function stageEvent(server: Puppet, client: Puppet) {
  const connection = await connect(server, client);
  const own = await client.result("ChannelCreate", 0);
  const coid = await client.result("ConnectAttach", 0, 0, own, 0, 0);
  return { ...(await hold(server, client, connection)), own, coid, connection };
}

const deliver = (server: Puppet, rcvid: number, event: Sigevent): Promise<number> =>
  server.result("MsgDeliverEvent", rcvid, event);
const verify = (server: Puppet, rcvid: number, event: Sigevent): Promise<number> =>
  server.result("MsgVerifyEvent", rcvid, event);

const packCases: readonly ContractCase[] = [
  {
    title: "packEvent: an event travels in a message, at any offset",
    puppets: 1,
    async run(t) {
      const events = [
        createEvent(),
        pulseEvent(3),
        pulseEvent(0x4000_0001, { priority: 63, code: 127, value: -(2 ** 31) }),
        pulseEvent(0, { priority: 1, code: 0, value: 2 ** 31 - 1 }),
        { ...createEvent(), type: SIGEV_UNBLOCK },
      ];
      for (const [i, event] of events.entries()) {
        const message = filled(EVENT_BYTES + i + 1, 0xee);
        t.equal(packEvent(event, message, i), 0, "packed");
        const read = createEvent();
        t.equal(unpackEvent(read, message, i), 0, "unpacked");
        t.deepEqual(read, event, `event ${i}`);
        t.equal(message[EVENT_BYTES + i], 0xee, "no byte more");
      }
    },
  },
  {
    title: "packEvent: -EINVAL when it does not fit, and nothing is written; unpackEvent too",
    puppets: 1,
    async run(t) {
      for (const offset of [1, 2, EVENT_BYTES, -1, 0.5, NaN]) {
        const message = filled(EVENT_BYTES, 0xee);
        t.equal(packEvent(pulseEvent(1), message, offset), -EINVAL, `pack at ${offset}`);
        t.deepEqual(message, filled(EVENT_BYTES, 0xee), "untouched");
        const event = pulseEvent(2);
        t.equal(unpackEvent(event, message, offset), -EINVAL, `unpack at ${offset}`);
        t.deepEqual(event, pulseEvent(2), "untouched");
      }
    },
  },
  {
    title: "SIGEV_NONE_INIT, SIGEV_PULSE_INIT, SIGEV_UNBLOCK_INIT: set the type and the rest",
    puppets: 1,
    async run(t) {
      const event = createEvent();
      t.equal(event.type, SIGEV_NONE, "a new one delivers nothing");
      SIGEV_PULSE_INIT(event, 1, 2, 3, 4);
      const set = { type: SIGEV_PULSE, coid: 1, priority: 2, code: 3, value: 4 };
      t.deepEqual(event, set, "a pulse");
      SIGEV_UNBLOCK_INIT(event);
      t.equal(event.type, SIGEV_UNBLOCK, "unblock");
      SIGEV_NONE_INIT(event);
      t.equal(event.type, SIGEV_NONE, "none");
    },
  },
];

const deliverCases: readonly ContractCase[] = [
  {
    title: "MsgDeliverEvent: a pulse, while the client waits and after the reply",
    puppets: 2,
    async run(t, _board, server, client) {
      const { rcvid, sent, own, coid } = await stageEvent(server, client);
      t.equal(await deliver(server, rcvid, pulseEvent(coid)), 0, "while it waits");
      await server.result("MsgReply", rcvid, 0, null, 0);
      t.equal(await sent, 0, "answered");
      t.equal(await deliver(server, rcvid, pulseEvent(coid, { code: 6 })), 0, "after the reply");
      for (const code of [5, 6]) {
        const received = await receive(client, own);
        const { scoid, ...rest } = received.pulse;
        t.equal(received.rcvid, 0, "a pulse");
        t.deepEqual(rest, { code, value: -77, priority: 20 }, `code ${code}`);
        const info = await client.call("ConnectClientInfo", scoid, { nd: 0, pid: 0 });
        t.equal((info.args[1] as { pid: number }).pid, client.pid, "as if it came from itself");
      }
    },
  },
  {
    title: "MsgDeliverEvent: wakes a client that has gone on to wait for the event",
    puppets: 2,
    async run(t, _board, server, client) {
      const { rcvid, sent, own, coid } = await stageEvent(server, client);
      await server.result("MsgReply", rcvid, 0, null, 0);
      await sent;
      const received = receive(client, own);
      await client.until("RECEIVE");
      t.equal(await deliver(server, rcvid, pulseEvent(coid)), 0, "delivered");
      t.equal((await received).pulse.code, 5, "and received");
    },
  },
  {
    title: "MsgDeliverEvent: SIGEV_NONE delivers nothing",
    puppets: 2,
    async run(t, _board, server, client) {
      const { rcvid, sent, own } = await stageEvent(server, client);
      t.equal(await deliver(server, rcvid, createEvent()), 0, "0");
      await client.until("REPLY");
      await server.result("MsgReply", rcvid, 1, null, 0);
      t.equal(await sent, 1, "the client has waited on");
      t.equal(await poll(client, own), -ETIMEDOUT, "no pulse");
    },
  },
  {
    title:
      "MsgDeliverEvent: SIGEV_UNBLOCK ends the client's call with -ETIMEDOUT, if it still waits",
    puppets: 2,
    async run(t, _board, server, client) {
      const event = { ...createEvent(), type: SIGEV_UNBLOCK };
      const { rcvid, sent, connection } = await stageEvent(server, client);
      t.equal(await deliver(server, rcvid, event), 0, "delivered");
      t.equal(await sent, -ETIMEDOUT, "unblocked");
      t.equal(await server.result("MsgReply", rcvid, 0, null, 0), -ESRCH, "a late reply");
      const next = await hold(server, client, connection);
      t.equal(await deliver(server, rcvid, event), 0, "again");
      await client.until("REPLY");
      await server.result("MsgReply", next.rcvid, 3, null, 0);
      t.equal(await next.sent, 3, "does not hit the client's next message");
    },
  },
  {
    title: "MsgDeliverEvent: -EAGAIN when the client's channel is full",
    puppets: 2,
    async run(t, { limits: { pulses } }, server, client) {
      const { rcvid, sent, coid } = await stageEvent(server, client);
      for (let i = 0; i < pulses; i++) {
        t.equal(await deliver(server, rcvid, pulseEvent(coid)), 0, `event ${i}`);
      }
      t.equal(await deliver(server, rcvid, pulseEvent(coid)), -EAGAIN, "full");
      await server.result("MsgReply", rcvid, 0, null, 0);
      await sent;
    },
  },
];

const errorCases: readonly ContractCase[] = [
  {
    title: "MsgDeliverEvent: -EINVAL, -ESRCH, -EBADF; MsgVerifyEvent finds the same",
    puppets: 2,
    async run(t, _board, server, client) {
      const { rcvid, sent, own, coid } = await stageEvent(server, client);
      for (const check of [deliver, verify]) {
        for (const change of NO_EVENTS) {
          const result = await check(server, rcvid, pulseEvent(coid, change));
          t.equal(result, -EINVAL, JSON.stringify(change));
        }
        t.equal(await check(server, rcvid, pulseEvent(coid + 9)), -ESRCH, "no such coid");
        for (const forged of [-1, NaN, rcvid + 512, rcvid - 1, rcvid + 2 ** 38]) {
          t.equal(await check(server, forged, pulseEvent(coid)), -ESRCH, `rcvid ${forged}`);
        }
      }
      await server.result("MsgReply", rcvid, 0, null, 0);
      await sent;
      t.equal(await poll(client, own), -ETIMEDOUT, "nothing has been delivered");
      await client.result("ChannelDestroy", own);
      t.equal(await deliver(server, rcvid, pulseEvent(coid)), -EBADF, "its channel is gone");
      t.equal(await verify(server, rcvid, pulseEvent(coid)), -EBADF, "MsgVerifyEvent");
      await client.result("ConnectDetach", coid);
      t.equal(await deliver(server, rcvid, pulseEvent(coid)), -ESRCH, "its coid is gone");
    },
  },
  {
    title: "MsgDeliverEvent: -ESRCH when the client is dead, and for its successor",
    puppets: 2,
    async run(t, board, server, client) {
      const { rcvid, coid } = await stageEvent(server, client);
      await board.kill(client);
      t.equal(await deliver(server, rcvid, pulseEvent(coid)), -ESRCH, "dead");
      const successor = await board.restart(client);
      const own = await successor.result("ChannelCreate", 0);
      await successor.result("ConnectAttach", 0, 0, own, coid, 0);
      t.equal(await deliver(server, rcvid, pulseEvent(coid)), -ESRCH, "the successor's coid");
      t.equal(await verify(server, rcvid, pulseEvent(coid)), -ESRCH, "MsgVerifyEvent");
      t.equal(await poll(successor, own), -ETIMEDOUT, "it gets nothing");
    },
  },
  {
    title: "MsgDeliverEvent: rcvid 0 is the task itself",
    puppets: 1,
    async run(t, _board, task) {
      const chid = await task.result("ChannelCreate", 0);
      const coid = await task.result("ConnectAttach", 0, 0, chid, 0, 0);
      t.equal(await deliver(task, 0, pulseEvent(coid)), 0, "delivered");
      const { rcvid, pulse } = await receive(task, chid);
      t.deepEqual([rcvid, pulse.code, pulse.value], [0, 5, -77], "to its own channel");
      t.equal(await deliver(task, 0, pulseEvent(coid + 1)), -ESRCH, "it has no such coid");
      const none = { ...createEvent(), type: SIGEV_UNBLOCK };
      t.equal(await deliver(task, 0, none), 0, "it does not wait: there is nothing to unblock");
    },
  },
  {
    title: "MsgVerifyEvent: delivers nothing; rcvid 0 checks against the caller",
    puppets: 2,
    async run(t, _board, server, client) {
      const { rcvid, sent, own, coid } = await stageEvent(server, client);
      t.equal(await verify(server, rcvid, pulseEvent(coid)), 0, "a good one");
      t.equal(await verify(server, rcvid, createEvent()), 0, "none");
      t.equal(await verify(server, rcvid, { ...createEvent(), type: SIGEV_UNBLOCK }), 0, "unblock");
      t.equal(await verify(server, 0, pulseEvent(coid)), -ESRCH, "the server has no such coid");
      await client.until("REPLY");
      await server.result("MsgReply", rcvid, 0, null, 0);
      await sent;
      t.equal(await verify(client, 0, pulseEvent(coid)), 0, "the client has");
      t.equal(await poll(client, own), -ETIMEDOUT, "nothing has been delivered");
    },
  },
];

export const eventCases: readonly ContractCase[] = [...packCases, ...deliverCases, ...errorCases];
