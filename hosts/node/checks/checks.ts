/**
 * What an application claims of itself in `simulation.ts`, beside its manifest: the checks that a
 * simulation makes while it injects faults, and that a test can make (`app.check()`). Types only.
 */
import type { DeathCause, TaskStatus } from "../../../src/manager/status.js";
import type {
  CallSpec,
  Fields,
  Members,
  Readable,
  Service,
  Writable,
} from "../../../src/service/index.js";
import type { SimulatedHardware } from "../hardware/hardware.js";
import type { LogLevel } from "../log/line.js";

/** A line that a task has written. */
export interface Line {
  /** Since the system was started, in milliseconds of its clock. */
  readonly at_ms: number;
  /** Name of the task; "main" for the manager. */
  readonly task: string;
  readonly level: LogLevel;
  readonly text: string;
}

/** A death of a task. */
export interface Death {
  /** Since the system was started, in milliseconds of its clock. */
  readonly at_ms: number;
  readonly name: string;
  readonly pid: number;
  readonly cause: DeathCause;
  /** What it threw; may be empty. */
  readonly text: string;
  /** A fault that was injected has killed it: the application is not to blame. */
  readonly isInjected: boolean;
}

/** The application as a check sees it. It only looks: nothing here changes what happens. */
export interface Observed {
  /** Milliseconds since the system was started, of its own clock: virtual in a simulation. */
  readonly now_ms: number;
  /** The last lines of the log, oldest first: up to a thousand. */
  readonly log: readonly Line[];
  /** The last deaths, oldest first: up to a thousand. */
  readonly deaths: readonly Death[];
  /** All tasks, as `reattach ps` shows them. Makes new objects. */
  readonly tasks: readonly TaskStatus[];
  /** One of them. Throws for an unknown name. */
  task(name: string): TaskStatus;
  /**
   * A copy of what a task has committed with stableCommit(), or with its Ledger; of length 0 when
   * it has committed nothing. Throws for an unknown name.
   */
  stable(name: string): DataView;
}

/** Names of the calls of a service, without its pulses. */
export type CallName<M extends Members> = {
  [N in keyof M]: M[N] extends CallSpec<Fields, Fields> ? N : never;
}[keyof M] &
  string;

/** What a call of a service is asked with: a plain object. Fields that are left out are zero. */
export type Request<M extends Members, N extends CallName<M>> =
  M[N] extends CallSpec<infer Q, Fields> ? Partial<Plain<Writable<Q>>> : never;

/** A record as a plain object: its arrays are arrays of their kind, its structs are objects. */
export type Plain<T> = {
  -readonly [N in keyof T]: T[N] extends ArrayLike<number> | boolean | number | string
    ? T[N]
    : T[N] extends readonly (infer Each)[]
      ? Plain<Each>[]
      : Plain<T[N]>;
};

/** What came of a call. */
export interface Answer<M extends Members, N extends CallName<M>> {
  /** What the server's handler has returned, 0 or more; or a negative errno, as send() has it. */
  readonly status: number;
  /** A copy of the reply. All zero when the status is negative. */
  readonly reply: M[N] extends CallSpec<Fields, infer P> ? Plain<Readable<P>> : never;
}

/** The application at rest: no fault strikes, and it can be asked. */
export interface Rested extends Observed {
  /**
   * Asks a service, as a client of the main VM does: `app.call(Valve, "count", {})`. Waits until
   * the service is there. Rejects with a UsageError for a name that is no call of the service.
   */
  call<M extends Members, N extends CallName<M>>(
    service: Service<M>,
    name: N,
    request?: Request<M, N>,
  ): Promise<Answer<M, N>>;
  /** The simulated board. Throws a UsageError when the manifest describes none. */
  readonly hardware: SimulatedHardware;
}

/** A check that looks at the application whenever something has happened. */
export type Look = (app: Observed) => boolean;

/** A check of an application at rest. It throws, or rejects, when something is wrong. */
export type Examine = (app: Rested) => Promise<void> | void;

/** What has to be true again and again. */
export interface Recurrence {
  /** It is never false for longer than this, in milliseconds of the application's clock. */
  readonly within_ms: number;
  readonly holds: Look;
}

/**
 * What an application claims, each claim by a name that says what it is. A check that throws has
 * failed, with what it threw. Each is told once in a run.
 */
export interface Checks {
  /** Called with what happens: for a model in the closure of the checks. */
  readonly on?: {
    /** A task has written a line. */
    readonly line?: (line: Line, app: Observed) => void;
    /** A task has died. */
    readonly death?: (death: Death, app: Observed) => void;
    /** The board was restarted, and why: all tasks are new, and nothing is stable any more. */
    readonly reboot?: (reason: string, app: Observed) => void;
  };
  /** True after each event. */
  readonly always?: Readonly<Record<string, Look>>;
  /** False after each event. */
  readonly never?: Readonly<Record<string, Look>>;
  /** True again and again. */
  readonly eventually?: Readonly<Record<string, Recurrence>>;
  /** When faults have stopped for a while and all tasks are up again. */
  readonly atRest?: Readonly<Record<string, Examine>>;
  /** Once, after the last rest. */
  readonly atEnd?: Readonly<Record<string, Examine>>;
}

/** What `simulation.ts` exports as `checks`: called for each run, so each has its own model. */
export type CreateChecks = () => Checks;
