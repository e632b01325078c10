/**
 * QNX's ham_action_* calls. Results: api.ts.
 *
 * Flags of an action: HREARMAFTERRESTART, HACTIONDONOW (not of a restart), HACTIONBREAKONFAIL,
 * HACTIONKEEPONFAIL. Those that add one return its handle, or -EEXIST (the name), -ENAMETOOLONG,
 * -ENOMEM, -EAGAIN (HACTIONDONOW, and too much is still to be done), and the common ones.
 */
import { ND_LOCAL_NODE } from "../../kernel/connection/connection.js";
import { nodeError, nodenameError } from "./api.js";
import { request } from "../client.js";
import * as W from "../protocol/wire.js";

/**
 * Starts the entity's task again. Only under CONDDEATH and CONDABNORMALDEATH (-EINVAL), once for an
 * entity, and not for a task of the manifest that its restart policy starts again (-EEXIST). `path`
 * is a line as in ham_attach, or "" for the one that it was started with.
 */
export function ham_action_restart(
  condition: number,
  aname: string,
  path: string,
  flags: number,
): number {
  return request(W.OP_ACTION_RESTART, flags, [condition], [aname, path]);
}

/** Starts a task that has the action's name; `path` is a line as in ham_attach. */
export function ham_action_execute(
  condition: number,
  aname: string,
  path: string,
  flags: number,
): number {
  return request(W.OP_ACTION_EXECUTE, flags, [condition], [aname, path]);
}

/**
 * Waits until a service has the name `path`, and fails when it has not after `delay_ms`
 * milliseconds; with "" it waits that long. What comes after it waits too. -EINVAL for a delay of 0
 * or less, or more than a day, and under HCONDNOWAIT.
 */
export function ham_action_waitfor(
  condition: number,
  aname: string,
  path: string,
  delay_ms: number,
  flags: number,
): number {
  return request(W.OP_ACTION_WAITFOR, flags, [condition, delay_ms], [aname, path]);
}

/** Sends a pulse to a channel. It fails when the task with this pid or its channel has gone. */
export function ham_action_notify_pulse(
  condition: number,
  aname: string,
  nd: number,
  topid: number,
  chid: number,
  pulsecode: number,
  value: number,
  flags: number,
): number {
  const numbers = [condition, topid, W.highOf(chid), W.lowOf(chid), pulsecode, value];
  return nodeError(nd) || request(W.OP_ACTION_PULSE, flags, numbers, [aname]);
}
export function ham_action_notify_pulse_node(
  condition: number,
  aname: string,
  nodename: string | null,
  topid: number,
  chid: number,
  pulsecode: number,
  value: number,
  flags: number,
): number {
  const numbers = [condition, topid, W.highOf(chid), W.lowOf(chid), pulsecode, value];
  return nodenameError(nodename) || request(W.OP_ACTION_PULSE, flags, numbers, [aname]);
}

/**
 * Tells the task with this pid to leave (SIGTERM), or ends it (SIGKILL). There are no other signals
 * here: -EINVAL; and nothing that `code` and `value` could be handed to. It fails when the task has
 * gone.
 */
export function ham_action_notify_signal(
  condition: number,
  aname: string,
  nd: number,
  topid: number,
  signum: number,
  _code: number,
  _value: number,
  flags: number,
): number {
  return nodeError(nd) || request(W.OP_ACTION_SIGNAL, flags, [condition, topid, signum], [aname]);
}
export function ham_action_notify_signal_node(
  condition: number,
  aname: string,
  nodename: string | null,
  topid: number,
  signum: number,
  code: number,
  value: number,
  flags: number,
): number {
  const error = nodenameError(nodename);
  if (error !== 0) return error;
  return ham_action_notify_signal(
    condition,
    aname,
    ND_LOCAL_NODE,
    topid,
    signum,
    code,
    value,
    flags,
  );
}

/** Forgets the heartbeats that were missed: after the high mark the watch goes on only so. */
export function ham_action_heartbeat_healthy(
  condition: number,
  aname: string,
  flags: number,
): number {
  return request(W.OP_ACTION_HEALTHY, flags, [condition], [aname]);
}

/**
 * Writes a line into the manager's log when ham_verbose() is at `verbosity` or above; unless
 * `attachprefix` is 0, after "entity/condition/action: ".
 */
export function ham_action_log(
  condition: number,
  aname: string,
  msg: string,
  attachprefix: number,
  verbosity: number,
  flags: number,
): number {
  return request(W.OP_ACTION_LOG, flags, [condition, attachprefix, verbosity], [aname, msg]);
}

/** Takes an action away. Its condition goes with the last one, but for HCONDKEEPONEMPTY. */
export function ham_action_remove(action: number, flags: number): number {
  return request(W.OP_ACTION_REMOVE, flags, [action], []);
}

/** The handle of an action, or -ENOENT. */
export function ham_action_handle(
  nd: number,
  ename: string,
  cname: string,
  aname: string,
  flags: number,
): number {
  return nodeError(nd) || request(W.OP_ACTION_HANDLE, flags, [], [ename, cname, aname]);
}
export function ham_action_handle_node(
  nodename: string | null,
  ename: string,
  cname: string,
  aname: string,
  flags: number,
): number {
  return nodenameError(nodename) || ham_action_handle(ND_LOCAL_NODE, ename, cname, aname, flags);
}

/** As ham_entity_control, of an action; flags: all but HACTIONDONOW. */
export function ham_action_control(action: number, command: number, flags: number): number {
  return request(W.OP_CONTROL_ACTION, flags, [action, command], []);
}
