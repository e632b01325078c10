/**
 * Who may do what: boards against mosquitto with TLS, passwords and an access list, and somebody on
 * the broker who sends what is none of his business.
 */
import { setTimeout as delay } from "node:timers/promises";
import { connectAsync, type IClientOptions, type MqttClient } from "mqtt";
import type { Test } from "tape";
import { boot, type NetView, type System } from "reattach/node";
import { EMSGSIZE } from "../../../../src/kernel/errno.js";
import { seededRandom } from "../../../../src/manager/supervise/random.js";
import * as F from "../../../../src/net/frame.js";
import { type BoardStatus, readStatus, statusText } from "../../../../src/net/status.js";
import { PATIENT } from "../../../patient-board.js";
import { Patience } from "../../../patience.js";
import { folderOf } from "../temp-folder.js";
import { makeCertificates } from "./certificates.js";
import { type Mosquitto, mosquittoTest, startMosquitto } from "./mosquitto.js";
import { areInOrder, bootBoth, type TwoBoards, untilMore } from "./two-boards.js";

const PATIENCE_MS = 30_000;
const LOOK_MS = 5;
/** Attempts to connect, all of which are refused. */
const ATTEMPTS = 4;

const PASSWORDS = { attic: "one", cellar: "two", shed: "three" };
/** As in docs/boards.md: users are called as their boards. */
const ACL = [
  "pattern write reattach/+/in/%u",
  "pattern write reattach/%u/status",
  "pattern read reattach/%u/in/+",
  "pattern read reattach/+/status",
  "",
].join("\n");

async function until(what: string, isSo: () => boolean): Promise<void> {
  const patience = new Patience(PATIENCE_MS);
  while (!isSo()) {
    if (patience.isOver) throw new Error(`it does not come: ${what}`);
    await delay(LOOK_MS);
  }
}

const viewOf = (system: System): NetView => system.net()!;

/** Both boards run, and count. */
async function startBoth(boards: TwoBoards): Promise<void> {
  await boards.attic.start();
  await boards.cellar.start();
  await untilMore(boards.sums, 20);
}

function checkUnharmed(t: Test, { sums, problems }: TwoBoards): void {
  t.ok(areInOrder(sums), `${sums.length} answers: each is one more than the last`);
  t.deepEqual(problems, [], "no call has failed, and no board has complained");
}

/** Somebody on the broker, until the test ends. */
async function join(t: Test, url: string, options: IClientOptions = {}): Promise<MqttClient> {
  const client = await connectAsync(url, { protocolVersion: 4, ...options });
  t.teardown(() => client.endAsync());
  return client;
}

mosquittoTest(
  "boards: TLS with a chain of certificates, passwords and ACL",
  ["openssl"],
  async (t) => {
    const certificates = makeCertificates(folderOf(t, {}));
    const broker = await startMosquitto(t, { certificates, passwords: PASSWORDS, acl: ACL });
    const { ca } = certificates;
    const boards = await bootBoth(t, broker.url, {
      attic: { ca, username: "attic", password: PASSWORDS.attic },
      cellar: { ca, username: "cellar", password: PASSWORDS.cellar },
    });
    await startBoth(boards);
    await boards.attic.kill("counter");
    await untilMore(boards.sums, 20);
    checkUnharmed(t, boards);
  },
);

const TICKER = `
import { delay } from "reattach";
export function main() {
  for (;;) {
    console.log("tick");
    delay(10);
  }
}`;

interface Alone {
  readonly system: System;
  /** What "main" has said. */
  readonly said: readonly string[];
  ticks: number;
}

/** A board with work of its own, which the broker refuses. */
async function bootAlone(t: Test, url: string, net: object): Promise<Alone> {
  const manifest = {
    modules: { "*": "./ticker" },
    config: {
      reattach: {
        tasks: { ticker: { module: "ticker" } },
        net: { board: "cellar", broker: url, imports: ["attic/counter"] },
        board: PATIENT,
      },
    },
  };
  const baseDir = folderOf(t, { "ticker.ts": TICKER });
  const system = await boot(manifest as never, { baseDir, net });
  const said: string[] = [];
  t.teardown(() => system.stop());
  const alone: Alone = { system, said, ticks: 0 };
  system.on("log", (task, _level, text) => {
    if (task === "ticker") alone.ticks++;
    else said.push(text);
  });
  await system.start();
  return alone;
}

/** Waits until the board has tried again and again, and its own work has gone on meanwhile. */
async function untilRefused(broker: Mosquitto, alone: Alone): Promise<void> {
  const { connections } = broker;
  await until("attempts to connect", () => broker.connections >= connections + ATTEMPTS);
  const { ticks } = alone;
  await until("ticks", () => alone.ticks > ticks + 10);
}

