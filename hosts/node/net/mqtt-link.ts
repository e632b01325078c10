/**
 * A board's connection to the broker, by the MQTT client of npm's "mqtt". One is made for each life
 * of the board: its last will speaks of that.
 *
 * Frames go with QoS 0: a call is sent again until it is answered, so what the broker would do for
 * more has been done already. Statuses go with QoS 1, and are retained.
 */
import type { IClientOptions, MqttClient } from "mqtt";
import { FRAME_BYTES_MAX } from "../../../src/net/frame.js";
import type { BoardLink, LinkEvents } from "../../../src/net/link.js";
import { statusText } from "../../../src/net/status.js";
import { clientId, frameTopic, readTopic, statusTopic } from "../../../src/net/topics.js";
import { type Connect, connectionOptions, growPauses, reasonOf } from "./connection.js";

export interface MqttOptions {
  readonly connect: Connect;
  readonly broker: string;
  readonly prefix: string;
  readonly board: string;
  /** Of this boot of the board. */
  readonly life: number;
  /** User, password, certificates. */
  readonly credentials: IClientOptions;
  readonly random: () => number;
  readonly warn: (text: string) => void;
}

export class MqttLink implements BoardLink {
  readonly #options: MqttOptions;
  readonly #client: MqttClient;
  readonly #events: LinkEvents;
  /** The last trouble that was told: a broker that is gone is not told of twice a second. */
  #trouble = "";
  #isClosed = false;

  /** `events` is called from now on, never from within the constructor. */
  constructor(options: MqttOptions, events: LinkEvents) {
    const { connect, broker, prefix, board, life, credentials, random } = options;
    this.#options = options;
    this.#events = events;
    this.#client = connect(broker, {
      ...connectionOptions(credentials, random),
      clientId: clientId(prefix, board),
      will: {
        topic: statusTopic(prefix, board),
        payload: Buffer.from(statusText({ life, services: null })),
        qos: 1,
        retain: true,
      },
    });
    growPauses(this.#client, random);
    this.#client.on("connect", () => this.#connected());
    this.#client.on("close", () => events.down());
    this.#client.on("error", (error) => this.#troubled(reasonOf(error)));
    this.#client.on("message", (topic, payload, { retain }) => {
      this.#message(topic, payload, retain);
    });
  }

  send(board: string, bytes: Uint8Array): void {
    if (!this.#client.connected) return;
    const { prefix, board: from } = this.#options;
    this.#client.publish(frameTopic(prefix, board, from), bytes as Buffer, { qos: 0 });
  }

  watch(board: string): void {
    if (!this.#client.connected) return;
    this.#subscribe(statusTopic(this.#options.prefix, board), 1);
  }

  announce(text: string): void {
    if (!this.#client.connected) return;
    const { prefix, board } = this.#options;
    this.#client.publish(statusTopic(prefix, board), text, { qos: 1, retain: true });
  }

  /** Says that the board is gone, and closes the connection. */
  close(): Promise<void> {
    const { life } = this.#options;
    this.announce(statusText({ life, services: null }));
    this.#isClosed = true;
    return new Promise(
      (resolve) => void this.#client.end(!this.#client.connected, {}, () => resolve()),
    );
  }

  #connected(): void {
    const { prefix, board } = this.#options;
    // An answer of a few bytes is not to wait for more.
    (this.#client.stream as { setNoDelay?: (isOn: boolean) => void }).setNoDelay?.(true);
    if (this.#trouble !== "") this.#options.warn(`net: ${this.#options.broker} is there again`);
    this.#trouble = "";
    this.#subscribe(frameTopic(prefix, board, "+"), 0);
    this.#events.up();
  }

  #subscribe(topic: string, qos: 0 | 1): void {
    this.#client.subscribe(topic, { qos }, (error, granted) => {
      if (this.#isClosed) return;
      if (error !== null) this.#troubled(`${topic}: ${error.message}`);
      else if (granted?.some((grant) => grant.qos >= 128) === true) {
        this.#troubled(`${topic}: the broker does not allow it`);
      }
    });
  }

  #troubled(text: string): void {
    if (this.#isClosed || text === this.#trouble) return;
    this.#trouble = text;
    this.#options.warn(`net: ${this.#options.broker}: ${text}`);
  }

  #message(topic: string, payload: Buffer, isKept: boolean): void {
    const { prefix, board } = this.#options;
    const read = readTopic(prefix, topic);
    const isOther = read === null || (read.kind === "frame" && read.board !== board);
    if (isOther || payload.length > FRAME_BYTES_MAX) this.#events.malformed();
    else if (read.kind === "frame") this.#events.frame(read.from, payload);
    else this.#events.status(read.board, payload.toString("utf8"), isKept);
  }
}
