/**
 * QNX's ham_* calls on the manager itself and on entities.
 *
 * Each returns one number: a handle (above 0), 0, or a negative errno. Common to all that ask the
 * manager: -EBADF (not connected, or the manager was stopped), -EINVAL (a flag, number or handle
 * that does not exist, a text that is not printable ASCII), -ENOENT (the handle's object has gone),
 * -EMSGSIZE (names and texts together are longer than a message, limits.messageBytes), -ETIMEDOUT
 * (the main VM does not answer, or TimerTimeout). They block until the manager has answered, at its
 * next tick; on the main VM they do not block.
 *
 * Nodes: only this board can be reached, as nd 0 or as nodename null; another is -EHOSTUNREACH.
 */
import { ND_LOCAL_NODE } from "../../kernel/connection/connection.js";
import { EHOSTUNREACH, EINVAL } from "../../kernel/errno.js";
import { requireAttached } from "../../arena/vm.js";
import { beat } from "../../kernel/inspect/vitals.js";
import { connect, connectOnce, disconnect, request } from "../client.js";
import * as W from "../protocol/wire.js";

/** 0 for this board; -EHOSTUNREACH for another. */
export function nodeError(nd: number): number {
  return nd === ND_LOCAL_NODE ? 0 : -EHOSTUNREACH;
}

/** The same for a node's name. */
export function nodenameError(nodename: string | null): number {
  return nodename === null ? 0 : -EHOSTUNREACH;
}

/**
 * Connects this task to the manager. May be called again: only as many ham_disconnect() close the
 * connection. -ENXIO: no manager runs. Errors of ConnectAttach. Does not block.
 */
export function ham_connect(flags: number): number {
  return flags === 0 ? connect() : -EINVAL;
}
export function ham_connect_nd(nd: number, flags: number): number {
  return nodeError(nd) || ham_connect(flags);
}
export function ham_connect_node(nodename: string | null, flags: number): number {
  return nodenameError(nodename) || ham_connect(flags);
}

/** Takes a ham_connect() back. -EINVAL: there is no connection. Does not block. */
export function ham_disconnect(flags: number): number {
  return flags === 0 ? disconnect() : -EINVAL;
}
export function ham_disconnect_nd(nd: number, flags: number): number {
  return nodeError(nd) || ham_disconnect(flags);
}
export function ham_disconnect_node(nodename: string | null, flags: number): number {
  return nodenameError(nodename) || ham_disconnect(flags);
}

/**
 * Attaches this task, under a name of its choice. `hp` is the period of its heartbeat in
 * nanoseconds, 0 for none, or HAMHBEATMIN and more; after `hpdl` periods in a row without a
 * ham_heartbeat() CONDHBEATMISSEDLOW fires, after `hpdh` CONDHBEATMISSEDHIGH (0: never). flags:
 * HENTITYKEEPONDEATH. A task that attaches itself again, like the successor of one that was
 * restarted, gets the same handle and its new heartbeat. Connects by itself. Returns the handle, or
 * -EEXIST (another has the name), -ENAMETOOLONG, -ENOMEM, and the common ones.
 */
export function ham_attach_self(
  ename: string,
  hp: number,
  hpdl: number,
  hpdh: number,
  flags: number,
): number {
  const numbers = [W.highOf(hp), W.lowOf(hp), hpdl, hpdh];
  return connectOnce() || request(W.OP_ATTACH_SELF, flags, numbers, [ename]);
}

/** Ends the watch over this task; CONDDETACH fires. -EINVAL: it is not its own entity. */
export function ham_detach_self(entity: number, flags: number): number {
  return connectOnce() || request(W.OP_DETACH_SELF, flags, [entity], []);
}

/**
 * Attaches a running task by its pid; or, with `pid` 0 or less, starts one and attaches it: `line`
 * is the name of a module of the manifest and, after a blank, its arguments as JSON, and the task
 * has the entity's name. flags: HENTITYKEEPONDEATH. Connects by itself. Returns the handle, or
 * -EEXIST (the name), -ESRCH (no such task), -ENAMETOOLONG, -ENOMEM, -ENOENT (no such module),
 * -EAGAIN (no free place for a task), and the common ones.
 */
