/**
 * QNX's ham_action_fail_* calls: what is done when an action fails. Each does what ham_action_* of
 * the same end does, and returns 0 or an errno of it. Flags: HACTIONBREAKONFAIL (when this one
 * fails those after it are not carried out), HACTIONKEEPONFAIL, HREARMAFTERRESTART (no effect: it
 * goes and stays with its action).
 */
import { ND_LOCAL_NODE } from "../../kernel/connection/connection.js";
import { nodeError, nodenameError } from "./api.js";
import { request } from "../client.js";
import * as W from "../protocol/wire.js";

export function ham_action_fail_execute(
  action: number,
  aname: string,
  path: string,
  flags: number,
): number {
  return request(W.OP_FAIL_EXECUTE, flags, [action], [aname, path]);
}

export function ham_action_fail_waitfor(
  action: number,
  aname: string,
  path: string,
  delay_ms: number,
  flags: number,
): number {
  return request(W.OP_FAIL_WAITFOR, flags, [action, delay_ms], [aname, path]);
}

export function ham_action_fail_notify_pulse(
  action: number,
  aname: string,
  nd: number,
  topid: number,
  chid: number,
  pulsecode: number,
  value: number,
  flags: number,
): number {
  const numbers = [action, topid, W.highOf(chid), W.lowOf(chid), pulsecode, value];
  return nodeError(nd) || request(W.OP_FAIL_PULSE, flags, numbers, [aname]);
}
export function ham_action_fail_notify_pulse_node(
  action: number,
  aname: string,
  nodename: string | null,
  topid: number,
  chid: number,
  pulsecode: number,
  value: number,
  flags: number,
): number {
  const numbers = [action, topid, W.highOf(chid), W.lowOf(chid), pulsecode, value];
  return nodenameError(nodename) || request(W.OP_FAIL_PULSE, flags, numbers, [aname]);
}

export function ham_action_fail_notify_signal(
  action: number,
  aname: string,
  nd: number,
  topid: number,
  signum: number,
  _code: number,
  _value: number,
  flags: number,
): number {
  return nodeError(nd) || request(W.OP_FAIL_SIGNAL, flags, [action, topid, signum], [aname]);
}
export function ham_action_fail_notify_signal_node(
  action: number,
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
  return ham_action_fail_notify_signal(
    action,
    aname,
    ND_LOCAL_NODE,
    topid,
    signum,
    code,
    value,
    flags,
  );
}

export function ham_action_fail_log(
  action: number,
  aname: string,
  msg: string,
  attachprefix: number,
  verbosity: number,
  flags: number,
): number {
  return request(W.OP_FAIL_LOG, flags, [action, attachprefix, verbosity], [aname, msg]);
}

/** Takes one away from an action's list; -ENOENT: there is none with this name. */
export function ham_action_fail_remove(action: number, aname: string, flags: number): number {
  return request(W.OP_FAIL_REMOVE, flags, [action], [aname]);
}
