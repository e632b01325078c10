/**
 * QNX's ham_* calls on the manager itself and on entities.
 *
 * Each returns one number: a handle (above 0), 0, or a negative errno. Common to all that ask the
 * manager: -ENXIO (no manager with this model runs), -EBADF (the manager was stopped), -EPERM (the
 * task's manifest does not give it the ability), -EINVAL (a flag, number or handle that does not
 * exist, a text that is not printable ASCII), -ENOENT (the handle's object has gone), -EMSGSIZE
 * (names and texts together are longer than a thousand characters), -ETIMEDOUT (the main VM does
 * not answer, or TimerTimeout). They connect by themselves, and block until the manager has
 * answered, at its next tick; on the main VM they do not block. What a task has made here goes with
 * the task.
 *
 * Nodes: only this board can be reached, as nd 0 or as nodename null; another is -EHOSTUNREACH.
 */
import { EINVAL } from "../../kernel/errno.js";
import { beat, connect, disconnect, requireAttached } from "../../manager/for-extensions.js";
import { call, nodeError } from "../client.js";
import { OPERATIONS } from "../protocol/operations.js";

const attach = call(OPERATIONS.attach);
const detachName = call(OPERATIONS.detachName);
const entity = call(OPERATIONS.entity);
const entityHandle = call(OPERATIONS.entityHandle);
const stop = call(OPERATIONS.stop);

const connectTo = (node: unknown, flags: number): number =>
  nodeError(node) || (flags === 0 ? connect() : -EINVAL);
const disconnectFrom = (node: unknown, flags: number): number =>
  nodeError(node) || (flags === 0 ? disconnect() : -EINVAL);

/**
 * Connects this task to the manager. May be called again: only as many ham_disconnect() close the
 * connection. Every call connects by itself, so this one is for who wants to know early: -ENXIO
 * says that no manager runs. Errors of ConnectAttach. Does not block.
 */
export const ham_connect = (flags: number): number => connectTo(null, flags);
/** ham_connect, to the board with this number. */
export const ham_connect_nd: (nd: number, flags: number) => number = connectTo;
/** ham_connect, to the board with this name. */
export const ham_connect_node: (nodename: string | null, flags: number) => number = connectTo;

/** Takes a ham_connect() back. -EINVAL: there is no connection. Does not block. */
export const ham_disconnect = (flags: number): number => disconnectFrom(null, flags);
/** ham_disconnect, from the board with this number. */
export const ham_disconnect_nd: (nd: number, flags: number) => number = disconnectFrom;
/** ham_disconnect, from the board with this name. */
export const ham_disconnect_node: (nodename: string | null, flags: number) => number =
  disconnectFrom;

/**
 * Attaches this task, under a name of its choice. `hp` is the period of its heartbeat in
 * nanoseconds, 0 for none, or HAMHBEATMIN and more; after `hpdl` periods in a row without a
 * ham_heartbeat() CONDHBEATMISSEDLOW fires, after `hpdh` CONDHBEATMISSEDHIGH (0: never). flags:
 * HENTITYKEEPONDEATH. A task that attaches itself again, like the successor of one that was
 * restarted, gets the same handle and its new heartbeat. Returns the handle, or -EEXIST (another
 * has the name), -EPERM (a second one, without the ability "manage"), -ENAMETOOLONG, -ENOMEM, and
 * the common ones.
 */
export const ham_attach_self: (
  ename: string,
  hp: number,
  hpdl: number,
  hpdh: number,
  flags: number,
) => number = call(OPERATIONS.attachSelf);

/** Ends the watch over this task; CONDDETACH fires. -EINVAL: it has not attached itself so. */
export const ham_detach_self: (entity: number, flags: number) => number = call(
  OPERATIONS.detachSelf,
);

/**
 * Attaches a running task by its pid; or, with `pid` 0 or less, starts one and attaches it: `line`
 * is the name of a module of the manifest and, after a blank, its arguments as JSON, and the task
 * has the entity's name. flags: HENTITYKEEPONDEATH. Returns the handle, or -EEXIST (the name),
 * -ESRCH (no such task), -ENAMETOOLONG, -ENOMEM, -ENOENT (no such module), -EAGAIN (no free place
 * for a task), and the common ones.
 */
