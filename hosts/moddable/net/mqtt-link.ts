/**
 * A board's connection to the broker, by the MQTT client of Moddable's SDK. A client connects once;
 * the link makes another one when it is gone.
 *
 * Frames go with QoS 0: a call is sent again until it is answered. Statuses go with QoS 1, and are
 * retained. Nobody waits for their PUBACK: what TCP has lost is lost with the connection, and a
 * status is said again when there is another one.
 *
 * Who can die or be late, and what then happens: README.md of this folder.
 */
import { FRAME_BYTES_MAX, HEADER_BYTES } from "../../../src/net/frame.js";
import type { BoardLink, LinkEvents } from "../../../src/net/link.js";
import { KEEPALIVE_MS, reconnectPause } from "../../../src/net/reconnect.js";
import { statusText } from "../../../src/net/status.js";
import { clientId, frameTopic, readTopic, statusTopic } from "../../../src/net/topics.js";
import * as M from "./mqtt-client.js";
import { Outbox, type Packet } from "./outbox.js";

/** A board that leaves has so long to have its last words sent. */
const LEAVE_MS = 100;
/** A status of some 200 services. */
const STATUS_BYTES_MAX = 8_192;
/** In front of the reply in a frame. */
const REPLY_STATUS_BYTES = 4;
/**
 * The client does not say what a broker had kept: the first status after a subscription, and what
 * comes so soon after it. A live one that is taken for that is said again.
 */
const KEPT_MS = 1_000;
/** What a SUBACK says of a subscription that is refused, and above. */
const REFUSED = 0x80;
const IDS = 0x1_0000;

export interface MqttLinkOptions {
  /** Makes a client, which begins to connect. */
  readonly createClient: (options: M.ClientOptions) => M.MqttClient;
  /** As the manifest has it: for people. */
  readonly broker: string;
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly prefix: string;
  readonly board: string;
  /** Of this boot of the board. */
  readonly life: number;
  /** The longest message of this board. */
  readonly messageBytes: number;
  readonly now: () => number;
  readonly random: () => number;
  /** Calls back once, after so many milliseconds. */
  readonly later: (act: () => void, ms: number) => void;
  /** The text of UTF-8. Throws for what is none. */
  readonly decode: (bytes: Uint8Array) => string;
  readonly warn: (text: string) => void;
}

/** A message that is coming. */
interface Incoming {
  /** Whose status or frame it is; null for what is neither. */
  readonly from: string | null;
  readonly isStatus: boolean;
  /** What is kept of it. */
  readonly bytes: Uint8Array;
  received: number;
}

const NOTHING = new Uint8Array(0);

export class MqttLink implements BoardLink {
  readonly #options: MqttLinkOptions;
  readonly #events: LinkEvents;
  readonly #outbox = new Outbox();
  /** Boards whose statuses are told, and until when those are what the broker has kept. */
  readonly #watched = new Map<string, number>();
  /** Topics that a SUBACK is still to come for, by its id. */
  readonly #asked = new Map<number, string>();
  #client: M.MqttClient | null = null;
  #isUp = false;
  #isClosed = false;
  #incoming: Incoming | null = null;
  #failures = 0;
  #id = 0;
  /** A broker that is gone is told of once. */
  #isTold = false;

  /** Use open(). */
  constructor(options: MqttLinkOptions, events: LinkEvents) {
    this.#options = options;
    this.#events = events;
  }

  /** Connects, again and again. `events` is called from now on, never from within this call. */
  open(): void {
    this.#connect();
  }

  send(board: string, bytes: Uint8Array): void {
    const { prefix, board: from } = this.#options;
    this.#post({ operation: M.PUBLISH, topic: frameTopic(prefix, board, from) }, bytes, "frame");
  }

