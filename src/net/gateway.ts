/**
 * The gateway of a board: it stands between the board's arena and what carries frames to others.
 * It lives in the main VM, has an agent of its own, which is the server of what is imported, and
 * waits for nobody. A restart of the board is the end of it: the next one has another life.
 *
 * A board is there when its status says so and it has been heard of lately; else it is gone, and so
 * are its services. While the broker is gone, calls wait: it may be back soon. After a limit all
 * boards are gone.
 */
import { type AgentListener, agentPlaces, claimAgent } from "./agent.js";
import { type ExportCounts, Exports } from "./exports.js";
import * as F from "./frame.js";
import { type ImportCounts, Imports } from "./imports.js";
import type { ImportName, NetTimes } from "../manifest/net.js";
import type { BoardLink, LinkEvents } from "./link.js";
import { type BoardStatus, readStatus, statusText } from "./status.js";
import type { Vm } from "../arena/vm.js";

/** Nobody has so many boards as clients; who forges names of boards is forgotten. */
const WATCHED_MAX = 4_096;

export interface GatewayOptions {
  readonly main: Vm;
  /** The name of this board. */
  readonly board: string;
  readonly exports: readonly string[];
  readonly imports: readonly ImportName[];
  readonly times: NetTimes;
  /** Drawn at each boot: 32 bits, not 0. */
  readonly life: number;
  readonly link: BoardLink;
  /** An agent has been claimed, whose doorbell somebody has to listen to, or is dead. */
  readonly agents: AgentListener;
  readonly warn: (text: string) => void;
}

/** Another board, as far as it is known. */
interface Peer {
  /** Of its last boot; 0 before its first status. */
  life: number;
  /** null while it is gone. */
  services: BoardStatus["services"];
  heard_ms: number;
}

/** What is counted, for those who look. */
export interface NetCounts {
  /** Frames and statuses that are none: of another version, too short, of no board. */
  malformed: number;
  /** Frames of another session: of a board before its last boot, or forged. */
  strange: number;
}

/** Another board, as this one knows it. */
export interface OtherBoard {
  readonly board: string;
  /** Its services that are there; null while the board is gone. */
  readonly services: readonly string[] | null;
}

/** What a gateway has seen since its board booted. */
export interface NetView {
  /** The name of this board. */
  readonly board: string;
  readonly isBrokerThere: boolean;
  /** Those of which something is imported, or that have sent something. */
  readonly boards: readonly OtherBoard[];
  /** What has come and was refused. */
  readonly refused: Readonly<NetCounts>;
  /** For clients of other boards. */
  readonly exports: Readonly<ExportCounts>;
  /** For clients of this board. */
  readonly imports: Readonly<ImportCounts>;
}

export class Gateway implements LinkEvents {
  readonly counts: NetCounts = { malformed: 0, strange: 0 };
  readonly exports: Exports;
  readonly imports: Imports;
  readonly #options: GatewayOptions;
  readonly #peers = new Map<string, Peer>();
  readonly #watched = new Set<string>();
  readonly #header = F.createHeader();
  #announced_ms = -Infinity;
  /** Since when the broker is gone; null while it is there. */
  #down_ms: number | null;
  #isDownTold = false;

  /** Throws a RangeError where the arena has no place for it: its limits know of no net. */
  constructor(options: GatewayOptions) {
    const { main, exports, imports, link, agents, warn } = options;
    const agent = agentPlaces(main) === 0 ? null : claimAgent(main, 0);
    if (agent === null) throw new RangeError("net: the arena has no place for a gateway");
    this.#options = options;
    agents.claimed(agent);
    const send = (board: string, frame: Uint8Array): void => link.send(board, frame);
    this.exports = new Exports({ main, agent, services: exports, send, agents });
    this.imports = new Imports({ agent, imports, send, warn });
    this.#down_ms = this.now_ms;
  }

  /** The clock of `due_ms`. */
  get now_ms(): number {
    return this.#options.main.port.now();
  }

