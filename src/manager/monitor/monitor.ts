/**
 * The watch over heartbeats: looks at every task whose period has ended, and decides who is to
 * blame when one has not beaten.
 *
 * A task that is blocked in a send cannot beat. It is excused as long as the one that all wait for,
 * at the end of the chain of sends, has not reached its own mark: then that one is hung, and it is
 * that one's turn. A chain that leads back to its beginning has no end: of a deadlock one is to
 * blame, when the lookout has found it (lookout.ts).
 */
import { createVitals, type Vitals } from "../../kernel/inspect/vitals.js";
import { CHAIN_MAX, createChain, followChain } from "./wait-graph.js";
import {
  creditHeart,
  endHealthyPeriod,
  endPeriod,
  HEART_OK,
  hasReachedMark,
  type Heart,
  startHeart,
} from "./heartbeat.js";

/** Looks at a task's signs of life; false when it is not alive. */
export type Look = (pid: number, into: Vitals) => boolean;

/** Somebody whose signs of life are looked at. */
export interface Watched {
  /** 0 while its task does not run. */
  readonly pid: number;
  /** null while nobody watches for one. */
  readonly heart: Heart | null;
  /** Who is told of its marks. */
  readonly listener: WatchListener;
}

/** Told which marks somebody has just reached: HEART_LOW | HEART_HIGH. */
export interface WatchListener {
  marksReached(watched: Watched, marks: number): void;
}

/** What else is known of the one that is judged: life.ts. */
export interface Judgement {
  /** May a debugger hold it? Then it does not hang. */
  isDebugged(): boolean;
  /** Does it wait in a deadlock? */
  isInRing(pid: number): boolean;
  /** Is it the one of its deadlock that is to blame? */
  isVictim(pid: number): boolean;
  /** Asks its event loop, if it is there, for a sign of life in the period that begins. */
  nudge(pid: number, vitals: Vitals): void;
}

const NOTHING_ELSE: Judgement = Object.freeze({
  isDebugged: () => false,
  isInRing: () => false,
  isVictim: () => false,
  nudge: () => undefined,
});

/** How long a program may take to be loaded, and its module's body to run. */
const LOADING_MS = 10_000;

export class Monitor {
  readonly #look: Look;
  readonly #watched: Watched[] = [];
  readonly #vitals = createVitals();
  readonly #vitalsOnChain = createVitals();
  readonly #chain = createChain();
  #judgement = NOTHING_ELSE;
  /** When the next period ends; NaN when that is to be found out. */
  #due_ms = NaN;
  #isSuspended = false;

  constructor(look: Look) {
    this.#look = look;
  }

  /** Has one more watched; each at most once. */
  add(watched: Watched): void {
    this.#watched.push(watched);
    this.#due_ms = NaN;
  }

  /** Has one watched no more; nothing happens when it was not. */
  remove(watched: Watched): void {
    const index = this.#watched.indexOf(watched);
    if (index >= 0) this.#watched.splice(index, 1);
  }

  /** Has this asked about whoever is judged. */
  use(judgement: Judgement): void {
    this.#judgement = judgement;
  }

  /** Is the task with this pid watched? */
  isWatched(pid: number): boolean {
    return this.#heartOf(pid) !== null;
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
    for (let i = 0; i < this.#watched.length; i++) {
      const { heart } = this.#watched[i];
      if (heart !== null) creditHeart(heart);
    }
  }

  /** The first period of one whose task runs begins now. */
  begin({ pid, heart }: Watched, now: number): void {
    if (heart === null) return;
    if (this.#look(pid, this.#vitals)) {
      this.#judgement.nudge(pid, this.#vitals);
    } else {
      this.#vitals.beats = 0;
      this.#vitals.passes = 0;
    }
    startHeart(heart, this.#vitals, now);
    this.#due_ms = NaN;
  }

  /** The same for a task whose program is being loaded: that may take longer than a period. */
  beginLoading(watched: Watched, now: number): void {
    this.begin(watched, now);
    const { heart } = watched;
    if (heart !== null && heart.due_ms < now + LOADING_MS) heart.due_ms = now + LOADING_MS;
    this.#due_ms = NaN;
  }

  /** Looks at every task whose period has ended. */
  poll(now: number): void {
    this.#due_ms = NaN;
    for (let i = 0; i < this.#watched.length; i++) {
      const watched = this.#watched[i];
      const { heart, pid } = watched;
      if (heart === null || pid === 0 || now < heart.due_ms) continue;
      // Dead, and nobody has said so yet: that is not for the heartbeat to find out.
      if (!this.#look(pid, this.#vitals)) continue;
      const isHealthy = endHealthyPeriod(heart, this.#vitals, now);
      const marks = isHealthy ? HEART_OK : this.#judge(pid, heart, now);
      if (this.#vitals.isInLoop) this.#judgement.nudge(pid, this.#vitals);
      if (marks !== HEART_OK) watched.listener.marksReached(watched, marks);
    }
  }

  /** When the next period ends, or has ended; Infinity when nobody has a heart. */
  nextDue(): number {
    // Found out once, and again when something has happened.
    if (this.#due_ms !== this.#due_ms) this.#due_ms = this.#findDue();
    return this.#due_ms;
  }

  #findDue(): number {
    let due = Infinity;
    for (let i = 0; i < this.#watched.length; i++) {
      const { heart, pid } = this.#watched[i];
      if (heart !== null && pid !== 0 && heart.due_ms < due) due = heart.due_ms;
    }
    return due;
  }

  #judge(pid: number, heart: Heart, now: number): number {
    if (this.#isSuspended || this.#judgement.isDebugged()) {
      creditHeart(heart);
      return endPeriod(heart, this.#vitals, now, false, false);
    }
    if (this.#vitals.waitsFor === 0) return endPeriod(heart, this.#vitals, now, false, false);
    if (this.#judgement.isInRing(pid)) {
      return endPeriod(heart, this.#vitals, now, this.#judgement.isVictim(pid), true);
    }
    followChain(this.#look, pid, this.#vitalsOnChain, this.#chain);
    return endPeriod(heart, this.#vitals, now, false, this.#isChainHealthy());
  }

  /** True when somebody else is, or will be found to be, to blame. */
  #isChainHealthy(): boolean {
    const { isRing, member, end } = this.#chain;
    // The lookout has not found it yet, or it will be gone by then.
    if (isRing) return true;
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
      if (!this.#look(pid, this.#vitalsOnChain)) return true;
      pid = this.#vitalsOnChain.waitsFor;
      if (pid === 0) return true;
      if (pid === member) return false;
    }
    return true;
  }

  #heartOf(pid: number): Heart | null {
    if (pid === 0) return null;
    for (let i = 0; i < this.#watched.length; i++) {
      const { heart, pid: own } = this.#watched[i];
      if (heart !== null && own === pid) return heart;
    }
    return null;
  }
}
