/**
 * What connects a board with others on Node.js: a gateway and a connection to the broker for each
 * life of the board, and the doorbells of its agents.
 */
import { randomInt } from "node:crypto";
import type { IClientOptions } from "mqtt";
import { use, type Vm } from "../../../src/arena/vm.js";
import type { NetConfig } from "../../../src/manifest/net.js";
import { BOARD_ALLOWED, isBoardName } from "../../../src/manifest/net-names.js";
import type { Agent } from "../../../src/net/agent.js";
import { Gateway } from "../../../src/net/gateway.js";
import { Bell } from "../host/bell.js";
import { UsageError } from "../input-error.js";
import type { LogLevel } from "../log/line.js";
import {
  checkedBroker,
  type Connect,
  credentialsOf,
  loadMqtt,
  type NetOptions,
} from "./connection.js";
import { MqttLink } from "./mqtt-link.js";

/** A life of a board: 32 bits, not 0. */
const LIFE_END = 2 ** 32;
/** The longest timer; what is due later is looked at again then. */
const LOOK_MS = 60_000;

type Log = (level: LogLevel, text: string) => void;

/** A life of the board. */
interface Life {
  readonly main: Vm;
  readonly gateway: Gateway;
  readonly link: MqttLink;
  readonly bells: Map<Agent, Bell>;
}

export class BoardNet {
  readonly config: NetConfig;
  readonly #connect: Connect;
  readonly #credentials: IClientOptions;
  readonly #log: Log;
  #life: Life | null = null;
  #timer: NodeJS.Timeout | undefined;
  #isTelling = false;

  constructor(config: NetConfig, connect: Connect, credentials: IClientOptions, log: Log) {
    this.config = config;
    this.#connect = connect;
    this.#credentials = credentials;
    this.#log = log;
  }

  /** The gateway of the board as it is now; null while there is none. */
  get gateway(): Gateway | null {
    return this.#life?.gateway ?? null;
  }

  /** A board has been made, whose main VM this is. */
  begin(main: Vm): void {
    const life = randomInt(1, LIFE_END);
    const warn = (text: string): void => this.#log("warn", text);
    const { board, broker, prefix, exports, imports } = this.config;
    const bells = new Map<Agent, Bell>();
    const poll = (): void => this.poll();
    let gateway: Gateway | null = null;
    // The link tells nothing before the gateway is there.
    const link = new MqttLink(
      {
        connect: this.#connect,
        broker,
        prefix,
        board,
        life,
        credentials: this.#credentials,
        random: Math.random,
        warn,
      },
      {
        up: () => this.#tell(() => gateway!.up()),
        down: () => this.#tell(() => gateway!.down()),
        status: (from, text, isKept) => this.#tell(() => gateway!.status(from, text, isKept)),
        malformed: () => gateway!.malformed(),
        frame: (from, bytes) => this.#tell(() => gateway!.frame(from, bytes)),
      },
    );
    const agents = {
      claimed: (agent: Agent) => void bells.set(agent, new Bell(agent.vm.words, agent.vm.me, poll)),
      died: (agent: Agent) => {
        bells.get(agent)?.mute();
        bells.delete(agent);
      },
    };
    gateway = new Gateway({
      main,
      board,
      exports,
      imports,
      times: this.config,
      life,
      link,
      agents,
      warn,
    });
    this.#life = { main, gateway, link, bells };
    this.poll();
  }

  #tell(act: () => void): void {
    if (this.#life === null) return;
    // There may be several boards in this thread.
    use(this.#life.main);
    this.#isTelling = true;
    try {
      act();
    } finally {
      this.#isTelling = false;
    }
    this.poll();
  }

  /** Does what there is to do. Does not block. */
  poll(): void {
    const life = this.#life;
    // A doorbell that is being listened to for the first time has nothing to tell yet.
    if (life === null || this.#isTelling) return;
    use(life.main);
    life.gateway.poll();
    clearTimeout(this.#timer);
    const left_ms = life.gateway.due_ms - life.gateway.now_ms;
    this.#timer = setTimeout(() => this.poll(), Math.min(Math.max(left_ms, 1), LOOK_MS));
    this.#timer.unref();
  }

  /** The board is no more. */
  end(): void {
    const life = this.#life;
    this.#life = null;
    clearTimeout(this.#timer);
    if (life === null) return;
    for (const bell of life.bells.values()) bell.mute();
    void life.link.close();
  }
}

/** What the environment and boot() say in the place of the manifest, checked. */
function settledConfig(config: NetConfig, given: NetOptions, env: NodeJS.ProcessEnv): NetConfig {
  const board = given.board ?? env["REATTACH_BOARD"] ?? config.board;
  const broker = given.broker ?? env["REATTACH_BROKER"] ?? config.broker;
  if (!isBoardName(board)) {
    throw new UsageError(`net: found the board "${board}", allowed ${BOARD_ALLOWED}`);
  }
  return { ...config, board, broker: checkedBroker(broker, "net") };
}

/**
 * What connects a board as its manifest says; null where it is alone. Rejects with a UsageError
 * when npm's "mqtt" is not installed, and for what is wrong in `given` or in the environment.
 */
export async function connectBoards(
  config: NetConfig | null,
  given: NetOptions = {},
  log: Log,
): Promise<BoardNet | null> {
  if (config === null) return null;
  const settled = settledConfig(config, given, process.env);
  const credentials = credentialsOf(given, process.env);
  const connect = await loadMqtt('net: the manifest has a "net", and that');
  return new BoardNet(settled, connect, credentials, log);
}
