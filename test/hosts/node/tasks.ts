/**
 * The tasks of the host's own tests: each does one thing, as its args say.
 */
import {
  ha_creat,
  MsgReceive,
  MsgReply,
  MsgSend,
  name_attach,
  name_open,
  stableCommit,
  stableRead,
} from "reattach";

/** Serves a name, for ever. */
function serve(name: string): void {
  const chid = name_attach(null, name, 0);
  for (;;) {
    const rcvid = MsgReceive(chid, null, 0, null);
    if (rcvid > 0) MsgReply(rcvid, 0, null, 0);
  }
}

/** Waits for a message that never comes; the name tells that it is there. */
function block(name: string): void {
  const chid = name_attach(null, name, 0);
  console.log("before", "blocking");
  MsgReceive(chid, null, 0, null);
}

/** Sends to a server that receives and never answers. */
function ask(name: string): void {
  let coid = name_open(name, 0);
  while (coid < 0) coid = name_open(name, 0);
  MsgSend(coid, null, 0, null, 0);
}

function receiveOnly(name: string): void {
  const chid = name_attach(null, name, 0);
  for (;;) MsgReceive(chid, null, 0, null);
}

/** Opens a service that need not run yet, and asks it. */
function create(name: string): void {
  const coid = ha_creat(name, 0, (lost) => lost, null, 0);
  console.log(`ha_creat: ${coid < 0 ? coid : MsgSend(coid, null, 0, null, 0)}`);
}

/** Commits once: what it finds is its own. */
function keep(name: string): void {
  const bytes = new TextEncoder().encode(name);
  if (stableRead(new Uint8Array(bytes.length)) === 0) stableCommit(bytes, bytes.length);
  block(name);
}

function eat(): void {
  const eaten: unknown[] = [];
  for (;;) eaten.push(Array.from({ length: 1000 }, () => eaten.length));
}

const ACTS: Readonly<Record<string, (name: string) => unknown>> = {
  serve,
  block,
  ask,
  receiveOnly,
  eat,
  create,
  keep,
  return: () => undefined,
  throw: () => {
    throw new RangeError("thrown on purpose");
  },
  throwOnce: (name) => {
    if (stableRead(new Uint8Array(1)) === 0) {
      stableCommit(new Uint8Array(1), 1);
      throw new RangeError("thrown once");
    }
    console.log("lives again");
    block(name);
  },
  throwLater: () => {
    setTimeout(() => {
      throw new RangeError("thrown later");
    }, 1);
  },
  reject: async () => {
    await Promise.resolve();
    throw new RangeError("rejected on purpose");
  },
  rejectLater: () => {
    setTimeout(() => void Promise.reject(new RangeError("rejected later")), 1);
  },
  exit: () => process.exit(3),
  awaitNothing: () => new Promise(() => undefined),
  loop: () => {
    for (;;);
  },
  idle: () => setInterval(() => undefined, 1000),
  log: () => {
    console.error("an %s line", "error");
    (globalThis as unknown as { trace(...values: unknown[]): void }).trace("traced ", 7, "\n");
  },
};

export function main({ act, name = "name" }: { act: string; name?: string }): unknown {
  return ACTS[act]!(name);
}
