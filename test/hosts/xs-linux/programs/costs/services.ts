/**
 * Scenarios: calls of typed services, and the same calls by hand, which they are compared with.
 *
 * By hand a client has a message of its own for each call, too; and its server looks at type and
 * length before it reads, and answers what it does not know.
 */
import {
  createMsgInfo,
  createPulse,
  EINVAL,
  ENOSYS,
  ha_attach,
  Ledger,
  MsgError,
  MsgReceive,
  MsgReply,
  MsgSend,
  readPulse,
  restartRecovery,
} from "reattach";
import { type Client, LATER, open, Server, type Service } from "reattach/service";
import { Counter, Measured } from "./definitions.js";
import { expect, type Loop, type Round, type Scenario, SERVER } from "./scenario.js";
import { OK, openServer, serverChannel } from "./setup.js";

type Members = typeof Measured extends Service<infer M> ? M : never;
type Measure = (client: Client<Members>) => Round;

const LABEL = "äöü€😀 at";

/** The server of a service. `count` is called for each call of those that are compared. */
function server(count: () => boolean): Server<Members> {
  const measured: Server<Members> = new Server(Measured, {
    nothing() {
      if (count()) measured.stop();
    },
    read(request, reply) {
      reply.celsius = 20.5 + request.sensor;
      reply.at_ms = 7;
      if (count()) measured.stop();
      return OK;
    },
    status(request, reply) {
      if (count()) measured.stop();
      reply.sent = 1;
      reply.answered = 2;
      reply.wrong = 3;
      reply.day = 4;
      reply.p50 = 5.5;
      reply.isFinished = request.station === 3;
    },
    every({ a, b, c, d, raw }, reply) {
      reply.at.x = a;
      reply.all[1]!.x = raw[3]!;
      reply.tenths[3] = b;
      return c + d;
    },
    later(_request, _reply, { calls, rcvid }) {
      calls.later.answer(rcvid, OK);
      return LATER;
    },
    ring() {},
  });
  return measured;
}

/** Its server, which receives one message in each round. */
function receiver(): Round {
  const served = server(() => false);
  // Which version it is the client asks once, before it is measured.
  expect(served.receive(), OK);
  return () => expect(served.receive(), OK);
}

/** Its server with the loop that applications have: serve() runs it, too. */
function looping(): Loop {
  return { run: (count) => expect(server(count).run(), OK) };
}

/** A client of the service, and what it does in each round. */
function serviceScenario(
  title: string,
  measure: Measure,
  prepare: () => Round | Loop = receiver,
): Scenario {
  return {
    title: `service: ${title}`,
    server: prepare,
    client() {
      const client = open(Measured, { timeout_ms: Infinity });
      expect(client.connection.status, OK);
      return measure(client);
    },
  };
}

// By hand: types of messages, and where their fields lie.
const NOTHING = 0x400;
const READ = 0x401;
const STATUS = 0x402;
const ADD = 0x403;
const SENSOR_AT = 4;
const READ_BYTES = 8;
const READ_REPLY_BYTES = 8;
const STATUS_REPLY_BYTES = 20;
const MESSAGE_BYTES = 64;

/** A message, and the same bytes as fields. */
function message(type = 0): { readonly all: Uint8Array; readonly fields: DataView } {
  const all = new Uint8Array(MESSAGE_BYTES);
  const fields = new DataView(all.buffer);
  fields.setUint16(0, type, true);
  return { all, fields };
}

function serverByHand(): Round {
  const chid = serverChannel();
  const { all, fields } = message();
  const { all: reply, fields: answer } = message();
  const info = createMsgInfo();
  const heard = createPulse();
  return () => {
    const rcvid = MsgReceive(chid, all, MESSAGE_BYTES, info);
    if (rcvid === 0) {
      readPulse(all, heard);
      return;
    }
    const type = info.msglen < SENSOR_AT ? -1 : fields.getUint16(0, true);
    switch (type) {
      case NOTHING:
        MsgReply(rcvid, OK, reply, 0);
        return;
      case READ:
        if (info.msglen !== READ_BYTES) {
          MsgError(rcvid, EINVAL);
          return;
        }
        answer.setFloat32(0, 20.5 + fields.getUint8(SENSOR_AT), true);
        answer.setUint32(4, 7, true);
        MsgReply(rcvid, OK, reply, READ_REPLY_BYTES);
        return;
      case STATUS:
        if (info.msglen !== READ_BYTES) {
          MsgError(rcvid, EINVAL);
          return;
        }
        answer.setInt32(0, 1, true);
        answer.setInt32(4, 2, true);
        answer.setUint16(8, 3, true);
        answer.setUint16(10, 4, true);
        answer.setFloat32(12, 5.5, true);
        answer.setUint8(16, fields.getUint8(SENSOR_AT) === 3 ? 1 : 0);
        MsgReply(rcvid, OK, reply, STATUS_REPLY_BYTES);
        return;
      default:
        MsgError(rcvid, ENOSYS);
    }
  };
}

/** A client by hand: its connection is recovered, as that of a service is. */
function scenarioByHand(
  title: string,
  measure: (coid: number) => Round,
  serve = serverByHand,
): Scenario {
  return {
    title: `by hand: ${title}`,
    server: serve,
    client() {
      const coid = openServer();
      expect(ha_attach(coid, restartRecovery(SERVER), null, 0), OK);
      return measure(coid);
    },
  };
}

