/**
 * "reattach/net": connects a board with others, as `config.reattach.net` of its manifest says. Only
 * a board whose manifest includes net/manifest.json has it in flash.
 *
 * @module reattach/net
 */
import Timer from "timer";
import type { Vm } from "../../src/arena/vm.js";
import * as L from "../../src/arena/layout.js";
import type { NetConfig } from "../../src/manifest/net.js";
import {
  BOARD_ALLOWED,
  BROKER_ALLOWED,
  isBoardName,
  readBroker,
} from "../../src/manifest/net-names.js";
import { Gateway, type NetView } from "../../src/net/gateway.js";
import { application } from "./application.js";
import { Doorbells } from "./net/doorbells.js";
import type { ClientOptions, MqttClient } from "./net/mqtt-client.js";
import { MqttLink } from "./net/mqtt-link.js";
import type { System } from "./system.js";

export type { ExportCounts } from "../../src/net/exports.js";
export type { ImportCounts } from "../../src/net/imports.js";
export type { NetCounts, NetView, OtherBoard } from "../../src/net/gateway.js";

/** What stands in no manifest. */
export interface ConnectOptions {
  /** The name of this board, in the place of the manifest's: one firmware for many boards. */
  readonly board?: string;
  /** The broker, in the place of the manifest's. */
  readonly broker?: string;
  /** For the broker. */
  readonly username?: string;
  readonly password?: string;
  /** Addresses of servers that know the broker's name, in the place of those of Moddable's. */
  readonly dns?: readonly string[];
  /** For "mqtts://": what Moddable's TLSSocket takes as `secure`, such as `certificate`. */
  readonly secure?: object;
}

/** A connection of this board with others. */
export interface Boards {
  /** Which boards are there, what was done for them, and what was refused. Makes new objects. */
  view(): NetView;
  /**
   * Says that this board is gone, and closes the connection: before it sleeps, for one. There is
   * no other until it has booted again. Does not block.
   */
  close(): void;
}

/** As often as the main VM looks at its tasks. */
const TICK_MS = 10;
/** A server that answers at once has done so by then. */
const SOON_MS = 2;

const NO_CONFIG = 'net: the manifest has no "net" in config.reattach';
const NO_TLS =
  "net: mqtts:// needs Moddable's client for it: include " +
  '"$(MODDABLE)/examples/io/tcp/mqttsclient/manifest_mqttsclient.json"';

/** What Moddable's manifests configure for a client of MQTT. */
interface ClientParts {
  readonly io: new (options: ClientOptions & Pick<ClientParts, "dns" | "socket">) => MqttClient;
  readonly dns: object;
  readonly socket: object;
}

class Connection implements Boards {
  readonly #gateway: Gateway;
  readonly #link: MqttLink;
  readonly #bells: Doorbells;
  readonly #timer: Timer;
  #due_ms = -Infinity;
  #isSoon = false;

  constructor(main: Vm, config: NetConfig, options: ConnectOptions) {
    const { board, broker, prefix, exports, imports } = config;
    const { username, password } = options;
    const { isSecure, host, port } = readBroker(broker)!;
    const life = drawLife();
    const warn = (text: string): void => main.port.log(text);
    this.#bells = new Doorbells(main.words);
    const clientParts = clientPartsOf(isSecure, options);
    this.#link = new MqttLink(
      {
        createClient: (given) => new clientParts.io({ ...clientParts, ...given }),
        broker,
        host,
        port,
        ...(username === undefined ? {} : { username }),
        ...(password === undefined ? {} : { password }),
        prefix,
        board,
        life,
        messageBytes: main.words[L.HEAD_MESSAGE_BYTES]!,
        now: () => main.port.now(),
        random: Math.random,
        later: (act, ms) => void Timer.set(act, ms),
        decode: (bytes) => String.fromArrayBuffer(bytes.buffer),
        warn,
      },
      {
        up: () => this.#tell(() => this.#gateway.up()),
        down: () => this.#tell(() => this.#gateway.down()),
        status: (from, text, isKept) => this.#tell(() => this.#gateway.status(from, text, isKept)),
        malformed: () => this.#gateway.malformed(),
        frame: (from, bytes) => this.#tell(() => this.#gateway.frame(from, bytes)),
      },
    );
    this.#gateway = new Gateway({
      main,
      board,
      exports,
      imports,
      times: config,
      life,
      link: this.#link,
      agents: this.#bells,
      warn,
    });
    this.#link.open();
    this.#timer = Timer.repeat(() => this.#look(), TICK_MS);
  }

  view(): NetView {
    return this.#gateway.view();
  }

  close(): void {
    Timer.clear(this.#timer);
    this.#link.close();
  }

  /** Something has come from outside, and a task may answer it soon. */
  #tell(act: () => void): void {
    act();
    this.#bells.look();
    this.#poll();
    if (this.#isSoon) return;
    this.#isSoon = true;
    Timer.set(() => {
      this.#isSoon = false;
      this.#look();
    }, SOON_MS);
  }

  #look(): void {
    if (this.#bells.look() || this.#gateway.now_ms >= this.#due_ms) this.#poll();
  }

  #poll(): void {
    this.#gateway.poll();
    this.#due_ms = this.#gateway.due_ms;
  }
}

/** Another one at each boot; on some hosts Math.random() begins with the same number. */
function drawLife(): number {
  return (Math.floor(Math.random() * 2 ** 32) ^ Date.now()) >>> 0 || 1;
}

function clientPartsOf(isSecure: boolean, { dns, secure }: ConnectOptions): ClientParts {
  const { mqtt, mqtts } = device.network;
  const parts = (isSecure ? mqtts : mqtt) as ClientParts | undefined;
  if (parts === undefined) throw new RangeError(NO_TLS);
  return {
    ...parts,
    dns: { ...parts.dns, ...(dns === undefined ? {} : { servers: dns }) },
    // An answer of a few bytes is not to wait for more.
    socket: { ...parts.socket, nodelay: true, ...(secure === undefined ? {} : { secure }) },
  };
}

/**
 * Connects this board with others. Once, in the main VM, before or after start() of the system that
 * boot() has made. Wi-Fi may come later.
 *
 * Does not block: the broker, and other boards, are there when they are, and come back by
 * themselves. Throws a RangeError for a wrong name or broker in `options`, for a manifest that has
 * no `net`, for "mqtts://" without the client that speaks TLS, and when it is called again.
 */
export function connectBoards(system: System, options: ConnectOptions = {}): Boards {
  if (application.net === undefined) throw new RangeError(NO_CONFIG);
  const { board = application.net.board, broker = application.net.broker } = options;
  if (!isBoardName(board)) {
    throw new RangeError(`net: found the board "${String(board)}", allowed ${BOARD_ALLOWED}`);
  }
  if (readBroker(broker) === null) {
    throw new RangeError(`net: found the broker "${broker}", allowed ${BROKER_ALLOWED}`);
  }
  system.use();
  return new Connection($vm, { ...application.net, board, broker }, options);
}
