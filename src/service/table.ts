/**
 * From a message to the route of its call, and from a pulse to its handler.
 */
import { type DispatchContext, ENOSYS, EPROTO, type MessageInfo, MsgError } from "../index.js";
import { TAG_BYTES } from "./protocol.js";
import { NoRoute, type Route } from "./route.js";

/** The routes of a service, by the number of the call, and the message that came last. */
export class RouteTable {
  /** As many as a power of two, so that each number, masked, has one. */
  readonly routes: readonly Route[];
  readonly mask: number;
  /** The message that is being handled; 0 for none. */
  rcvid = 0;
  info: MessageInfo;
  /** The tag of what has arrived. */
  tag: Int32Array;
  /** The server's loop is to go on. */
  isGoing = false;

  constructor(routes: readonly Route[], { msg, info }: DispatchContext) {
    const count = 2 ** Math.ceil(Math.log2(routes.length));
    const none = new NoRoute();
    this.routes = Array.from({ length: count }, (_, i) => routes[i] ?? none);
    this.mask = count - 1;
    this.info = info;
    this.tag = this.#readFrom(msg.buffer);
  }

  /** Answers the message that has just arrived in this context. */
  serveIn({ rcvid, msg, info }: DispatchContext): void {
    if (msg.buffer !== this.tag.buffer) {
      // Another loop: at its first message only.
      this.tag = this.#readFrom(msg.buffer);
      this.info = info;
    }
    this.rcvid = rcvid;
    this.serve(rcvid);
  }

  /** Answers the message that has just arrived, whatever it is. */
  serve(rcvid: number): void {
    const { info } = this;
    const tag = this.tag[0]!;
    const route = this.routes[tag & this.mask]!;
    // Of a shorter message the tag is not its own.
    const isOwn = info.srcmsglen >= TAG_BYTES;
    if (!isOwn || route.tag !== tag) MsgError(rcvid, ENOSYS);
    // One call has requests of one length: a client that was made by open() sends no other.
    else if (route.bytes !== info.srcmsglen) MsgError(rcvid, EPROTO);
    else route.serve(rcvid, info);
  }

  #readFrom(buffer: ArrayBufferLike): Int32Array {
    for (const route of this.routes) route.readFrom(buffer as ArrayBuffer);
    return new Int32Array(buffer, 0, TAG_BYTES / Int32Array.BYTES_PER_ELEMENT);
  }
}

/** A MessageHandler, whose handle is a RouteTable. */
export function handleMessage(ctp: DispatchContext, _type: number, handle: unknown): void {
  (handle as RouteTable).serveIn(ctp);
}

/** What a pulse of a service calls. */
export interface PulseTarget {
  readonly code: number;
  readonly handler: (value: number, server: object) => void;
  readonly server: object;
}

/** A PulseHandler, whose handle is a PulseTarget. */
export function handlePulse(ctp: DispatchContext, _code: number, handle: unknown): void {
  const { handler, server } = handle as PulseTarget;
  handler(ctp.pulse.value, server);
}
