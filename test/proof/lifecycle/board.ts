/**
 * A board whose VMs start and leave as they like: at once, from inside the very call; soon; slowly;
 * or never. Time is fake.
 *
 * It checks what a host may take for granted: a place has one VM at a time.
 */
import type { DeathCause } from "../../../src/manager/status.js";
import type { Supervisor } from "../../../src/manager/supervise/supervisor.js";
import type { TaskSpec } from "../../../src/manager/supervise/task-spec.js";
import type { TaskHost } from "../../../src/manager/task-host.js";

/** How long something takes. "now": it is told before the call returns. */
export type Pace = "now" | "soon" | "slow" | "never";
export const PACES: readonly Pace[] = ["now", "soon", "slow", "never"];

/** How the VMs of a task behave. */
export interface Temper {
  readonly starts: Pace;
  /** Or its program does not load: it dies before it has a VM, or after. */
  readonly fails: "no" | "early" | "late";
  readonly leaves: Pace;
  /** How soon its services are attached. */
  readonly attaches: Pace;
}

export const GOOD: Temper = { starts: "soon", fails: "no", leaves: "soon", attaches: "soon" };

const PACE_MS = { now: 0, soon: 3, slow: 700 };
/** When a host says that it cannot end a VM. */
const STUCK_MS = 5_000;

/** One VM, from launch to its end. */
export interface Life {
  readonly place: number;
  readonly name: string;
  pid: number;
  isLoaded: boolean;
  isAttached: boolean;
  isToldToLeave: boolean;
  isToldToDie: boolean;
  isStuck: boolean;
}

/** Told by the board, before the supervisor hears of it. */
export interface Witness {
  launched(name: string): void;
  toldToLeave(name: string): void;
  problem(text: string): void;
}

export class RestlessBoard implements TaskHost {
  /** Set before anything is launched. */
  supervisor!: Supervisor;
  witness!: Witness;
  readonly tempers = new Map<string, Temper>();
  readonly lives = new Map<number, Life>();
  readonly reports: unknown[] = [];
  readonly reboots: string[] = [];
  readonly logged: string[] = [];
  /** Launches that have come to their end. */
  ends = 0;
  readonly #buried: Life[] = [];
  #now = 1_000;
  #pid = 100;
  #later: { readonly at: number; readonly life: Life; readonly act: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  log(text: string): void {
    this.logged.push(text);
  }

  report(error: unknown): void {
    this.reports.push(error);
  }

  hasModule(): boolean {
    return true;
  }

  launch(place: number, { name, services }: TaskSpec): void {
    this.witness.launched(name);
    if (this.lives.has(place)) this.witness.problem(`${name} has two incarnations`);
    const life: Life = {
      place,
      name,
      pid: 0,
      isLoaded: false,
      isAttached: services.length === 0,
      isToldToLeave: false,
      isToldToDie: false,
      isStuck: false,
    };
    this.lives.set(place, life);
    const task = this.supervisor.lookUp(name)!;
    if (task.standby !== "none") this.supervisor.spare(place, "none", "");
    const { starts, fails } = this.#temperOf(name);
    // One that never gets ready has a VM all the same.
    const pace = starts === "never" ? "soon" : starts;
    if (fails === "early") return this.#after(pace, life, () => this.end(life, "syntax"));
    this.#after(pace, life, () => {
      life.pid = ++this.#pid;
      this.supervisor.started(place, life.pid);
      this.#after(starts, life, () => this.#load(life));
    });
  }

  #load(life: Life): void {
    const { fails, attaches } = this.#temperOf(life.name);
    if (fails === "late") return this.end(life, "throw");
    life.isLoaded = true;
    this.supervisor.ready(life.place, life.pid);
    if (!life.isAttached) this.#after(attaches, life, () => (life.isAttached = true));
  }

  leave(place: number): void {
    const life = this.lives.get(place);
    if (life === undefined || life.isToldToLeave) return;
    life.isToldToLeave = true;
    this.witness.toldToLeave(life.name);
    this.#part(life, null);
  }

  kill(place: number): void {
    const life = this.lives.get(place);
    if (life === undefined) return;
    life.isToldToDie = true;
    this.#part(life, "killed");
  }

  hang(): void {}
  nudge(): void {}

  isDebugged(): boolean {
    return false;
  }

  standBy(place: number): void {
    this.supervisor.spare(place, "starting", "");
    this.supervisor.spare(place, "ready", "");
  }

  dismiss(place: number): void {
    this.supervisor.spare(place, "none", "");
  }

  reboot(reason: string): void {
    this.reboots.push(reason);
  }

  isAttached(pid: number): boolean {
    for (const life of this.lives.values()) if (life.pid === pid) return life.isAttached;
    return false;
  }

  /** It dies of its own doing, or its main() returns. */
  end(life: Life, cause: DeathCause | null): void {
    if (this.lives.get(life.place) !== life) return;
    this.lives.delete(life.place);
    this.ends++;
    if (life.pid !== 0) this.#buried.push(life);
    this.supervisor.gone(life.place, life.pid, cause, "");
  }

  /** pids of a place that are gone. */
  buried(place: number): number[] {
    return this.#buried.filter((life) => life.place === place).map(({ pid }) => pid);
  }

  lifeOf(name: string): Life | undefined {
    for (const life of this.lives.values()) if (life.name === name) return life;
    return undefined;
  }

  /** Lets time pass; the manager polls when something happens, and when something is due. */
  pass(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      this.supervisor.poll();
      const next = Math.min(this.#nextEvent(), this.supervisor.nextDue());
      if (next > end) break;
      this.#now = Math.max(this.#now, next);
      this.#strike();
    }
    this.#now = end;
  }

  /** Whatever will not end, ends now. */
  freeAll(): void {
    for (const life of this.lives.values()) if (life.isStuck) this.end(life, null);
  }

  #nextEvent(): number {
    return Math.min(...this.#later.map(({ at }) => at));
  }

  #strike(): void {
    const due = this.#later.filter(({ at }) => at <= this.#now);
    this.#later = this.#later.filter(({ at }) => at > this.#now);
    for (const { life, act } of due) if (this.lives.get(life.place) === life) act();
  }

  #part(life: Life, cause: DeathCause | null): void {
    const { leaves } = this.#temperOf(life.name);
    // One without a VM is only called off.
    if (life.pid === 0) return this.end(life, null);
    if (leaves !== "never") return this.#after(leaves, life, () => this.end(life, cause));
    this.#in(STUCK_MS, life, () => {
      if (life.isStuck) return;
      life.isStuck = true;
      this.supervisor.stuck(life.place, life.pid, "it does not end");
    });
  }

  #after(pace: Pace, life: Life, act: () => void): void {
    if (pace === "now") act();
    else if (pace !== "never") this.#in(PACE_MS[pace], life, act);
  }

  #in(ms: number, life: Life, act: () => void): void {
    this.#later.push({ at: this.#now + ms, life, act });
  }

  #temperOf(name: string): Temper {
    return this.tempers.get(name) ?? GOOD;
  }
}
