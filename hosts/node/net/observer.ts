/**
 * Somebody who is no board, and looks at what boards say of themselves: a client of the broker that
 * needs no more than to read statuses, and writes nothing.
 *
 * What the broker has kept comes after a subscription, and MQTT has no packet that says "that was
 * all", nor an order between that and any other answer. So the broker's own pace is what counts,
 * and not a clock: all is known when it has answered QUIET_PINGS pings, one after the other, and
 * nothing that it has kept has come between them.
 */
import type { IClientOptions, MqttClient } from "mqtt";
import { FRAME_BYTES_MAX } from "../../../src/net/frame.js";
import { type BoardStatus, readStatus } from "../../../src/net/status.js";
import { readTopic, statusTopic } from "../../../src/net/topics.js";
import { type Connect, connectionOptions, growPauses, ONCE, reasonOf } from "./connection.js";

/** One is enough for mosquitto; a broker that reads what it has kept from elsewhere is slower. */
const QUIET_PINGS = 3;

export interface ObserverOptions {
  readonly connect: Connect;
  readonly broker: string;
  readonly prefix: string;
  /** User, password, certificates. */
  readonly credentials: IClientOptions;
  readonly random: () => number;
  /** In milliseconds. */
  readonly now: () => number;
  /** A connection that is lost is made anew. The first one has to succeed. */
  readonly isLasting: boolean;
}

/** A board, as its last status has it. */
export interface SeenBoard extends BoardStatus {
  /**
   * When that was said, by the clock of `now`; null where the broker had kept it, for nobody knows
   * how long: a status has no time.
   */
  readonly heard_ms: number | null;
}

export interface ObserverEvents {
  /** A board has said something; null where the broker keeps nothing of it any more. */
  changed(board: string, seen: SeenBoard | null): void;
  /** Something has come that is no status, or one of another version: so many up to now. */
  malformed(count: number): void;
  /** The broker is there again. */
  up(): void;
  /** It is gone, after all was known; told once. */
  down(reason: string): void;
}

export class BoardsObserver {
  readonly boards = new Map<string, SeenBoard>();
  /** Resolves when all that the broker had kept is known; rejects when that cannot be. */
  readonly known: Promise<void>;
  readonly #options: ObserverOptions;
  readonly #events: ObserverEvents;
  readonly #client: MqttClient;
  #malformed = 0;
  #settle: { resolve(): void; reject(error: Error): void } | null = null;
  #listens_ms: number;
  /** Boards of an earlier connection of which nothing has been heard on this one. */
  #unconfirmed = new Set<string>();
  /** Pings that have been answered, and nothing between them; null while none is under way. */
  #quietPings: number | null = null;
  #isDown = false;
  #isClosed = false;

  /** Connects. `events` is called from now on, never from within the constructor. */
  constructor(options: ObserverOptions, events: ObserverEvents) {
    const { connect, broker, credentials, random, now, isLasting } = options;
    this.#options = options;
    this.#events = events;
    this.#listens_ms = now();
    this.known = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.#client = connect(broker, {
      ...connectionOptions(credentials, random),
      ...(isLasting ? {} : ONCE),
    });
    if (isLasting) growPauses(this.#client, random);
    this.#client.on("connect", () => this.#connected());
    this.#client.on("close", () => this.#lost("the connection was closed"));
    this.#client.on("error", (error) => this.#lost(reasonOf(error)));
    this.#client.on("message", (topic, payload, { retain }) => {
      this.#message(topic, payload, retain);
    });
    this.#client.on("packetreceive", ({ cmd }) => {
      if (cmd === "pingresp") this.#answered();
    });
  }

  /** Statuses that are none, or of another version. */
  get malformed(): number {
    return this.#malformed;
  }

  /** For how long a board may have said nothing: since it was heard, or since we listen. */
  silent_ms({ heard_ms }: SeenBoard): number {
    return this.#options.now() - (heard_ms ?? this.#listens_ms);
  }

  /** Closes the connection. `known`, if it is not settled, never will be. */
  close(): Promise<void> {
    this.#isClosed = true;
    return new Promise(
      (resolve) => void this.#client.end(!this.#client.connected, {}, () => resolve()),
    );
  }

  #connected(): void {
    const topic = statusTopic(this.#options.prefix, "+");
    this.#listens_ms = this.#options.now();
    this.#quietPings = null;
    this.#unconfirmed = new Set(this.boards.keys());
    for (const [board, seen] of this.boards) this.boards.set(board, { ...seen, heard_ms: null });
    if (this.#isDown) this.#events.up();
    this.#isDown = false;
    // With QoS 0: with more the broker waits for acknowledgements before it sends all.
    this.#client.subscribe(topic, { qos: 0 }, (error, granted, answer) => {
      const isRefused = granted?.some(({ qos }) => qos >= 128) === true;
      if (isRefused || (error !== null && answer !== undefined)) {
        this.#lost(`the broker does not let this user read ${topic}`);
      } else if (error !== null) {
        this.#lost(error.message);
      } else {
        this.#ping(0);
      }
    });
  }

  #ping(quietPings: number): void {
    this.#quietPings = quietPings;
    if (this.#client.connected) this.#client.sendPing();
  }

  #answered(): void {
    // A ping of the client's own, which keeps the connection alive.
    if (this.#quietPings === null || this.#isClosed) return;
    if (this.#quietPings < QUIET_PINGS) {
      this.#ping(this.#quietPings + 1);
      return;
    }
    this.#quietPings = null;
    for (const board of this.#unconfirmed) this.#forget(board);
    this.#unconfirmed.clear();
    this.#settle?.resolve();
    this.#settle = null;
  }

  #message(topic: string, payload: Buffer, isKept: boolean): void {
    if (this.#isClosed) return;
    // The ping that is under way may be answered before more of what is kept comes.
    if (isKept && this.#quietPings !== null) this.#quietPings = 0;
    const read = readTopic(this.#options.prefix, topic);
    const status = payload.length > FRAME_BYTES_MAX ? null : readStatus(payload.toString("utf8"));
    if (read?.kind === "status" && payload.length === 0) {
      this.#forget(read.board);
    } else if (read?.kind !== "status" || status === null) {
      this.#malformed++;
      this.#events.malformed(this.#malformed);
    } else if (!isKept || !this.#isHeard(read.board)) {
      this.#unconfirmed.delete(read.board);
      const seen = { ...status, heard_ms: isKept ? null : this.#options.now() };
      this.boards.set(read.board, seen);
      this.#events.changed(read.board, seen);
    }
  }

  /** Has it spoken since we listen? Then what the broker had kept is older. */
  #isHeard(board: string): boolean {
    return (this.boards.get(board)?.heard_ms ?? null) !== null;
  }

  /** Who takes a board away for good has the broker keep an empty status. */
  #forget(board: string): void {
    if (this.boards.delete(board)) this.#events.changed(board, null);
  }

  #lost(reason: string): void {
    this.#quietPings = null;
    if (this.#isClosed) return;
    if (this.#settle !== null) {
      const { reject } = this.#settle;
      this.#settle = null;
      void this.close();
      reject(new Error(reason));
    } else if (!this.#isDown) {
      this.#isDown = true;
      this.#events.down(reason);
    }
  }
}
