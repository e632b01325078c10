/**
 * The rules of the SDK's client of MQTT that the link relies on, and which its stand-in in npm test
 * (hosts/moddable/fake-mqtt-client.ts) has: the SDK's own source, with a socket made by hand.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { transformSync } from "esbuild";
import test from "tape";
import * as M from "../../../hosts/moddable/net/mqtt-client.js";

const SOURCE = join(process.env["MODDABLE"]!, "examples/io/tcp/mqttclient/mqttclient.js");
const ROOM = 1_500;

interface SocketOptions {
  readonly onReadable: (count: number) => void;
  readonly onWritable: (count: number) => void;
}

/** What the SDK's socket does, as far as the client sees it. */
class Socket {
  readonly written: number[] = [];
  room = ROOM;
  isClosed = false;
  readonly options: SocketOptions;
  #bytes: number[] = [];
  #format = "number";

  constructor(options: SocketOptions) {
    this.options = options;
  }

  set format(format: string) {
    if (this.isClosed) throw new Error("closed");
    this.#format = format;
  }

  write(bytes: Uint8Array | ArrayBuffer): number {
    if (this.isClosed) throw new Error("closed");
    const all = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
    if (all.length > this.room) throw new Error("would block");
    this.written.push(...all);
    return (this.room -= all.length);
  }

  read(target?: Uint8Array | number): unknown {
    if (this.#format === "number") return this.#bytes.shift();
    const count = typeof target === "number" ? target : target!.length;
    const bytes = Uint8Array.from(this.#bytes.splice(0, count));
    if (typeof target === "number") return bytes.buffer;
    target!.set(bytes);
    return count;
  }

  close(): void {
    this.isClosed = true;
  }

  come(...bytes: readonly number[]): void {
    this.#bytes.push(...bytes);
    this.options.onReadable(this.#bytes.length);
  }

  get unread(): number {
    return this.#bytes.length;
  }
}

/** The client, with all that happens to it by hand. */
class Stage {
  readonly told: string[] = [];
  readonly client: M.MqttClient;
  socket: Socket | undefined;
  readonly #resolve: () => void;
  /** What a part of a message is read with. */
  onReadable = (count: number): void => void this.client.read(count);

  constructor() {
    let resolve = (): void => undefined;
    const { code } = transformSync(readFileSync(SOURCE, "utf8"), { format: "cjs" });
    const module = { exports: {} as { default: new (options: object) => M.MqttClient } };
    const timers = { set: () => ({}), repeat: () => ({}), clear: () => undefined };
    const modules: Record<string, object> = { timer: timers, time: { ticks: 0 } };
    const context = { module, trace: () => undefined, require: (name: string) => modules[name] };
    runInNewContext(`${XS}${code}`, {
      ...context,
      Uint8Array,
      ArrayBuffer,
      TextEncoder,
      TextDecoder,
    });
    const made = (socket: Socket): void => void (this.socket = socket);
    this.client = new module.exports.default({
      host: "house",
      port: 1_883,
      id: "attic",
      keepAlive: 0,
      dns: {
        io: class {
          resolve({ onResolved }: { onResolved: (host: string, address: string) => void }): void {
            resolve = () => onResolved("house", "127.0.0.1");
          }
        },
      },
      socket: {
        io: class extends Socket {
          constructor(options: SocketOptions) {
            super(options);
            made(this);
          }
        },
      },
      onControl: ({ operation }: M.Control) => this.told.push(`control ${operation}`),
      onWritable: (count: number) => this.told.push(`writable ${count}`),
      onReadable: (count: number, { topic, byteLength, more }: M.Part) => {
        this.told.push(`${topic ?? "-"} ${byteLength ?? "-"} ${count} ${more}`);
        this.onReadable(count);
      },
      onError: () => this.told.push("error"),
    });
    this.#resolve = () => resolve();
  }

  resolve(): void {
    this.#resolve();
  }

  /** As far as CONNACK. */
  connect(): Socket {
    this.resolve();
    const socket = this.socket!;
    socket.options.onWritable(ROOM);
    socket.room = ROOM;
    socket.come(0x20, 2, 0, 0);
    this.told.splice(0);
    socket.written.splice(0);
    return socket;
  }
}

/** What XS has and Node.js has not. */
const XS = `
ArrayBuffer.fromString = (text) => new TextEncoder().encode(text).buffer;
String.fromArrayBuffer = (bytes) => new TextDecoder().decode(bytes);
`;

/** A PUBLISH of QoS 0 with a topic of one letter, and the beginning of its payload. */
function publish(count: number, ...payload: readonly number[]): number[] {
  return [0x30, 3 + count, 0, 1, 0x74, ...payload];
}

test("the SDK's client of MQTT: a write that does not fit throws", (t) => {
  const stage = new Stage();
  const socket = stage.connect();
  const head = { operation: M.PUBLISH, topic: "t" };
  t.throws(() => stage.client.write(new Uint8Array(ROOM), head), /overflow/);
  t.deepEqual(socket.written, [], "and has written nothing");
  t.equal(stage.client.write(new Uint8Array(100), head), ROOM - 105 - 8, "it says what is left");
  t.end();
});

test("the SDK's client of MQTT: the rest of a message must follow its beginning", (t) => {
  const stage = new Stage();
  const socket = stage.connect();
  const head = { operation: M.PUBLISH, topic: "t", byteLength: 2_000 };
  stage.client.write(new Uint8Array(1_000).fill(1), head);
  t.throws(() => stage.client.write(null, { operation: M.DISCONNECT }));
  socket.options.onWritable((socket.room = ROOM));
  stage.client.write(new Uint8Array(1_000).fill(2));
  t.equal(socket.written.length, 1 + 2 + 3 + 2_000);
  stage.client.write(null, { operation: M.DISCONNECT });
  t.deepEqual(socket.written.slice(-2), [0xe0, 0], "then other packets");
  t.end();
});

test("the SDK's client of MQTT: a message comes in parts, and all of each must be read", (t) => {
  const stage = new Stage();
  const socket = stage.connect();
  socket.come(...publish(5, 1, 2, 3));
  socket.come(4, 5);
  t.deepEqual(stage.told, ["t 5 3 true", "- - 2 false"]);
  stage.told.splice(0);
  stage.onReadable = () => undefined;
  socket.come(...publish(1, 1), ...publish(1, 1));
  socket.come(...publish(1, 1));
  t.deepEqual(stage.told, ["t 1 1 false"], "nothing follows what is not read");
  t.end();
});

test("the SDK's client of MQTT: an empty message makes its parser stand still", (t) => {
  const stage = new Stage();
  const socket = stage.connect();
  socket.come(...publish(0));
  socket.come(...publish(1, 1));
  t.deepEqual(stage.told, []);
  t.ok(socket.unread > 0, "if it does not: hosts/moddable/net/README.md says so");
  t.end();
});

test("the SDK's client of MQTT: when it may be closed", (t) => {
  const early = new Stage();
  early.client.close();
  t.throws(() => early.resolve(), "not while it looks the host up");
  const reading = new Stage();
  const socket = reading.connect();
  reading.onReadable = (count) => {
    reading.client.read(count);
    reading.client.close();
  };
  t.throws(
    () => socket.come(...publish(1, 1), ...publish(1, 1)),
    "not while it tells of a message",
  );
  const later = new Stage();
  later.connect();
  later.client.close();
  t.throws(() => later.client.write(null, { operation: M.DISCONNECT }), "then it takes no more");
  t.end();
});
