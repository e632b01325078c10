/**
 * A server of a service and VMs that send it what open() would have them send, or something else.
 */
import { name_open } from "../../../src/index.js";
import {
  call,
  defineService,
  type Members,
  pulse,
  type Server,
  type Service,
  u32,
  u8,
} from "../../../src/service/index.js";
import { createRecord } from "../../../src/service/layout.js";
import type { Vm } from "../../../src/arena/vm.js";
import { as, Bench, type Posted, post, settle } from "../kernel/vms.js";

export const Sum = defineService("sum", {
  add: call({ a: u32, b: u32 }, { sum: u32 }),
  nothing: call({}, {}),
  reset: pulse(),
});

export interface Stage {
  readonly bench: Bench;
  readonly server: Vm;
  readonly client: Vm;
}

export function stage(limits = {}): Stage {
  const bench = new Bench(limits);
  return { bench, server: bench.start(1), client: bench.start(2) };
}

/** Sends a call, as open() would have it sent; `change` may spoil its bytes. */
export function sendCall<M extends Members>(
  client: Vm,
  service: Service<M>,
  name: string,
  request: object,
  change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> = (bytes) => bytes,
): Posted {
  const { tag, request: layout } = service.calls.find((each) => each.name === name)!;
  const buffer = new ArrayBuffer(layout.bytes);
  new DataView(buffer).setInt32(0, tag, true);
  Object.assign(createRecord(layout, buffer, 0), request);
  const coid = as(client, () => name_open(service.name, 0));
  return post(client, coid, change(new Uint8Array(buffer)));
}

/** Receives one message and lets the client see its end. */
export function serveOne(server: Vm, from: Pick<Server, "receive">, client: Vm): number {
  const status = as(server, () => from.receive());
  settle(client);
  return status;
}

export function wordIn({ reply }: Posted): number {
  return new DataView(reply.buffer).getUint32(0, true);
}

export const HANDLERS = {
  add: ({ a, b }: { a: number; b: number }, reply: { sum: number }): void => {
    reply.sum = a + b;
  },
  nothing: (): number => 7,
  reset: (): void => undefined,
};

export const Counter = defineService("counter", {
  add: call({ step: u8 }, { count: u32 }, { once: true }),
  later: call({}, {}, { once: true }),
});
export const LEDGER = { stateBytes: 4, replyBytes: 4, clients: 1 };
