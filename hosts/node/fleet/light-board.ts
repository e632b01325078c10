/**
 * A board for a fleet: an arena, a gateway and a connection to the broker as every board has them,
 * but no threads. Its server and its client are agents of the main thread, so hundreds of boards
 * fit into a process.
 */
import { performance } from "node:perf_hooks";
import type { IClientOptions } from "mqtt";
import { createMsgInfo } from "../../../src/arena/records.js";
import type { Vm } from "../../../src/arena/vm.js";
import { pollSend, sendAsync } from "../../../src/ha/async.js";
import { ha_open } from "../../../src/ha/open.js";
import { restartRecovery } from "../../../src/ha/restart.js";
import { MsgReceive } from "../../../src/kernel/message/receive.js";
import { MsgReply } from "../../../src/kernel/message/reply.js";
import { name_attach } from "../../../src/kernel/name/name.js";
import { remoteName } from "../../../src/kernel/name/name-text.js";
import { createArena } from "../../../src/kernel/task/boot.js";
import { limitsWith, type NetConfig } from "../../../src/manifest/net.js";
import { type Agent, claimPlace } from "../../../src/net/agent.js";
import { Bell } from "../host/bell.js";
import { createPort } from "../host/port.js";
import type { Connect } from "../net/connection.js";
import { BoardNet } from "../net/net.js";

/** The service that each board has. */
export const ECHO = "echo";
const SERVER_PLACE = 1;
const CLIENT_PLACE = 2;
/** How often a client tries to open a service that it does not see yet. */
const OPEN_MS = 100;
/** What a call and its answer are long. */
const MESSAGE_BYTES = 64;
/** Two tasks and what they need; the gateway's share comes on top. */
const LIMITS = {
  tasks: 2,
  channels: 1,
  connections: 2,
  names: 1,
  messageBytes: MESSAGE_BYTES,
  pulses: 4,
  trace: 0,
  stableBytes: 0,
  sharedBuffers: 0,
  sharedBytes: 0,
};
/** A client of a fleet never gives up: how long it takes is what is measured. */
const RECOVERY = { limit_ms: 86_400_000 };

export interface LightBoardOptions {
  readonly config: NetConfig;
  readonly connect: Connect;
  /** User, password, certificates. */
  readonly credentials: IClientOptions;
  /** A call of this board has been answered, so many milliseconds after it was made. */
  readonly answered: (board: LightBoard, status: number, ms: number) => void;
  readonly warn: (text: string) => void;
}

/** What such a board sees of the others. */
export interface LightView {
  /** It has a connection to the broker. */
  readonly isConnected: boolean;
  /** It takes the board for gone whose service it uses. */
  readonly isPeerGone: boolean;
}

export class LightBoard {
  readonly #options: LightBoardOptions;
  readonly #net: BoardNet;
  readonly #bells: Bell[] = [];
  readonly #message = new Uint8Array(MESSAGE_BYTES);
  readonly #reply = new Uint8Array(MESSAGE_BYTES);
  readonly #received = new Uint8Array(MESSAGE_BYTES);
  readonly #info = createMsgInfo();
  #client: Agent | null = null;
  #coid = -1;
  #begun_ms = 0;
  #isBusy = false;

  constructor(options: LightBoardOptions) {
    this.#options = options;
    const { config, connect, credentials, warn } = options;
    this.#net = new BoardNet(config, connect, credentials, (_level, text) => warn(text));
  }

  /** What it sees now; nothing before it has booted. */
  look(): LightView {
    const view = this.#net.gateway?.view();
    const peer = this.#options.config.imports[0]!.board;
    const known = view?.boards.find(({ board }) => board === peer);
    return {
      isConnected: view?.isBrokerThere === true,
      isPeerGone: known?.services === null,
    };
  }

  /** Boots it, and connects to the broker. */
  begin(): void {
    const { config, warn } = this.#options;
    const port = createPort({
      mayBlock: false,
      spinMax: 0,
      isGuarded: false,
      log: warn,
      manager: null,
    });
    const main = createArena(limitsWith(config, LIMITS), port);
    this.#net.begin(main);
    this.#serve(main);
    this.#client = this.#agent(main, CLIENT_PLACE, () => this.#poll());
  }

  /** Makes a call, if none is under way, as soon as the service is seen; moves one on that is. */
  call(): void {
    const client = this.#client;
    if (client === null || this.#isBusy) return this.#poll();
    client.act(() => {
      if (this.#coid < 0) this.#open();
      if (this.#coid >= 0) this.#send();
      else setTimeout(() => this.call(), OPEN_MS).unref();
    });
  }

  #agent(main: Vm, place: number, rang: () => void): Agent {
    const agent = claimPlace(main, place)!;
    this.#bells.push(new Bell(main.words, agent.vm.me, rang));
    return agent;
  }

  #serve(main: Vm): void {
    const received = this.#received;
    let chid = -1;
    const server = this.#agent(main, SERVER_PLACE, () => {
      if (chid < 0) return;
      server.act(() => {
        for (;;) {
          const rcvid = MsgReceive(chid, received, received.length, this.#info);
          if (rcvid <= 0) return;
          MsgReply(rcvid, 0, received, received.length);
        }
      });
    });
    chid = server.act(() => name_attach(null, ECHO, 0));
    this.#net.poll();
  }

  #open(): void {
    const { board, service } = this.#options.config.imports[0]!;
    const name = remoteName(board, service);
    this.#coid = ha_open(name, 0, restartRecovery([name], RECOVERY), null, 0);
  }

  #send(): void {
    const message = this.#message;
    const reply = this.#reply;
    const done = (status: number): void => {
      this.#isBusy = false;
      this.#options.answered(this, status, performance.now() - this.#begun_ms);
    };
    this.#isBusy = true;
    this.#begun_ms = performance.now();
    const error = sendAsync(this.#coid, message, message.length, reply, reply.length, done);
    if (error !== 0) done(error);
  }

  #poll(): void {
    if (this.#isBusy) this.#client?.act(pollSend);
  }
}
