/**
 * The control of a running simulator as a client sees it: what it answers, who can reach it, and
 * that no client can harm it.
 */
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import test, { type Test } from "tape";
import { type Control, type Controllable, openControl } from "reattach/node";
import { whyUnsafe } from "../../../hosts/node/control/place.js";
import { REQUEST_MAX } from "../../../hosts/node/watch/protocol.js";
import { startHost } from "./control-process.js";
import { fakeControllable, HAM, TASKS, USAGE } from "./fake-controllable.js";
import { folderOf } from "./temp-folder.js";

interface Answer {
  readonly ok: boolean;
  readonly value?: unknown;
  readonly refusal?: string;
  readonly error?: string;
}

/** A client that says what it likes. */
interface Client {
  readonly socket: Socket;
  say(text: string): void;
  /** The next answer; undefined when the connection has ended. */
  next(): Promise<Answer | undefined>;
}

async function clientOf(t: Test, address: string): Promise<Client> {
  const socket = connect(address);
  t.teardown(() => void socket.destroy());
  // The test sees it as the end of the connection.
  socket.on("error", () => undefined);
  await once(socket, "connect");
  let text = "";
  let isOver = false;
  let look = (): void => undefined;
  socket.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
    look();
  });
  socket.on("close", () => {
    isOver = true;
    look();
  });
  const next = (): Promise<Answer | undefined> =>
    new Promise((resolve) => {
      look = () => {
        const end = text.indexOf("\n");
        if (end < 0 && !isOver) return;
        look = () => undefined;
        resolve(end < 0 ? undefined : (JSON.parse(text.slice(0, end)) as Answer));
        text = text.slice(end + 1);
      };
      look();
    });
  return { socket, next, say: (words) => void socket.write(words) };
}

/** Opens a control in a folder of its own, for as long as the test lasts. */
async function open(t: Test, system: Controllable): Promise<Control> {
  const control = await openControl(system, { runtimeFolder: folderOf(t, {}) });
  t.teardown(() => control.close());
  return control;
}

/** A control on a fake system, one client, and what the system was told to do. */
async function openWithClient(t: Test): Promise<Client & { control: Control; done: string[] }> {
  const done: string[] = [];
  const control = await open(
    t,
    fakeControllable("/app/manifest.json", (action) => done.push(action)),
  );
  return { ...(await clientOf(t, control.address)), control, done };
}

function sharedFolder(base: string): string {
  return join(base, `reattach-${process.getuid!()}`);
}

/** Why no control can be opened below this folder. */
async function whyNot(runtimeFolder: string): Promise<string> {
  return openControl(fakeControllable("a"), { runtimeFolder }).then(
    async (control) => {
      await control.close();
      return "it was opened";
    },
    (error: Error) => error.message,
  );
}

const PS = '{"call":"ps"}\n';

test("openControl: only its owner can reach the socket, and close removes it", async (t) => {
  const base = folderOf(t, {});
  const control = await openControl(fakeControllable("a"), { runtimeFolder: base });
  t.equal(control.address, join(sharedFolder(base), `${process.pid}.sock`));
  t.equal(statSync(sharedFolder(base)).mode & 0o777, 0o700);
  t.equal(statSync(control.address).mode & 0o777, 0o600);
  await control.close();
  t.notOk(existsSync(control.address));
});

test("openControl: refuses a folder that others can enter, and what is no folder", async (t) => {
  const base = folderOf(t, {});
  const folder = sharedFolder(base);
  mkdirSync(folder);
  chmodSync(folder, 0o755);
  t.equal(await whyNot(base), `${folder} is open to others: found mode 0755, allowed is 0700`);
  t.deepEqual(statSync(folder).mode & 0o777, 0o755, "and leaves it as it is");

  const linked = folderOf(t, {});
  symlinkSync(folderOf(t, {}), sharedFolder(linked));
  t.match(await whyNot(linked), /is no folder$/);
});

