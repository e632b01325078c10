/**
 * The numbers of QNX's <ha/ham.h>, under its names. Where QNX publishes a name but no value, the
 * value is ours, and the comment says so.
 */

// Types of conditions.

/** Every type. */
export const CONDANY = 0;
/** The entity died, in whatever way. */
export const CONDDEATH = 1;
/** The entity was detached, or its task was stopped on purpose: monitoring ends. */
export const CONDDETACH = 2;
/** The successor of an entity that died runs. */
export const CONDRESTART = 3;
/** So many periods in a row went by without a heartbeat: the low mark. */
export const CONDHBEATMISSEDLOW = 4;
/** The same for the high mark. */
export const CONDHBEATMISSEDHIGH = 5;
/** The entity crashed, hung or was killed. CONDDEATH fires as well, before it. */
export const CONDABNORMALDEATH = 6;
/** A placeholder was joined by a task, or a task was started: monitoring begins. */
export const CONDATTACH = 7;
/** The entity has reported another state: ham_entity_condition_state(). */
export const CONDSTATE = 8;
/** Somebody has raised a condition: ham_entity_condition_raise(). */
export const CONDRAISE = 9;

// Wildcards of ham_condition_state() and ham_condition_raise().

/** ham_condition_state(): any state. */
export const CONDSTATEANY = 0;
/** ham_condition_raise(): any type. */
export const CONDRAISETYPEANY = 0;
/** ham_condition_raise(): any class. */
export const CONDRAISECLASSANY = 0;
/** ham_condition_raise(): any severity. */
export const CONDRAISESEVERITYANY = 0;

// Flags.

/** Keeps a condition or an action over a restart of its entity; the default is that it goes. */
export const HREARMAFTERRESTART = 0x1;

/** Entity: it stays, without a task, when its task died and is not restarted. */
export const HENTITYKEEPONDEATH = 0x2;

/** Condition: its actions wait for those of no other. */
export const HCONDINDEPENDENT = 0x2;
/** Condition: its actions never wait; they may contain no waitfor. Wins over the others. */
export const HCONDNOWAIT = 0x4;
/** Condition: the default, in one row with all that have neither of the two above. */
export const HCONDOTHER = 0x8;
/** Condition: it stays when its last action has gone. */
export const HCONDKEEPONEMPTY = 0x10;
/** The state to leave is a set: bit n stands for state n, 0 to 31. */
export const HCONDSTATEFROMSET = 0x1000;
/** The state to enter is a set. */
export const HCONDSTATETOSET = 0x2000;
/** The state to leave is any but the given ones. */
export const HCONDSTATEFROMINV = 0x4000;
/** The state to enter is any but the given ones. */
export const HCONDSTATETOINV = 0x8000;

/** Action: carry it out at once, too. */
export const HACTIONDONOW = 0x2;
/** Action: when it fails, those after it are not carried out. */
export const HACTIONBREAKONFAIL = 0x4;
/** Action: it stays when it has failed; the default is that it goes. */
export const HACTIONKEEPONFAIL = 0x8;

/** ham_*_control(): what is below, too. */
export const HRECURSE = 0x100000;

// Commands of ham_*_control().

/** It works again. */
export const HENABLE = 1;
/** It does nothing until it is enabled. */
export const HDISABLE = 2;
/** Sets the given flags, and leaves the others. */
export const HADDFLAGS = 3;
/** Clears the given flags. */
export const HREMOVEFLAGS = 4;
/** Sets the given flags, and clears all others. */
export const HSETFLAGS = 5;
/** Returns the flags. */
export const HGETFLAGS = 6;

// Commands of ham_verbose().

/** One level more. */
export const VERBOSE_SET_INCR = 1;
/** One level less. */
export const VERBOSE_SET_DECR = 2;
/** The given level. */
export const VERBOSE_SET = 3;
/** Returns the level. */
export const VERBOSE_GET = 4;

// Heartbeats.

/** The shortest period of ham_attach_self(), in nanoseconds. */
export const HAMHBEATMIN = 1_000_000_000;

// Commands of ham_heartbeat_control(), and its results. The values are ours.

/** Heartbeats are not expected for now. */
export const HAM_HEARTBEAT_SUSPEND = 1;
/** Heartbeats are expected. */
export const HAM_HEARTBEAT_ACTIVE = 2;
/** Tells which of the two it is. */
export const HAM_HEARTBEAT_QUERY = 3;

// Signals of ham_action_notify_signal(): the two that mean something here.

/** Ends a task by force. */
export const SIGKILL = 9;
/** Asks a task to leave. */
export const SIGTERM = 15;

/**
 * The name of the one global entity, whose conditions fire for every entity. Ours: no task of a
 * manifest can have it.
 */
export const HAM_GLOBAL_ENTITY = ".global";