export const ham_attach: (
  ename: string,
  nd: number,
  pid: number,
  line: string,
  flags: number,
) => number = attach;
/** ham_attach, on the board with this name. */
export const ham_attach_node: (
  ename: string,
  nodename: string | null,
  pid: number,
  line: string,
  flags: number,
) => number = attach;

/**
 * Ends the watch over an entity and takes it away, with all below it; CONDDETACH fires. -EINVAL for
 * the global one, for tasks of the manifest, and for one that has attached itself: that is for
 * ham_detach_self.
 */
export const ham_detach: (entity: number, flags: number) => number = call(OPERATIONS.detach);

/** The same by name; -ENOENT: no such entity. */
export const ham_detach_name: (nd: number, ename: string, flags: number) => number = detachName;
/** ham_detach_name, on the board with this name. */
export const ham_detach_name_node: (
  nodename: string | null,
  ename: string,
  flags: number,
) => number = detachName;

/**
 * Makes an entity that no task has joined yet, to put conditions under it. It is joined by an
 * attach under its name, and CONDATTACH fires. flags: HENTITYKEEPONDEATH. Returns the handle, or
 * -EEXIST, -ENAMETOOLONG, -ENOMEM, and the common ones.
 */
export const ham_entity: (ename: string, nd: number, flags: number) => number = entity;
/** ham_entity, on the board with this name. */
export const ham_entity_node: (ename: string, nodename: string | null, flags: number) => number =
  entity;

/** The handle of an entity, also of a task of the manifest or HAM_GLOBAL_ENTITY; or -ENOENT. */
export const ham_entity_handle: (nd: number, ename: string, flags: number) => number = entityHandle;
/** ham_entity_handle, on the board with this name. */
export const ham_entity_handle_node: (
  nodename: string | null,
  ename: string,
  flags: number,
) => number = entityHandle;

/**
 * Reports that an entity is in another state, 0 or more; at first it is in state 0. -EAGAIN: too
 * much that was set off before is still to be done; nothing has changed.
 */
export const ham_entity_condition_state: (
  entity: number,
  tostate: number,
  flags: number,
) => number = call(OPERATIONS.reportState);

/** Raises a condition that somebody has seen on an entity. -EAGAIN as above. */
export const ham_entity_condition_raise: (
  entity: number,
  rtype: number,
  rclass: number,
  rseverity: number,
  flags: number,
) => number = call(OPERATIONS.raise);

/**
 * HENABLE, HDISABLE an entity with all below it (with HRECURSE the switches of those below are set
 * too, and stay when the entity's own is set again); HADDFLAGS, HREMOVEFLAGS, HSETFLAGS with
 * HENTITYKEEPONDEATH and, with HRECURSE, HREARMAFTERRESTART for those below; HGETFLAGS. Returns the
 * flags for HGETFLAGS, else 0.
 */
export const ham_entity_control: (entity: number, command: number, flags: number) => number = call(
  OPERATIONS.entityControl,
);

/** Shows that this task is alive. Always 0; does not block, and is no message. */
export function ham_heartbeat(): number {
  requireAttached();
  beat();
  return 0;
}

/**
 * QNX 8: suspends or resumes all heartbeats, or asks (HAM_HEARTBEAT_SUSPEND, _ACTIVE, _QUERY).
 * While suspended nobody misses a beat, and on resuming everybody counts as having just beaten.
 * `reserved` is null. Returns the state before: HAM_HEARTBEAT_SUSPEND or HAM_HEARTBEAT_ACTIVE.
 */
export const ham_heartbeat_control: (reserved: null, command: number) => number = call(
  OPERATIONS.heartbeatControl,
);

/**
 * How much the manager tells: VERBOSE_SET, VERBOSE_SET_INCR and VERBOSE_SET_DECR by `value`, or
 * VERBOSE_GET. From 1 on it logs actions that fail, from 2 on all. Returns the level.
 */
export const ham_verbose: (nodename: string | null, command: number, value: number) => number =
  call(OPERATIONS.verbose);

/** Stops the manager: nothing is watched, and no task started again, until the board restarts. */
export const ham_stop = (): number => stop(null);
/** ham_stop, on the board with this number. */
export const ham_stop_nd: (nd: number) => number = stop;
/** ham_stop, on the board with this name. */
export const ham_stop_node: (nodename: string | null) => number = stop;
