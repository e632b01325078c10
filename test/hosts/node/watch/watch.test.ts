/**
 * Watching a real system through its control: frames, events with their times, a fault plan that
 * others change, and that nobody who watches is a burden.
 */
import { connect, type Socket } from "node:net";
import { once } from "node:events";
import { isAbsolute, join } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import test, { type Test } from "tape";
import { boot, type BootOptions, injectFaults, openControl, type System } from "reattach/node";
import type {
  Answer,
  FaultPlan,
  Frame,
  Request,
  WatchEvent,
  WatchMessage,
  Welcome,
} from "../../../../hosts/node/watch/protocol.js";
import { readSample } from "../../../../hosts/node/watch/protocol.js";
import { Watch } from "../../../../hosts/node/watch/watch.js";
import { Patience } from "../../../patience.js";
import { fakeControllable } from "../fake-controllable.js";
import { folderOf } from "../temp-folder.js";

const TASKS = fileURLToPath(new URL("../tasks", import.meta.url));

async function systemOf(
  t: Test,
  options: BootOptions = {},
): Promise<{ system: System; address: string }> {
  const config = {
    tasks: {
      server: { module: "tasks", args: { act: "receiveOnly", name: "s" } },
      client: { module: "tasks", args: { act: "ask", name: "s" } },
    },
  };
  const manifest = { modules: { tasks: TASKS }, config: { reattach: config } };
  const system = await boot(manifest, options);
  system.on("log", () => undefined);
  t.teardown(() => system.stop());
  const { address, close } = await openControl(system, { runtimeFolder: folderOf(t, {}) });
  t.teardown(close);
  await system.start();
  return { system, address };
}

/** Somebody at the control, who has asked and perhaps watches. */
class Guest {
  readonly socket: Socket;
  readonly frames: Frame[] = [];
  readonly events: WatchEvent[] = [];
  readonly answers: Answer[] = [];
  welcome: Welcome | undefined;
  #text = "";

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("error", () => undefined);
    socket.setEncoding("utf8").on("data", (piece: string) => {
      const lines = (this.#text + piece).split("\n");
      this.#text = lines.pop()!;
      for (const line of lines) this.#hear(JSON.parse(line) as Answer | WatchMessage);
    });
  }

  static async at(t: Test, address: string): Promise<Guest> {
    const socket = connect(address);
    t.teardown(() => void socket.destroy());
    await once(socket, "connect");
    return new Guest(socket);
  }

  async ask(request: Request): Promise<Answer> {
    const count = this.answers.length;
    this.socket.write(`${JSON.stringify(request)}\n`);
    await until(() => this.answers.length > count);
    return this.answers.at(-1)!;
  }

  async watch(): Promise<void> {
    await this.ask({ call: "watch" });
    await until(() => this.frames.length > 0);
  }

  #hear(message: Answer | WatchMessage): void {
    if ("ok" in message) this.answers.push(message);
    else if (message.type === "welcome") this.welcome = message;
    else if (message.type === "frame") this.frames.push(message);
    else if (message.type === "event") this.events.push(message.event);
  }
}

