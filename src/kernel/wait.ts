/**
 * Sleeping and waking: the only file that calls Atomics.wait and Atomics.notify.
 *
 * Each task sleeps on one word, its doorbell, and on nothing else. XS 8.2.3 compares the doorbell
 * before it queues the sleeper, so a wake-up that falls between the two is lost; FreeRTOS can also
 * wake a sleeper for nothing. Therefore:
 * - the sleeper announces itself (TASK_SLEEP = 1), waits for a bounded slice, and its caller looks
 *   again at whatever it waits for;
 * - the waker notifies again while the sleeper is announced and nobody was woken, for a bounded
 *   time: a waker of higher priority on the same core would otherwise starve the sleeper.
 * The slice is the backstop, not the mechanism. TASK_SAVES counts how often it was needed.
 *
 * Writes TASK_BELL and TASK_RENOTIFIES of the task that is rung, and TASK_SLEEP, TASK_SINCE,
 * TASK_SLEEPS, TASK_SAVES and TASK_SPIN of its own.
 */
import { add, load, store } from "./atomic.js";
import { EDEADLK } from "./errno.js";
import * as L from "./layout.js";
import { mayBlock, me, port, requireAttached, words } from "./state.js";

const wait: (words: Int32Array, at: number, value: number, ms: number) => string = Atomics.wait;
const notify: (words: Int32Array, at: number, count: number) => number = Atomics.notify;

/** The longest a task sleeps without looking: what a lost wake-up costs at most. */
const SLICE_MS = 100;
/** For a deadline: there is none. */
export const FOREVER = Infinity;
/**
 * How long a waker goes on notifying a sleeper that is announced but not in the queue yet. Enough
 * to get there on another core; on the same one a waker of higher priority holds it up for that
 * long.
 */
const RENOTIFY_MS = 1;
/** Notifies between two looks at the clock. */
const RENOTIFY_STEP = 16;
/** Fewer looks than this are not worth their while: sleep at once. */
const SPIN_MIN = 64;
/** How much longer a first try to spin lasts. */
const SPIN_TRY = 40;
/** The fewest sleeps between two tries to spin: the other core may be free now. */
const SPIN_REST_MIN = 64;
/** The most: a few seconds of a busy task. */
const SPIN_REST_MAX = 65_536;

/** Thrown out of the kernel when the host has ordered this task to stop. Let it pass. */
export const STOPPED = Object.freeze({
  name: "TaskStopped",
  message: "the host has ordered this task to stop",
});

/** Milliseconds since the arena was made, as a signed 32-bit number; 0 is kept for "not set". */
export function arenaTime(): number {
  return (port.now() - words[L.HEAD_BOOT_MS]) | 0 || 1;
}

/** Rings a task's doorbell and wakes it when it sleeps. Never blocks. */
export function ring(task: number): void {
  add(words, task + L.TASK_BELL, 1);
  if (load(words, task + L.TASK_SLEEP) === 0) return;
  if (notify(words, task + L.TASK_BELL, 1) === 0) ringAgain(task);
}

/** The sleeper is announced but was not in the queue: it is on its way into it, or just out. */
function ringAgain(task: number): void {
  const until = port.now() + RENOTIFY_MS;
  do {
    for (let i = 0; i < RENOTIFY_STEP; i++) {
      if (load(words, task + L.TASK_SLEEP) === 0) return;
      add(words, task + L.TASK_RENOTIFIES, 1);
      if (notify(words, task + L.TASK_BELL, 1) !== 0) return;
    }
  } while (port.now() < until);
}

/** Does what TASK_POISON says. Returns only when it says nothing. */
export function obey(): void {
  if (words[me + L.TASK_POISON] === L.POISON_STOP) throw STOPPED;
  // Fault injection: stuck for good, deaf to the doorbell, never alive again to a watcher.
  while (load(words, me + L.TASK_POISON) === L.POISON_HANG) {
    wait(words, me + L.TASK_POISON, L.POISON_HANG, SLICE_MS);
  }
  if (words[me + L.TASK_POISON] === L.POISON_STOP) throw STOPPED;
}

