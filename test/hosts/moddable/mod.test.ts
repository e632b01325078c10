/**
 * The replacement of a mod: who leaves before it is written, and that the memory never holds a part
 * of one that could be taken for a whole.
 */
import test from "tape";
import { archiveBytesOf, HEADER_BYTES, modulesIn } from "../../../hosts/moddable/mod/archive.js";
import { type Orders, Store } from "../../../hosts/moddable/mod/store.js";
import { ModWriter, type Partition } from "../../../hosts/moddable/mod/writer.js";
import type { Outcome } from "../../../src/manager/supervise/outcome.js";

const BLOCK_BYTES = 64;
const BLOCKS = 8;
const ENGINE = (17 << 8) | 7;
const ERASED = 0xff;

function atom(letters: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = 8 + parts.reduce((sum, { length }) => sum + length, 0);
  const all = new Uint8Array(bytes);
  new DataView(all.buffer).setUint32(0, bytes);
  all.set(new TextEncoder().encode(letters), 4);
  let at = 8;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** An archive with these modules, as mcrun makes it. */
function archive(modules: readonly string[], engine = ENGINE): Uint8Array {
  const code = new Uint8Array(20).fill(7);
  const paths = modules.map((name) => atom("PATH", new TextEncoder().encode(`${name}\0`)));
  return atom(
    "XS_A",
    atom("VERS", Uint8Array.of(engine >> 8, engine & 0xff, 0, 0)),
    atom("SIGN", new Uint8Array(16).fill(1)),
    atom("NAME", new TextEncoder().encode("a.mod\0")),
    atom("MODS", ...paths.flatMap((path) => [path, atom("CODE", code)])),
    atom("RSRC"),
  );
}

/** Flash: it can be written to only where it has been erased. */
class Flash implements Partition {
  readonly bytes = new Uint8Array(BLOCKS * BLOCK_BYTES).fill(ERASED);
  /** Whether there was an archive after each step. */
  readonly states: boolean[] = [];
  maps = 0;

  constructor(content?: Uint8Array) {
    if (content !== undefined) this.bytes.set(content);
  }

  byteLength(): number {
    return this.bytes.length;
  }
  blockBytes(): number {
    return BLOCK_BYTES;
  }
  engine(): number {
    return ENGINE;
  }
  read(offset: number, count: number): ArrayBuffer {
    return this.bytes.slice(offset, offset + count).buffer;
  }
  erase(block: number): void {
    this.bytes.fill(ERASED, block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES);
    this.#note();
  }
  write(offset: number, bytes: Uint8Array, start: number, count: number): void {
    for (let i = 0; i < count; i++) {
      if (this.bytes[offset + i] !== ERASED) throw new Error(`byte ${offset + i} is not erased`);
      this.bytes[offset + i] = bytes[start + i]!;
    }
    this.#note();
  }
  map(): void {
    this.maps++;
  }
  #note(): void {
    this.states.push(archiveBytesOf(new DataView(this.bytes.buffer)) > 0);
  }
}

function writeInPieces(flash: Flash, content: Uint8Array, bytes: number): ModWriter {
  const writer = new ModWriter(flash);
  for (let at = 0; at < content.length; at += bytes) writer.write(content.slice(at, at + bytes));
  return writer;
}

function modulesOf(flash: Flash): string[] {
  return modulesIn((offset, count) => flash.read(offset, count));
}

