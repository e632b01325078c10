/**
 * What must be true whatever happens: never two incarnations, the order of start and stop, what was
 * stopped stays stopped, and what listeners are told fits together. It knows what was ordered and
 * what the board did, and nothing of the supervisor's states.
 */
import type { SupervisorEvents } from "../../../src/manager/supervise/supervisor-events.js";
import type { RestlessBoard, Witness } from "./board.js";

export type TaskNews = "started" | "ready" | "died" | "ended" | "stuck";

/** Names of those that each task depends on. */
export type Needs = ReadonlyMap<string, readonly string[]>;

export class Oracle implements Witness, SupervisorEvents {
  readonly problems: string[] = [];
  /** News, for a person. */
  readonly journal: string[] = [];
  /** Called after all that is checked: what a listener does. */
  listen: (name: string, news: TaskNews) => void = () => undefined;
  /** How many ends were told. */
  ends = 0;
  readonly #board: RestlessBoard;
  readonly #needs: Needs;
  /** Stopped, and nobody has asked for it since. */
  readonly #off = new Set<string>();
  /** A start of it was ordered, and it has not been launched. */
  readonly #awaited = new Set<string>();
  /** To leave by itself: told as a death, or to be restarted. */
  readonly #alone = new Set<string>();
  /**
   * Told to leave with others, because one of them has died: and who may be that one, or has been
   * told before. Nobody of them may start.
   */
  readonly #together = new Map<string, Set<string>>();
  readonly #held = new Set<string>();
  /** pid of which the start was told and not the end. */
  readonly #open = new Map<string, number>();

  constructor(board: RestlessBoard, needs: Needs) {
    this.#board = board;
    this.#needs = needs;
  }

  // -------------------------------------------------------------------------------------------
  // What is ordered.

  /** Somebody wants it to run. `isNew`: nobody has before. */
  wanted(name: string, isNew: boolean): void {
    this.#off.delete(name);
    this.#held.delete(name);
    for (const members of this.#together.values()) members.delete(name);
    if (isNew && this.#board.lifeOf(name) === undefined) this.#awaited.add(name);
  }

  stopped(name: string): void {
    this.#off.add(name);
    this.#awaited.delete(name);
  }

  /** A task that is to stop anyway is not held. */
  held(name: string): void {
    this.#awaited.delete(name);
    if (!this.#off.has(name)) this.#held.add(name);
  }

  toLeaveAlone(name: string): void {
    this.#alone.add(name);
  }

  // -------------------------------------------------------------------------------------------
  // What the board does.

  launched(name: string): void {
    this.#awaited.delete(name);
    this.#alone.delete(name);
    this.#together.delete(name);
    if (this.#off.has(name)) this.problem(`${name} was stopped, and is started`);
    if (this.#held.has(name)) this.problem(`${name} is held, and is started`);
    for (const [other, members] of this.#together) {
      const life = this.#board.lifeOf(other);
      if (life === undefined || life.isStuck || !members.has(name)) continue;
      this.problem(`${name} is started before ${other}, which is restarted with it, is gone`);
    }
    for (const need of this.#needs.get(name) ?? []) {
      if (this.#awaited.has(need)) this.problem(`${name} is started before ${need}`);
      const life = this.#board.lifeOf(need);
      if (life === undefined || (life.isLoaded && life.isAttached)) continue;
      if (life.isToldToLeave || life.isToldToDie || life.isStuck) continue;
      this.problem(`${name} is started before ${need} is ready`);
    }
  }

  toldToLeave(name: string): void {
    if (this.#alone.has(name)) return;
    if (!this.#off.has(name)) {
      // Who waits for his first start has not died.
      const isAway = (other: string): boolean =>
        (this.#board.lifeOf(other) === undefined && !this.#awaited.has(other)) ||
        this.#together.has(other);
      const away = [...this.#needs.keys()].filter(isAway);
      this.#together.set(name, new Set(away.filter((other) => this.#dependsOn(name, other))));
      return;
    }
    for (const [other, needs] of this.#needs) {
      if (!needs.includes(name) || !this.#off.has(other)) continue;
      const life = this.#board.lifeOf(other);
      if (life !== undefined && !life.isStuck) this.problem(`${name} leaves before ${other}`);
    }
  }

  /** Directly or not. */
  #dependsOn(name: string, other: string): boolean {
    const needs = this.#needs.get(name) ?? [];
    return needs.includes(other) || needs.some((need) => this.#dependsOn(need, other));
  }

  problem(text: string): void {
    this.problems.push(`${this.#board.now()} ${text}`);
  }

  // -------------------------------------------------------------------------------------------
  // What listeners are told.

  started({ name }: { readonly name: string }, pid: number): void {
    if (this.#open.has(name)) this.problem(`${name} has started twice`);
    this.#open.set(name, pid);
    this.#heard(name, pid, "started");
  }

  ready({ name }: { readonly name: string }, pid: number): void {
    if (this.#open.get(name) !== pid) this.problem(`${name} is ready, and has not started`);
    this.#heard(name, pid, "ready");
  }

  died({ name }: { readonly name: string }, { pid }: { readonly pid: number }): void {
    this.#close(name, pid);
    this.#heard(name, pid, "died");
  }

  ended({ name }: { readonly name: string }, pid: number): void {
    this.#close(name, pid);
    this.#heard(name, pid, "ended");
  }

  stuck({ name }: { readonly name: string }, pid: number): void {
    if (this.#open.get(name) !== pid) this.problem(`${name} is stuck, and has not started`);
    this.#heard(name, pid, "stuck");
  }

  /** Orders are written down by whoever gives them. */
  ordered(): void {}

  #close(name: string, pid: number): void {
    this.ends++;
    if ((this.#open.get(name) ?? 0) !== pid) this.problem(`the end of ${name} is not its own`);
    this.#open.delete(name);
  }

  #heard(name: string, pid: number, news: TaskNews): void {
    this.journal.push(`${this.#board.now()} ${name} (${pid}) ${news}`);
    this.listen(name, news);
  }
}
