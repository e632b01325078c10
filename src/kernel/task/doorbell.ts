/**
 * Sleeping and waking: the only file that calls Atomics.wait and Atomics.notify.
 *
 * Each task sleeps on one word, its doorbell, and on nothing else. XS 8.2.3 compares the doorbell
 * before it queues the sleeper, so a wake-up that falls between the two is lost; FreeRTOS can also
 * wake a sleeper for nothing. Therefore:
 * - the sleeper announces itself (TASK_SLEEP = the number of this sleep), waits for a bounded
 *   slice, and its caller looks again at whatever it waits for;
 * - the waker notifies again while that sleep is announced and nobody has been woken from it, a
 *   bounded number of times: a waker of higher priority on the same core would otherwise starve the
 *   sleeper. Who has woken it notes the number (TASK_WOKEN), so that others leave it alone; who
 *   gives up notes that instead.
 * The slice is the backstop, not the mechanism. TASK_SAVES counts how often it was needed, and
 * TASK_RENOTIFIES how often the second notify, or a later one, did it.
 *
 * A timer at every sleep is dear on Node.js. There the first slice has none (sliceMin_ms is
 * Infinity), and a thread of the host ends it: it notifies, and does not raise the doorbell. So a
 * sleeper that wakes and finds its doorbell as it was has slept for a slice, whoever ended it.
 *
 * Writes TASK_BELL, TASK_WOKEN and TASK_RENOTIFIES of the task that is rung, TASK_POISON of one
 * whose order changes, and TASK_SLEEP, TASK_SINCE, TASK_SLEEPS, TASK_SAVES and TASK_SPIN of its
 * own.
 */
import { isDuration } from "../argument.js";
import { add, cas, load, store } from "../../arena/atomic.js";
import { arenaTime, timeSince } from "../../arena/clock.js";
import { EDEADLK, EINVAL } from "../errno.js";
import * as L from "../../arena/layout.js";
import { requireAttached } from "../../arena/vm.js";
import { traceBlock, traceWake } from "../trace/points.js";
import { endUnanswerable } from "./claim.js";

const wait: (words: Int32Array, at: number, value: number, ms: number) => string = Atomics.wait;
const notify: (words: Int32Array, at: number, count: number) => number = Atomics.notify;

/** What wait() answers when the time is over. */
const TIMED_OUT = "timed-out";
/**
 * The longest a task sleeps without looking: what a lost wake-up costs at most, and an idle task
 * ten looks a second.
 */
export const SLICE_MS = 100;
/** For a deadline: there is none. */
export const FOREVER = Infinity;
/**
 * How often a waker notifies again, at most, a sleeper that is announced but not in the queue yet:
 * on another core it gets there within a few; on the same one the waker keeps it from getting
 * there, and its slice will end.
 */
export const RENOTIFY_MAX = 64;
/** And how long, for a slow chip: at most one tick of FreeRTOS, so that a sleeper can run. */
export const RENOTIFY_MS = 1;
/** Notifies between two looks at the clock. */
export const RENOTIFY_STEP = 16;
/** Fewer looks than this are not worth their while: sleep at once. */
export const SPIN_MIN = 64;
/** How much longer a first try to spin lasts. */
export const SPIN_TRY = 40;
/** The fewest sleeps between two tries to spin: the other core may be free now. */
export const SPIN_REST_MIN = 64;
/** The most: a few seconds of a busy task. */
export const SPIN_REST_MAX = 65_536;

/** Thrown out of the kernel when the host has ordered this task to stop. Let it pass. */
export const STOPPED = Object.freeze({
  name: "TaskStopped",
  message: "the host has ordered this task to stop",
});

/** Rings a task's doorbell and wakes it when it sleeps. Never blocks. */
export function ring(task: number): void {
  add($words, task + L.TASK_BELL, 1);
  const sleep = load($words, task + L.TASK_SLEEP);
  if (sleep === 0) return;
  if (notify($words, task + L.TASK_BELL, 1) === 0) ringAgain(task, sleep);
  else $words[task + L.TASK_WOKEN] = sleep;
}

/**
 * The sleeper is announced but was not in the queue: it is on its way into it; or somebody has
 * woken it and it has not run yet, and then there is nothing to do. (Two wakers may note their
 * sleeps in the wrong order; the next one then notifies in vain, a few times.)
 */