function errorOf(run: () => void): string {
  try {
    run();
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

test("mod: it is written in pieces of any length, and is a mod with the last bytes alone", (t) => {
  const before = archive(["greeter", "old"]);
  const content = archive(["greeter", "new/one"]);
  for (let bytes = 1; bytes <= content.length; bytes++) {
    const flash = new Flash(before);
    writeInPieces(flash, content, bytes).finish();
    const written = flash.bytes.slice(0, content.length);
    const isWhole = Buffer.compare(written, content) === 0;
    const isLast = flash.states.indexOf(true) === flash.states.length - 1;
    if (!isWhole || !isLast || flash.maps !== 1) t.fail(`pieces of ${bytes}`);
    if (modulesOf(flash).join() !== "greeter,new/one") t.fail(`pieces of ${bytes}: modules`);
  }
  t.pass(`${content.length} lengths of pieces`);
  t.end();
});

test("mod: what is wrong with it is found before the old one is lost, if it can be", (t) => {
  const before = archive(["greeter"]);
  const long = atom("XS_A", atom("VERS", Uint8Array.of(17, 7, 0, 0)), new Uint8Array(1_000));
  const wrong: readonly [content: Uint8Array, says: RegExp][] = [
    [new Uint8Array(100), /no archive of mcrun/],
    [new TextEncoder().encode("<!doctype html><title>404"), /no archive of mcrun/],
    [archive(["greeter"], (16 << 8) | 7), /found one for XS 16\.7, this board has 17\.7/],
    [long, /found 1020 bytes, there is room for 512/],
    [atom("XS_A", atom("SIGN", new Uint8Array(16))), /its version of XS/],
  ];
  for (const [content, says] of wrong) {
    for (const bytes of [1, 7, content.length]) {
      const flash = new Flash(before);
      t.match(
        errorOf(() => void writeInPieces(flash, content, bytes)),
        says,
      );
      t.deepEqual(modulesOf(flash), ["greeter"], "the old one is there");
    }
  }
  t.end();
});

test("mod: one that is cut off, or longer than it says, leaves no mod", (t) => {
  const content = archive(["greeter"]);
  for (let length = 0; length < content.length; length++) {
    const flash = new Flash(archive(["old"]));
    const writer = writeInPieces(flash, content.slice(0, length), 11);
    const said = errorOf(() => writer.finish());
    const isThere = modulesOf(flash).length > 0;
    if (!said.includes("it is cut off") || isThere !== writer.isUntouched) {
      t.fail(`${length} bytes: ${said}`);
    }
    if (writer.isUntouched !== length < HEADER_BYTES) t.fail(`${length} bytes: untouched`);
  }
  const flash = new Flash(archive(["old"]));
  const longer = Buffer.concat([content, Uint8Array.of(1)]);
  t.match(
    errorOf(() => void writeInPieces(flash, longer, longer.length)),
    /found more than/,
  );
  t.deepEqual(modulesOf(flash), []);
  t.end();
});

test("mod: damage is read to its end", (t) => {
  const content = archive(["greeter", "other"]);
  for (let at = 8; at < content.length; at++) {
    for (const value of [0, 1, 255]) {
      const damaged = content.slice();
      damaged[at] = value;
      modulesOf(new Flash(damaged));
    }
  }
  t.pass("no loop, and no read outside of it");
  t.end();
});

type Row = ReturnType<Orders["ps"]>[number];
type Task = Pick<Row, "name" | "pid" | "startsIn_ms" | "isHeld" | "standby">;

/** Tasks that obey; a VM that stands by leaves later than its task. */
class Board {
  readonly did: string[] = [];
  readonly tasks: Task[];
  readonly #outcomes: Readonly<Record<string, "superseded">>;

  constructor(tasks: Record<string, Partial<Task>>, outcomes: Record<string, "superseded"> = {}) {
    this.#outcomes = outcomes;
    this.tasks = Object.entries(tasks).map(([name, task]) => ({
      name,
      pid: 7,
      startsIn_ms: null,
      isHeld: false,
      standby: "none",
      ...task,
    }));
  }

  get orders(): Orders {
    const change = (name: string, order: string, made: Partial<Task>): Promise<Outcome> => {
      this.did.push(`${order} ${name}`);
      const i = this.tasks.findIndex((task) => task.name === name);
      const outcome = this.#outcomes[`${order} ${name}`] ?? "done";
      if (outcome === "done") this.tasks[i] = { ...this.tasks[i]!, ...made };
      return Promise.resolve(outcome);
    };
    return {
      ps: () => this.tasks as Row[],
      stop: (name) => change(name!, "stop", { pid: 0, startsIn_ms: null }),
      start: (name) => change(name!, "start", { pid: 8, isHeld: false }),
      restart: (name) => change(name, "restart", { pid: 9 }),
      hold: (name) => void change(name, "hold", { isHeld: true }),
    };
  }

  /** Of who stands by, one leaves. */
  look(): void {
    const i = this.tasks.findIndex(({ pid, standby }) => pid === 0 && standby !== "none");
    if (i >= 0) this.tasks[i] = { ...this.tasks[i]!, standby: "none" };
  }
}

function storeOf(board: Board, flash: Flash): Store {
  return new Store({
    system: board.orders,
    partition: flash,
    tasks: board.tasks.map(({ name }) => ({ name, module: `app/${name}` })),
    soon: (done) => setImmediate(() => (board.look(), done())),
  });
}

test("mod: all who have something of it are gone before it is written, no others", async (t) => {
  const board = new Board({
    greeter: { standby: "ready" },
    waiting: { pid: 0, startsIn_ms: 500 },
    held: { isHeld: true },
    stopped: { pid: 0 },
    importing: {},
    fresh: { pid: 0, startsIn_ms: 900 },
    other: {},
  });
  const mine = ["greeter", "waiting", "held", "stopped"];
  const flash = new Flash(archive(mine.map((name) => `app/${name}`)));
  const outcome = await storeOf(board, flash).replace(
    (write) => {
      const there = board.tasks.filter(({ pid, standby }) => pid !== 0 || standby !== "none");
      t.deepEqual(
        there.map(({ name }) => name),
        ["other"],
        "when it is written",
      );
      board.did.push("write");
      write(archive(["app/greeter", "app/fresh"]));
    },
    { tasks: ["importing"] },
  );
  t.equal(outcome, "done");
  const before = ["stop greeter", "stop waiting", "stop held", "stop importing"];
  const after = ["start greeter", "start waiting", "start held", "start importing"];
  t.deepEqual(board.did, [...before, "write", ...after, "restart fresh", "hold held"]);
});

test("mod: a task that does not leave keeps the old mod, and the others start again", async (t) => {
  const board = new Board({ a: {}, b: {} }, { "stop b": "superseded" });
  const flash = new Flash(archive(["app/a", "app/b"]));
  const outcome = await storeOf(board, flash).replace(() => t.fail("nothing is asked for"));
  t.equal(outcome, "superseded");
  t.deepEqual(board.did, ["stop a", "stop b", "start a"]);
});

test("mod: a source that fails before the old mod is lost starts the old code", async (t) => {
  const board = new Board({ a: {} });
  const store = storeOf(board, new Flash(archive(["app/a"])));
  const message = await store
    .replace(() => Promise.reject(new Error("no network")))
    .catch((error: Error) => error.message);
  t.equal(message, "no network");
  t.deepEqual(board.did, ["stop a", "start a"]);
  const cutOff = archive(["app/a"]).slice(0, -1);
  const second = await store
    .replace((write) => write(cutOff))
    .catch((error: Error) => error.message);
  t.match(String(second), /it is cut off/);
  t.deepEqual(board.did.slice(2), ["stop a"], "and one that fails later cannot");
  t.deepEqual(store.modules(), []);
  t.equal(await store.replace((write) => write(archive(["app/a"]))), "done", "another one can");
  t.deepEqual(store.modules(), ["app/a"]);
});

test("mod: one at a time, and only where there is room", async (t) => {
  const board = new Board({ a: {} });
  const store = storeOf(board, new Flash());
  const first = store.replace((write) => write(archive(["app/a"])));
  const said = await store.replace(() => undefined).catch((error: Error) => error.message);
  t.match(String(said), /one is being replaced already/);
  t.equal(await first, "done");
  const none = new Flash();
  none.byteLength = () => 0;
  const without = storeOf(board, none);
  t.deepEqual(without.modules(), []);
  const nowhere = await without.replace(() => undefined).catch((error: Error) => error.message);
  t.match(String(nowhere), /has no room/);
});
