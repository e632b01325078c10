/**
 * Single messages of a real system, asked for at its control: with their times, their bytes and
 * what their service says of them; heaps and times of connections beside them.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import test, { type Test } from "tape";
import { boot, type BootOptions, openControl, type System } from "reattach/node";
import type {
  Answer,
  Frame,
  Request,
  WatchMessage,
} from "../../../../hosts/node/watch/protocol.js";
import type { MessageRow, MessageWindow } from "../../../../hosts/node/watch/message-window.js";
import { Patience } from "../../../patience.js";
import { folderOf } from "../temp-folder.js";
import { THERMO } from "./thermo.js";

class Guest {
  readonly #socket: Socket;
  readonly #lines: (Answer | WatchMessage)[] = [];
  #text = "";

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("error", () => undefined);
    socket.setEncoding("utf8").on("data", (piece: string) => {
      const lines = (this.#text + piece).split("\n");
      this.#text = lines.pop()!;
      this.#lines.push(...lines.map((line) => JSON.parse(line) as Answer | WatchMessage));
    });
  }

  static async at(t: Test, address: string): Promise<Guest> {
    const socket = connect(address);
    t.teardown(() => void socket.destroy());
    await once(socket, "connect");
    return new Guest(socket);
  }

  async ask(request: Request): Promise<Answer> {
    this.#socket.write(`${JSON.stringify(request)}\n`);
    await until(() => this.#lines.length > 0);
    return this.#lines.shift() as Answer;
  }

  async messages(from_ms: number, to_ms: number): Promise<MessageWindow> {
    const answer = await this.ask({ call: "messages", from_ms, to_ms });
    if (!answer.ok) throw new Error(answer.error);
    return answer.value as MessageWindow;
  }

  async watch(): Promise<() => Frame | undefined> {
    await this.ask({ call: "watch" });
    const isFrame = (message: Answer | WatchMessage): message is Frame =>
      "type" in message && message.type === "frame";
    return () => this.#lines.filter(isFrame).at(-1);
  }
}

async function until(isSo: () => boolean): Promise<void> {
  const patience = new Patience(60_000);
  while (!isSo()) {
    if (patience.isOver) throw new Error(`never: ${String(isSo)}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

async function systemOf(t: Test, options: BootOptions): Promise<{ system: System; guest: Guest }> {
  const system = await boot(folderOf(t, THERMO), options);
  system.on("log", () => undefined);
  t.teardown(() => system.stop());
  const { address, close } = await openControl(system, { runtimeFolder: folderOf(t, {}) });
  t.teardown(close);
  await system.start();
  return { system, guest: await Guest.at(t, address) };
}

/** Asks for the messages of a moment ago, until one is of this kind. */
async function find(guest: Guest, isIt: (row: MessageRow) => boolean): Promise<MessageRow> {
  const patience = new Patience(60_000);
  while (!patience.isOver) {
    const now = performance.now();
    const { messages } = await guest.messages(Math.max(0, now - 500), now);
    const found = messages.filter(isIt).at(-1);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`never: ${String(isIt)}`);
}

test("messages: from whom, to whom, when, and what its service says of it", async (t) => {
  const { guest } = await systemOf(t, { trace: {} });
  const row = await find(guest, ({ name, outcome, request }) => {
    return name === "read" && outcome === "returned" && request.values?.["sensor"] === 2;
  });
  t.deepEqual(
    [row.client, row.server, row.service, row.attempt, row.result],
    ["client", "server", "thermo", 1, 0],
  );
  t.deepEqual(row.request.values, { sensor: 2, who: "me" });
  t.deepEqual(row.reply?.values, { celsius: 22.5 });
  t.equal(row.request.hex?.length, 2 * row.request.bytes);
  t.equal(row.request.hex?.slice(8, 14), "026d65", "behind the tag");
  t.ok(row.number > 0 && row.coid !== null);
  const { sent_ms, received_ms, replied_ms, ended_ms } = row;
  const times = [sent_ms, received_ms, replied_ms, ended_ms].map(Number);
  t.ok(
    times.every((ms, i) => ms >= (times[i - 1] ?? 0) && ms < performance.now()),
    `${times}`,
  );
  const near = await guest.messages(sent_ms!, ended_ms!);
  t.ok(
    near.messages.some(({ id }) => id === row.id),
    "the same, with the same id",
  );
  t.equal(near.total, near.messages.length);
  t.equal(
    (await guest.messages(1e9, 1e9)).messages.filter(({ outcome }) => outcome !== "open").length,
    0,
  );

  const { messages: first } = await guest.messages(0, performance.now());
  const asked = first.find(({ name }) => name === "version?");
  t.equal(asked?.client, "client", "it asked for the version first");
  const refused = await find(
    guest,
    ({ client, outcome }) => client === "plain" && outcome === "failed",
  );
  t.deepEqual(
    [refused.name, refused.request, refused.reply],
    ["", { bytes: 5, hex: "ffff010009", values: null }, null],
    "bytes of no service",
  );
  t.ok(refused.result! > 0, `errno ${refused.result}`);

  const frame = await guest.watch();
  await until(() => frame() !== undefined);
  const { tasks, connections } = frame()!;
  for (const { name, heapBytes, heapBytesMax } of tasks.slice(1)) {
    t.ok(heapBytes! > 100_000 && heapBytes! < heapBytesMax!, `${name}: ${heapBytes} bytes`);
  }
  const trips = connections.map(({ client, trips: buckets }) => {
    return [client, (buckets ?? []).reduce((sum, count) => sum + count, 0) > 0];
  });
  t.deepEqual(
    Object.fromEntries(trips),
    { client: true, plain: false },
    "errors are no round trips",
  );
});

test("messages: a client that was killed has none under way", async (t) => {
  const { guest, system } = await systemOf(t, { trace: {} });
  await find(guest, ({ name }) => name === "read");
  await system.kill("server");
  await system.kill("client");
  const killed_ms = performance.now();
  await until(() => system.isRunning("client") && system.isRunning("server"));
  await find(guest, ({ sent_ms, outcome }) => outcome === "returned" && sent_ms! > killed_ms);
  const { messages } = await guest.messages(0, performance.now());
  const open = messages.filter(({ outcome }) => outcome === "open");
  t.ok(open.length <= 2, `${open.length} of two clients`);
  t.ok(
    open.every(({ sent_ms }) => sent_ms! > killed_ms),
    "of those that live",
  );
});

test("messages: none of a system that is not traced, and what may be asked", async (t) => {
  const { guest } = await systemOf(t, {});
  const answer = await guest.ask({ call: "messages", from_ms: 0, to_ms: 1 });
  t.deepEqual(answer, {
    ok: false,
    refusal: "BAD_REQUEST",
    error: "messages: this system is not traced; `reattach dev` traces",
  });
  for (const wrong of [{ from_ms: -1, to_ms: 1 }, { from_ms: 0 }, { from_ms: 0, to_ms: "1" }]) {
    const refused = await guest.ask({ call: "messages", ...wrong } as Request);
    t.match(refused.ok ? "" : refused.error, /_ms: found .*, allowed is milliseconds from 0 on/);
  }
});
