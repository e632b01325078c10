/**
 * serve: a service as its server sees it, a function for each call and each pulse.
 *
 * It stands on the dispatch layer: a service takes 64 types of messages and some codes of pulses of
 * a dispatch handle, so that several services, and handlers of your own, can share a channel and
 * its loop.
 */
import {
  type Dispatch,
  dispatch_block,
  dispatch_context_alloc,
  dispatch_create,
  dispatch_destroy,
  dispatch_handler,
  dispatch_timeout,
  type DispatchContext,
  EDEADLK,
  EEXIST,
  EINVAL,
  EOK,
  errnoName,
  ETIMEDOUT,
  type Ledger,
  message_attach,
  type MessageInfo,
  MsgReceive,
  MsgReply,
  name_attach,
  name_detach,
  pulse_attach,
  readPulse,
  systemLimits,
} from "../index.js";
import type { CallDefinition, CallSpec, Members, PulseSpec, Service } from "./define.js";
import type { Fields, Readable, Writable } from "./layout.js";
import { checkLimits } from "./limits.js";
import { type AnyHandler, CallRoute, OnceRoute, VersionRoute } from "./route.js";
import { handleMessage, handlePulse, type PulseTarget, RouteTable } from "./table.js";

/**
 * Answers a call. `reply` begins with zeros. What it returns is the client's status: 0 or more, or
 * a negative errno, and then the reply is not sent; nothing is 0; LATER is no answer yet. Another
 * number is an error of the program, as is what it throws: the task dies.
 */
export type Handler<M extends Members, Q extends Fields, P extends Fields> = (
  request: Readable<Q>,
  reply: Writable<P>,
  server: Server<M>,
) => number | void;

/** What a server has to handle: all calls and pulses of its service. */
export type Handlers<M extends Members> = {
  readonly [N in keyof M]: M[N] extends CallSpec<infer Q, infer P>
    ? Handler<M, Q, P>
    : M[N] extends PulseSpec
      ? (value: number, server: Server<M>) => void
      : never;
};

/** A call as its server answers it later. */
export interface ServerCall<P extends Fields> {
  /** The record that handlers of this call are given: fill it right before answer(). */
  readonly reply: Writable<P>;
  /**
   * Answers a message that a handler has left with LATER: MsgReply, or MsgError for a negative
   * status. Returns 0, or -ESRCH (the client does not wait any more).
   */
  answer(rcvid: number, status: number): number;
}

type HasOnce<M extends Members> = true extends {
  [N in keyof M]: M[N] extends CallSpec<Fields, Fields, infer Once> ? Once : false;
}[keyof M]
  ? true
  : false;

/** All calls, as their server answers them later. */
export type ServerCalls<M extends Members> = {
  readonly [N in keyof M as M[N] extends PulseSpec ? never : N]: M[N] extends CallSpec<
    Fields,
    infer P
  >
    ? ServerCall<P>
    : never;
};

/** How a service is served. */
export interface CommonServerOptions<M extends Members> {
  /** Served on this channel, beside what else is attached to it. Default: one of its own. */
  readonly dispatch?: Dispatch;
  /** How often onPeriod is called, about. */
  readonly period_ms?: number;
  /** Called by run() between messages. */
  readonly onPeriod?: (server: Server<M>) => void;
}

/** A service with a call that takes effect once needs a ledger. */
export type ServerOptions<M extends Members> =
  HasOnce<M> extends true
    ? [options: CommonServerOptions<M> & { readonly ledger: Ledger }]
    : [options?: CommonServerOptions<M> & { readonly ledger?: Ledger }];

/**
 * A service that is being served. Its name is registered when it is made; messages wait until run()
 * or receive() is called, or, on a channel that it shares, dispatch_block and dispatch_handler.
 */
export class Server<M extends Members = Members> {
  /** 0, or the negative errno that it could not begin with: -EEXIST when the name is taken. */
  readonly status: number;
  /** Its channel; -1 when it has none. */
  readonly chid: number;
  /** The calls, for those that are answered later. */
  readonly calls: ServerCalls<M>;
  readonly #name: string;
  readonly #ownsChannel: boolean;
  readonly #channel: Dispatch | null = null;
  /** Null when it does not serve. */
  readonly #context: DispatchContext | null = null;
  readonly #table: RouteTable | null = null;
  /** Nothing but this service is on its channel, and no time limits its waiting. */
  readonly #isAlone: boolean = false;
  readonly #message: Uint8Array | null = null;
  readonly #messageBytes: number = 0;
  readonly #period_ms: number;
  readonly #onPeriod: ((server: Server<M>) => void) | undefined;
  #isStopped = false;

