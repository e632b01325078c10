/**
 * The rings of a trace: one for each place of the arena, in memory of their own.
 *
 * The writer of a ring is the VM that lives in its place, and nobody else: there is no lock. Who
 * can die or be late:
 * - The writer, at any step of a record. It counts the record first (RING_LAST), voids its stamp,
 *   writes what it says, and stamps it last. So a record that was begun and never finished has the
 *   wrong stamp, and its successor in the ring goes on with the next number.
 * - The predecessor: nothing of it runs when a successor attaches. On Node.js that is true from its
 *   last message on; what it still does then is not recorded (traceEnd in recorder.ts).
 * - The reader. The writer overtakes it: the stamps are those of later records, and it says how
 *   many it has lost. It looks at the stamp before and after it copies.
 * - The board. The rings are not in the arena: in the simulator they outlive it, on a chip they are
 *   RAM and are gone.
 *
 * A record has the low 32 bits of its time. Whenever the high part is another one than that of the
 * record before, the writer puts a CLOCK record between them, and then notes it in RING_HIGH.
 */

/** What a VM is started with, as far as traces are concerned. */
export interface TraceStart {
  /** The rings; null where nothing is traced. */
  trace?: SharedArrayBuffer | null;
}

/** Words of the memory before the first ring: how many rings, and how many records each has. */
const RINGS_COUNT = 0;
const RINGS_RECORDS = 1;
const RINGS_WORDS = 4;

/**
 * Words of a ring before its records. Records begun so far: the number of the last. Wraps: numbers
 * are compared within the length of a ring; number 0 looks like a record that was never written,
 * and one in 2^32 is told as torn.
 */
export const RING_LAST = 0;
/** The high part of the time of the last record. Wraps: after 584,000 years. */
export const RING_HIGH = 1;
/** Records of the ring, less 1: they are a power of two. */
export const RING_MASK = 2;
export const RING_WORDS = 4;

/**
 * The first word of a record is its stamp: its number, and 0 while it is being written. Wraps: as
 * RING_LAST. Then microseconds. Wraps: a CLOCK record tells.
 */
export const RECORD_TIME = 1;
/** A KIND_ | a place << PEER_SHIFT | a value << VALUE_SHIFT. */
export const RECORD_WHAT = 2;
/**
 * Of a message: low part of its number << 3 | its attempt less 1, as in SLOT_FIRST; else see the
 * kind. Wraps: with the number; a reader holds a message no longer than its client does.
 */
export const RECORD_MESSAGE = 3;
export const RECORD_SHIFT = 2;
const RECORD_WORDS = 1 << RECORD_SHIFT;

/** Microseconds that RECORD_TIME can count. */
export const TIME_RANGE = 0x1_0000_0000;

const KIND_BITS = 4;
export const KIND_MASK = 15;
export const PEER_SHIFT = KIND_BITS;
export const PEER_MASK = 511;
/** From a task's address, less that of the first, to its place << PEER_SHIFT. */
export const TASK_PEER_SHIFT = 1;
export const VALUE_SHIFT = 13;
/** The most that a value says: so much, or more. */
export const VALUE_MAX = 0x7_ffff;

/** The VM of the task in the place `peer` exists; message: its pid. */
export const KIND_START = 1;
/** The same task is ready; message: its pid. */
export const KIND_READY = 2;
/** The same task is dead; message: its pid. */
export const KIND_DEATH = 3;
/** value: the high part of the time before; message: that of the record after. */
export const KIND_CLOCK = 4;
/** peer: the server; value: bytes. */
export const KIND_SEND = 5;
/** peer: the client; value: bytes sent. */
export const KIND_RECEIVE = 6;
/** peer: the client; value: bytes. */
export const KIND_REPLY = 7;
/** peer: the client; value: the errno. */
export const KIND_ERROR = 8;
/** A client's call has ended; value: its status. */
export const KIND_RETURN = 9;
/** A client's call has ended with an error; value: the errno. */
export const KIND_FAIL = 10;
/** peer: the server; value: the code. */
export const KIND_PULSE = 11;
/** value: the code, from 0 to 255: the kernel's own are from 128 on. */
export const KIND_GOT_PULSE = 12;
/** value: BLOCK_. */
export const KIND_BLOCK = 13;
export const KIND_WAKE = 14;
/** value: RECOVERY_; message: the coid. */
export const KIND_RECOVERY = 15;

/** It waits in delay(), for a name, or for the answer to its message. */
export const BLOCK_OTHER = 0;
/** It waits for a message or a pulse. */
export const BLOCK_RECEIVE = 1;

/** The recovery function is over; it has failed, unless RECOVERY_DONE came before. */
export const RECOVERY_OVER = 0;
export const RECOVERY_DONE = 1;
export const RECOVERY_BEGUN = 2;

/** The fewest records of a ring: a message is up to six in its client's. */
const RECORDS_MIN = 16;

/** The next power of two. */
function rounded(records: number): number {
  let count = RECORDS_MIN;
  while (count < records) count *= 2;
  return count;
}

/** Makes the rings of a board: of `records` each, rounded up to a power of two. Allocates. */
export function createRings(places: number, records: number): SharedArrayBuffer {
  const count = rounded(records);
  const ringWords = RING_WORDS + count * RECORD_WORDS;
  const words = new Int32Array(new SharedArrayBuffer((RINGS_WORDS + places * ringWords) * 4));
  words[RINGS_COUNT] = places;
  words[RINGS_RECORDS] = count;
  for (let i = 0; i < places; i++) words[RINGS_WORDS + i * ringWords + RING_MASK] = count - 1;
  return words.buffer as SharedArrayBuffer;
}

/** How many rings there are in this memory. */
export function ringsIn(memory: SharedArrayBuffer): number {
  return new Int32Array(memory)[RINGS_COUNT]!;
}

/** The words of one ring. Allocates a view. */
export function ringOf(memory: SharedArrayBuffer, place: number): Int32Array {
  const count = new Int32Array(memory, 0, RINGS_WORDS)[RINGS_RECORDS]!;
  const ringWords = RING_WORDS + count * RECORD_WORDS;
  const at = (RINGS_WORDS + place * ringWords) * Int32Array.BYTES_PER_ELEMENT;
  return new Int32Array(memory, at, ringWords);
}
