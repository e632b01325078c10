/**
 * The restart policy: when a dead task is started again, and with whom.
 *
 * Pure functions of the clock. A decision takes the policy, what is remembered of the task, and the
 * time; it gives the step to take, when, and what to remember. Nothing here starts anything.
 */

/** What to do beyond restarting the task alone, once that has not helped. */
export type Step =
  /** Restart it alone. */
  | "task"
  /** Restart it with all tasks that depend on it, directly or not. */
  | "rest_for_one"
  /** Restart all tasks that dependencies connect with it, whichever way. */
  | "one_for_all"
  /** Restart the board. */
  | "board"
  /** Leave it alone until somebody releases it. */
  | "hold";

/** The steps that a manifest may name, beside the first one, "task". */
export const STEPS: readonly Step[] = Object.freeze([
  "rest_for_one",
  "one_for_all",
  "board",
  "hold",
]);

/** Which endings are followed by a restart. */
export type RestartWhen =
  /** A crash, a hang, a kill; not when main() returns. */
  | "crash"
  /** Also when main() returns. */
  | "always"
  /** None: the task is left to whoever uses ham_action_restart. */
  | "never";

export const RESTART_WHEN: readonly RestartWhen[] = Object.freeze(["crash", "always", "never"]);

/** The restart policy of one task. */
export interface RestartPolicy {
  readonly when: RestartWhen;
  /** It is not started sooner than this after its last start. */
  readonly minRun_ms: number;
  /**
   * The pause before its second restart in a row; the first comes at once, each further pause is
   * twice the last. 0 for none.
   */
  readonly backoff_ms: number;
  /** The longest pause. */
  readonly backoffMax_ms: number;
  /** A pause is longer or shorter by up to this fraction, 0 to 1: crashed tasks spread out. */
  readonly jitter: number;
  /** A run of this length was a good one: the next death is the first in a row again. */
  readonly settled_ms: number;
  /**
   * So many restarts within `period_ms` are borne; one more takes the next step of `escalate`. As
   * in OTP nothing else counts: how long a run was does not matter.
   */
  readonly intensity: number;
  readonly period_ms: number;
  /**
   * The steps to take, one after the other, when restarting the task alone does not help. A run as
   * long as `settled_ms` and `period_ms` leads back to the task alone.
   */
  readonly escalate: readonly Step[];
}

/**
 * Right for a driver whose sensor may be unplugged: back at once after a glitch, then with pauses
 * of up to ten seconds, for ever, and nobody else is disturbed.
 */
export const DEFAULT_POLICY: RestartPolicy = Object.freeze({
  when: "crash",
  /** At most 20 starts a second. */
  minRun_ms: 50,
  backoff_ms: 100,
  backoffMax_ms: 10_000,
  jitter: 0.1,
  settled_ms: 10_000,
  intensity: 5,
  period_ms: 60_000,
  escalate: Object.freeze([]),
});

/** What is remembered of a task from death to death. */
export interface History {
  /** Deaths in a row, each after a run that was too short. */
  readonly deaths: number;
  /** How many steps of the ladder have been taken. */
  readonly level: number;
  /** When it was restarted within the last period, oldest first; not more than `intensity`. */
  readonly restarts_ms: readonly number[];
}

export const NO_HISTORY: History = Object.freeze({
  deaths: 0,
  level: 0,
  restarts_ms: Object.freeze([]),
});

/** What to do about a death. */
export interface Decision {
  readonly step: Step;
  /** When the task may start. */
  readonly due_ms: number;
  readonly history: History;
}

/** The pause before restart number `deaths` in a row, without jitter. */
export function backoff(policy: RestartPolicy, deaths: number): number {
  if (deaths < 2) return 0;
  // 2 ** 1024 is Infinity, and 0 times that no number.
  const doubled = policy.backoff_ms * 2 ** Math.min(deaths - 2, 32);
  return Math.min(doubled, policy.backoffMax_ms);
}

/** True when a task that has ended is to be started again by its policy. */
export function isRestarted({ when }: RestartPolicy, isCrash: boolean): boolean {
  return when === "always" || (when === "crash" && isCrash);
}

/**
 * Decides about a task that was started at `started_ms` and is dead at `now_ms`. `random` is a
 * number from 0 to 1.
 */
export function decide(
  policy: RestartPolicy,
  before: History,
  started_ms: number,
  now_ms: number,
  random: number,
): Decision {
  const { period_ms, settled_ms } = policy;
  const ran_ms = now_ms - started_ms;
  const deaths = ran_ms >= settled_ms ? 1 : before.deaths + 1;
  let recent = before.restarts_ms.filter((at_ms) => now_ms - at_ms < period_ms);
  let level = ran_ms >= Math.max(settled_ms, period_ms) ? 0 : before.level;
  if (recent.length >= policy.intensity && level < policy.escalate.length) {
    level++;
    recent = [];
  }
  const restarts_ms = [...recent, now_ms].slice(-Math.max(1, policy.intensity));
  const pause_ms = backoff(policy, deaths) * (1 + policy.jitter * (2 * random - 1));
  return {
    step: level === 0 ? "task" : policy.escalate[level - 1],
    due_ms: Math.max(now_ms + pause_ms, started_ms + policy.minRun_ms),
    history: { deaths, level, restarts_ms },
  };
}

/** What is done about tasks that wait for each other in a ring: said, or one of them ended. */
export type DeadlockPolicy = "report" | "break";

export const DEADLOCK_POLICIES: readonly DeadlockPolicy[] = Object.freeze(["report", "break"]);

/** What the manager does about the board as a whole. */
export interface BoardPolicy {
  /** The board restarts when the main VM stands still for this long; 0 for never. */
  readonly guardian_ms: number;
  /** After this many restarts of the board in a row, a task that asks for another one is held. */
  readonly rebootsMax: number;
  /** How long a task may take to leave after it was told to. Then it is ended by force. */
  readonly stop_ms: number;
  /** A board that has run for this long is well: its next restart is the first in a row again. */
  readonly settled_ms: number;
  readonly deadlock: DeadlockPolicy;
}

export const DEFAULT_BOARD: BoardPolicy = Object.freeze({
  /** A handshake of TLS can keep the main VM of an ESP32 busy for several seconds. */
  guardian_ms: 10_000,
  rebootsMax: 3,
  /** Ten slices of a sleep: a task that waits in the kernel looks that often. */
  stop_ms: 1_000,
  settled_ms: 60_000,
  /** Nobody has asked for anybody's end; a heartbeat of one in the ring does ask for its. */
  deadlock: "report",
});
