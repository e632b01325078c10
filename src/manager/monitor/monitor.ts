/**
 * The watch over heartbeats: looks at every task whose period has ended, and decides who is to
 * blame when one has not beaten.
 *
 * A task that is blocked in a send cannot beat. It is excused as long as the one that all wait for,
 * at the end of the chain of sends, has not reached its own mark: then that one is hung, and it is
 * that one's turn. A chain that leads back to its beginning has no end: a deadlock.
 */
import { createVitals } from "../../kernel/inspect/vitals.js";
import type { Board } from "../../ham/model/task-control.js";
import { CHAIN_MAX, createChain, followChain } from "./wait-graph.js";
import {
  creditHeart,
  endPeriod,
  HEART_OK,
  hasReachedMark,
  type Heart,
  startHeart,
} from "./heartbeat.js";
import type { Entity } from "../../ham/model/tree.js";

/** Told which marks an entity has reached: HEART_LOW, HEART_HIGH. */
export interface WatchListener {
  marksReached(entity: Entity, marks: number): void;
}

/** How long a program may take to be loaded, and its module's body to run. */
const LOADING_MS = 10_000;

export class Watch {
  readonly #board: Board;
  /** The registry's list. */
  readonly #entities: readonly Entity[];
  readonly #listener: WatchListener;
  readonly #vitals = createVitals();
  readonly #vitalsOnChain = createVitals();
  readonly #chain = createChain();
  #isSuspended = false;

  constructor(board: Board, entities: readonly Entity[], listener: WatchListener) {
    this.#board = board;
    this.#entities = entities;
    this.#listener = listener;
  }

  get isSuspended(): boolean {
    return this.#isSuspended;
  }

  /** While suspended no heart misses a beat. */
  suspend(): void {
    this.#isSuspended = true;
  }

  /** Every task counts as having just beaten. */
  resume(): void {
    if (!this.#isSuspended) return;
    this.#isSuspended = false;
    for (let i = 0; i < this.#entities.length; i++) {
      const { heart } = this.#entities[i];
      if (heart !== null) creditHeart(heart);
    }
  }

  /** The first period of an entity whose task runs begins now. */
  begin({ pid, heart }: Entity, now: number): void {
    if (heart === null) return;
    if (!this.#board.lookAt(pid, this.#vitals)) {
      this.#vitals.beats = 0;
      this.#vitals.passes = 0;
    }
    startHeart(heart, this.#vitals, now);
  }

  /** The same for a task whose program is being loaded: that may take longer than a period. */
  beginLoading(entity: Entity, now: number): void {
    this.begin(entity, now);
    const { heart } = entity;
    if (heart !== null && heart.due_ms < now + LOADING_MS) heart.due_ms = now + LOADING_MS;
  }

  /** Looks at every task whose period has ended. */
  poll(now: number): void {
    for (let i = 0; i < this.#entities.length; i++) {
      const entity = this.#entities[i];
      const { heart, pid } = entity;
      if (heart === null || pid === 0 || now < heart.due_ms) continue;
      // Dead, and nobody has said so yet: that is not for the heartbeat to find out.
      if (!this.#board.lookAt(pid, this.#vitals)) continue;
      const marks = this.#judge(pid, heart, now);
      if (marks !== HEART_OK) this.#listener.marksReached(entity, marks);
    }
  }

  /** When the next period ends; Infinity when nobody has a heart. */
  nextDue(): number {
    let due = Infinity;
    for (let i = 0; i < this.#entities.length; i++) {
      const { heart, pid } = this.#entities[i];
      if (heart !== null && pid !== 0 && heart.due_ms < due) due = heart.due_ms;
    }
    return due;
  }

  #judge(pid: number, heart: Heart, now: number): number {
    if (this.#isSuspended) {
      creditHeart(heart);
      return endPeriod(heart, this.#vitals, now, 0, false);
    }
    if (this.#vitals.waitsFor === 0) return endPeriod(heart, this.#vitals, now, 0, false);
    followChain(this.#board, pid, this.#vitalsOnChain, this.#chain);
    return endPeriod(heart, this.#vitals, now, this.#chain.cycle, this.#isChainHealthy());
  }

  /** True when somebody else is, or will be found to be, to blame. */
  #isChainHealthy(): boolean {
    const { cycle, member, end } = this.#chain;
    if (cycle !== 0) return true;
    // Others have a deadlock. If nobody watches one of them, it will never end.
    if (member !== 0) return this.#isCycleWatched(member);
    const heart = this.#heartOf(end);
    return heart === null || !hasReachedMark(heart);
  }

  #isCycleWatched(member: number): boolean {
    let pid = member;
    for (let i = 0; i < CHAIN_MAX; i++) {
      if (this.#heartOf(pid) !== null) return true;
      // It has just ended.
      if (!this.#board.lookAt(pid, this.#vitalsOnChain)) return true;
      pid = this.#vitalsOnChain.waitsFor;
      if (pid === 0) return true;
      if (pid === member) return false;
    }
    return true;
  }

  #heartOf(pid: number): Heart | null {
    if (pid === 0) return null;
    for (let i = 0; i < this.#entities.length; i++) {
      const { heart, pid: own } = this.#entities[i];
      if (heart !== null && own === pid) return heart;
    }
    return null;
  }
}