  /** What there is to see. Makes new objects. */
  view(): NetView {
    const boards = Array.from(this.#peers, ([board, { services }]) => ({
      board,
      services: services?.filter(({ life }) => life !== 0).map(({ name }) => name) ?? null,
    }));
    return {
      board: this.#options.board,
      isBrokerThere: this.#down_ms === null,
      boards,
      refused: { ...this.counts },
      exports: { ...this.exports.counts },
      imports: { ...this.imports.counts },
    };
  }

  // -------------------------------------------------------------------------------------------
  // What comes from outside.

  up(): void {
    this.#down_ms = null;
    this.#isDownTold = false;
    this.#watched.clear();
    for (const board of this.imports.boards) this.#watch(board);
    for (const board of this.#peers.keys()) this.#watch(board);
    // Nobody could be heard meanwhile.
    const now = this.now_ms;
    for (const peer of this.#peers.values()) peer.heard_ms = now;
    this.#announce();
  }

  down(): void {
    this.#down_ms ??= this.now_ms;
  }

  malformed(): void {
    this.counts.malformed++;
  }

  status(board: string, text: string, isKept: boolean): void {
    if (board === this.#options.board) return;
    const status = readStatus(text);
    if (status === null) {
      this.counts.malformed++;
      return;
    }
    const peer = this.#peer(board);
    if (peer.life !== status.life) {
      // Of another life than the one that was heard of may be an older one: a last will that has
      // come late, or what a broker had saved. If it is a new one, it says so itself, soon.
      if (peer.life !== 0 && (isKept || status.services === null)) return;
      this.exports.forget(board);
    }
    peer.life = status.life;
    peer.services = status.services;
    peer.heard_ms = this.now_ms;
    this.#update(board, peer);
  }

  #peer(board: string): Peer {
    const known = this.#peers.get(board);
    if (known !== undefined) return known;
    if (this.#peers.size >= WATCHED_MAX) this.#forgetPeers();
    const peer = { life: 0, services: null, heard_ms: 0 };
    this.#peers.set(board, peer);
    return peer;
  }

  /** All with which this board has nothing to do. */
  #forgetPeers(): void {
    const { boards } = this.imports;
    for (const board of this.#peers.keys()) {
      if (!boards.has(board) && !this.exports.serves(board)) this.#peers.delete(board);
    }
  }

  /** A board that nothing is known of: its call is sent again, and then there is its status. */
  #watch(board: string): void {
    if (this.#watched.has(board)) return;
    if (this.#watched.size === WATCHED_MAX) this.#watched.clear();
    this.#watched.add(board);
    this.#options.link.watch(board);
  }

  #update(board: string, { life, services }: Peer): void {
    this.imports.update(board, F.sessionOf(this.#options.life, life), services);
  }

  frame(from: string, bytes: Uint8Array): void {
    const header = this.#header;
    if (!F.readHeader(bytes, header)) {
      this.counts.malformed++;
      return;
    }
    const body = bytes.subarray(F.HEADER_BYTES);
    const { life } = this.#peers.get(from) ?? { life: 0 };
    const isAnswer = header.type === F.REPLY || header.type === F.LOST;
    const own = this.#options.life;
    if (life === 0) this.#watch(from);
    const session = isAnswer ? F.sessionOf(own, life) : F.sessionOf(life, own);
    if (life === 0 || header.session !== session) {
      this.counts.strange++;
      return;
    }
    if (isAnswer) this.imports.frame(from, header, body);
    else this.exports.frame(from, header, body, this.now_ms);
  }

  // -------------------------------------------------------------------------------------------
  // What is to be done here.

  /** Does what there is to do: when a doorbell has rung, and when it is due. Does not block. */
  poll(): void {
    const now = this.now_ms;
    const hasChanged = this.exports.lookAtServices();
    if (hasChanged || now - this.#announced_ms >= this.#options.times.beat_ms) this.#announce();
    this.imports.poll(now);
    this.exports.look();
    this.#lookForTheGone(now);
  }

  /** When poll() is to be called though no doorbell rings, in milliseconds of the port's clock. */
  get due_ms(): number {
    const { times } = this.#options;
    let due = Math.min(this.#announced_ms + times.beat_ms, this.imports.due_ms);
    if (this.#down_ms !== null && !this.#isDownTold) {
      due = Math.min(due, this.#down_ms + times.broker_ms);
    }
    for (const peer of this.#peers.values()) {
      if (peer.services !== null && this.#down_ms === null) {
        due = Math.min(due, peer.heard_ms + times.silent_ms);
      }
    }
    return due;
  }

  #lookForTheGone(now: number): void {
    const { times } = this.#options;
    if (this.#down_ms !== null) {
      if (this.#isDownTold || now - this.#down_ms < times.broker_ms) return;
      this.#isDownTold = true;
      for (const [board, peer] of this.#peers) this.#lose(board, peer);
      return;
    }
    for (const [board, peer] of this.#peers) {
      if (peer.services !== null && now - peer.heard_ms >= times.silent_ms) this.#lose(board, peer);
    }
  }

  /** A board is gone, as far as anybody here can tell. */
  #lose(board: string, peer: Peer): void {
    peer.services = null;
    this.#update(board, peer);
  }

  #announce(): void {
    this.#announced_ms = this.now_ms;
    const { life, link } = this.#options;
    link.announce(statusText({ life, services: this.exports.services }));
  }
}