async function until(isSo: () => boolean): Promise<void> {
  const patience = new Patience(30_000);
  while (!isSo()) {
    if (patience.isOver) throw new Error(`never: ${String(isSo)}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

test("watch: who is there, who waits for whom, and the states between frames", async (t) => {
  const { system, address } = await systemOf(t);
  await until(() => system.view()[2]!.state === "REPLY");
  const guest = await Guest.at(t, address);
  await guest.watch();
  t.deepEqual(
    guest.welcome?.tasks.map(({ name }) => name),
    ["server", "client"],
  );
  const { manifest, argument } = guest.welcome!;
  t.equal(join(process.cwd(), argument), manifest, "from where the simulator was started");
  t.notOk(isAbsolute(argument), argument);
  await until(() => guest.frames.length >= 3);
  const { ms, tasks, connections, channels, tables, samples } = guest.frames.at(-1)!;
  t.deepEqual(
    tasks.map(({ name, state }) => `${name} ${state}`),
    ["main RUNNING", "server RECEIVE", "client REPLY"],
  );
  const { client, server, service, waits, since_ms } = connections[0]!;
  t.deepEqual([client, server, service, waits], ["client", "server", "s", "REPLY"]);
  t.ok(since_ms < ms, "for some time");
  t.deepEqual([channels[0]!.services, channels[0]!.queued], [["s"], 0]);
  t.equal(tables.connections.highest, 1);
  t.deepEqual(samples.names, ["main", "server", "client"]);
  t.ok(samples.rows[2]!.length > 5, `${samples.rows[2]!.length} looks in a frame`);
  const last = samples.rows[2]!.length - 1;
  t.deepEqual(readSample(samples.rows[2]!, last), { state: "REPLY", whom: 1 });
  const lengths = new Set(samples.rows.map((row) => row.length));
  t.equal(lengths.size, 1, "all rows are equally long");
  const [first, second] = guest.frames.slice(-2).map((frame) => frame.samples);
  const end_ms = first!.from_ms + first!.rows[0]!.length * first!.every_ms;
  t.equal(Math.round(second!.from_ms - end_ms), 0, "and the next begin where they end");
});

test("watch: with a tracing kernel, what went between two tasks", async (t) => {
  const { system, address } = await systemOf(t, { trace: {} });
  await until(() => system.view()[2]!.state === "REPLY");
  await system.kill("client");
  await until(() => system.view()[2]!.totals.sent === 2);
  const guest = await Guest.at(t, address);
  await guest.watch();
  t.ok(guest.welcome?.isTraced);
  const traffic = () => guest.frames.at(-1)!.connections[0]?.traffic;
  await until(() => traffic()?.messages === 2);
  t.deepEqual(
    traffic()?.buckets.filter((count) => count > 0),
    [],
    "none has been answered",
  );
  const plain = await systemOf(t);
  const other = await Guest.at(t, plain.address);
  await other.watch();
  await until(() => other.frames.at(-1)!.connections.length === 1);
  t.deepEqual(
    [other.welcome?.isTraced, other.frames.at(-1)!.connections[0]!.traffic],
    [false, null],
  );
});

test("watch: two watchers hear the same; one goes away, and then nobody looks", async (t) => {
  const { system, address } = await systemOf(t);
  let looks = 0;
  const view = system.view.bind(system);
  system.view = () => {
    looks++;
    return view();
  };
  const [one, two] = [await Guest.at(t, address), await Guest.at(t, address)];
  await one.watch();
  await two.watch();
  const asker = await Guest.at(t, address);
  await asker.ask({ call: "kill", task: "server" });
  const isBack = ({ events }: Guest): boolean =>
    events.some(
      ({ what, ...more }) => what === "ready" && "task" in more && more.task === "server",
    );
  await until(() => isBack(one) && isBack(two));
  const told = ({ events }: Guest): string[] => events.map((event) => JSON.stringify(event));
  const count = Math.min(one.events.length, two.events.length);
  t.deepEqual(told(one).slice(0, count), told(two).slice(0, count));
  const order = one.events.find(({ what }) => what === "order");
  const death = one.events.find(({ what }) => what === "death");
  t.deepEqual(order && { ...order, number: 0, ms: 0 }, {
    number: 0,
    ms: 0,
    what: "order",
    order: "kill",
    task: "server",
    by: "control",
  });
  t.ok(order!.ms <= death!.ms && death!.ms <= performance.now(), "in the order of their times");
  t.ok(death!.what === "death" && death!.lifetime_ms > 0 && !death!.isInjected);
  one.socket.destroy();
  const frames = two.frames.length;
  await until(() => two.frames.length > frames + 2);
  t.pass("the other one watches on");
  two.socket.destroy();
  await once(two.socket, "close");
  let before = -1;
  // The control sees it a moment later.
  await until(() => {
    const isQuiet = before === looks;
    before = looks;
    return isQuiet;
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  t.equal(looks, before, "nobody watches: nobody looks");
});

test("watch: a fault plan that others change, and a scenario of it", async (t) => {
  const { address } = await systemOf(t);
  const [watcher, guest] = [await Guest.at(t, address), await Guest.at(t, address)];
  await watcher.watch();
  await guest.ask({ call: "clearFaults", seed: 7 });
  const added = await guest.ask({ call: "addFault", fault: "kill:client:20ms" });
  const [rule] = added.ok ? (added.value as FaultPlan).rules : [];
  t.equal(rule?.fault, "kill:client:20ms");
  await until(() => watcher.events.some(({ what }) => what === "fault"));
  await until(() => watcher.events.some((event) => event.what === "death" && event.isInjected));
  t.deepEqual(await guest.ask({ call: "scenario" }), {
    ok: true,
    value: { seed: 7, faults: ["kill:client:20ms"] },
  });
  const removed = await guest.ask({ call: "removeFault", id: rule!.id });
  t.deepEqual(removed.ok && (removed.value as FaultPlan).rules, []);
  for (const fault of ["kill:nobody:1s", "melt:client:1s", "kill:client"]) {
    const answer = await guest.ask({ call: "addFault", fault });
    t.equal(answer.ok ? "" : answer.refusal, "BAD_REQUEST", fault);
  }
  const wrong = await guest.ask({ call: "removeFault", id: 99 });
  t.equal(wrong.ok ? "" : wrong.error, "found no fault with the id 99");
});

test("watch: a task that is held is told, and what was before is in the welcome", async (t) => {
  const { address } = await systemOf(t);
  const [watcher, guest] = [await Guest.at(t, address), await Guest.at(t, address)];
  await watcher.watch();
  await guest.ask({ call: "hold", task: "client" });
  await guest.ask({ call: "kill", task: "client" });
  await until(() => watcher.events.some(({ what }) => what === "held"));
  const late = await Guest.at(t, address);
  await late.watch();
  const before = late.welcome!.before.map(({ what }) => what);
  t.ok(before.includes("held") && before.includes("death"), before.join(" "));
});

test("watch: what boot() has not made cannot be watched, and its control closes", async (t) => {
  const system = fakeControllable("/app/manifest.json");
  const control = await openControl(system, { runtimeFolder: folderOf(t, {}) });
  const guest = await Guest.at(t, control.address);
  for (const time of ["once", "twice"]) {
    const answer = await guest.ask({ call: "watch" });
    t.match(answer.ok ? "" : answer.error, /^this system cannot be watched/, time);
  }
  await control.close();
  t.pass("closed");
});

test("watch: there is room for sixteen", async (t) => {
  const { address } = await systemOf(t);
  const guests: Guest[] = [];
  for (let i = 0; i < 16; i++) guests.push(await Guest.at(t, address));
  for (const guest of guests) await guest.watch();
  const more = await Guest.at(t, address);
  const answer = await more.ask({ call: "watch" });
  t.equal(answer.ok ? "" : answer.refusal, "BUSY");
  t.ok((await more.ask({ call: "hello" })).ok, "who may not watch may ask");
});

test("watch: who has gone before it could be told is no watcher", async (t) => {
  const { system } = await systemOf(t);
  const watch = new Watch(system, injectFaults(system, [], 1));
  t.teardown(() => watch.stop());
  const gone = new PassThrough();
  gone.destroy();
  await once(gone, "close");
  t.ok(
    watch.join(gone, (json) => json),
    "there was room",
  );
  t.equal(watch.watchers, 0);
});

test("watch: one that reads nothing for a time hears of what it missed", async (t) => {
  const { system, address } = await systemOf(t);
  const [deaf, other] = [await Guest.at(t, address), await Guest.at(t, address)];
  await deaf.watch();
  await other.watch();
  deaf.socket.pause();
  const text = "x".repeat(4_000);
  for (let i = 0; i < 20; i++) {
    for (let line = 0; line < 100; line++) system.log("info", text);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const seen = other.frames.length;
  await until(() => other.frames.length > seen);
  t.pass("the other one hears on");
  let gap = 0;
  deaf.socket.on("data", (piece: string) => {
    const found = /"type":"gap","events":(\d+)/.exec(piece);
    if (found !== null) gap = Number(found[1]);
  });
  deaf.socket.resume();
  await until(() => gap > 0);
  t.ok(gap > 100, `${gap} were left out`);
});