function ringAgain(task: number, sleep: number): void {
  if ($words[task + L.TASK_WOKEN] === sleep) return;
  const until = $vm.port.now() + RENOTIFY_MS;
  for (let i = 1; i <= RENOTIFY_MAX; i++) {
    if (load($words, task + L.TASK_SLEEP) !== sleep) return;
    if (notify($words, task + L.TASK_BELL, 1) !== 0) {
      $words[task + L.TASK_WOKEN] = sleep;
      add($words, task + L.TASK_RENOTIFIES, 1);
      return;
    }
    if (i % RENOTIFY_STEP === 0 && $vm.port.now() >= until) break;
  }
  $words[task + L.TASK_WOKEN] = (arenaTime() << L.WOKEN_MS_SHIFT) | (sleep & L.WOKEN_GIVEN_UP_MASK);
}

/** Does what TASK_POISON says. Returns when that is done, or was taken back. */
export function obey(): void {
  if ($own[L.TASK_POISON] === L.POISON_STOP) throw STOPPED;
  // Fault injection: stuck, deaf to the doorbell, not alive to a watcher; for good, or for a while.
  let order = load($own, L.TASK_POISON);
  while (order === L.POISON_HANG || order === L.POISON_HOLD) {
    wait($own, L.TASK_POISON, order, SLICE_MS);
    order = load($own, L.TASK_POISON);
  }
  if (order === L.POISON_STOP) throw STOPPED;
  if (order >= L.POISON_HOST) $vm.port.obey?.(order);
  // It may have been about to sleep, and is not announced any more. So that sleep ends at once.
  add($own, L.TASK_BELL, 1);
}

/**
 * Gives a task the order `next` in the place of `order`, as POISON_HOLD or one of the host's own;
 * 0 is none. False, and nothing has changed, when `order` is not its order. Main VM only.
 */
export function changeOrder(task: number, order: number, next: number): boolean {
  if (cas($words, task + L.TASK_POISON, order, next) !== order) return false;
  notify($words, task + L.TASK_POISON, 1);
  ring(task);
  return true;
}

/**
 * Waits until the doorbell differs from `seen`, the slice is over, or `until` has come; possibly
 * for nothing. The caller loads the doorbell BEFORE it looks at what it waits for and passes that
 * value here: news that come after its look have rung, so the sleep ends at once.
 */
export function awaitBell(seen: number, until: number): void {
  if ($vm.port.spinMax !== 0 && spinsUntilRung(seen)) {
    // Not written when it is 0: others look at this cache line whenever they ring.
    if ($own[L.TASK_SINCE] !== 0) $own[L.TASK_SINCE] = 0;
    return;
  }
  let ms = $vm.port.sliceMin_ms;
  if ($own[L.TASK_SINCE] !== 0) ms = sliceAfter(timeSince($own[L.TASK_SINCE]), ms);
  if (until !== FOREVER) {
    const left = until - $vm.port.now();
    if (left < ms) ms = left > 0 ? left : 0;
  }
  // Announce, then look at the poison: the host poisons, then looks at the announcement.
  store($own, L.TASK_SLEEP, (++$own[L.TASK_SLEEPS] << 1) | 1);
  if (load($own, L.TASK_POISON) !== 0) {
    store($own, L.TASK_SLEEP, 0);
    obey();
  }
  traceBlock();
  const outcome = wait($own, L.TASK_BELL, seen, ms);
  store($own, L.TASK_SLEEP, 0);
  if (outcome === TIMED_OUT || $own[L.TASK_BELL] === seen) {
    overslept(seen, ms);
    endUnanswerable();
  } else {
    $own[L.TASK_SINCE] = 0;
  }
  traceWake();
}

/**
 * How long to sleep without looking when the sleep has lasted for `slept_ms` already: as long
 * again, but not less than `least_ms`, the host's first slice, nor more than SLICE_MS. Where
 * wake-ups get lost a busy pair loses little to one, and a task that has slept for a tenth of a
 * second has looked seven times. Only a first slice is without end.
 */
export function sliceAfter(slept_ms: number, least_ms: number): number {
  if (slept_ms >= SLICE_MS || least_ms >= SLICE_MS) return SLICE_MS;
  return slept_ms > least_ms ? slept_ms : least_ms;
}

