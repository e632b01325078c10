/**
 * A device's connection to the broker, over a client of MQTT that behaves as Moddable's does, in
 * fake time: what is written when there is little room, what becomes of it when the connection
 * ends, and what of a message is kept.
 */
import test from "tape";
import type { ClientOptions } from "../../../hosts/moddable/net/mqtt-client.js";
import * as M from "../../../hosts/moddable/net/mqtt-client.js";
import { MqttLink } from "../../../hosts/moddable/net/mqtt-link.js";
import { FakeMqttClient } from "./fake-mqtt-client.js";

const MESSAGE_BYTES = 64;
const FRAME_BYTES = 16 + 4 + MESSAGE_BYTES;
/** Of an ESP32's socket. */
const ROOM = 5_744;

class Stage {
  readonly clients: FakeMqttClient[] = [];
  readonly warnings: string[] = [];
  readonly told: string[] = [];
  readonly frames: Uint8Array[] = [];
  readonly link: MqttLink;
  /** What the link does when it is told that the broker is there. */
  onUp = (): void => undefined;
  now_ms = 0;
  #timers: { readonly at_ms: number; readonly act: () => void }[] = [];

  constructor() {
    this.link = new MqttLink(
      {
        createClient: (options: ClientOptions) => {
          const client = new FakeMqttClient(options);
          this.clients.push(client);
          return client;
        },
        broker: "mqtt://localhost:1",
        host: "localhost",
        port: 1,
        username: "attic",
        prefix: "house/2",
        board: "attic",
        life: 7,
        messageBytes: MESSAGE_BYTES,
        now: () => this.now_ms,
        random: () => 0.5,
        later: (act, ms) => this.#timers.push({ at_ms: this.now_ms + ms, act }),
        decode: (bytes) => new TextDecoder("utf-8", { fatal: true }).decode(bytes),
        warn: (text) => this.warnings.push(text),
      },
      {
        up: () => {
          this.told.push("up");
          this.onUp();
        },
        down: () => this.told.push("down"),
        malformed: () => this.told.push("malformed"),
        frame: (from, bytes) => {
          this.frames.push(bytes);
          this.told.push(`frame ${from} ${bytes.length}`);
        },
        status: (board, text, isKept) => this.told.push(`status ${board} ${text} ${isKept}`),
      },
    );
    this.link.open();
  }

  /** The client that is there now. */
  get client(): FakeMqttClient {
    return this.clients.at(-1)!;
  }

  advance(ms: number): void {
    const end = this.now_ms + ms;
    for (;;) {
      const next = this.#timers.sort((a, b) => a.at_ms - b.at_ms)[0];
      if (next === undefined || next.at_ms > end) break;
      this.#timers.splice(this.#timers.indexOf(next), 1);
      this.now_ms = next.at_ms;
      next.act();
    }
    this.now_ms = end;
  }

