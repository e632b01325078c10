/**
 * One task as the supervisor sees it: what it is to be, what it is, and what is remembered of it.
 */
import { DEFAULT_ABILITIES } from "../abilities.js";
import { DEFAULT_POLICY, type History, NO_HISTORY, type Step } from "./policy.js";
import type { DeathCause, StandbyState } from "../status.js";
import type { TaskSpec } from "./task-spec.js";

/** Where a task is in its life. */
export type Phase =
  /** Not to run: it was not started, was stopped, or has ended. */
  | "idle"
  /** To be started, when its time has come and what it depends on has had its chance. */
  | "waiting"
  /** The host is starting its VM. */
  | "starting"
  /** Its program is loaded. */
  | "running"
  /** It has been told to leave, for a stop or a restart that is not a death. */
  | "leaving";

export class ManagedTask {
  /** Its index in the arena. */
  readonly place: number;
  /** One that the manifest does not have: it gives its place back when it has ended. */
  readonly isExtra: boolean;
  /** As its manifest has it, or whoever executed it. */
  readonly declared: TaskSpec;
  /** What it runs: an action of the manager may have named another module. */
  spec: TaskSpec;
  phase: Phase = "idle";
  /** Should it run? */
  isWanted = false;
  isHeld = false;
  /** Its start was ordered, and it has not come to run, die or end since: others wait for it. */
  isPending = false;
  pid = 0;
  /** When its last incarnation was launched, and when the next may be. */
  started_ms = -Infinity;
  due_ms = 0;
  /** What its death is to be called when it comes: it was killed, or found hung. */
  ordered: DeathCause | null = null;
  history: History = NO_HISTORY;
  step: Step = "task";
  /** Starts since somebody ordered the first. */
  starts = 0;
  /** The tasks that are restarted with it; all have to be gone before the first is started. */
  group: readonly ManagedTask[] = [];
  standby: StandbyState = "none";
  /** When the next VM that stands by may be made. */
  spareDue_ms = 0;
  lastCause: DeathCause | null = null;
  lastText = "";
  died_ms = 0;
  /** Who waits for it to be gone, and who for its start to have come to something. */
  readonly #waiting: (() => void)[] = [];
  readonly #expecting: (() => void)[] = [];

  constructor(place: number, spec: TaskSpec, isExtra: boolean) {
    this.place = place;
    this.declared = spec;
    this.spec = spec;
    this.isExtra = isExtra;
  }

  get name(): string {
    return this.spec.name;
  }

  get dependsOn(): readonly string[] {
    return this.spec.dependsOn;
  }

  /** Starts after the first one. */
  get restarts(): number {
    return this.starts > 0 ? this.starts - 1 : 0;
  }

  /** Is its program loaded? */
  get isReady(): boolean {
    return this.phase === "running";
  }

  /** Is a VM to be made that stands by? */
  get needsSpare(): boolean {
    return this.spec.standby && this.standby === "none" && this.phase === "running";
  }

  /** Has it a VM, or is one being started? */
  get isUp(): boolean {
    return this.phase !== "idle" && this.phase !== "waiting";
  }

  /** Wants it to run, when it may. */
  want(due_ms: number): void {
    this.isWanted = true;
    this.isPending = true;
    this.due_ms = due_ms;
    if (!this.isUp) this.phase = "waiting";
  }

  /** As if it had never died. */
  forget(): void {
    this.history = NO_HISTORY;
    this.step = "task";
    this.isHeld = false;
  }

  /** Resolves when it is gone; at once when it has no VM. */
  gone(): Promise<void> {
    if (!this.isUp) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Resolves when its next start has come to something: it has a VM, or is gone without one. */
  begun(): Promise<void> {
    if (!this.isWanted || this.isHeld || this.pid !== 0) return Promise.resolve();
    return new Promise((resolve) => this.#expecting.push(resolve));
  }

  /** It has a VM, or will not have one. */
  begin(): void {
    for (const resolve of this.#expecting.splice(0)) resolve();
  }

  /** It is gone. */
  settle(): void {
    this.begin();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** The specification of a task that somebody has executed. */
export function extraSpec(name: string, module: string, args: unknown): TaskSpec {
  return {
    name,
    module,
    priority: 10,
    heartbeat: null,
    dependsOn: [],
    services: [],
    standby: false,
    essential: false,
    restart: { ...DEFAULT_POLICY, when: "never" },
    abilities: DEFAULT_ABILITIES,
    args,
  };
}
