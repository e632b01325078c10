/**
 * The layout of the arena: ALL offsets, and nothing but offsets.
 *
 * The arena is one SharedArrayBuffer. It is made of 32-bit words; addresses in the kernel are word
 * indexes into it, and a record is read as `words[address + FIELD]`. Byte offsets are only used for
 * message bytes. Where each region begins follows from the limits: regions.ts. Fields are grouped
 * by the record they belong to, with who may write them.
 */
import type { Limits } from "./limits.js";
import { RECOVERING_NONE } from "./stage.js";

export * from "./stage.js";

/** Bytes of a word. */
export const WORD_BYTES = 4;

// ---------------------------------------------------------------------------------------------
// Header: written once at boot, but for the trace head.

/** "REAT": this is an arena. */
export const MAGIC = 0x52454154;
/** Raised with every change of this file that an older build would misread. */
export const LAYOUT_VERSION = 4;

export const HEAD_MAGIC = 0;
export const HEAD_VERSION = 1;
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
/** Number of trace records ever written. Atomics.add by anyone. */
export const HEAD_TRACE = 13;
/** Milliseconds of the host's clock at boot; times in the arena count from here. */
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
export const HEAD_WORDS = 32;

/** The limits in the header, from HEAD_TASKS on. */
export const HEAD_LIMITS: readonly (keyof Limits)[] = Object.freeze([
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

/** Generation and LIFE_ state. Compare-exchange only: main claims, death ends. */
export const TASK_LIFE = 0;
/** The doorbell: raised by whoever has news for this task. */
export const TASK_BELL = 1;
/** The number of its sleep, while it is or is about to be asleep; 1 for main. By the task. */
export const TASK_SLEEP = 2;
/** A POISON_ order, read in every loop of the kernel. Written by the host. */
export const TASK_POISON = 3;
/** The priority it runs at now. Written by the task, and raised by clients that queue for it. */
export const TASK_PRIORITY = 4;
/** Priority it was started with | high part of TASK_FIRST_SEQ << BASE_PRIORITY_BITS. By main. */
export const TASK_BASE_PRIORITY = 5;
export const BASE_PRIORITY_BITS = 6;
export const BASE_PRIORITY_MASK = 63;
/** Arena time when the long sleep it is in began, 0 when it is not in one. Written by the task. */
export const TASK_SINCE = 6;
/** Times this incarnation went to sleep. */
export const TASK_SLEEPS = 7;
/** Sleeps that only their bounded slice ended, although the doorbell had rung: lost wake-ups. */
export const TASK_SAVES = 8;
/** Wake-ups that only a repeated notify brought: the sleeper was announced and not queued yet. */
export const TASK_RENOTIFIES = 9;
/** Connections it recovered (src/ha). */
export const TASK_RECOVERIES = 10;
/** Low part of the slot's sequence when this incarnation began: older rcvids are not its. */
export const TASK_FIRST_SEQ = 11;
/** Address of the task whose slot it has claimed, before it does; 0 for none. By the task. */
export const TASK_CLAIMING = 12;
/**
 * What this incarnation says of itself, for hosts whose workers cannot tell it otherwise: Moddable
 * has no exit event. stage.ts says what is in it. Written by the task's own VM.
 */
export const TASK_STAGE = 13;
/** TASK_SLEEP of the sleep that somebody has ended by a notify. Written by whoever did. */
export const TASK_WOKEN = 14;
/**
 * Of a message that is transmitted again: low part of its first sequence << SLOT_FIRST_BITS | how
 * many transmissions there were before, up to SLOT_FIRST_MASK; else 0. Written by the client.
 */
export const SLOT_FIRST = 15;

/** State and sequence of the outstanding message. The one word that decides every race. */
export const SLOT_STATE = 16;
/** High part of the sequence. Written by the client between two messages. */
export const SLOT_SEQ_HIGH = 17;
/** Address of the channel the message is for. This and all below: written before SEND. */
export const SLOT_CHANNEL = 18;
/** What CHANNEL_LIFE must read for the message to be meant for that incarnation of the channel. */
export const SLOT_CHANNEL_LIFE = 19;
/** Address of the connection entry it was sent through. */
export const SLOT_CONNECTION = 20;
/** Its place in the channel's queue. */
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
/** Messages and pulses this incarnation received. Written by the task. */
export const TASK_RECEIVED = 29;
/** How many looks at the doorbell it spends before it sleeps; adapts. Written by the task. */
export const TASK_SPIN = 30;
/** At which count of sleeps it tries to spin again, once that did not pay. Written by the task. */
export const TASK_SPIN_REST = 31;
export const TASK_WORDS = 32;
/** A task's address is its index shifted by this. */
export const TASK_SHIFT = 5;

/** TASK_LIFE = generation << LIFE_BITS | state; CHANNEL_LIFE alike. */
export const LIFE_BITS = 2;
export const LIFE_MASK = 3;
/** Task: the place is free. Channel: not in use. */
export const LIFE_FREE = 0;
/** Task: it may run. Channel: open. */
export const LIFE_ALIVE = 1;
/** Task: it cannot run any more and is being cleaned up. Channel: being closed. */
export const LIFE_DEAD = 2;
/** Task: all is cleaned up; the place waits only for a server's claim on the slot to end. */
export const LIFE_DRAINED = 3;

export const SLOT_FIRST_BITS = 3;
export const SLOT_FIRST_MASK = 7;

/** SLOT_STATE = sequence << SLOT_STATE_BITS | state. */
export const SLOT_STATE_BITS = 3;
export const SLOT_STATE_MASK = 7;
/** Nothing outstanding; the client took its message back (timeout, detach) or never sent one. */
export const SLOT_IDLE = 0;
/** Published, not received yet: the client is SEND-blocked. */
export const SLOT_SEND = 1;
/** Received, not answered yet: REPLY-blocked. */
export const SLOT_REPLY = 2;
/** The server is writing into the client's buffers; nobody else may end the message now. */
export const SLOT_CLAIMED = 3;
/** Answered. States from here on are ends: nothing is outstanding. */
export const SLOT_DONE = 4;
/** The server died: -ESRCH. */
export const SLOT_GONE = 5;
/** Ended from outside with -ETIMEDOUT. */
export const SLOT_EXPIRED = 6;

/** The client asks to be unblocked; the server has not been told. */
export const SLOT_FLAG_UNBLOCK = 1;
/** The server has received the unblock pulse. */
export const SLOT_FLAG_UNBLOCK_TOLD = 2;
/** TimerTimeout(REPLY, 0): whoever comes to receive the message ends it with ETIMEDOUT instead. */
export const SLOT_FLAG_NO_REPLY_WAIT = 4;
/** A REPLY timeout is armed: whoever receives the message rings, as its time starts to count. */
export const SLOT_FLAG_TIMED = 8;
/** A SEND timeout is armed: a wait for the server to come ends by itself. Only watchers look. */
export const SLOT_FLAG_SEND_TIMED = 16;

/** Orders of the host in TASK_POISON; 0 is none. */
/** Leave: the next pass through the kernel throws STOPPED. */
export const POISON_STOP = 1;
/** Fault injection: never come back from the kernel, and never look alive again. */
export const POISON_HANG = 2;

/** pid = generation << PID_INDEX_BITS | index. */
export const PID_INDEX_BITS = 9;
export const PID_INDEX_MASK = 511;
/**
 * Generations of a task: 21 bits, so a pid is a positive 30-bit number and PID_TOLD can be added. A
 * pid returns after two million restarts of one task: at the host's 20 a second, 29 hours of
 * crashing without a pause, through which somebody would have to hold the old pid.
 */
export const TASK_GENERATION_MASK = 0x1f_ffff;

/**
 * rcvid = (high * 2^29 + low) * 2^9 + index. Together 53 bits: 2^44 messages of one task. At one
 * message a microsecond, for ever, an id returns after 203 days; it would have to be held since.
 */
export const RCVID_INDEX_RANGE = 512;
export const SEQ_LOW_RANGE = 0x2000_0000;
export const SEQ_LOW_MASK = 0x1fff_ffff;
export const SEQ_HIGH_MASK = 0x7fff;

// ---------------------------------------------------------------------------------------------
// Channel.

/** Generation and state. Raised before anything else when the channel dies. */
export const CHANNEL_LIFE = 0;
/** pid of the task that owns it, 0 for free. Compare-exchange only: the claim on the record. */
export const CHANNEL_OWNER = 1;
/** _NTO_CHF_ bits. */
export const CHANNEL_FLAGS = 2;
/** Tickets given out: the order of arrival. Never reset, so a ticket tells its incarnation. */
export const CHANNEL_TICKET = 3;
/** First ticket of this incarnation: pulses with older ones were meant for a dead one. */
export const CHANNEL_FIRST_TICKET = 4;
/** NOTICE_ bits: there may be something for the server beside messages. */
export const CHANNEL_NOTICE = 5;
/** What the server waits for here: WAITING_ values, written by the server before it sleeps. */
export const CHANNEL_WAITING = 6;
/** First word of the bitmap of tasks with a message for this channel. */
export const CHANNEL_PENDING = 7;

/** The server is not in MsgReceive on this channel. */
export const WAITING_NONE = 0;
/** It waits for messages and pulses. */
export const WAITING_MESSAGE = 1;
/** It waits in MsgReceivePulse: messages stay queued. */
export const WAITING_PULSE = 2;

/** A client wants to be unblocked. */
export const NOTICE_UNBLOCK = 1;
/** A client's last connection is gone. */
export const NOTICE_DISCONNECT = 2;
/** A channel that this task is connected to is gone. */
export const NOTICE_COIDDEATH = 4;
/** There may be pulses: set after a pulse is published, cleared before a fruitless look. */
export const NOTICE_PULSE = 8;

/** chid = generation * CHID_RANGE + index + 1: 30 bits of generation. */
export const CHID_RANGE = 16_384;
export const CHANNEL_GENERATION_MASK = 0x3fff_ffff;

// ---------------------------------------------------------------------------------------------
// Pulse: `pulses` cells a channel. Cells are taken in any order and received by priority.

/** 0 free; a pid: claimed by that task, being written; negative: full, with a 31-bit ticket. */
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
export const PID_TOLD = 0x4000_0000;
/** Raised at each use as a root: the generation in the scoid. */
export const CONNECTION_SERIAL = 1;
/** Address of the channel. */
export const CONNECTION_CHANNEL = 2;
/** What CHANNEL_LIFE read when it was attached. */
export const CONNECTION_CHANNEL_LIFE = 3;
/** Number in its owner's table, with CONNECTION_ bits above; NUMBER_NONE when only a root. */
export const CONNECTION_COID = 4;
/** Address of the entry that stands for the shared connection (often itself). */
export const CONNECTION_ROOT = 5;
export const CONNECTION_WORDS = 6;

/** CONNECTION_COID: the number. */
export const CONNECTION_NUMBER_MASK = 0x0000_ffff;
/** No number leads here any more; the entry is only the root of others. */
export const CONNECTION_NUMBER_NONE = 0x0000_ffff;
/** _NTO_COF_ flags, shifted. */
export const CONNECTION_FLAGS_SHIFT = 16;
export const CONNECTION_FLAGS_MASK = 0x01ff_0000;
/** The client has received the coid-death pulse. */
export const CONNECTION_DEATH_TOLD = 0x0400_0000;
/** A number of the side-channel space. */
export const CONNECTION_SIDE = 0x4000_0000;

/** scoid = serial << SCOID_INDEX_BITS | index, as an unsigned 32-bit number. */
export const SCOID_INDEX_BITS = 12;
export const SCOID_INDEX_MASK = 0xfff;
export const SCOID_SERIAL_MASK = 0xf_ffff;

// ---------------------------------------------------------------------------------------------
// Name.

/** pid of the task that registered it, 0 for free. Compare-exchange only. */
export const NAME_OWNER = 0;
/** The owner's pid: registered. Its negative: being registered. Anything else: not yet, or lost. */
export const NAME_STATE = 1;
export const NAME_CHANNEL = 2;
export const NAME_CHANNEL_LIFE = 3;
/** Length in bytes; above NAME_LENGTH_MASK a number raised whenever the record is written anew. */
export const NAME_LENGTH = 4;
export const NAME_LENGTH_MASK = 0xff;
/** First of the words that hold the name's characters, a byte each. */
export const NAME_TEXT = 5;
/** Longest name, in bytes. */
export const NAME_BYTES_MAX = 32;
export const NAME_WORDS = NAME_TEXT + NAME_BYTES_MAX / WORD_BYTES;

// ---------------------------------------------------------------------------------------------
// Stable state of a task: one word that says which of two copies counts, then the copies.

/**
 * Commits so far << STABLE_LENGTH_BITS | bytes of the last; the lowest bit of the count chooses.
 */
export const STABLE_LAST = 0;
export const STABLE_LENGTH_BITS = 17;
export const STABLE_LENGTH_MASK = 0x1_ffff;
export const STABLE_WORDS = 1;

// ---------------------------------------------------------------------------------------------
// Spare: one word a task, the STAGE_ of the VM that stands by; 0 for none, or while it is loading.

/** It waits to be called. Written by that VM, as the other stages are. */
export const SPARE_READY = 1;

// ---------------------------------------------------------------------------------------------
// Trace record.

export const TRACE_NUMBER = 0;
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
assertLayout(HEAD_SPARES_AT < HEAD_WORDS, "the header fits");
assertLayout(SCOID_INDEX_MASK + 1 < RECOVERING_NONE, "each connection may be recovered");
assertLayout(
  NAME_TEXT === NAME_LENGTH + 1,
  "a name's length and its characters are compared as one",
);
assertLayout(SLOT_EXPIRED <= SLOT_STATE_MASK, "slot states fit in their bits");
assertLayout(RCVID_INDEX_RANGE === PID_INDEX_MASK + 1, "pid and rcvid count tasks alike");
assertLayout(
  (SEQ_HIGH_MASK + 1) * SEQ_LOW_RANGE * RCVID_INDEX_RANGE === 2 ** 53,
  "an rcvid uses 53 bits",
);
