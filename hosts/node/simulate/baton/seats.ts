/**
 * Real threads that have one life after the other. What is done here decides nothing in the virtual
 * world, and needs no baton.
 */
import * as C from "./control.js";
import { seat } from "./scheduler.js";
import { words } from "./state.js";

/** The last life of this thread is over, and it can be given another one. */
export function acknowledge(): void {
  const gate = C.gateOf(seat);
  // Only the order that it has followed: meanwhile there may be one to exit.
  Atomics.compareExchange(words, gate, C.GATE_DIE, C.GATE_SHUT);
  Atomics.add(words, gate + C.ENDED_LIVES, 1);
  Atomics.notify(words, gate + C.ENDED_LIVES);
}

/** This thread ends with its life. */
export function renounce(): void {
  const at = C.gateOf(seat) + C.ENDED_LIVES;
  Atomics.store(words, at, -1);
  Atomics.notify(words, at);
}

/** The thread is gone: somebody else may have its seat. */
export function freeSeat(itsSeat: number): void {
  Atomics.store(words, C.gateOf(itsSeat), C.GATE_SHUT);
  Atomics.store(words, C.gateOf(itsSeat) + C.ENDED_LIVES, 0);
}

/**
 * Waits, in real time, until a thread has ended so many lives; nothing virtual depends on it. False
 * when it takes no more.
 */
export function awaitLives(itsSeat: number, lives: number): boolean {
  const at = C.gateOf(itsSeat) + C.ENDED_LIVES;
  for (;;) {
    const ended = Atomics.load(words, at);
    if (ended < 0) return false;
    if (ended >= lives) return true;
    Atomics.wait(words, at, ended);
  }
}