  /**
   * Does not block. What the world can cause is in `status`, and said in the log. Throws a
   * TypeError for a handler or a ledger that is missing; and a RangeError when the service's
   * messages are longer than limits.messageBytes, or when something else on the channel has its
   * types of messages or its codes of pulses (ServiceOptions).
   */
  constructor(service: Service<M>, handlers: Handlers<M>, ...[options = {}]: ServerOptions<M>) {
    checkLimits(service, systemLimits().messageBytes);
    const { dispatch, period_ms = Infinity, onPeriod } = options;
    this.#name = service.name;
    this.#period_ms = period_ms;
    this.#onPeriod = onPeriod;
    this.#ownsChannel = dispatch === undefined;
    const calls = callRoutes(service, handlers, this, options.ledger);
    const pulses = pulseTargets(service, handlers, this);
    this.calls = Object.fromEntries(calls) as unknown as ServerCalls<M>;
    const channel = dispatch ?? dispatch_create();
    if (typeof channel === "number") {
      this.chid = -1;
      this.status = this.#fail(channel, `dispatch_create: ${errnoName(channel)}`);
      return;
    }
    const context = dispatch_context_alloc(channel);
    const table = new RouteTable([new VersionRoute(service), ...calls.values()], context);
    this.status = this.#begin(channel, service, table, pulses);
    this.chid = this.status === EOK ? channel.chid : -1;
    if (this.status !== EOK) return;
    this.#channel = channel;
    this.#context = context;
    this.#table = table;
    this.#isAlone = dispatch === undefined && onPeriod === undefined;
    this.#message = context.msg;
    this.#messageBytes = context.msg.length;
  }

  /** The message that is being handled; 0 for none. */
  get rcvid(): number {
    return this.#table === null ? 0 : this.#table.rcvid;
  }

