/**
 * What stands in the words of the arena: states, and how a word is divided. layout.ts says where
 * the words are; its users find both as one.
 */

export * from "./stage.js";

/** "REA", and the number of this layout in the last byte: this is an arena of this build. */
export const MAGIC = 0x5245_4105;

export const BASE_PRIORITY_BITS = 6;
export const BASE_PRIORITY_MASK = 63;

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

/**
 * TASK_WOKEN of a sleep that a waker has given up: the low bits of its number, but even, as no
 * TASK_SLEEP is; and the low bits of the arena time. Both wrap: within half a minute, and 2^15
 * sleeps, for a count for people.
 */
export const WOKEN_SLEEP_MASK = 0xffff;
export const WOKEN_GIVEN_UP_MASK = 0xfffe;
export const WOKEN_MS_SHIFT = 16;

/** Orders of the host in TASK_POISON; 0 is none. */
/** Leave: the next pass through the kernel throws STOPPED. */
export const POISON_STOP = 1;
/** Fault injection: never come back from the kernel, and never look alive again. */
export const POISON_HANG = 2;
/** Fault injection: the same, until the order is taken back (changeOrder). */
export const POISON_HOLD = 3;
/** From here on they are orders of the host's own: HostPort.obey does what they say. */
export const POISON_HOST = 4;

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

/** CHANNEL_WAITING: the server is not in MsgReceive on this channel. */
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

/** Added to a pid: its holder has been told (connections), or has lost its claim (pulses). */
export const PID_TOLD = 0x4000_0000;

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

export const NAME_LENGTH_MASK = 0xff;

export const STABLE_LENGTH_BITS = 17;
export const STABLE_LENGTH_MASK = 0x1_ffff;

/** It waits to be called. Written by that VM, as the other stages are. */
export const SPARE_READY = 1;
