/**
 * A board of the proof: a real arena with a server, clients and a gateway, in one thread and in
 * fake time. The server counts in a Ledger, and can die in the middle of what it does; a client
 * sends one call after the other, and recovers.
 */
import { pollSend, sendAsync } from "../../../src/ha/async.js";
import { Ledger, ledgerBytes } from "../../../src/ha/ledger.js";
import { ha_open } from "../../../src/ha/open.js";
import { restartRecovery } from "../../../src/ha/restart.js";
import { MsgReceive } from "../../../src/kernel/message/receive.js";
import { name_attach } from "../../../src/kernel/name/name.js";
import { createMsgInfo } from "../../../src/arena/records.js";
import type { Vm } from "../../../src/arena/vm.js";
import { Gateway } from "../../../src/net/gateway.js";
import { remoteName } from "../../../src/kernel/name/name-text.js";
import { statusText } from "../../../src/net/status.js";
import { as, Bench } from "../../unit/kernel/vms.js";
import type { Network } from "./network.js";
import type { Oracle } from "./oracle.js";

export const BANK = "bank";
export const CLIENTS = 2;
const SERVER_PLACE = 1;
const MESSAGE_BYTES = 32;
const TIMES = { beat_ms: 2_000, silent_ms: 6_000, broker_ms: 2_500 };
/** Clients of all boards, and some that are dead and not known to be. */
const LEDGER = { stateBytes: 4, replyBytes: 12, clients: 24 };
/** Longer than anything lasts: a client gives up never. */
const RECOVERY = { limit_ms: 86_400_000 };

/** Where the server dies in the next message that it takes. */
export type DeathPoint = "before" | "committed" | "answered" | null;

/** The server: a message is who asks, in which life of its board, and for the how manieth time. */
class Server {
  readonly vm: Vm;
  deathPoint: DeathPoint = null;
  isDead = false;
  readonly #board: Board;
  readonly #ledger: Ledger;
  readonly #chid: number;
  readonly #message = new Uint8Array(MESSAGE_BYTES);
  readonly #info = createMsgInfo();
  /** Messages that it holds: it answers some of them later. */
  readonly #held: number[] = [];

  constructor(board: Board) {
    this.#board = board;
    this.vm = board.bench.start(SERVER_PLACE, 12);
    this.#ledger = as(this.vm, () => new Ledger(LEDGER));
    this.#chid = as(this.vm, () => name_attach(null, BANK, 0));
  }

  poll(): void {
    for (;;) {
      // What a message is too short for is no client's.
      this.#message.fill(0xff);
      const rcvid = as(this.vm, () =>
        MsgReceive(this.#chid, this.#message, MESSAGE_BYTES, this.#info),
      );
      if (rcvid <= 0) return;
      if (this.deathPoint === "before") return this.#die();
      if (as(this.vm, () => this.#ledger.answers(rcvid, this.#info))) {
        this.#board.oracle.again++;
        continue;
      }
      this.#serve(rcvid);
      if (this.deathPoint !== null) return this.#die();
    }
  }

  #serve(rcvid: number): void {
    const { oracle, name, life } = this.#board;
    const asked = new Uint32Array(this.#message.slice(0, 8).buffer);
    const state = new Uint32Array(this.#ledger.state.buffer, 0, 1);
    state[0]!++;
    oracle.effect(`${name} ${life}`, asked[0]!, asked[1]!);
    const reply = new Uint8Array(Uint32Array.of(asked[0]!, asked[1]!, state[0]!).buffer);
    // Committed, and the answer goes nowhere: 0 is no rcvid.
    const to = this.deathPoint === "committed" ? 0 : rcvid;
    as(this.vm, () => this.#ledger.reply(to, this.#info, 5, reply, reply.length));
  }

  #die(): void {
    this.#held.length = 0;
    this.isDead = true;
    this.#board.bench.bury(this.vm);
  }

  kill(): void {
    if (!this.isDead) this.#die();
  }
}

/** A client of another board's bank. */
class Client {
  readonly vm: Vm;
  /** Which it is, of all there are. */
  readonly id: number;
  readonly #board: Board;
  readonly #names: readonly string[];
  readonly #message = new Uint32Array(2);
  readonly #reply = new Uint32Array(3);
  #coid = -1;
  #isBusy = false;
  #sent = 0;

  constructor(board: Board, place: number, id: number, banks: readonly string[]) {
    this.#board = board;
    this.id = id;
    this.vm = board.bench.start(place, 10);
    this.#names = banks.map((bank) => remoteName(bank, BANK));
  }

  poll(): void {
    as(this.vm, () => {
      if (this.#isBusy) pollSend();
      else if (this.#coid < 0) this.#open();
      else this.#send();
    });
  }

  #open(): void {
    for (const name of this.#names) {
      this.#coid = ha_open(name, 0, restartRecovery(this.#names, RECOVERY), null, 0);
      if (this.#coid >= 0) return;
    }
  }

  #send(): void {
    const { oracle } = this.#board;
    const number = ++this.#sent;
    this.#message.set([this.id, number]);
    this.#isBusy = true;
    oracle.asked(this.id);
    const bytes = new Uint8Array(this.#message.buffer);
    const reply = new Uint8Array(this.#reply.buffer);
    const done = (status: number): void => {
      this.#isBusy = false;
      oracle.answered(this.id, number, status, this.#reply);
    };
    const error = sendAsync(this.#coid, bytes, bytes.length, reply, reply.length, done);
    if (error !== 0) done(error);
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }
}

let lives = 0;

export class Board {
  readonly name: string;
  readonly oracle: Oracle;
  readonly bench: Bench;
  readonly life: number;
  readonly clients: Client[];
  server: Server | null = null;
  gateway!: Gateway;
  readonly #network: Network;
  #restart_ms = 0;

  constructor(
    name: string,
    banks: readonly string[],
    network: Network,
    oracle: Oracle,
    firstId: number,
  ) {
    this.name = name;
    this.oracle = oracle;
    this.#network = network;
    this.life = ++lives * 0x1_0001;
    this.bench = new Bench(
      {
        tasks: 1 + CLIENTS,
        channels: 8,
        connections: 48,
        names: 8,
        messageBytes: MESSAGE_BYTES,
        stableBytes: ledgerBytes(LEDGER),
        agents: 1 + 2 * CLIENTS + 2,
      },
      () => network.now_ms,
    );
    const will = statusText({ life: this.life, services: null });
    network.join(name, will, (link) => {
      this.gateway = new Gateway({
        main: this.bench.main,
        board: name,
        exports: [BANK],
        imports: banks.map((board) => ({ board, service: BANK })),
        times: TIMES,
        life: this.life,
        link,
        agents: { claimed: () => undefined, died: () => undefined },
        warn: (text) => oracle.problem(text),
      });
      return this.gateway;
    });
    this.clients = banks.length === 0 ? [] : this.#startClients(banks, firstId);
  }

  #startClients(banks: readonly string[], firstId: number): Client[] {
    return Array.from(
      { length: CLIENTS },
      (_, index) => new Client(this, SERVER_PLACE + 1 + index, firstId + index, banks),
    );
  }

  /** All that is to be done now. */
  poll(): void {
    if (this.server?.isDead === true) {
      this.server = null;
      this.#restart_ms = this.#network.now_ms + 5;
    }
    if (this.server === null && this.#network.now_ms >= this.#restart_ms) {
      this.server = new Server(this);
    }
    this.server?.poll();
    this.gateway.poll();
    for (const client of this.clients) client.poll();
    this.gateway.poll();
  }

  /** The power goes. */
  cut(): void {
    this.#network.leave(this.name);
  }
}