function readByHand(coid: number): Round {
  const { all, fields } = message(READ);
  const { all: reply, fields: answer } = message();
  return () => {
    fields.setUint8(SENSOR_AT, 3);
    expect(MsgSend(coid, all, READ_BYTES, reply, READ_REPLY_BYTES), OK);
    expect(answer.getFloat32(0, true), 23.5);
    expect(answer.getUint32(4, true), 7);
  };
}

function statusByHand(coid: number): Round {
  const { all, fields } = message(STATUS);
  const { all: reply, fields: answer } = message();
  return () => {
    fields.setUint8(SENSOR_AT, 3);
    expect(MsgSend(coid, all, READ_BYTES, reply, STATUS_REPLY_BYTES), OK);
    expect(answer.getInt32(0, true), 1);
    expect(answer.getInt32(4, true), 2);
    expect(answer.getUint16(8, true), 3);
    expect(answer.getUint16(10, true), 4);
    expect(answer.getFloat32(12, true), 5.5);
    expect(answer.getUint8(16) !== 0 ? 1 : 0, 1);
  };
}

function counterByHand(): Round {
  const chid = serverChannel();
  const { all, fields } = message();
  const info = createMsgInfo();
  const ledger = new Ledger({ stateBytes: 4, clients: 1 });
  const state = new Int32Array(ledger.state.buffer, 0, 1);
  return () => {
    const rcvid = MsgReceive(chid, all, MESSAGE_BYTES, info);
    if (rcvid === 0) return;
    if (fields.getUint16(0, true) !== ADD || info.msglen !== READ_BYTES) {
      MsgError(rcvid, ENOSYS);
      return;
    }
    if (ledger.answers(rcvid, info)) return;
    state[0]! += fields.getUint32(SENSOR_AT, true);
    ledger.reply(rcvid, info, OK, null, 0);
  };
}

function counting(): Loop {
  const ledger = new Ledger({ stateBytes: 4, clients: 1 });
  const state = new Int32Array(ledger.state.buffer, 0, 1);
  return {
    run(count) {
      const add = (request: { readonly step: number }): void => {
        state[0]! += request.step;
        if (count()) served.stop();
      };
      const served = new Server(Counter, { add }, { ledger });
      expect(served.run(), OK);
    },
  };
}

/** Calls that are compared: as a service, and by hand. */
export const COMPARED = ["no fields", "three fields", "seven fields", "an effect once"] as const;

export const serviceScenarios: readonly Scenario[] = [
  serviceScenario(
    "no fields",
    ({ nothing }) =>
      () =>
        expect(nothing.send(), OK),
    looping,
  ),
  scenarioByHand("no fields", (coid) => {
    const { all } = message(NOTHING);
    return () => expect(MsgSend(coid, all, 4, all, 0), OK);
  }),
  serviceScenario(
    "three fields",
    ({ read: { request, reply }, read }) =>
      () => {
        request.sensor = 3;
        expect(read.send(), OK);
        expect(reply.celsius, 23.5);
        expect(reply.at_ms, 7);
      },
    looping,
  ),
  scenarioByHand("three fields", readByHand),
  serviceScenario(
    "seven fields",
    ({ status: { request, reply }, status }) =>
      () => {
        request.station = 3;
        expect(status.send(), OK);
        expect(reply.sent, 1);
        expect(reply.answered, 2);
        expect(reply.wrong, 3);
        expect(reply.day, 4);
        expect(reply.p50, 5.5);
        expect(reply.isFinished ? 1 : 0, 1);
      },
    looping,
  ),
  scenarioByHand("seven fields", statusByHand),
  {
    title: "service: an effect once",
    server: counting,
    client() {
      const { add, connection } = open(Counter, { timeout_ms: Infinity });
      expect(connection.status, OK);
      return () => {
        add.request.step = 3;
        expect(add.send(), OK);
      };
    },
  },
  scenarioByHand(
    "an effect once",
    (coid) => {
      const { all, fields } = message(ADD);
      return () => {
        fields.setUint32(SENSOR_AT, 3, true);
        expect(MsgSend(coid, all, READ_BYTES, all, 0), OK);
      };
    },
    counterByHand,
  ),
  serviceScenario("every kind of field, a text that is written", ({ every }) => {
    const { request, reply } = every;
    return () => {
      request.a = -3;
      request.b = -4;
      request.c = 5;
      request.d = 2;
      request.label = LABEL;
      request.raw[3] = 9;
      expect(every.send(), 7);
      expect(reply.at.x, -3);
      expect(reply.all[1]!.x, 9);
      expect(reply.tenths[3]!, -4);
    };
  }),
  serviceScenario(
    "an answer later",
    ({ later }) =>
      () =>
        expect(later.send(), OK),
  ),
  serviceScenario(
    "a pulse, and a call after it",
    ({ ring, nothing }) =>
      () => {
        expect(ring.send(-5), OK);
        expect(nothing.send(), OK);
      },
    () => {
      const one = receiver();
      return () => {
        one();
        one();
      };
    },
  ),
];
