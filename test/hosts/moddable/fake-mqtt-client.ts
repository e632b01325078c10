/**
 * Moddable's client of MQTT, as the link sees it: what it was made with, what is written to it, and
 * what comes. Its rules are those of the SDK's mqttclient.js: a write that does not fit throws; one
 * that has a part of a message may only be followed by the rest of it; the whole of what onReadable
 * tells of must be read; after close() nothing comes, and nothing may be written.
 */
import type {
  ClientOptions,
  Control,
  MqttClient,
  WriteOptions,
} from "../../../hosts/moddable/net/mqtt-client.js";
import * as M from "../../../hosts/moddable/net/mqtt-client.js";

/** What the client keeps for its own packets. */
const OVERHEAD = 8;

/** A packet that was written to its end. */
export interface Sent {
  readonly head: WriteOptions;
  readonly bytes: Uint8Array;
  /** In how many writes. */
  readonly parts: number;
}

export class FakeMqttClient implements MqttClient {
  readonly options: ClientOptions;
  readonly sent: Sent[] = [];
  isClosed = false;
  /** What a write does when it is not undefined: the socket has failed. */
  failure: Error | undefined;
  #isConnected = false;
  #room = 0;
  #begun: { head: WriteOptions; bytes: number[]; parts: number; left: number } | null = null;
  #payload: Uint8Array = new Uint8Array(0);
  #read = 0;

  constructor(options: ClientOptions) {
    this.options = options;
  }

  // -------------------------------------------------------------------------------------------
  // What the broker and the network do.

  connect(room: number): void {
    this.#isConnected = true;
    this.#room = room;
    this.options.onControl({ operation: M.CONNACK, id: 0 });
    if (!this.isClosed && this.#room > OVERHEAD) this.options.onWritable(this.#room - OVERHEAD);
  }

  /** The socket has sent what was written, and takes so much again. */
  drain(room: number): void {
    this.#room = room;
    if (room > OVERHEAD) this.options.onWritable(room - OVERHEAD);
  }

  control(control: Control): void {
    this.options.onControl(control);
  }

  /** A message comes, in parts of so many bytes at most. */
  message(topic: string, bytes: Uint8Array, partBytes = bytes.length): void {
    for (let start = 0; start < bytes.length && !this.isClosed; start += partBytes) {
      this.#payload = bytes.subarray(start, start + partBytes);
      this.#read = 0;
      const more = start + partBytes < bytes.length;
      const first = start === 0 ? { topic, byteLength: bytes.length } : {};
      this.options.onReadable(this.#payload.length, { ...first, more });
      if (this.#read !== this.#payload.length) throw new Error("the parser stands still");
    }
  }

  fail(): void {
    this.options.onError();
    this.close();
  }

  // -------------------------------------------------------------------------------------------
  // What the link does.

  read(target: Uint8Array | number): unknown {
    const count = typeof target === "number" ? target : target.length;
    const part = this.#payload.subarray(this.#read, this.#read + count);
    if (count <= 0 || part.length !== count) throw new Error("invalid");
    this.#read += count;
    if (typeof target !== "number") target.set(part);
    return typeof target === "number" ? part.slice().buffer : count;
  }

  write(data: Uint8Array | null, head?: WriteOptions): number {
    if (this.failure !== undefined) throw this.failure;
    if (this.isClosed || !this.#isConnected) throw new Error("no socket");
    if (this.#begun !== null) {
      if (head !== undefined) throw new Error("another packet within one");
      this.#take(data!, 0);
    } else {
      const { topic = "", items = [], QoS = 0, byteLength = data?.length ?? 0 } = head!;
      const names = items.reduce((sum, item) => sum + item.topic.length + 3, 0);
      const rest = topic.length + 2 + (QoS > 0 ? 2 : 0);
      const length = head!.operation === M.PUBLISH ? rest + byteLength : 2 + names;
      const lengthBytes = length < 128 ? 1 : length < 16_384 ? 2 : 3;
      this.#begun = { head: head!, bytes: [], parts: 0, left: byteLength };
      this.#take(data ?? new Uint8Array(0), 1 + lengthBytes + length - byteLength);
    }
    return Math.max(0, this.#room - OVERHEAD);
  }

  #take(data: Uint8Array, headBytes: number): void {
    const begun = this.#begun!;
    if (headBytes + data.length > this.#room) throw new Error("overflow");
    if (data.length > begun.left) throw new Error("too long");
    this.#room -= headBytes + data.length;
    begun.left -= data.length;
    begun.bytes.push(...data);
    begun.parts++;
    if (begun.left > 0) return;
    this.#begun = null;
    this.sent.push({ ...begun, bytes: Uint8Array.from(begun.bytes) });
  }

  close(): void {
    this.isClosed = true;
  }
}