  /** Who has sent it, and what. Filled anew for each message: keep what you need, not this. */
  get info(): MessageInfo {
    if (this.#table === null) throw new Error(`${this.#name}: it does not serve`);
    return this.#table.info;
  }

  /**
   * Waits for one message or pulse of the channel and has it handled. Returns 0; or the negative
   * errno of dispatch_block, or `status`. On the main VM it only looks: -ETIMEDOUT when there is
   * none.
   */
  receive(): number {
    return this.#isAlone ? this.#receive(false) : this.#dispatch();
  }

  /**
   * Receives until stop() is called: 0. Or returns the negative errno that ended it: `status`,
   * -ESRCH (its channel is gone), -EDEADLK (the main VM may not wait).
   */
  run(): number {
    if (!$vm.port.mayBlock) return this.#fail(-EDEADLK, "the main VM may not wait: see receive()");
    if (this.#onPeriod !== undefined) return this.#runPeriodically(this.#onPeriod);
    let status = this.status;
    if (this.#isAlone) return this.#receive(true);
    while (status === EOK && !this.#isStopped) status = this.#dispatch();
    return status;
  }

  /** run() returns when the message that is being handled is. */
  stop(): void {
    this.#isStopped = true;
    if (this.#table !== null) this.#table.isGoing = false;
  }

  /**
   * Ends a service that has a channel of its own: its name is free, its clients lose it. On a
   * shared channel it goes on until that is destroyed. Returns 0, or -EINVAL (the channel is
   * shared, or gone).
   */
  close(): number {
    return this.#ownsChannel ? name_detach(this.chid, 0) : -EINVAL;
  }

  /**
   * One message or pulse, or, with `isGoing`, all until it is stopped. What is hot stands in the
   * loop: to call functions for it takes half as many bytecodes again.
   */
  #receive(isGoing: boolean): number {
    const table = this.#table!;
    const chid = this.chid;
    const message = this.#message;
    const bytes = this.#messageBytes;
    const info = table.info;
    const tags = table.tag;
    const routes = table.routes;
    const mask = table.mask;
    table.isGoing = isGoing;
    // Declared once: a variable of the loop's body is made and taken away in each round.
    let rcvid = 0;
    let tag = 0;
    let route = routes[0]!;
    let status: number;
    do {
      rcvid = MsgReceive(chid, message, bytes, info);
      if (rcvid > 0) {
        tag = tags[0]!;
        route = routes[tag & mask]!;
        table.rcvid = rcvid;
        if (route.plainTag !== tag || route.bytes !== info.srcmsglen) {
          table.serve(rcvid);
        } else {
          if (route.outBytes !== 0) route.out.fill(0);
          status = route.handler() ?? 0;
          // What is no success is refused, and nothing is sent: so it need not be looked at first.
          if (MsgReply(rcvid, status, route.out, route.outBytes) < 0) route.refused(rcvid, status);
        }
      } else if (rcvid === 0) {
        this.#dispatchPulse();
      } else {
        return rcvid;
      }
    } while (table.isGoing);
    return EOK;
  }

  /** One message or pulse, by way of what is attached to the channel. */
  #dispatch(): number {
    if (this.#context === null) return this.status;
    const status = dispatch_block(this.#context);
    return status < 0 ? status : dispatch_handler(this.#context);
  }

  /** The pulse that has just arrived: one of the service, or of the kernel. */
  #dispatchPulse(): void {
    const context = this.#context!;
    context.rcvid = 0;
    readPulse(context.msg, context.pulse);
    dispatch_handler(context);
  }

  /** The name first: nothing is received before the rest is attached, and alone it may fail. */
  #begin(
    channel: Dispatch,
    service: Service<M>,
    table: RouteTable,
    pulses: readonly PulseTarget[],
  ): number {
    const { name, type, calls } = service;
    const chid = name_attach(channel, name, 0);
    if (chid < 0) {
      if (this.#ownsChannel) dispatch_destroy(channel);
      return this.#fail(chid, chid === -EEXIST ? "the name is taken" : errnoName(chid));
    }
    const error = message_attach(channel, type, type + calls.length, handleMessage, table);
    if (error < 0) throw new RangeError(`serve: ${name}: type ${type}: ${errnoName(error)}`);
    for (const target of pulses) {
      const result = pulse_attach(channel, 0, target.code, handlePulse, target);
      if (result < 0) {
        throw new RangeError(`serve: ${name}: code ${target.code}: ${errnoName(result)}`);
      }
    }
    return EOK;
  }

  #fail(status: number, why: string): number {
    $vm.port.log(`serve: ${this.#name}: ${why}`);
    return status;
  }

  #runPeriodically(onPeriod: (server: Server<M>) => void): number {
    const { port } = $vm;
    let status = this.status;
    let next = port.now() + this.#period_ms;
    while (status === EOK && !this.#isStopped) {
      if (this.#channel !== null) dispatch_timeout(this.#channel, Math.max(0, next - port.now()));
      status = this.receive();
      if (status === -ETIMEDOUT) status = EOK;
      if (port.now() < next) continue;
      onPeriod(this);
      next = port.now() + this.#period_ms;
    }
    return status;
  }
}

type AnyHandlers = Readonly<Record<string, AnyHandler>>;

function callRoutes(
  service: Service<Members>,
  handlers: object,
  server: object,
  ledger: Ledger | undefined,
): Map<string, CallRoute> {
  const routes = new Map<string, CallRoute>();
  for (const call of service.calls) {
    const handling = { handler: handlerOf(service, handlers, call.name), handlers, server };
    const route = call.once
      ? new OnceRoute(call, handling, checkLedger(service, call, ledger))
      : new CallRoute(call, handling);
    routes.set(call.name, route);
  }
  return routes;
}

function checkLedger(
  service: Service<Members>,
  { name, reply }: CallDefinition,
  ledger: Ledger | undefined,
): Ledger {
  const where = `serve: ${service.name}.${name} takes effect once`;
  if (ledger === undefined) throw new TypeError(`${where}: it needs a ledger`);
  if (reply.bytes <= ledger.replyBytes) return ledger;
  const found = `the ledger keeps ${ledger.replyBytes}`;
  throw new RangeError(`${where}: its replies have ${reply.bytes} bytes, ${found}`);
}

function pulseTargets(service: Service<Members>, handlers: object, server: object): PulseTarget[] {
  return service.pulses.map(({ name, code }) => {
    const handler = handlerOf(service, handlers, name) as unknown as PulseTarget["handler"];
    return { code, handler: handler.bind(handlers), server };
  });
}

function handlerOf({ name }: Service<Members>, handlers: object, member: string): AnyHandler {
  const handler = (handlers as AnyHandlers)[member];
  if (typeof handler === "function") return handler;
  throw new TypeError(`serve: ${name}.${member} has no handler`);
}

/**
 * Serves until one of the handlers calls server.stop(): 0. Or returns at once what `Server.status`
 * says, as -EEXIST when another has the name: the log says so. Blocks; throws as new Server().
 */
export function serve<M extends Members>(
  service: Service<M>,
  handlers: Handlers<M>,
  ...options: ServerOptions<M>
): number {
  const server = new Server(service, handlers, ...options);
  const status = server.run();
  server.close();
  return status;
}