mosquittoTest(
  "boards: a broker with a certificate of somebody else is refused",
  ["openssl"],
  async (t) => {
    const certificates = makeCertificates(folderOf(t, {}));
    const { ca } = makeCertificates(folderOf(t, {}));
    const broker = await startMosquitto(t, { certificates });
    const alone = await bootAlone(t, broker.url, { ca });
    await untilRefused(broker, alone);
    t.equal(alone.said.length, 1, `told once: ${alone.said.join("; ")}`);
    t.match(alone.said[0] ?? "", /^net: mqtts:.*certificate/);
    t.notOk(viewOf(alone.system).isBrokerThere);
  },
);

mosquittoTest(
  "boards: a wrong password is told once, and tried again until it is right",
  [],
  async (t) => {
    const broker = await startMosquitto(t, { passwords: PASSWORDS });
    const alone = await bootAlone(t, broker.url, { username: "cellar", password: "right" });
    await untilRefused(broker, alone);
    t.equal(alone.said.length, 1, `told once: ${alone.said.join("; ")}`);
    t.match(alone.said[0] ?? "", /^net: mqtt:.*[Nn]ot authorized/);
    t.notOk(viewOf(alone.system).isBrokerThere);
    broker.changePassword("cellar", "right");
    await until("the broker is there", () => viewOf(alone.system).isBrokerThere);
    t.deepEqual(alone.said.slice(1), [`net: ${broker.url} is there again`]);
  },
);

mosquittoTest("boards: with an ACL nobody sends in the name of another board", [], async (t) => {
  const broker = await startMosquitto(t, { passwords: PASSWORDS, acl: ACL });
  const boards = await bootBoth(t, broker.url, {
    attic: { username: "attic", password: PASSWORDS.attic },
    cellar: { username: "cellar", password: PASSWORDS.cellar },
  });
  await startBoth(boards);
  const before = viewOf(boards.attic).refused;
  const shed = await join(t, broker.url, { username: "shed", password: PASSWORDS.shed });
  const heard: string[] = [];
  shed.on("message", (topic) => heard.push(topic));
  await shed.subscribeAsync(["reattach/attic/in/+", "reattach/+/in/cellar", "#"]).catch(() => []);
  // All that would do harm: the session of a board is no secret.
  const gone = '{"version":1,"life":1,"services":null}';
  const options = { qos: 1, retain: true } as const;
  for (let time = 0; time < 20; time++) {
    await shed.publishAsync("reattach/attic/status", gone, options);
    await shed.publishAsync("reattach/cellar/status", gone, options);
    await shed.publishAsync("reattach/attic/in/cellar", "too short", { qos: 1 });
    await shed.publishAsync("reattach/attic/in/cellar/more", "too short", { qos: 1 });
  }
  // What it may send comes after all that it may not.
  await shed.publishAsync("reattach/attic/in/shed", "too short", { qos: 1 });
  await until("one frame", () => viewOf(boards.attic).refused.malformed > before.malformed);
  await untilMore(boards.sums, 20);
  const malformed = before.malformed + 1;
  t.deepEqual(viewOf(boards.attic).refused, { ...before, malformed }, "one frame has come");
  t.deepEqual(viewOf(boards.cellar).refused, { malformed: 0, strange: 0 });
  const others = heard.filter((topic) => !topic.endsWith("/status"));
  t.deepEqual(others, [], "no frame of others has been heard");
  checkUnharmed(t, boards);
});

interface Frame {
  readonly topic: string;
  readonly bytes: Buffer;
}

/** Without an ACL: somebody who hears all, and sends what he likes. */
async function startOpen(t: Test): Promise<{
  boards: TwoBoards;
  mallory: MqttClient;
  frames: Frame[];
  statuses: Map<string, BoardStatus>;
}> {
  const broker = await startMosquitto(t);
  const boards = await bootBoth(t, broker.url);
  const mallory = await join(t, broker.url);
  const frames: Frame[] = [];
  const statuses = new Map<string, BoardStatus>();
  mallory.on("message", (topic, bytes) => {
    if (topic.includes("/in/")) frames.push({ topic, bytes });
    else statuses.set(topic.split("/")[1]!, readStatus(bytes.toString())!);
  });
  await mallory.subscribeAsync("reattach/#");
  await startBoth(boards);
  return { boards, mallory, frames, statuses };
}

