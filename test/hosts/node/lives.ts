/**
 * Tasks that live in every way that a heartbeat has to tell apart, and some that only seem to.
 */
import { openSync } from "node:fs";
import {
  delay,
  errnoName,
  MsgReceive,
  MsgReply,
  MsgSend,
  name_attach,
  name_open,
  _NTO_TIMEOUT_REPLY,
  _NTO_TIMEOUT_SEND,
  TimerTimeout,
  waitForName,
} from "reattach";

export interface Life {
  readonly act: string;
  /** Its own service, and whose it uses. */
  readonly own?: string;
  readonly next?: string;
  readonly limit_ms?: number;
  readonly path?: string;
}

function connectTo(service: string): number {
  for (;;) {
    const coid = name_open(service, 0);
    if (coid >= 0) return coid;
    waitForName(service, Infinity);
  }
}

function loop(): never {
  for (let x = 0; ; x++) Math.sqrt(x);
}

function serve(chid: number): never {
  for (;;) {
    const rcvid = MsgReceive(chid, null, 0, null);
    if (rcvid > 0) MsgReply(rcvid, 0, null, 0);
  }
}

/** Sends to the next before it receives anything; then it serves. */
function ring({ own = "", next = "", limit_ms = 0 }: Life): never {
  const chid = name_attach(null, own, 0);
  const coid = connectTo(next);
  if (limit_ms > 0) TimerTimeout(_NTO_TIMEOUT_SEND | _NTO_TIMEOUT_REPLY, limit_ms);
  console.log(errnoName(MsgSend(coid, null, 0, null, 0)));
  serve(chid);
}

function ask({ next = "" }: Life): void {
  console.log(errnoName(MsgSend(connectTo(next), null, 0, null, 0)));
  setInterval(() => undefined, 60_000);
}

/** Its answer depends on the next one's. */
function pass({ own = "", next = "" }: Life): never {
  const chid = name_attach(null, own, 0);
  const coid = connectTo(next);
  for (;;) {
    const rcvid = MsgReceive(chid, null, 0, null);
    MsgSend(coid, null, 0, null, 0);
    MsgReply(rcvid, 0, null, 0);
  }
}

const ACTS: Record<string, (life: Life) => unknown> = {
  events: () => void setInterval(() => undefined, 60_000),
  awaits: () => new Promise((resolve) => setTimeout(resolve, 1_000_000)),
  loop,
  loopLater: () => void setTimeout(loop, 20),
  async microtasks() {
    for (;;) await Promise.resolve();
  },
  delay: () => delay(1_000_000),
  ring,
  ask,
  pass,
  serve: ({ own = "" }) => serve(name_attach(null, own, 0)),
  slow({ own = "", limit_ms = 0 }) {
    const chid = name_attach(null, own, 0);
    for (;;) {
      const rcvid = MsgReceive(chid, null, 0, null);
      delay(limit_ms);
      MsgReply(rcvid, 0, null, 0);
    }
  },
  /** Receives, and never answers. */
  mute({ own = "" }) {
    const chid = name_attach(null, own, 0);
    for (;;) MsgReceive(chid, null, 0, null);
  },
  /** Returns, with its channel open. */
  returned({ own = "" }) {
    name_attach(null, own, 0);
    setInterval(() => undefined, 60_000);
  },
  /** Receives, and loops. */
  busy({ own = "" }) {
    MsgReceive(name_attach(null, own, 0), null, 0, null);
    loop();
  },
  /** In native code, until somebody writes into the pipe. */
  read: ({ path = "" }) => openSync(path, "r"),
};

export function main(life: Life): unknown {
  return ACTS[life.act]!(life);
}
