/**
 * The control block: all that the scheduler of a simulation knows, in memory that every thread has.
 *
 * Only the thread with the baton reads and writes it, so it needs no atomics. The exceptions are
 * the gates, one cache line for each real thread, on which a thread sleeps until it gets the baton.
 *
 * A participant is what the virtual world knows: 0 is the main VM, the others are lives of tasks. A
 * seat is a real thread. Which seat plays a participant differs from run to run, and decides
 * nothing.
 */

/** Real threads, the main one included. */
export const SEATS_MAX = 256;
/** The main VM, and for each task one that runs and one that stands by. */
export const PARTICIPANTS_MAX = 128;
export const MAIN = 0;

// Words.

/** Who has the baton. */
export const CURRENT = 0;
/** State of the generator of chance (xorshift32); never 0. */
export const CHANCE = 1;
export const HASH_A = 2;
export const HASH_B = 3;
/** Mean number of points between two preemptions; 0 for none. */
export const PREEMPTION = 4;
/** How often the baton went to somebody else. Wraps: it is shown, and compared for being equal. */
export const SWITCHES = 5;
/** How often it was taken from somebody who could have gone on. Wraps: it is shown. */
export const PREEMPTIONS = 6;
/** Not 0: some participant has something to tell the main VM. */
export const NEWS = 7;
/** Participants so far: all above are free. */
export const COUNT = 8;
/** Changes whenever anybody looks at the clock of the simulation: a sign of life in real time. */
export const SIGNS = 9;
/** One wake-up of so many is lost; 0 for none. */
export const LOST_WAKE_UPS = 10;

const PARTICIPANTS_AT = 16;
const PARTICIPANT_WORDS = 8;

// Of a participant.

/** RUNNABLE, WAITING, DEAD or SLOWED; 0 for nobody. */
export const STATE = 0;
/** Was its sleep ended by a notify (0), or by its deadline (1)? */
export const TIMED_OUT = 1;
/** Points that it still has to live; 0 for no limit, -1 when they are over. */
export const FUSE = 2;
/** Bits that it has told the main VM and that this has not taken yet. */
export const EVENTS = 3;
/** The real thread that plays it. */
export const SEAT = 4;
/** Bits: what its event loop is to do. */
export const ORDERS = 5;
/** A pid for one that stands by: it is called. */
export const CALLED = 6;
/** What the word was on which it sleeps. */
export const EXPECTED = 7;

export const RUNNABLE = 1;
export const WAITING = 2;
export const DEAD = 3;
/** It could run, and is kept from it until its deadline: another one is faster. */
export const SLOWED = 4;

// Gates.

const GATES_AT = PARTICIPANTS_AT + PARTICIPANTS_MAX * PARTICIPANT_WORDS;
const GATE_WORDS = 16;
const WORDS = GATES_AT + SEATS_MAX * GATE_WORDS;

export const GATE_SHUT = 0;
/** The baton is here. */
export const GATE_GO = 1;
/** This life is over. */
export const GATE_DIE = 2;
/** This thread is. */
export const GATE_EXIT = 3;
/** Beside the gate: how many lives this thread has ended; -1 when it takes no more. */
export const ENDED_LIVES = 1;

// Doubles, behind the words.

/** Virtual milliseconds. */
export const NOW = 0;
/** Points passed by all. */
export const POINTS = 1;
/** When a participant that waits goes on by itself. */
export const DEADLINES_AT = 2;
/** What it waits on: an address of wait(), NOWHERE or IDLE. */
export const ADDRESSES_AT = DEADLINES_AT + PARTICIPANTS_MAX;
const DOUBLES = ADDRESSES_AT + PARTICIPANTS_MAX;
/** Nobody can ring there. */
export const NOWHERE = -1;
/**
 * Each memory that participants share has so many addresses: the first are those of the arena.
 */
export const MEMORY_ROOM = 0x1_0000_0000;
/** In its event loop, with nothing to do: an order wakes it. */
export const IDLE = -2;

/** Address of a participant's words. */
export function wordsOf(participant: number): number {
  return PARTICIPANTS_AT + participant * PARTICIPANT_WORDS;
}

/** Address of a seat's gate. */
export function gateOf(seat: number): number {
  return GATES_AT + seat * GATE_WORDS;
}

/** A control block. */
export interface Control {
  readonly words: Int32Array;
  readonly doubles: Float64Array;
}

/** Memory for a new control block. */
export function createControl(): SharedArrayBuffer {
  return new SharedArrayBuffer(WORDS * 4 + DOUBLES * 8);
}

/** The control block in such memory. */
export function controlIn(memory: SharedArrayBuffer): Control {
  return {
    words: new Int32Array(memory, 0, WORDS),
    doubles: new Float64Array(memory, WORDS * 4, DOUBLES),
  };
}

/** Empties all but the gates: threads of the simulation before may be on their way to them. */
export function clearControl({ words, doubles }: Control): void {
  words.fill(0, 0, GATES_AT);
  doubles.fill(0);
  for (let i = 0; i < PARTICIPANTS_MAX; i++) doubles[ADDRESSES_AT + i] = NOWHERE;
}
