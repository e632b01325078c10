/**
 * Every key of `config.reattach`: what it may be, what it is where the manifest does not say, and
 * why. The checks, the JSON Schema for editors and docs/manifest.md are made of this table.
 */
import { LIMIT_RANGES, STABLE_BYTES_MAX } from "../arena/limits.js";
import { PRIORITY_MAX, PRIORITY_MIN } from "../kernel/task/task.js";
import {
  DEADLOCK_POLICIES,
  DEFAULT_BOARD,
  DEFAULT_POLICY,
  RESTART_WHEN,
  STEPS,
} from "../manager/supervise/policy.js";
import { LOAD_MS } from "../manager/supervise/task-spec.js";
import { CREATION } from "./creation-keys.js";
import { derived, FLAG, FRACTION, key, list, object, own, whole, word } from "./rules.js";

/** 24 days: what timers of all hosts take. */
export const MS_MAX = 0x7fff_ffff;
/** As many times of restarts are remembered for each task. */
const INTENSITY_MAX = 100;
const REBOOTS_MAX = 1_000;
/** Shorter, and main would look at it all the time. */
const ANSWER_MIN_MS = 50;
/** Shorter, and the heartbeat costs more than the work. */
const HEARTBEAT_MIN_MS = 100;
const MISSED_MAX = 1_000;
/** QNX's default for a user's process; its 64th, 0, is for the idle thread. */
const PRIORITY_DEFAULT = 10;

const milliseconds = whole(0, MS_MAX);
/** State that outlives a task, in bytes. */
export const STABLE = whole(0, STABLE_BYTES_MAX);

/** `config.reattach.limits`. */
export const LIMITS = object(
  LIMIT_RANGES.map((row) => key(row.key, whole(row.min, row.max), row.value, row.about)),
);

/** `config.reattach.tasks.<name>.restart`. */
const RESTART = object([
  key(
    "when",
    word(RESTART_WHEN),
    DEFAULT_POLICY.when,
    '`"crash"`: after a crash, a hang or a kill. `"always"`: also when `main()` returns. ' +
      '`"never"`: not by a policy.',
  ),
  key(
    "minRun_ms",
    milliseconds,
    DEFAULT_POLICY.minRun_ms,
    "It is not started sooner than this after its last start: at most 20 starts a second.",
  ),
  key(
    "backoff_ms",
    milliseconds,
    DEFAULT_POLICY.backoff_ms,
    "The pause before the second restart in a row; each is twice the last. 0 for none. The first " +
      "restart comes at once: a glitch costs one start.",
  ),
  key(
    "backoffMax_ms",
    milliseconds,
    DEFAULT_POLICY.backoffMax_ms,
    "The longest pause, at least `backoff_ms`. A sensor that is plugged in again is found so soon.",
  ),
  key(
    "jitter",
    FRACTION,
    DEFAULT_POLICY.jitter,
    "A pause is longer or shorter by up to this fraction, so that restarts do not synchronise.",
  ),
  key(
    "settled_ms",
    milliseconds,
    DEFAULT_POLICY.settled_ms,
    "A run of this length was a good one: the next death is the first in a row again.",
  ),
  key(
    "intensity",
    whole(0, INTENSITY_MAX),
    DEFAULT_POLICY.intensity,
    "So many restarts within `period_ms` are borne; one more takes the next step of `escalate`. " +
      `The times of ${INTENSITY_MAX} restarts are remembered.`,
  ),
  key(
    "period_ms",
    whole(1, MS_MAX),
    DEFAULT_POLICY.period_ms,
    "The time that `intensity` counts in.",
  ),
  key(
    "escalate",
    list(STEPS),
    DEFAULT_POLICY.escalate,
    "The steps to take when restarting the task alone does not help. What ends the ladder " +
      '(`"board"`, `"hold"`) must be the last. Without steps nobody else is disturbed.',
  ),
]);