  /** Topics of what has been sent since the last look. */
  sent(): string[] {
    return this.client.sent
      .splice(0)
      .map(
        ({ head, parts }) => `${head.topic ?? head.items?.[0]?.topic ?? head.operation} ${parts}`,
      );
  }
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

test("MqttLink: connects with a last will, and nothing is sent before the broker is there", (t) => {
  const stage = new Stage();
  const { id, user, password, will, keepAlive } = stage.client.options;
  t.deepEqual({ id, user, password }, { id: "house-2-attic", user: "attic", password: undefined });
  t.deepEqual(will, {
    topic: "house/2/attic/status",
    message: '{"version":1,"life":7,"services":null}',
    QoS: 1,
    retain: true,
  });
  t.equal(keepAlive, 4_000);
  stage.link.send("cellar", new Uint8Array(20));
  stage.link.announce("{}");
  stage.link.watch("cellar");
  t.deepEqual(stage.told, [], "nothing is told from within open()");
  stage.onUp = () => {
    stage.link.watch("cellar");
    stage.link.announce("[]");
  };
  stage.client.connect(ROOM);
  t.deepEqual(stage.told, ["up"]);
  const [frames, status, own] = stage.client.sent;
  t.deepEqual(frames!.head.items, [{ topic: "house/2/attic/in/+", QoS: 0 }]);
  t.deepEqual(status!.head.items, [{ topic: "house/2/cellar/status", QoS: 1 }]);
  t.deepEqual([own!.head.topic, own!.head.QoS, own!.head.retain], [will.topic, 1, true]);
  t.equal(new TextDecoder().decode(own!.bytes), "[]");
  t.equal(new Set([frames!.head.id, status!.head.id, own!.head.id]).size, 3, "three ids");
  t.end();
});

test("MqttLink: a frame that is longer than the socket's room is written in parts", (t) => {
  const stage = new Stage();
  stage.client.connect(ROOM);
  stage.sent();
  const frame = Uint8Array.from({ length: 10_000 }, (_, i) => i % 251);
  stage.link.send("cellar", frame);
  stage.link.announce("{}");
  t.deepEqual(stage.sent(), [], "what does not fit waits");
  stage.client.drain(100);
  t.deepEqual(stage.client.sent.length, 0, "a sliver is not used");
  stage.client.drain(3_000);
  stage.client.drain(2_000);
  const [first, second] = stage.client.sent;
  t.deepEqual(first?.bytes, frame, "it comes whole, and in order");
  t.ok(first!.parts >= 3, `${first!.parts} parts`);
  t.equal(second?.head.topic, "house/2/attic/status", "what came behind it follows");
  t.end();
});

test("MqttLink: frames that find no place are dropped, statuses and subscriptions are not", (t) => {
  const stage = new Stage();
  stage.client.connect(0);
  for (let i = 0; i < 1_000; i++) stage.link.send("cellar", new Uint8Array(FRAME_BYTES).fill(i));
  for (const board of ["cellar", "shed"]) stage.link.watch(board);
  for (let i = 0; i < 10; i++) stage.link.announce(`[${i}]`);
  for (let i = 0; i < 100; i++) stage.client.drain(300);
  const frames = stage.client.sent.filter(({ head }) => head.topic?.includes("/in/") === true);
  t.equal(frames.length, Math.floor(4_096 / FRAME_BYTES), "four kilobytes of frames");
  const statuses = stage.client.sent.filter(({ head }) => head.topic?.endsWith("status") === true);
  t.deepEqual(
    statuses.map(({ bytes }) => new TextDecoder().decode(bytes)),
    ["[9]"],
    "the last status alone",
  );
  const items = stage.client.sent.flatMap(({ head }) => head.items ?? []);
  t.deepEqual(
    items.map(({ topic }) => topic),
    ["house/2/attic/in/+", "house/2/cellar/status", "house/2/shed/status"],
  );
  t.end();
});

test("MqttLink: a connection that ends within a frame leaves nothing for the next one", (t) => {
  const stage = new Stage();
  stage.client.connect(500);
  stage.sent();
  stage.link.send("cellar", new Uint8Array(2_000));
  stage.client.message("house/2/attic/in/cellar", new Uint8Array(30), 10);
  stage.client.options.onReadable(0, {
    topic: "house/2/attic/in/cellar",
    byteLength: 30,
    more: true,
  });
  stage.client.fail();
  t.deepEqual(stage.told.splice(0), ["up", "frame cellar 30", "down"]);
  t.deepEqual(stage.warnings, ["net: mqtt://localhost:1: no connection"]);
  stage.advance(749);
  t.equal(stage.clients.length, 1);
  stage.advance(1);
  t.equal(stage.clients.length, 2, "another client after half a second and a half of that");
  stage.client.connect(ROOM);
  t.deepEqual(stage.sent(), ["house/2/attic/in/+ 1"], "the rest of the frame is not sent");
  stage.client.message("house/2/attic/in/cellar", new Uint8Array(20));
  t.deepEqual(stage.told, ["up", "frame cellar 20"]);
  t.equal(stage.warnings.at(-1), "net: mqtt://localhost:1 is there again");
  t.end();
});

test("MqttLink: a broker that stays away is tried more and more seldom, and told of once", (t) => {
  const stage = new Stage();
  const pauses: number[] = [];
  for (let i = 0; i < 6; i++) {
    const before = stage.now_ms;
    stage.client.fail();
    const count = stage.clients.length;
    while (stage.clients.length === count) stage.advance(1);
    pauses.push(stage.now_ms - before);
  }
  t.deepEqual(pauses, [750, 1_500, 3_000, 6_000, 6_000, 6_000]);
  t.deepEqual(stage.warnings, ["net: mqtt://localhost:1: no connection"]);
  t.deepEqual(stage.told, [], "who was never there does not go");
  stage.client.connect(ROOM);
  stage.client.fail();
  stage.advance(750);
  t.equal(stage.clients.length, 8, "after a connection it begins anew");
  t.end();
});

test("MqttLink: a write that throws ends the connection, but not from within the call", (t) => {
  const stage = new Stage();
  stage.client.connect(ROOM);
  const { client } = stage;
  client.failure = new Error("not ready");
  stage.link.send("cellar", new Uint8Array(20));
  t.deepEqual(stage.told, ["up"]);
  stage.advance(0);
  t.ok(client.isClosed);
  t.deepEqual(stage.told, ["up", "down"]);
  client.options.onError();
  stage.advance(10_000);
  t.equal(stage.clients.length, 2, "one client takes its place");
  t.end();
});

test("MqttLink: what is too long is refused before it is kept, or kept as too long", (t) => {
  const stage = new Stage();
  stage.client.connect(ROOM);
  const come = (topic: string, count: number): void => {
    stage.client.message(topic, new Uint8Array(count).fill(0x20), 1_000);
  };
  come("house/2/attic/in/cellar", FRAME_BYTES);
  come("house/2/attic/in/cellar", 65_536);
  t.deepEqual(stage.told.splice(0), [
    "up",
    `frame cellar ${FRAME_BYTES}`,
    `frame cellar ${FRAME_BYTES + 1}`,
  ]);
  t.ok(
    stage.frames.every(({ buffer }) => buffer.byteLength <= FRAME_BYTES + 1),
    "no more is kept than a byte that says it",
  );
  come("house/2/attic/in/cellar", 70_000);
  come("house/2/cellar/status", 8_193);
  come("house/2/shed/in/cellar", 20);
  come("house/2/attic/in/Cellar", 20);
  come("other/cellar/status", 2);
  t.deepEqual(
    stage.told,
    Array.from({ length: 5 }, () => "malformed"),
  );
  t.end();
});

test("MqttLink: the first status after a subscription may be an old one; text is checked", (t) => {
  const stage = new Stage();
  stage.client.connect(ROOM);
  stage.link.watch("cellar");
  const say = (text: string): void =>
    stage.client.message("house/2/cellar/status", bytesOf(text), 3);
  stage.advance(5_000);
  say('"kept"');
  stage.advance(999);
  say('"soon"');
  stage.advance(1);
  say('"live"');
  t.deepEqual(stage.told.splice(0), [
    "up",
    'status cellar "kept" true',
    'status cellar "soon" true',
    'status cellar "live" false',
  ]);
  stage.client.message("house/2/cellar/status", Uint8Array.of(0xc3, 0x28));
  t.deepEqual(stage.told.splice(0), ["malformed"]);
  stage.client.fail();
  stage.advance(750);
  stage.client.connect(ROOM);
  stage.link.watch("cellar");
  say('"kept"');
  t.deepEqual(stage.told, ["down", "up", 'status cellar "kept" true'], "and after the next one");
  t.end();
});

test("MqttLink: a subscription that the broker refuses is told of", (t) => {
  const stage = new Stage();
  stage.client.connect(ROOM);
  const { id } = stage.client.sent[0]!.head;
  stage.client.control({ operation: M.SUBACK, id: id!, payload: [0x80] });
  stage.client.control({ operation: M.SUBACK, id: id!, payload: [0x80] });
  const text = "net: mqtt://localhost:1: house/2/attic/in/+: the broker does not allow it";
  t.deepEqual(stage.warnings, [text]);
  t.end();
});

test("MqttLink: close() says that the board is gone, and there is no other client", (t) => {
  const stage = new Stage();
  stage.client.connect(ROOM);
  stage.sent();
  stage.link.close();
  t.deepEqual(stage.sent(), ["house/2/attic/status 1", `${M.DISCONNECT} 1`]);
  stage.client.message("house/2/attic/in/cellar", new Uint8Array(20));
  t.notOk(stage.client.isClosed, "what was written is to be sent");
  stage.advance(100);
  t.ok(stage.client.isClosed);
  stage.advance(60_000);
  t.equal(stage.clients.length, 1);
  t.deepEqual(stage.told, ["up"]);
  t.end();
});

test("MqttLink: close() before the broker is there ends the client when it is safe", (t) => {
  const first = new Stage();
  first.link.close();
  t.notOk(first.client.isClosed, "not while it looks its host up: it would throw then");
  first.client.connect(ROOM);
  t.ok(first.client.isClosed);
  const second = new Stage();
  second.link.close();
  second.client.fail();
  second.advance(60_000);
  t.equal(second.clients.length, 1);
  t.deepEqual([...first.told, ...second.told, ...second.warnings], []);
  t.end();
});