  watch(board: string): void {
    if (!this.#isUp) return;
    this.#watched.set(board, Infinity);
    this.#subscribe(statusTopic(this.#options.prefix, board), 1);
  }

  announce(text: string): void {
    const topic = statusTopic(this.#options.prefix, this.#options.board);
    const head = { operation: M.PUBLISH, topic, QoS: 1, retain: true, id: this.#nextId() };
    this.#post(head, bytesOf(text), "status");
  }

  /** Says that the board is gone, and closes the connection soon. */
  close(): void {
    const { life, later } = this.#options;
    this.announce(statusText({ life, services: null }));
    this.#post({ operation: M.DISCONNECT }, null, "control");
    this.#isClosed = true;
    // A client that is still looking its host up must not be closed: it fails, or says CONNACK.
    if (!this.#isUp) return;
    const client = this.#client!;
    later(() => {
      if (client === this.#client) client.close();
      this.#client = null;
    }, LEAVE_MS);
  }

  // -------------------------------------------------------------------------------------------
  // The connection.

  #connect(): void {
    if (this.#isClosed) return;
    const { createClient, host, port, username, password, prefix, board, life } = this.#options;
    const client: M.MqttClient = createClient({
      host,
      port,
      id: clientId(prefix, board),
      ...(username === undefined ? {} : { user: username }),
      ...(password === undefined ? {} : { password }),
      keepAlive: KEEPALIVE_MS,
      will: {
        topic: statusTopic(prefix, board),
        message: statusText({ life, services: null }),
        QoS: 1,
        retain: true,
      },
      onReadable: (count, part) => this.#readable(count, part),
      onWritable: (count) => {
        this.#outbox.room = count;
        this.#flush();
      },
      onControl: (control) => this.#controlled(control),
      onError: () => this.#lost(client),
    });
    this.#client = client;
  }

  #controlled({ operation, id, payload }: M.Control): void {
    if (operation === M.CONNACK) this.#connected();
    else if (operation === M.SUBACK) this.#granted(id, payload);
  }

  #connected(): void {
    if (this.#isClosed) {
      this.#client!.close();
      this.#client = null;
      return;
    }
    const { prefix, board, broker, warn } = this.#options;
    this.#failures = 0;
    this.#isUp = true;
    if (this.#isTold) warn(`net: ${broker} is there again`);
    this.#isTold = false;
    this.#subscribe(frameTopic(prefix, board, "+"), 0);
    this.#events.up();
  }

  /** The client has closed itself, or is of no use any more. */
  #lost(client: M.MqttClient): void {
    if (client !== this.#client) return;
    const { broker, random, later, warn } = this.#options;
    const wasUp = this.#isUp;
    this.#client = null;
    this.#isUp = false;
    this.#incoming = null;
    this.#outbox.clear();
    this.#watched.clear();
    this.#asked.clear();
    if (this.#isClosed) return;
    if (!this.#isTold) warn(`net: ${broker}: no connection`);
    this.#isTold = true;
    later(() => this.#connect(), reconnectPause(this.#failures, random));
    this.#failures++;
    if (wasUp) this.#events.down();
  }

  #granted(id: number, payload: readonly number[] | undefined): void {
    const topic = this.#asked.get(id);
    this.#asked.delete(id);
    const isRefused = payload?.some((granted) => granted >= REFUSED) === true;
    if (topic === undefined || !isRefused || this.#isClosed) return;
    this.#options.warn(`net: ${this.#options.broker}: ${topic}: the broker does not allow it`);
  }

  // -------------------------------------------------------------------------------------------
  // What goes out.

  #subscribe(topic: string, QoS: number): void {
    const id = this.#nextId();
    this.#asked.set(id, topic);
    this.#post({ operation: M.SUBSCRIBE, id, items: [{ topic, QoS }] }, null, "control");
  }

  /** Of MQTT: 16 bits, not 0. */
  #nextId(): number {
    this.#id = (this.#id + 1) % IDS || 1;
    return this.#id;
  }

  #post(head: M.WriteOptions, bytes: Uint8Array | null, kind: Packet["kind"]): void {
    if (!this.#isUp || this.#isClosed) return;
    this.#outbox.add(head, bytes, kind);
    this.#flush();
  }

  #flush(): void {
    const client = this.#client;
    if (client === null || !this.#isUp) return;
    try {
      this.#outbox.flush(client);
    } catch {
      // The socket has failed, and its onError is to come or not. Nothing is told in this call.
      this.#outbox.clear();
      this.#options.later(() => {
        if (client !== this.#client) return;
        client.close();
        this.#lost(client);
      }, 0);
    }
  }

  // -------------------------------------------------------------------------------------------
  // What comes in.

  #readable(count: number, { topic, byteLength, more }: M.Part): void {
    const client = this.#client!;
    if (topic !== undefined) this.#incoming = this.#begin(topic, byteLength!);
    const incoming = this.#incoming!;
    const taken = Math.min(count, incoming.bytes.length - incoming.received);
    if (taken > 0) {
      client.read(incoming.bytes.subarray(incoming.received, incoming.received + taken));
      incoming.received += taken;
    }
    // What is not read keeps all that follows from being read.
    if (taken < count) client.read(count - taken);
    if (more) return;
    this.#incoming = null;
    this.#deliver(incoming);
  }

  /** Decides what is kept of a message, before any of it is. */
  #begin(topic: string, count: number): Incoming {
    const { prefix, board, messageBytes } = this.#options;
    const read = readTopic(prefix, topic);
    const isOther = read === null || (read.kind === "frame" && read.board !== board);
    const most = read?.kind === "status" ? STATUS_BYTES_MAX : FRAME_BYTES_MAX;
    if (isOther || count > most) {
      return { from: null, isStatus: false, bytes: NOTHING, received: 0 };
    }
    if (read.kind === "status") {
      return { from: read.board, isStatus: true, bytes: new Uint8Array(count), received: 0 };
    }
    // One byte more than there is room for says that it was too long.
    const kept = Math.min(count, HEADER_BYTES + REPLY_STATUS_BYTES + messageBytes + 1);
    return { from: read.from, isStatus: false, bytes: new Uint8Array(kept), received: 0 };
  }

  #deliver({ from, isStatus, bytes }: Incoming): void {
    if (this.#isClosed) return;
    if (from === null) this.#events.malformed();
    else if (isStatus) this.#status(from, bytes);
    else this.#events.frame(from, bytes);
  }

  #status(board: string, bytes: Uint8Array): void {
    const now = this.#options.now();
    const until = this.#watched.get(board) ?? -Infinity;
    const isKept = now < until;
    if (until === Infinity) this.#watched.set(board, now + KEPT_MS);
    let text: string;
    try {
      text = this.#options.decode(bytes);
    } catch {
      this.#events.malformed();
      return;
    }
    this.#events.status(board, text, isKept);
  }
}

/** Of ASCII, as statuses are. */
function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
