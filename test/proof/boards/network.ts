/**
 * A broker and the ways to it, in fake time: what is sent comes late, not at all, twice, in another
 * order, or finds the broker gone. It keeps statuses, and tells last wills; when it restarts it
 * may have forgotten them, or have what it had saved some time ago.
 */
import type { BoardLink, LinkEvents } from "../../../src/net/link.js";

/** How bad it is. Chances are of each frame. */
export interface Weather {
  readonly delayMax_ms: number;
  readonly loss: number;
  readonly twice: number;
}

/** What a broker still has of the statuses when it is back: mosquitto saves them now and then. */
export type Memory = "all" | "none" | "old";

/** The chance that a broker saves what it keeps, when a status comes. */
const SAVE = 0.05;
/** What a board says when it cannot: its last will is published after so long. */
const WILL_MS = 3_000;
/** A board looks for its broker so often. */
const RECONNECT_MS = 500;

interface Delivery {
  readonly at_ms: number;
  readonly order: number;
  readonly act: () => void;
}

/** A board's way to the broker. */
class Way implements BoardLink {
  readonly board: string;
  readonly events: LinkEvents;
  readonly will: string;
  isUp = false;
  /** Cut off: neither side notices until its time is over. */
  isCut = false;
  isClosed = false;
  lastStatus_ms = 0;
  /** Boards whose statuses it is told. */
  readonly watched = new Set<string>();
  readonly #network: Network;

  constructor(network: Network, board: string, will: string, events: LinkEvents) {
    this.#network = network;
    this.board = board;
    this.will = will;
    this.events = events;
  }

  send(board: string, bytes: Uint8Array): void {
    this.#network.carry(this, board, bytes);
  }

  watch(board: string): void {
    this.#network.tell(this, board);
  }

  announce(text: string): void {
    this.#network.keep(this, text);
  }
}

export class Network {
  weather: Weather = { delayMax_ms: 5, loss: 0, twice: 0 };
  now_ms = 0;
  frames = 0;
  /** Hears all frames that are sent. */
  heard: (from: string, to: string, bytes: Uint8Array) => void = () => undefined;
  readonly #random: () => number;
  readonly #deliveries: Delivery[] = [];
  readonly #ways = new Map<string, Way>();
  #retained = new Map<string, string>();
  #saved = new Map<string, string>();
  #isUp = true;
  #order = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  // -------------------------------------------------------------------------------------------
  // What boards do.

  /** A board boots: it connects when it can. */
  join(board: string, will: string, makeEvents: (link: BoardLink) => LinkEvents): void {
    const events: LinkEvents = {
      up: () => inner.up(),
      down: () => inner.down(),
      frame: (from, bytes) => inner.frame(from, bytes),
      status: (from, text, isKept) => inner.status(from, text, isKept),
      malformed: () => inner.malformed(),
    };
    const way = new Way(this, board, will, events);
    const inner = makeEvents(way);
    this.#ways.set(board, way);
    this.#connect(way);
  }

  /** Its power goes: the broker notices later. */
  leave(board: string): void {
    const way = this.#ways.get(board)!;
    way.isClosed = true;
    this.#ways.delete(board);
    if (way.isUp) this.#later(WILL_MS, () => this.#publishWill(way));
  }

  carry(way: Way, to: string, bytes: Uint8Array): void {
    this.frames++;
    if (!way.isUp || way.isCut) return;
    const copy = bytes.slice();
    this.heard(way.board, to, copy);
    const arrive = (): void => {
      const other = this.#ways.get(to);
      if (!this.#isUp || other === undefined || !other.isUp || other.isCut) return;
      other.events.frame(way.board, copy);
    };
    const times = this.#random() < this.weather.twice ? 2 : 1;
    for (let time = 0; time < times; time++) {
      if (this.#random() >= this.weather.loss) this.#later(this.#delay(), arrive);
    }
  }

  /** Statuses of one board come in their order: they are one topic of one sender. */
  keep(way: Way, text: string): void {
    if (!way.isUp || way.isCut) return;
    way.lastStatus_ms = Math.max(way.lastStatus_ms, this.now_ms + this.#delay());
    this.#later(way.lastStatus_ms - this.now_ms, () => {
      if (this.#isUp && !this.#isSuperseded(way)) this.#publish(way.board, text);
    });
  }

  /** What was kept is told at once, and what comes then when it comes. */
  tell(way: Way, board: string): void {
    way.watched.add(board);
    this.#later(this.#delay(), () => {
      const text = this.#retained.get(board);
      if (text !== undefined && way.isUp && !way.isCut) way.events.status(board, text, true);
    });
  }

  #isSuperseded(way: Way): boolean {
    const next = this.#ways.get(way.board);
    return next !== undefined && next !== way && next.isUp;
  }

  #publish(board: string, text: string): void {
    this.#retained.set(board, text);
    if (this.#random() < SAVE) this.#saved = new Map(this.#retained);
    for (const other of this.#ways.values()) {
      if (other.isUp && !other.isCut && other.watched.has(board)) {
        other.events.status(board, text, false);
      }
    }
  }

  #publishWill(way: Way): void {
    if (this.#isUp && !this.#isSuperseded(way)) this.#publish(way.board, way.will);
  }

  #connect(way: Way): void {
    if (way.isClosed || way.isUp) return;
    if (!this.#isUp || way.isCut) {
      this.#later(RECONNECT_MS * (0.5 + this.#random()), () => this.#connect(way));
      return;
    }
    way.isUp = true;
    way.watched.clear();
    way.events.up();
  }

  // -------------------------------------------------------------------------------------------
  // What happens to them.

  /** The broker goes, and comes back after so long. */
  restartBroker(ms: number, memory: Memory): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    if (memory === "none") this.#retained.clear();
    if (memory === "old") this.#retained = new Map(this.#saved);
    for (const way of this.#ways.values()) {
      if (!way.isUp) continue;
      way.isUp = false;
      way.events.down();
      this.#later(RECONNECT_MS * (0.5 + this.#random()), () => this.#connect(way));
    }
    this.#later(ms, () => (this.#isUp = true));
  }

  /** A board hears and says nothing for so long. If that is long, both sides notice. */
  cut(board: string, ms: number): void {
    const way = this.#ways.get(board);
    if (way === undefined || way.isCut) return;
    way.isCut = true;
    if (ms > WILL_MS) this.#later(WILL_MS, () => this.#notice(way));
    this.#later(ms, () => (way.isCut = false));
  }

  #notice(way: Way): void {
    if (way.isClosed || !way.isUp) return;
    way.isUp = false;
    way.events.down();
    this.#publishWill(way);
    this.#connect(way);
  }

  // -------------------------------------------------------------------------------------------
  // Time.

  #delay(): number {
    return 1 + this.#random() * this.weather.delayMax_ms;
  }

  #later(ms: number, act: () => void): void {
    this.#deliveries.push({ at_ms: this.now_ms + ms, order: this.#order++, act });
  }

  /** Lets time pass, and what is due happen. */
  advance(ms: number): void {
    const until_ms = this.now_ms + ms;
    for (;;) {
      let next: Delivery | null = null;
      for (const delivery of this.#deliveries) {
        if (delivery.at_ms > until_ms) continue;
        if (next === null || delivery.at_ms < next.at_ms) next = delivery;
        else if (delivery.at_ms === next.at_ms && delivery.order < next.order) next = delivery;
      }
      if (next === null) break;
      this.#deliveries.splice(this.#deliveries.indexOf(next), 1);
      this.now_ms = Math.max(this.now_ms, next.at_ms);
      next.act();
    }
    this.now_ms = until_ms;
  }
}
