/**
 * The layout of the arena: ALL offsets, and nothing but offsets; what stands there: values.ts.
 *
 * The arena is one SharedArrayBuffer. It is made of 32-bit words; addresses in the kernel are word
 * indexes into it, and a record is read as `words[address + FIELD]`. Byte offsets are only used for
 * message bytes. Where each region begins follows from the limits: regions.ts. Fields are grouped
 * by the record they belong to, with who may write them.
 *
 * A word that counts or tells time says where it wraps, and why nothing goes wrong then;
 * test/proof/wrap drives each of them over that place. Where it does not say otherwise all 32 bits
 * count, and the word goes on at 0.
 */
import type { LimitName } from "./limits.js";
import * as V from "./values.js";

export * from "./values.js";

/** Bytes of a word. */
export const WORD_BYTES = 4;

// ---------------------------------------------------------------------------------------------
// Header: written once at boot, but for HEAD_HALVES and HEAD_TRACE.

/** MAGIC. */
export const HEAD_MAGIC = 0;
/**
 * How often arena time has come to 2^31 or to 0 again: what uptime() needs beside it. By main.
 * Wraps: after 292 million years.
 */
export const HEAD_HALVES = 1;
/** The whole size, against a truncated buffer. */
export const HEAD_BYTES = 2;
/** The limits (limits.ts), in the order of HEAD_LIMITS below. */
export const HEAD_TASKS = 3;
export const HEAD_CHANNELS = 4;
export const HEAD_CONNECTIONS = 5;
export const HEAD_NAMES = 6;
export const HEAD_MESSAGE_BYTES = 7;
export const HEAD_PULSES = 8;
export const HEAD_TRACE_RECORDS = 9;
export const HEAD_STABLE_BYTES = 10;
export const HEAD_SHARED_BUFFERS = 11;
export const HEAD_SHARED_BYTES = 12;
/**
 * Number of trace records ever written. Atomics.add by anyone. Wraps: readers count backwards from
 * it; 0 is left out, and of the round before there may be fewer.
 */
export const HEAD_TRACE = 13;
/**
 * Milliseconds of the host's clock at boot, of which arena time is the distance. Wraps: so does
 * that distance, and both are only subtracted.
 */
export const HEAD_BOOT_MS = 14;
/** Where everything is (regions.ts): here, so that no VM has a copy of it in its own memory. */
export const HEAD_PLACES = 15;
export const HEAD_CHANNELS_AT = 16;
export const HEAD_CHANNEL_WORDS = 17;
export const HEAD_PENDING_WORDS = 18;
export const HEAD_PULSES_AT = 19;
export const HEAD_CONNECTIONS_AT = 20;
export const HEAD_NAMES_AT = 21;
export const HEAD_SHARED_OWNERS_AT = 22;
export const HEAD_STABLE_AT = 23;
export const HEAD_TRACE_AT = 24;
export const HEAD_BUFFERS_AT_BYTE = 25;
export const HEAD_BUFFER_STRIDE = 26;
export const HEAD_SHARED_AT_BYTE = 27;
export const HEAD_SHARED_STRIDE = 28;
/** Address of the manager's channel. */
export const HEAD_MANAGER_AT = 29;
export const HEAD_SPARES_AT = 30;
/** Where each task's stable state is, when tasks differ; 0 when all have as much. */
export const HEAD_STABLE_INDEX_AT = 31;
export const HEAD_WORDS = 32;

/** The limits in the header, from HEAD_TASKS on. */
export const HEAD_LIMITS: readonly LimitName[] = Object.freeze([
  "tasks",
  "channels",
  "connections",
  "names",
  "messageBytes",
  "pulses",
  "trace",
  "stableBytes",
  "sharedBuffers",
  "sharedBytes",
]);

/** Address of the first task record, the main VM's. */
export const TASKS_AT = HEAD_WORDS;

// ---------------------------------------------------------------------------------------------
// Task: one record a VM; the main VM has index 0. Two cache lines of 64 bytes: what others look at
// and ring, and the transfer slot. A task that is busy writes only its second line, so that whoever
// rings it has to fetch the first one no more often than necessary.

