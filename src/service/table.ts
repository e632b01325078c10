/**
 * From a message to the route of its call: what dispatch_handler calls for a service.
 */
import { type DispatchContext, ENOSYS, EPROTO, MsgError } from "../index.js";
import { INDEX_MASK, TAG_BYTES } from "./protocol.js";
import type { Route } from "./route.js";

/** The routes of a service, by the number of the call. */
export class RouteTable {
  readonly routes: readonly Route[];
  /** The one in whose buffer messages have arrived so far. */
  context: DispatchContext | null = null;
  /** The tag of the message there. */
  tag = new Int32Array(1);

  constructor(routes: readonly Route[]) {
    this.routes = routes;
  }

  /** Messages arrive in the buffer of this context from now on: once, for a loop. */
  readFrom(ctp: DispatchContext): void {
    const buffer = ctp.msg.buffer as ArrayBuffer;
    this.tag = new Int32Array(buffer, 0, TAG_BYTES / Int32Array.BYTES_PER_ELEMENT);
    for (const route of this.routes) route.readFrom(buffer);
    this.context = ctp;
  }
}

/** A MessageHandler, whose handle is a RouteTable. */
export function handleMessage(ctp: DispatchContext, type: number, handle: unknown): void {
  const table = handle as RouteTable;
  if (table.context !== ctp) table.readFrom(ctp);
  const route = table.routes[type & INDEX_MASK];
  if (route === undefined || route.tag !== table.tag[0]) MsgError(ctp.rcvid, ENOSYS);
  // One call has requests of one length: a client that was made by open() sends no other.
  else if (ctp.info.srcmsglen !== route.bytes) MsgError(ctp.rcvid, EPROTO);
  else route.serve(ctp);
}

/** What a pulse of a service calls. */
export interface PulseTarget {
  readonly code: number;
  readonly handler: (value: number, server: object) => void;
  /** What it is a method of. */
  readonly handlers: object;
  readonly server: object;
}

/** A PulseHandler, whose handle is a PulseTarget. */
export function handlePulse(ctp: DispatchContext, _code: number, handle: unknown): void {
  const { handler, handlers, server } = handle as PulseTarget;
  handler.call(handlers, ctp.pulse.value, server);
}
