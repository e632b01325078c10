/**
 * Acts of servers and clients of a typed service, in several versions.
 */
import { EINVAL, Ledger } from "reattach";
import { type Client, LATER, open, serve, Server, type Service } from "reattach/service";
import { keepChannel } from "./own.js";
import { First, type Version, VERSIONS } from "./versions.js";

type Members = typeof First extends Service<infer M> ? M : never;

/** Numbers to add of which the server does something else. */
export const HOLD = 1_000;
export const REFUSE = 2_000;
/** Steps to count, too: commits the step and its answer, and does not send that. */
export const COMMIT = 100;
export const HOLD_STEP = 200;

let server: Server<Members>;
let client: Client<Members>;
let held = 0;
let rung: number[] = [];
const kept = new Uint8Array(4);

function handlersWith(ledger: Ledger): ConstructorParameters<typeof Server<Members>>[1] {
  const { state } = ledger;
  return {
    add({ a, b }, reply, { rcvid }) {
      held = rcvid;
      if (a === HOLD) return LATER;
      if (a === REFUSE) return -EINVAL;
      reply.sum = a + b;
      return b;
    },
    count({ step }, reply, { rcvid, info }) {
      held = rcvid;
      if (step === HOLD_STEP) {
        state[0]! += 1;
        return LATER;
      }
      state[0]! += step % COMMIT;
      reply.count = state[0]!;
      if (step < COMMIT) return 0;
      kept[0] = state[0]!;
      ledger.reply(0, info, 0, kept, kept.length);
      return LATER;
    },
    ring: (value) => void rung.push(value),
  };
}

export const serviceActs = {
  /** Serves a version. The server's status. */
  serviceMake(version: Version): number {
    const ledger = new Ledger({ stateBytes: 4, replyBytes: 4, clients: 2 });
    const service = VERSIONS[version] as unknown as typeof First;
    const handlers = { ...handlersWith(ledger), more: () => 0 };
    server = new Server(service, handlers, { ledger });
    keepChannel(server.chid);
    return server.status;
  },

  /** Has the server receive so many times: what the last returned. `pulses` gets their values. */
  serviceReceive(times: number, pulses: number[]): number {
    rung = pulses;
    let status = 0;
    for (let i = 0; i < times && status === 0; i++) status = server.receive();
    return status;
  },

  /** Answers the message that is held: with this sum. */
  serviceAnswer(sum: number, status: number): number {
    server.calls.add.reply.sum = sum;
    return server.calls.add.answer(held, status);
  },

  /** Serves the first version until a pulse comes. */
  serviceServe(): number {
    return serve(
      First,
      {
        add: ({ a, b }, reply) => void (reply.sum = a + b),
        count: () => 0,
        ring: (_value, each) => each.stop(),
      },
      { ledger: new Ledger({ stateBytes: 4, replyBytes: 4, clients: 2 }) },
    );
  },

  serviceEnd: (): number => server.close(),

  /** Opens the first version, of another board when one is named. The client's status. */
  serviceOpen(timeout_ms: number, board?: string): number {
    client = open(First, board === undefined ? { timeout_ms } : { timeout_ms, board });
    return client.connection.status;
  },

  serviceConnect: (): number => client.connection.connect(),
  serviceStatus: (): number => client.connection.status,
  serviceClose: (): number => client.connection.close(),

  /** Adds. `sum` gets the reply. */
  serviceAdd(a: number, b: number, sum: number[]): number {
    client.add.request.a = a;
    client.add.request.b = b;
    const status = client.add.send();
    sum.push(client.add.reply.sum);
    return status;
  },

  /** Counts a step. `counts` gets the reply. */
  serviceCount(step: number, counts: number[]): number {
    client.count.request.step = step;
    const status = client.count.send();
    counts.push(client.count.reply.count);
    return status;
  },

  serviceRing: (value: number): number => client.ring.send(value),
};