/**
 * Generation and LIFE_ state. Compare-exchange only: main claims, death ends. Wraps: the
 * generation, after TASK_GENERATION_MASK, to 1: see there.
 */
export const TASK_LIFE = 0;
/**
 * The doorbell: raised by whoever has news for this task. Wraps: it is only compared with what it
 * was a slice of sleep ago, and nobody rings 2^32 times in a tenth of a second.
 */
export const TASK_BELL = 1;
/**
 * The number of its sleep, while it is or is about to be asleep; else 0. 1 for main. By the task.
 * Wraps: it is odd, so it is never 0, and differs from the 2^31 before it.
 */
export const TASK_SLEEP = 2;
/** A POISON_ order, read in every loop of the kernel. Written by the host. */
export const TASK_POISON = 3;
/** The priority it runs at now. Written by the task, and raised by clients that queue for it. */
export const TASK_PRIORITY = 4;
/**
 * Priority it was started with | high part of TASK_FIRST_SEQ << BASE_PRIORITY_BITS. By main. Wraps:
 * with SLOT_SEQ_HIGH, of which it is a copy.
 */
export const TASK_BASE_PRIORITY = 5;
/**
 * Arena time when the long sleep it is in began, 0 when it is not in one. Written by the task.
 * Wraps: with arena time, after 49.7 days; a longer sleep seems to begin anew, with short slices.
 */
export const TASK_SINCE = 6;
/** Times this incarnation went to sleep. Wraps: a count for people, and only differences else. */
export const TASK_SLEEPS = 7;
/**
 * Lost wake-ups: sleeps that only their bounded slice ended, after a waker had notified as often as
 * it may and found nobody. Wraps: a count for people.
 */
export const TASK_SAVES = 8;
/**
 * Wake-ups that only a repeated notify brought: the sleeper was announced and not queued yet.
 * Wraps: a count for people.
 */
export const TASK_RENOTIFIES = 9;
/** Connections it recovered (src/ha). Wraps: a count for people. */
export const TASK_RECOVERIES = 10;
/**
 * Low part of the slot's sequence when this incarnation began: older rcvids are not its. Wraps:
 * with the sequence, of which it is a copy.
 */
export const TASK_FIRST_SEQ = 11;
/** Address of the task whose slot it has claimed, before it does; 0 for none. By the task. */
export const TASK_CLAIMING = 12;
/**
 * What this incarnation says of itself, for hosts whose workers cannot tell it otherwise: Moddable
 * has no exit event. stage.ts says what is in it. Written by the task's own VM. Wraps: the
 * heartbeats (14 bits); a watcher asks whether there was another, not how many there are.
 */
export const TASK_STAGE = 13;
/**
 * TASK_SLEEP of the sleep that somebody has ended by a notify, or WOKEN_ bits: a waker has given it
 * up. By whoever did. Wraps: with TASK_SLEEP; one that is 2^31 sleeps old costs a wake-up its
 * slice, at most.
 */
export const TASK_WOKEN = 14;
/**
 * Of a message that is transmitted again: low part of its first sequence << SLOT_FIRST_BITS | how
 * many transmissions there were before, up to SLOT_FIRST_MASK; else 0. Written by the client.
 * Wraps: the sequence's low part; a message is not transmitted again 2^29 messages later.
 */
export const SLOT_FIRST = 15;

/**
 * State and low part of the sequence of the outstanding message. The one word that decides every
 * race. Wraps: 29 bits, into SLOT_SEQ_HIGH.
 */
export const SLOT_STATE = 16;
/**
 * High part of the sequence. Written by the client between two messages. Wraps: 15 bits, after 2^44
 * messages: RCVID_INDEX_RANGE says how long that is.
 */
export const SLOT_SEQ_HIGH = 17;
/** Address of the channel the message is for. This and all below: written before SEND. */
export const SLOT_CHANNEL = 18;
/**
 * What CHANNEL_LIFE must read for the message to be meant for that incarnation of the channel.
 * Wraps: with CHANNEL_LIFE, of which it is a copy.
 */
