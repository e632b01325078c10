/**
 * Tasks that write, as their args say; and that throw what few people throw.
 */
import { closeSync } from "node:fs";
import { MsgReceive, name_attach } from "reattach";

function throwing(): never {
  throw new Error("not to be looked at");
}

function errorWith(key: string, property: PropertyDescriptor): Error {
  return Object.defineProperty(new RangeError("message"), key, property);
}

const trap = { get: throwing, getPrototypeOf: throwing };

/** What is thrown, by name. */
const THINGS: Readonly<Record<string, () => unknown>> = {
  null: () => null,
  symbol: () => Symbol("s"),
  bare: () => Object.create(null),
  "bad-string": () => ({ toString: throwing }),
  "bad-stack": () => errorWith("stack", { get: throwing }),
  "stack-number": () => errorWith("stack", { value: 7 }),
  "stack-object": () => errorWith("stack", { value: { a: () => 1 } }),
  "name-getter": () => errorWith("name", { get: throwing }),
  proxy: () => new Proxy({}, trap),
  function: () => () => 1,
  big: () => new Error("x".repeat(5_000_000)),
};

/** Every way to write. */
function writeAll(): void {
  console.log("a %s line", "formatted");
  console.debug("debug");
  console.info("info");
  console.warn("warn");
  console.error("error");
  console.group("group");
  console.log("inside");
  console.groupEnd();
  console.table([{ a: 1 }]);
  console.assert(false, "asserted");
  process.stdout.write("in ");
  process.stdout.write("pieces\nand ");
  process.stderr.write("bad\n");
  (globalThis as unknown as { trace(...values: unknown[]): void }).trace("traced ", 7, "\n");
}

function write(count: number): void {
  for (let i = 0; i < count; i++) console.log(i);
}

const ACTS: Readonly<Record<string, (what: string, count: number) => unknown>> = {
  writeAll,
  write: (_what, count) => write(count),
  flood: () => write(Infinity),
  closeAndFlood: () => {
    closeSync(2);
    write(Infinity);
  },
  writeAndThrow: () => {
    write(50);
    console.log("last words");
    throw new RangeError("thrown on purpose");
  },
  writeAndWait: (what, count) => {
    write(count);
    MsgReceive(name_attach(null, what, 0), null, 0, null);
  },
  throw: (what) => {
    throw THINGS[what]!();
  },
  reject: (what) => {
    setInterval(() => undefined, 1_000);
    void Promise.reject(THINGS[what]!());
  },
  message: async () => {
    const { parentPort } = await import("node:worker_threads");
    for (const message of [null, 7, { type: "threw", text: 7 }]) parentPort!.postMessage(message);
    await new Promise(() => setInterval(() => undefined, 1_000));
  },
};

interface Args {
  readonly act: string;
  readonly what?: string;
  readonly count?: number;
}

export function main({ act, what = "", count = 0 }: Args): unknown {
  return ACTS[act]!(what, count);
}