/** `config.reattach.board`. */
export const BOARD = object([
  key(
    "guardian_ms",
    milliseconds,
    DEFAULT_BOARD.guardian_ms,
    "The main VM may stand still for so long; then the board restarts. 0 for ever.",
  ),
  key(
    "rebootsMax",
    whole(0, REBOOTS_MAX),
    DEFAULT_BOARD.rebootsMax,
    "So many restarts of the board in a row are borne; then the culprit is held instead.",
  ),
  key(
    "stop_ms",
    whole(1, MS_MAX),
    DEFAULT_BOARD.stop_ms,
    "A task that is told to leave has so long to do so. Then it is ended by force in Node.js; " +
      "on a board, where no VM can be ended so, the board restarts.",
  ),
  key(
    "settled_ms",
    milliseconds,
    DEFAULT_BOARD.settled_ms,
    "A board that has run for so long begins a new row of restarts.",
  ),
  key(
    "deadlock",
    word(DEADLOCK_POLICIES),
    DEFAULT_BOARD.deadlock,
    'What happens to tasks that wait for each other. `"report"`: it is said. `"break"`: the ' +
      "least urgent of them is ended.",
  ),
]);

/** `config.reattach.tasks.<name>`. */
export const TASK = object([
  derived(
    "module",
    own("module", "a module of the manifest"),
    "none, it must be there",
    "The module that is its program. It exports `main`.",
  ),
  key(
    "priority",
    whole(PRIORITY_MIN, PRIORITY_MAX),
    PRIORITY_DEFAULT,
    "The larger, the more urgent: a channel hands out the most urgent message first. QNX's " +
      "numbers and its default; FreeRTOS gets three bands of them.",
  ),
  key(
    "heartbeat_ms",
    whole(HEARTBEAT_MIN_MS, MS_MAX, "none"),
    0,
    "Every so often the task must show life, or it is hung. An idle task sleeps in slices of up " +
      `to ${HEARTBEAT_MIN_MS} ms: choose several times as much. Shorter ones would cost more ` +
      "than the work.",
  ),
  key(
    "heartbeatLow",
    whole(0, MISSED_MAX),
    1,
    "So many missed periods in a row raise `CONDHBEATMISSEDLOW`. 0 for never; at most " +
      "`heartbeatHigh`.",
  ),
  key(
    "heartbeatHigh",
    whole(1, MISSED_MAX),
    2,
    "So many missed periods in a row, and the task is ended as hung. One alone may be chance.",
  ),
  key(
    "answer_ms",
    whole(ANSWER_MIN_MS, MS_MAX, "no limit"),
    0,
    "A message that it has not answered for so long makes it a task that hangs. Shorter times " +
      "would keep the main VM looking.",
  ),
  key(
    "load_ms",
    milliseconds,
    LOAD_MS,
    "It may take so long until it is ready: loaded, with its `services` attached. Then it is " +
      "hung. 0 for no limit.",
  ),
  key(
    "dependsOn",
    list(null),
    Object.freeze([]),
    "Names of tasks that are to be ready before it is started. A cycle is refused.",
  ),
  key(
    "services",
    list(null),
    Object.freeze([]),
    "Names that it attaches: it is ready when all are, and `ha_creat` starts it for them.",
  ),
  key(
    "standby",
    FLAG,
    false,
    "A second VM has loaded the program and waits to take over. It takes the memory of a second " +
      "task.",
  ),
  key(
    "essential",
    FLAG,
    false,
    "It runs also when restarting the board has not helped and nobody knows who is to blame.",
  ),
  derived("args", own("json", "any JSON"), "none", "What its `main(args)` is called with."),
  derived(
    "creation",
    CREATION,
    "see below",
    "The memory of its VM. A number that is given for `chunk`, `heap` or `keys` is its `initial`.",
  ),
  derived("restart", RESTART, "see below", "When and how it is restarted."),
  derived(
    "abilities",
    own("abilities", '`"observe"`, `"manage"`, `"restart:<task>"`'),
    '`["observe"]`',
    "What it may ask of the manager. The list is all that it may.",
  ),
  derived(
    "stableBytes",
    STABLE,
    "`limits.stableBytes`",
    "Its bytes of state that outlive it. They are kept twice, so that a commit is whole or " +
      "not at all.",
  ),
]);

/** `config.reattach` itself: `tasks` has a name for each of them. */
export const REATTACH_KEYS: readonly string[] = Object.freeze(["limits", "tasks", "board", "net"]);