/** The slice is over: note the lost wake-up, or since when the task sleeps. */
function overslept(seen: number, ms: number): void {
  if (load($own, L.TASK_BELL) !== seen) {
    if (wasLost(ms)) $own[L.TASK_SAVES]++;
    $own[L.TASK_SINCE] = 0;
    return;
  }
  const slept_ms = ms < SLICE_MS ? ms : SLICE_MS;
  if ($own[L.TASK_SINCE] === 0) $own[L.TASK_SINCE] = (arenaTime() - slept_ms) | 0 || 1;
}

/**
 * The bell rang during a sleep that its slice has ended: was the wake-up lost? Not if its waker is
 * about to notify, or found nobody as the slice had just ended: only when a waker of this sleep
 * gave up, and a whole slice has passed since.
 */
function wasLost(ms: number): boolean {
  const woken = $own[L.TASK_WOKEN];
  if (((woken ^ ($own[L.TASK_SLEEPS] << 1)) & L.WOKEN_SLEEP_MASK) !== 0) return false;
  const since = (arenaTime() << L.WOKEN_MS_SHIFT) - (woken & ~L.WOKEN_SLEEP_MASK);
  return since >> L.WOKEN_MS_SHIFT >= ms;
}

/**
 * Looks at the doorbell for a while before sleeping; true when it rang. The number of looks adapts:
 * it doubles each time the bell rings while we look and halves each time it does not. Once it does
 * not pay any more the task sleeps at once, and tries again when it has slept as often again as it
 * has so far. So a pair of busy tasks on two cores never sleeps, and others hardly ever spin.
 */
function spinsUntilRung(seen: number): boolean {
  let looks = $own[L.TASK_SPIN];
  if (looks === 0) return triesToSpin(seen);
  // Whatever it has written there: a task that hangs in the kernel cannot be told to leave.
  if (!(looks <= $vm.port.spinMax)) looks = $vm.port.spinMax;
  if (isRungWithin(looks, seen)) {
    const more = looks * 2;
    $own[L.TASK_SPIN] = more < $vm.port.spinMax ? more : $vm.port.spinMax;
    return true;
  }
  $own[L.TASK_SPIN] = looks > SPIN_MIN ? looks >> 1 : 0;
  // The next try is due now, whatever stands there from before.
  if (looks <= SPIN_MIN) $own[L.TASK_SPIN_REST] = $own[L.TASK_SLEEPS] - SPIN_REST_MIN;
  return false;
}

/**
 * A new try lasts longer than a spin that pays: the scheduler of an operating system may have put
 * the other side on this very core, and moves it only when it sees both busy for a while.
 */
function triesToSpin(seen: number): boolean {
  const sleeps = $own[L.TASK_SLEEPS];
  // A difference: both wrap.
  if (((sleeps - $own[L.TASK_SPIN_REST] - SPIN_REST_MIN) | 0) < 0) return false;
  const isPaying = isRungWithin($vm.port.spinMax * SPIN_TRY, seen);
  if (isPaying) $own[L.TASK_SPIN] = $vm.port.spinMax;
  const rest = sleeps >>> 0 < SPIN_REST_MAX ? sleeps >>> 0 : SPIN_REST_MAX;
  $own[L.TASK_SPIN_REST] = sleeps + rest - SPIN_REST_MIN;
  return isPaying;
}

function isRungWithin(looks: number, seen: number): boolean {
  for (let i = 0; i < looks; i++) {
    if (load($own, L.TASK_BELL) !== seen) return true;
  }
  return false;
}

/**
 * QNX's delay(): suspends the calling task for `ms` milliseconds. Returns 0; or what is left of
 * them, above 0, in a recovery function when the call that is recovered has no more time; or
 * -EINVAL for what is no number, -EDEADLK on the main VM, which may not wait. Pulses and
 * messages stay queued meanwhile.
 */
export function delay(ms: number): number {
  requireAttached();
  if (!isDuration(ms)) return -EINVAL;
  if (!$vm.port.mayBlock) return -EDEADLK;
  const end = $vm.port.now() + ms;
  const until = end > $vm.limitUntil ? $vm.limitUntil : end;
  while ($vm.port.now() < until) {
    const seen = load($own, L.TASK_BELL);
    awaitBell(seen, until);
  }
  $own[L.TASK_SINCE] = 0;
  traceWake();
  return end > until ? end - until : 0;
}