test("whyUnsafe: whose folder it is, and who may enter it", (t) => {
  const stats = (isDirectory: boolean, uid: number, mode: number) => ({
    isDirectory: () => isDirectory,
    uid,
    mode,
  });
  t.equal(whyUnsafe(stats(true, 7, 0o40700), 7), "");
  t.equal(whyUnsafe(stats(false, 7, 0o100700), 7), "is no folder");
  t.match(whyUnsafe(stats(true, 8, 0o40700), 7), /belongs to user 8, not to you \(user 7\)/);
  t.match(whyUnsafe(stats(true, 0, 0o40700), 7), /belongs to user 0/, "not even the superuser");
  for (const mode of [0o710, 0o701, 0o720, 0o704, 0o777]) {
    t.match(whyUnsafe(stats(true, 7, 0o40000 | mode), 7), new RegExp(`mode 0${mode.toString(8)}`));
  }
  t.end();
});

test("openControl: says so when the path is too long for a socket", async (t) => {
  const runtimeFolder = join(folderOf(t, {}), "x".repeat(100));
  mkdirSync(runtimeFolder);
  t.match(await whyNot(runtimeFolder), /is too long for a socket: allowed are/);
});

test("openControl: a process has one control, and another when that is closed", async (t) => {
  const runtimeFolder = folderOf(t, {});
  const first = await openControl(fakeControllable("a"), { runtimeFolder });
  t.match(await whyNot(runtimeFolder), /^this process has a control already/);
  const client = await clientOf(t, first.address);
  client.say(PS);
  t.ok((await client.next())?.ok, "and the first one goes on");
  await first.close();
  await (await openControl(fakeControllable("b"), { runtimeFolder })).close();
});

test("openControl: removes what dead processes have left, and nothing else", async (t) => {
  const base = folderOf(t, {});
  const host = startHost(t, base, "manifest.json");
  await host.printed("open");
  host.child.kill("SIGKILL");
  await host.ended;
  const left = join(sharedFolder(base), `${host.child.pid}.sock`);
  t.ok(existsSync(left), "a process that was killed leaves its socket");
  // The parent of this process lives, though nobody listens there.
  const living = join(sharedFolder(base), `${process.ppid}.sock`);
  const own = join(sharedFolder(base), `${process.pid}.sock`);
  for (const file of [living, own]) writeFileSync(file, "");
  const control = await openControl(fakeControllable("a"), { runtimeFolder: base });
  t.notOk(existsSync(left), "that one");
  t.ok(existsSync(living), "not what may belong to a living process");
  const client = await clientOf(t, control.address);
  client.say(PS);
  t.ok((await client.next())?.ok, "what had its own name is replaced");
  await control.close();
});

test("Control: does not keep its process alive, and is removed when that ends", async (t) => {
  const base = folderOf(t, {});
  for (const [ending, code] of [
    ["idle", 0],
    ["exit", 3],
  ] as const) {
    const host = startHost(t, base, "manifest.json", ending);
    t.equal((await host.ended).code, code, ending);
    t.notOk(existsSync(join(sharedFolder(base), `${host.child.pid}.sock`)));
  }
});

test("Control: answers requests in their order, however they are cut", async (t) => {
  const { say, next, done } = await openWithClient(t);
  say(`{"call":"hello"}\n${PS}{"call":"ham"}\n{"call":"usa`);
  const hello = { protocol: 3, pid: process.pid, manifest: "/app/manifest.json" };
  t.deepEqual(await next(), { ok: true, value: hello });
  t.deepEqual(await next(), { ok: true, value: TASKS });
  t.deepEqual(await next(), { ok: true, value: HAM });
  say('ge"}\n');
  t.deepEqual(await next(), { ok: true, value: USAGE });
  const actions = ["kill", "hang", "hold", "release", "restart"];
  for (const call of actions) say(`${JSON.stringify({ call, task: "store" })}\n`);
  for (const call of actions) t.deepEqual(await next(), { ok: true, value: null }, call);
  t.deepEqual(
    done,
    actions.map((call) => `${call} store`),
  );
});