mosquittoTest("boards: frames that are sent again by somebody do nothing", [], async (t) => {
  const { boards, mallory, frames } = await startOpen(t);
  await until("frames", () => frames.length > 100);
  const recorded = frames.slice();
  const [attic, cellar] = [viewOf(boards.attic), viewOf(boards.cellar)];
  for (let time = 0; time < 5; time++) {
    for (const { topic, bytes } of recorded) await mallory.publishAsync(topic, bytes, { qos: 1 });
  }
  const calls = recorded.filter(({ topic }) => topic.endsWith("/cellar")).length * 5;
  const replies = recorded.length * 5 - calls;
  await until(
    "repeats",
    () => viewOf(boards.attic).exports.repeats - attic.exports.repeats >= calls,
  );
  await until("late", () => viewOf(boards.cellar).imports.late - cellar.imports.late >= replies);
  t.pass(`${calls} calls and ${replies} answers: each counted, and refused`);
  await untilMore(boards.sums, 20);
  checkUnharmed(t, boards);
});

mosquittoTest(
  "boards: forged, malformed and oversized frames are refused and counted",
  [],
  async (t) => {
    const { boards, mallory, frames } = await startOpen(t);
    const seed = Number(process.env["NET_SEED"] ?? Date.now() % 1_000_000);
    t.comment(`NET_SEED=${seed}`);
    const random = seededRandom(seed);
    await until("frames", () => frames.length > 100);
    const recorded = frames.slice();
    const before = viewOf(boards.attic).refused;
    const counts = { malformed: before.malformed, strange: before.strange };
    const send = async (topic: string, bytes: Buffer | string): Promise<void> => {
      await mallory.publishAsync(`reattach/attic/${topic}`, bytes, { qos: 1 });
    };
    const whole = (end: number): number => Math.floor(random() * end);
    for (let time = 0; time < 100; time++) {
      const bytes = Buffer.from(recorded[whole(recorded.length)]!.bytes);
      bytes.writeUInt32LE(whole(2 ** 32), 4);
      await send("in/cellar", bytes);
      await send(`in/nobody${whole(50)}`, bytes);
      counts.strange += 2;
      await send("in/cellar", bytes.subarray(0, whole(F.HEADER_BYTES)));
      await send("in/Not-A-Board", bytes);
      bytes[0] = [0x00, 0x60, 0xff][whole(3)]!;
      await send("in/cellar", bytes);
      counts.malformed += 3;
    }
    await send("in/cellar", Buffer.alloc(100_000, 0x10));
    // Nothing but statuses that are none: who may write a board's status may say that it is gone.
    for (const text of [
      "",
      "{",
      "[]",
      "null",
      '{"version":2,"life":1,"services":[]}',
      "[".repeat(70_000),
    ]) {
      await mallory.publishAsync("reattach/cellar/status", text, { qos: 1 });
    }
    counts.malformed += 1 + 6;
    await mallory.publishAsync("reattach/attic/in/last", Buffer.alloc(F.HEADER_BYTES), { qos: 1 });
    counts.malformed++;
    const isAll = (): boolean => viewOf(boards.attic).refused.malformed >= counts.malformed;
    await until(`${counts.malformed} malformed`, isAll);
    await untilMore(boards.sums, 20);
    t.deepEqual(viewOf(boards.attic).refused, counts, "each counted");
    checkUnharmed(t, boards);
  },
);

mosquittoTest(
  "boards: a message that is too long for a server is refused with EMSGSIZE",
  [],
  async (t) => {
    const { boards, mallory, frames, statuses } = await startOpen(t);
    const { life, services } = statuses.get("attic")!;
    const own = 7;
    await mallory.publishAsync("reattach/mallory/status", statusText({ life: own, services: [] }), {
      qos: 1,
      retain: true,
    });
    const header = {
      ...F.createHeader(),
      type: F.CALL,
      life: services![0]!.life,
      session: F.sessionOf(own, life),
      number: 1,
      room: F.ROOM_MAX,
    };
    const call = Buffer.from(F.frameOf(header, new Uint8Array(60_000)));
    const isAnswer = ({ topic }: Frame): boolean => topic === "reattach/mallory/in/attic";
    const patience = new Patience(PATIENCE_MS);
    // The first ones are of a board that nobody knows yet.
    while (!frames.some(isAnswer) && !patience.isOver) {
      await mallory.publishAsync("reattach/attic/in/mallory", call, { qos: 1 });
      await delay(LOOK_MS);
    }
    const answer = frames.find(isAnswer)!.bytes;
    t.equal(answer[0]! >> 4, F.REPLY);
    t.equal(answer.readInt32LE(F.HEADER_BYTES), -EMSGSIZE);
    t.equal(answer.length, F.HEADER_BYTES + 4, "and nothing else");
    await untilMore(boards.sums, 20);
    checkUnharmed(t, boards);
  },
);
