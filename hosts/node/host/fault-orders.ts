/**
 * Orders of fault injection that a task's own thread carries out, wherever it next looks at
 * TASK_POISON: when it begins to send or to receive, and when it is about to sleep. Its program
 * knows nothing of them.
 *
 * The main thread gives an order (NodeTaskHost.changeOrder). What is done at once is taken back
 * here, where it is done; SLOW stands until main takes it back.
 */
import * as L from "../../../src/arena/layout.js";
import { loseWakeUp } from "./lost-wake-ups.js";

/** Use up all memory. */
export const ORDER_MEMORY = L.POISON_HOST;
/** Throw an error. */
export const ORDER_THROW = L.POISON_HOST + 1;
/** Lose the next wake-up. Only the tracing build can. */
export const ORDER_LOSE_WAKE_UP = L.POISON_HOST + 2;
/** Wait at each look, for so many milliseconds << ORDER_SHIFT. */
const ORDER_SLOW = L.POISON_HOST + 3;

const ORDER_SHIFT = 4;
const ORDER_MASK = (1 << ORDER_SHIFT) - 1;
/** The longest wait of a look: a day, for which there is room in the word. */
const SLOW_MS_MAX = 86_400_000;

/** Numbers in one piece of what is allocated: small beside any heap, as a leak's would be. */
const PIECE_NUMBERS = 1_024;
/** How often a task looks whether its message is answered, when it is to throw after that. */
const LOOK_MS = 1;

/** The order to wait for `delay_ms` at each look. */
export function slowOrder(delay_ms: number): number {
  return ORDER_SLOW | (Math.min(SLOW_MS_MAX, Math.max(1, Math.round(delay_ms))) << ORDER_SHIFT);
}

/** What an injected error says. */
export const INJECTED = "an injected fault";

/** HostPort.obey of a task's thread. */
export function obeyFault(order: number): void {
  switch (order & ORDER_MASK) {
    case ORDER_MEMORY:
      return exhaust();
    case ORDER_THROW:
      return throwWhereAllowed(order);
    case ORDER_LOSE_WAKE_UP:
      takeBack(order);
      return loseWakeUp();
    case ORDER_SLOW:
      // Another order ends it: to stop, or that this one is over.
      Atomics.wait($own, L.TASK_POISON, order, order >>> ORDER_SHIFT);
      return;
    default:
    // Its own program has written there.
  }
}

function takeBack(order: number): void {
  Atomics.compareExchange($own, L.TASK_POISON, order, 0);
}

/** Allocates, and keeps it all, until V8 ends the thread at its `resourceLimits`. */
function exhaust(): never {
  const all: number[][] = [];
  for (;;) all.push(Array.from({ length: PIECE_NUMBERS }, () => all.length + 0.5));
}

/**
 * Not while its message is under way: a program that catches the error may send its next one, and
 * the server be writing into this one. Then the task is asked again when it next looks.
 */
function throwWhereAllowed(order: number): void {
  const state = Atomics.load($own, L.SLOT_STATE) & L.SLOT_STATE_MASK;
  if (state === L.SLOT_SEND || state === L.SLOT_REPLY || state === L.SLOT_CLAIMED) {
    Atomics.wait($own, L.TASK_POISON, order, LOOK_MS);
    return;
  }
  takeBack(order);
  throw new Error(INJECTED);
}
