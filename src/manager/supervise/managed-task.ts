/**
 * One task as the supervisor keeps it: its state, what is remembered of it, and the orders about it
 * that are under way. Others ask it; only the supervisor changes it.
 */
import { DEFAULT_ABILITIES } from "../abilities.js";
import type { DeathCause, StandbyState, TaskTotals } from "../status.js";
import { type Order, outcomeOf, type Outcome } from "./outcome.js";
import { DEFAULT_POLICY, type History, NO_HISTORY, type Step } from "./policy.js";
import * as S from "./state.js";
import { LOAD_MS, type TaskSpec } from "./task-spec.js";

/** No VM stands by: an index of SPARES, as a number costs XS nothing to compare. */
export const SPARE_NONE = 0;
/** How far the VM is that stands by. */
const SPARES: readonly StandbyState[] = Object.freeze(["none", "starting", "ready"]);

export class ManagedTask {
  /** Its index in the arena. */
  readonly place: number;
  /** One that the manifest does not have: it gives its place back when it has ended. */
  readonly isExtra: boolean;
  /** As its manifest has it, or whoever executed it. */
  readonly declared: TaskSpec;
  /** What it runs: an action of the manager may have named another module. */
  spec: TaskSpec;
  state: S.TaskState = S.AT_REST;
  /** Those that it depends on, and those that depend on it. */
  readonly needs: ManagedTask[] = [];
  readonly dependents: ManagedTask[] = [];
  /** When its last incarnation was launched. */
  started_ms = -Infinity;
  history: History = NO_HISTORY;
  step: Step = "task";
  /** Starts since somebody ordered the first. */
  starts = 0;
  /** How far the VM is that stands by: an index of SPARES. */
  spare = SPARE_NONE;
  /** When the next VM that stands by may be made. */
  spareDue_ms = 0;
  /** Deaths since the start of the board. */
  crashes = 0;
  /** What earlier incarnations have counted; null while there was none. */
  past: TaskTotals | null = null;
  lastCause: DeathCause | null = null;
  lastText = "";
  died_ms = 0;
  readonly #orders: Order[] = [];

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

  /** pid of its VM; 0 for none. */
  get pid(): number {
    return S.pidOf(this.state);
  }

  /** Has it a VM, or is one being started? */
  get isUp(): boolean {
    return S.isUp(this.state);
  }

  /** Is it ready: loaded, with the services that its manifest names, and not told to leave? */
  get isReady(): boolean {
    return this.state.kind === S.RUNNING;
  }

  /** Is it to run, now or when its time has come? */
  get isWanted(): boolean {
    return S.isWanted(this.state);
  }

  /** Is it not started again until it is released? */
  get isHeld(): boolean {
    return S.isHeld(this.state);
  }

  /** When it is started at the earliest; null when no start is to come. */
  get startsAt_ms(): number | null {
    const { state } = this;
    return state.kind === S.ORDERED || state.kind === S.BACKOFF ? state.due_ms : null;
  }

  /** Starts after the first one. */
  get restarts(): number {
    return this.starts > 0 ? this.starts - 1 : 0;
  }

  /** How far the VM is that stands by for it. */
  get standby(): StandbyState {
    return SPARES[this.spare]!;
  }

  set standby(state: StandbyState) {
    this.spare = SPARES.indexOf(state);
  }

  /** As if it had never died. */
  forget(): void {
    this.history = NO_HISTORY;
    this.step = "task";
  }

  /** As its manifest has it, and never started. */
  renew(): void {
    this.spec = this.declared;
    this.starts = 0;
  }

  /** The host was told to start it. */
  launched(now: number): void {
    this.starts++;
    this.started_ms = now;
  }

  /** Its last death. */
  remember(cause: DeathCause, text: string, died_ms: number): void {
    this.crashes++;
    this.lastCause = cause;
    this.lastText = text;
    this.died_ms = died_ms;
  }

  /** Adds an order, which may have come to its end already. */
  add(order: Order): void {
    this.#orders.push(order);
    this.settle(false);
  }

  /** Ends the orders that have come to their end. `hasGone`: its VM has just gone. */
  settle(hasGone: boolean): void {
    for (let i = 0; i < this.#orders.length; i++) {
      const outcome = outcomeOf(this.#orders[i]!.kind, this.state, hasGone);
      if (outcome === null) continue;
      const [order] = this.#orders.splice(i--, 1);
      order!.settle(outcome);
    }
  }

  /** Ends all its orders with one outcome. */
  settleAll(outcome: Outcome): void {
    for (const order of this.#orders.splice(0)) order.settle(outcome);
  }
}

/** The specification of a task that somebody has executed. */
export function extraSpec(name: string, module: string, args: unknown): TaskSpec {
  return {
    name,
    module,
    priority: 10,
    heartbeat: null,
    answer_ms: 0,
    load_ms: LOAD_MS,
    dependsOn: [],
    services: [],
    standby: false,
    essential: false,
    restart: { ...DEFAULT_POLICY, when: "never" },
    abilities: DEFAULT_ABILITIES,
    args,
  };
}