export const SLOT_CHANNEL_LIFE = 19;
/** Address of the connection entry it was sent through. */
export const SLOT_CONNECTION = 20;
/** Its place in the channel's queue. Wraps: with CHANNEL_TICKET. */
export const SLOT_TICKET = 21;
/** Bytes sent. */
export const SLOT_SENT = 22;
/** Bytes of room for the reply. */
export const SLOT_ROOM = 23;
/** Byte offset of the message, when it is longer than messageBytes (a shared buffer). */
export const SLOT_SEND_AT = 24;
/** Byte offset of the room for the reply, when that is longer than messageBytes. */
export const SLOT_REPLY_AT = 25;
/** SLOT_FLAG_ bits. By the client before SEND; unblock bits by compare-exchange after. */
export const SLOT_FLAGS = 26;
/** What the client's call returns. Written by the server inside its claim. */
export const SLOT_STATUS = 27;
/** Bytes of the reply, from offset 0. Written by the server inside its claim. */
export const SLOT_WRITTEN = 28;
/** Messages and pulses this incarnation received. By the task. Wraps: a count for people. */
export const TASK_RECEIVED = 29;
/** How many looks at the doorbell it spends before it sleeps; adapts. Written by the task. */
export const TASK_SPIN = 30;
/**
 * At which count of sleeps, less the first SPIN_REST_MIN, it tries to spin again, once that did not
 * pay. Written by the task. Wraps: with TASK_SLEEPS, and is less than 2^31 ahead of it.
 */
export const TASK_SPIN_REST = 31;
export const TASK_WORDS = 32;
/** A task's address is its index shifted by this. */
export const TASK_SHIFT = 5;

// ---------------------------------------------------------------------------------------------
// Channel.

/**
 * Generation and state. Raised before anything else when the channel dies. Wraps: 30 bits of
 * generation; a chid or a coid returns after a billion channels in one record.
 */
export const CHANNEL_LIFE = 0;
/** pid of the task that owns it, 0 for free. Compare-exchange only: the claim on the record. */
export const CHANNEL_OWNER = 1;
/** _NTO_CHF_ bits. */
export const CHANNEL_FLAGS = 2;
/**
 * Tickets given out: the order of arrival. Wraps: it is compared within 2^30, and only between
 * arrivals of one priority; one that has starved for so many others may lose its place to an equal.
 */
export const CHANNEL_TICKET = 3;
/** NOTICE_ bits: there may be something for the server beside messages. */
export const CHANNEL_NOTICE = 4;
/** What the server waits for here: WAITING_ values, written by the server before it sleeps. */
export const CHANNEL_WAITING = 5;
/** First word of the bitmap of tasks with a message for this channel. */
export const CHANNEL_PENDING = 6;

// ---------------------------------------------------------------------------------------------
// Pulse: `pulses` cells a channel. Cells are taken in any order and received by priority.

/**
 * 0 free; a pid: claimed by that task, being written; pid + PID_TOLD: the same, but what it writes
 * is for an incarnation of the channel that is gone; negative: full, with a ticket. Wraps: 31 bits,
 * with CHANNEL_TICKET.
 */
export const PULSE_STATE = 0;
/** code << 8 | priority. */
export const PULSE_CODE = 1;
export const PULSE_VALUE = 2;
export const PULSE_SCOID = 3;
export const PULSE_WORDS = 4;

// ---------------------------------------------------------------------------------------------
// Connection: written by its owner; by death; and, while it lingers, by the server.

/**
 * pid of the client; 0 free. While it lingers (the client is gone, the server must still detach the
 * scoid): -pid of the server, and -(pid + PID_TOLD) once the server has the disconnect pulse.
 * Compare-exchange only.
 */
export const CONNECTION_OWNER = 0;
/**
 * Raised whenever the entry is written anew: the generation in the scoid. Wraps: 20 bits, to 1; a
 * scoid returns after a million connections through one entry.
 */
export const CONNECTION_SERIAL = 1;
/** Address of the channel. */
export const CONNECTION_CHANNEL = 2;
/** What CHANNEL_LIFE read when it was attached. Wraps: with CHANNEL_LIFE. */
export const CONNECTION_CHANNEL_LIFE = 3;
/** Number in its owner's table, with CONNECTION_ bits above; NUMBER_NONE when only a root. */
export const CONNECTION_COID = 4;
/** Address of the entry that stands for the shared connection (often itself). */
export const CONNECTION_ROOT = 5;
export const CONNECTION_WORDS = 6;