export function ham_attach(
  ename: string,
  nd: number,
  pid: number,
  line: string,
  flags: number,
): number {
  const error = nodeError(nd) || connectOnce();
  return error || request(W.OP_ATTACH, flags, [pid], [ename, line]);
}
export function ham_attach_node(
  ename: string,
  nodename: string | null,
  pid: number,
  line: string,
  flags: number,
): number {
  return nodenameError(nodename) || ham_attach(ename, ND_LOCAL_NODE, pid, line, flags);
}

/**
 * Ends the watch over an entity and takes it away, with all below it; CONDDETACH fires. Connects by
 * itself. -EINVAL for the global one and for tasks of the manifest.
 */
export function ham_detach(entity: number, flags: number): number {
  return connectOnce() || request(W.OP_DETACH, flags, [entity], []);
}

/** The same by name; -ENOENT: no such entity. */
export function ham_detach_name(nd: number, ename: string, flags: number): number {
  const error = nodeError(nd) || connectOnce();
  return error || request(W.OP_DETACH_NAME, flags, [], [ename]);
}
export function ham_detach_name_node(
  nodename: string | null,
  ename: string,
  flags: number,
): number {
  return nodenameError(nodename) || ham_detach_name(ND_LOCAL_NODE, ename, flags);
}

/**
 * Makes an entity that no task has joined yet, to put conditions under it. It is joined by an
 * attach under its name, and CONDATTACH fires. flags: HENTITYKEEPONDEATH. Returns the handle, or
 * -EEXIST, -ENAMETOOLONG, -ENOMEM, and the common ones.
 */
export function ham_entity(ename: string, nd: number, flags: number): number {
  return nodeError(nd) || request(W.OP_ENTITY, flags, [], [ename]);
}
export function ham_entity_node(ename: string, nodename: string | null, flags: number): number {
  return nodenameError(nodename) || ham_entity(ename, ND_LOCAL_NODE, flags);
}

/** The handle of an entity, also of a task of the manifest or HAM_GLOBAL_ENTITY; or -ENOENT. */
export function ham_entity_handle(nd: number, ename: string, flags: number): number {
  return nodeError(nd) || request(W.OP_ENTITY_HANDLE, flags, [], [ename]);
}
export function ham_entity_handle_node(
  nodename: string | null,
  ename: string,
  flags: number,
): number {
  return nodenameError(nodename) || ham_entity_handle(ND_LOCAL_NODE, ename, flags);
}

/** Reports that an entity is in another state, 0 or more; at first it is in state 0. -EAGAIN: too
 * much that was set off before is still to be done; nothing has changed. */
export function ham_entity_condition_state(entity: number, tostate: number, flags: number): number {
  return request(W.OP_REPORT_STATE, flags, [entity, tostate], []);
}

/** Raises a condition that somebody has seen on an entity. -EAGAIN as above. */
export function ham_entity_condition_raise(
  entity: number,
  rtype: number,
  rclass: number,
  rseverity: number,
  flags: number,
): number {
  return request(W.OP_RAISE, flags, [entity, rtype, rclass, rseverity], []);
}

/**
 * HENABLE, HDISABLE an entity with all below it (with HRECURSE the switches of those below are set
 * too, and stay when the entity's own is set again); HADDFLAGS, HREMOVEFLAGS, HSETFLAGS with
 * HENTITYKEEPONDEATH and, with HRECURSE, HREARMAFTERRESTART for those below; HGETFLAGS. Returns the
 * flags for HGETFLAGS, else 0.
 */
export function ham_entity_control(entity: number, command: number, flags: number): number {
  return request(W.OP_CONTROL_ENTITY, flags, [entity, command], []);
}

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
export function ham_heartbeat_control(reserved: null, command: number): number {
  return reserved === null ? request(W.OP_HEARTBEAT_CONTROL, 0, [command], []) : -EINVAL;
}

/**
 * How much the manager tells: VERBOSE_SET, VERBOSE_SET_INCR and VERBOSE_SET_DECR by `value`, or
 * VERBOSE_GET. From 1 on it logs actions that fail, from 2 on all. Returns the level.
 */
export function ham_verbose(nodename: string | null, command: number, value: number): number {
  return nodenameError(nodename) || request(W.OP_VERBOSE, 0, [command, value], []);
}

/** Stops the manager: nothing is watched, and no task started again, until the board restarts. */
export function ham_stop(): number {
  return connectOnce() || request(W.OP_STOP, 0, [], []);
}
export function ham_stop_nd(nd: number): number {
  return nodeError(nd) || ham_stop();
}
export function ham_stop_node(nodename: string | null): number {
  return nodenameError(nodename) || ham_stop();
}