/**
 * Waits until the doorbell differs from `seen`, the slice is over, or `until` has come; possibly
 * for nothing. The caller loads the doorbell BEFORE it looks at what it waits for and passes that
 * value here: news that come after its look have rung, so the sleep ends at once.
 */
export function awaitBell(seen: number, until: number): void {
  if (spinsUntilRung(seen)) return;
  let ms = SLICE_MS;
  if (until !== FOREVER) {
    const left = until - port.now();
    if (left < ms) ms = left > 0 ? left : 0;
  }
  // Announce, then look at the poison: the host poisons, then looks at the announcement.
  store(words, me + L.TASK_SLEEP, 1);
  if (load(words, me + L.TASK_POISON) !== 0) {
    store(words, me + L.TASK_SLEEP, 0);
    obey();
  }
  words[me + L.TASK_SLEEPS]++;
  const outcome = wait(words, me + L.TASK_BELL, seen, ms);
  store(words, me + L.TASK_SLEEP, 0);
  if (outcome === "timed-out") overslept(seen, ms);
  else words[me + L.TASK_SINCE] = 0;
}

/** The slice is over: note the lost wake-up, or since when the task sleeps. */
function overslept(seen: number, ms: number): void {
  if (load(words, me + L.TASK_BELL) !== seen) words[me + L.TASK_SAVES]++;
  else if (words[me + L.TASK_SINCE] === 0) words[me + L.TASK_SINCE] = (arenaTime() - ms) | 0 || 1;
}

/**
 * Looks at the doorbell for a while before sleeping; true when it rang. The number of looks adapts:
 * it doubles each time the bell rings while we look and halves each time it does not. Once it does
 * not pay any more the task sleeps at once, and tries again when it has slept as often again as it
 * has so far. So a pair of busy tasks on two cores never sleeps, and others hardly ever spin.
 */
function spinsUntilRung(seen: number): boolean {
  if (port.spinMax === 0) return false;
  const looks = words[me + L.TASK_SPIN];
  if (looks === 0) return triesToSpin(seen);
  if (isRungWithin(looks, seen)) {
    const more = looks * 2;
    words[me + L.TASK_SPIN] = more < port.spinMax ? more : port.spinMax;
    return true;
  }
  words[me + L.TASK_SPIN] = looks > SPIN_MIN ? looks >> 1 : 0;
  return false;
}

/**
 * A new try lasts longer than a spin that pays: the scheduler of an operating system may have put
 * the other side on this very core, and moves it only when it sees both busy for a while.
 */
function triesToSpin(seen: number): boolean {
  const sleeps = words[me + L.TASK_SLEEPS];
  if (sleeps < SPIN_REST_MIN || sleeps < words[me + L.TASK_SPIN_REST]) return false;
  const isPaying = isRungWithin(port.spinMax * SPIN_TRY, seen);
  if (isPaying) words[me + L.TASK_SPIN] = port.spinMax;
  const rest = sleeps < SPIN_REST_MAX ? sleeps : SPIN_REST_MAX;
  words[me + L.TASK_SPIN_REST] = sleeps + rest;
  return isPaying;
}

function isRungWithin(looks: number, seen: number): boolean {
  const bell = me + L.TASK_BELL;
  for (let i = 0; i < looks; i++) {
    if (load(words, bell) !== seen) return true;
  }
  return false;
}

/**
 * QNX's delay(): suspends the calling task for `ms` milliseconds. Returns 0, or -EDEADLK on
 * the main VM, which may not wait. Pulses and messages stay queued meanwhile.
 */
export function delay(ms: number): number {
  requireAttached("delay");
  if (!mayBlock) return -EDEADLK;
  const until = port.now() + ms;
  while (port.now() < until) {
    const seen = load(words, me + L.TASK_BELL);
    awaitBell(seen, until);
  }
  words[me + L.TASK_SINCE] = 0;
  return 0;
}