// ---------------------------------------------------------------------------------------------
// Name.

/** pid of the task that registered it, 0 for free. Compare-exchange only. */
export const NAME_OWNER = 0;
/** The owner's pid: registered. Its negative: being registered. Anything else: not yet, or lost. */
export const NAME_STATE = 1;
export const NAME_CHANNEL = 2;
/** What CHANNEL_LIFE read when it was registered. Wraps: with CHANNEL_LIFE. */
export const NAME_CHANNEL_LIFE = 3;
/**
 * Length in bytes; above NAME_LENGTH_MASK a number raised whenever the record is written anew.
 * Wraps: 24 bits; it is compared by a reader that has been at it for a few instructions.
 */
export const NAME_LENGTH = 4;
/** First of the words that hold the name's characters, a byte each. */
export const NAME_TEXT = 5;
/** Longest name, in bytes. */
export const NAME_BYTES_MAX = 32;
export const NAME_WORDS = NAME_TEXT + NAME_BYTES_MAX / WORD_BYTES;

// ---------------------------------------------------------------------------------------------
// Stable state of a task: one word that says which of two copies counts, then the copies.

/**
 * Commits so far << STABLE_LENGTH_BITS | bytes of the last; the lowest bit of the count chooses.
 * Wraps: 15 bits, an even number of them, so the copies go on in turn.
 */
export const STABLE_LAST = 0;
export const STABLE_WORDS = 1;
/** The index, when tasks differ: address and bytes of each task's. Written once, at boot. */
export const STABLE_INDEX_AT = 0;
export const STABLE_INDEX_BYTES = 1;
export const STABLE_INDEX_WORDS = 2;

// ---------------------------------------------------------------------------------------------
// Spare: one word a task, the STAGE_ of the VM that stands by; 0 for none, or while it is loading.

// ---------------------------------------------------------------------------------------------
// Trace record.

/** Its number, 0 while it is being written. Wraps: with HEAD_TRACE. */
export const TRACE_NUMBER = 0;
/** Arena time. Wraps: after 49.7 days; readers subtract it from now. */
export const TRACE_MS = 1;
/** event << 16 | task index. */
export const TRACE_EVENT = 2;
export const TRACE_VALUE = 3;
export const TRACE_WORDS = 4;

// ---------------------------------------------------------------------------------------------
// Assertions. On XS a preloaded module's body runs in the linker: a failure stops the build.

function assertLayout(holds: boolean, invariant: string): void {
  if (!holds) throw new Error(`layout: ${invariant}`);
}

assertLayout(TASK_WORDS === 1 << TASK_SHIFT, "a task record is 2^TASK_SHIFT words");
assertLayout(TASK_SPIN_REST < TASK_WORDS, "the transfer slot lies inside the task record");
assertLayout(TASK_WOKEN < SLOT_STATE, "task and slot do not overlap");
assertLayout(HEAD_TASKS + HEAD_LIMITS.length === HEAD_TRACE, "the header has all limits");
assertLayout(
  HEAD_LIMITS[HEAD_STABLE_BYTES - HEAD_TASKS] === "stableBytes",
  "the limits stand in their order",
);
assertLayout(HEAD_STABLE_INDEX_AT < HEAD_WORDS, "the header fits");
assertLayout(V.SCOID_INDEX_MASK + 1 < V.RECOVERING_NONE, "each connection may be recovered");
assertLayout(
  NAME_TEXT === NAME_LENGTH + 1,
  "a name's length and its characters are compared as one",
);
assertLayout(V.SLOT_EXPIRED <= V.SLOT_STATE_MASK, "slot states fit in their bits");
assertLayout(V.RCVID_INDEX_RANGE === V.PID_INDEX_MASK + 1, "pid and rcvid count tasks alike");
assertLayout(
  (V.SEQ_HIGH_MASK + 1) * V.SEQ_LOW_RANGE * V.RCVID_INDEX_RANGE === 2 ** 53,
  "an rcvid uses 53 bits",
);