test("Control: an unknown task is refused with the names of the tasks", async (t) => {
  const { say, next, done } = await openWithClient(t);
  const names = "allowed are store, sensor, mixer, screen, logger, radio, display, alarm";
  say('{"call":"kill","task":"stroe"}\n{"call":"kill","task":"main"}\n');
  t.deepEqual(await next(), {
    ok: false,
    refusal: "UNKNOWN_TASK",
    error: `found task "stroe", ${names} (did you mean "store"?)`,
  });
  t.equal((await next())?.error, `found task "main", ${names}`, "the main VM is no task");
  t.deepEqual(done, []);
});

/** Lines that are no request, and what is said about them. */
const MALFORMED: readonly [line: string, error: RegExp][] = [
  ["", /^found no JSON/],
  ["kill store", /^found no JSON/],
  ['{"call":"kill"', /^found no JSON/],
  ["null", /^found null, allowed is an object$/],
  ["[]", /^found \[\], allowed is an object$/],
  ["{}", /^call: found nothing, allowed are hello, ps, .*, restart, .*, watch$/],
  ['{"call":["kill"],"task":"store"}', /^call: found \["kill"\], allowed are/],
  ['{"call":"kil","task":"store"}', /^call: found "kil".*did you mean "kill"/],
  ['{"call":"constructor","task":"store"}', /^call: found "constructor", allowed are/],
  ['{"call":"kill"}', /^task: found nothing, allowed is the name of a task$/],
  ['{"call":"kill","task":7}', /^task: found 7, allowed is the name of a task$/],
  ['{"call":"ps","task":"store"}', /^found "task", but ps takes nothing$/],
  ['{"call":"kill","task":"store","force":true}', /^found "force", allowed are call, task$/],
  ['{"call":"kill","task":"store","__proto__":{}}', /^found "__proto__"/],
  ["\u0000\ufffd", /^found no JSON/],
  [" ".repeat(REQUEST_MAX + 1), /^found a longer line, allowed are 4096 characters$/],
  ["x".repeat(1_000_000), /^found a longer line/],
];

test("Control: what is no request is refused, changes nothing, and ends nothing", async (t) => {
  const { say, next, done } = await openWithClient(t);
  for (const [line, error] of MALFORMED) {
    say(`${line}\n`);
    const answer = await next();
    t.equal(answer?.refusal, "BAD_REQUEST", JSON.stringify(line.slice(0, 50)));
    t.match(answer?.error ?? "", error);
  }
  t.deepEqual(done, []);
  const longest = '{"call":"kill","task":"store"}'.padEnd(REQUEST_MAX);
  say(`${longest}\n`);
  t.deepEqual(await next(), { ok: true, value: null }, "the longest line that is allowed");
});

test("Control: a line without its end is refused, and the client is let go", async (t) => {
  const { socket, next, done } = await openWithClient(t);
  socket.end(`${PS}{"call":"kill","task":"store"}`);
  t.ok((await next())?.ok, "what is whole is answered");
  t.equal((await next())?.error, "found a line without its end");
  t.equal(await next(), undefined, "then it ends");
  t.deepEqual(done, []);
});

test("Control: a client that has ended its side gets all answers", async (t) => {
  const { control, begun, finish } = await openSlow(t);
  const { socket, next } = await clientOf(t, control.address);
  socket.end(`${PS}${KILL}${PS}`);
  await begun;
  // Meanwhile the control sees that the client has ended its side.
  for (let turns = 0; turns < 100; turns++) await new Promise((seen) => setImmediate(seen));
  finish();
  t.ok((await next())?.ok, "the one before");
  t.deepEqual(await next(), { ok: true, value: null }, "the slow one");
  t.ok((await next())?.ok, "the one after");
  t.equal(await next(), undefined, "then it ends");
});

test("Control: what became of an order is in the answer", async (t) => {
  const system: Controllable = {
    ...fakeControllable("a"),
    kill: async (name) => (name === "store" ? "stuck" : "done"),
    restart: async () => "rebooted",
  };
  const { say, next } = await clientOf(t, (await open(t, system)).address);
  say('{"call":"kill","task":"sensor"}\n{"call":"restart","task":"store"}\n');
  t.deepEqual(await next(), { ok: true, value: null }, "done");
  t.deepEqual(await next(), { ok: true, value: "rebooted" });
  say('{"call":"kill","task":"store"}\n');
  const error = "store cannot be ended: its thread is stuck";
  t.deepEqual(await next(), { ok: false, refusal: "FAILED", error });
});

test("Control: what the system throws is an answer", async (t) => {
  const system = fakeControllable("a", () => {
    throw new Error("it will not");
  });
  // A number that JSON does not have.
  const usage = { ...USAGE, names: { used: 1n as unknown as number, total: 1, highest: 1 } };
  const { address } = await open(t, { ...system, usage: () => usage });
  const { say, next } = await clientOf(t, address);
  say('{"call":"kill","task":"store"}\n{"call":"hang","task":"store"}\n{"call":"usage"}\n');
  for (const call of ["kill", "hang"]) {
    t.deepEqual(await next(), { ok: false, refusal: "FAILED", error: "it will not" }, call);
  }
  t.match((await next())?.error ?? "", /BigInt/);
  say(PS);
  t.ok((await next())?.ok);
});

/** A control whose kills last until the test ends them; `begun` resolves when one begins. */
async function openSlow(t: Test) {
  let begin = (): void => undefined;
  let finish = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const system = fakeControllable("a", () => {
    begin();
    return finished;
  });
  return { control: await open(t, system), begun, finish };
}

const KILL = '{"call":"kill","task":"store"}\n';

test("Control: one client waits, another is answered", async (t) => {
  const { control, begun, finish } = await openSlow(t);
  const [slow, quick] = [await clientOf(t, control.address), await clientOf(t, control.address)];
  slow.say(KILL);
  await begun;
  slow.say(PS);
  quick.say(PS);
  t.deepEqual((await quick.next())?.value, TASKS);
  finish();
  t.deepEqual(await slow.next(), { ok: true, value: null });
  t.deepEqual((await slow.next())?.value, TASKS, "what it asked meanwhile comes after");
});

test("Control: a client that goes away in the middle harms nobody", async (t) => {
  const { control, begun, finish } = await openSlow(t);
  const [leaver, other] = [await clientOf(t, control.address), await clientOf(t, control.address)];
  leaver.say(`${KILL}${PS}${PS}`);
  await begun;
  leaver.socket.destroy();
  await once(leaver.socket, "close");
  finish();
  other.say(PS);
  t.ok((await other.next())?.ok);
});

test("Control: a client that asks and does not read waits for itself alone", async (t) => {
  let looks = 0;
  const system = fakeControllable("a");
  const counted = () => {
    looks++;
    return system.view();
  };
  const { address } = await open(t, { ...system, view: counted });
  const [deaf, other] = [await clientOf(t, address), await clientOf(t, address)];
  deaf.socket.pause();
  const asked = 10_000;
  deaf.say(PS.repeat(asked));
  let answered = 0;
  for (let i = 0; i < 100; i++) {
    other.say(PS);
    if ((await other.next())?.ok) answered++;
  }
  t.equal(answered, 100, "the other one is answered");
  t.ok(looks < asked, `${looks} looks: no answers are made that nobody takes`);
});

test("Control: one client too many is told so", async (t) => {
  const { control, say, next } = await openWithClient(t);
  const others = await Promise.all(
    Array.from({ length: 31 }, async () => clientOf(t, control.address)),
  );
  const tooMany = await clientOf(t, control.address);
  t.equal((await tooMany.next())?.refusal, "BUSY");
  t.equal(await tooMany.next(), undefined);
  for (const client of others) client.say(PS);
  t.ok(
    (await Promise.all(others.map(async (client) => client.next()))).every((one) => one?.ok),
    "those that were first are served",
  );
  say(PS);
  t.ok((await next())?.ok);
});

test("Control.close: ends connections, also of a client that waits", async (t) => {
  const { control, begun, finish } = await openSlow(t);
  const [waiting, idle] = [await clientOf(t, control.address), await clientOf(t, control.address)];
  waiting.say(KILL);
  await begun;
  await control.close();
  t.equal(await waiting.next(), undefined);
  t.equal(await idle.next(), undefined);
  finish();
  t.notOk(existsSync(control.address));
  await control.close();
  t.pass("and closing again is no error");
});
