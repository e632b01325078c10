/**
 * QNX's ham_action_* calls. Results: api.ts.
 *
 * Flags of an action: HREARMAFTERRESTART, HACTIONDONOW (not of a restart), HACTIONBREAKONFAIL,
 * HACTIONKEEPONFAIL. Those that add one return its handle, or -EEXIST (the name), -ENAMETOOLONG,
 * -ENOMEM, -EAGAIN (HACTIONDONOW, and too much is still to be done), and the common ones.
 *
 * The ham_action_fail_* calls say what is done when an action fails. Each does what ham_action_* of
 * the same end does, and returns 0 or an errno of it. Flags: HACTIONBREAKONFAIL (when this one
 * fails those after it are not carried out), HACTIONKEEPONFAIL, HREARMAFTERRESTART (no effect: it
 * goes and stays with its action).
 */
import { call } from "../client.js";
import { OPERATIONS } from "../protocol/operations.js";

const pulse = call(OPERATIONS.pulse);
const signal = call(OPERATIONS.signal);
const actionHandle = call(OPERATIONS.actionHandle);
const failPulse = call(OPERATIONS.failPulse);
const failSignal = call(OPERATIONS.failSignal);

/**
 * Starts the entity's task again. Only under CONDDEATH and CONDABNORMALDEATH (-EINVAL), once for an
 * entity, and not for a task of the manifest that its restart policy starts again (-EEXIST). `path`
 * is a line as in ham_attach, or "" for the one that it was started with.
 */
export const ham_action_restart: (
  condition: number,
  aname: string,
  path: string,
  flags: number,
) => number = call(OPERATIONS.restart);

/** Starts a task that has the action's name; `path` is a line as in ham_attach. */
export const ham_action_execute: (
  condition: number,
  aname: string,
  path: string,
  flags: number,
) => number = call(OPERATIONS.execute);

/**
 * Waits until a service has the name `path`, and fails when it has not after `delay_ms`
 * milliseconds; with "" it waits that long. What comes after it waits too. -EINVAL for a delay of 0
 * or less, or more than a day, and under HCONDNOWAIT.
 */
export const ham_action_waitfor: (
  condition: number,
  aname: string,
  path: string,
  delay_ms: number,
  flags: number,
) => number = call(OPERATIONS.waitfor);

/** Sends a pulse to a channel. It fails when the task with this pid or its channel has gone. */
export const ham_action_notify_pulse: (
  condition: number,
  aname: string,
  nd: number,
  topid: number,
  chid: number,
  pulsecode: number,
  value: number,
  flags: number,
) => number = pulse;
/** ham_action_notify_pulse, on the board with this name. */
export const ham_action_notify_pulse_node: (
  condition: number,
  aname: string,
  nodename: string | null,
  topid: number,
  chid: number,
  pulsecode: number,
  value: number,
  flags: number,
) => number = pulse;

/**
 * Tells the task with this pid to leave (SIGTERM), or ends it (SIGKILL). There are no other signals
 * here: -EINVAL; and nothing that `code` and `value` could be handed to. It fails when the task has
 * gone.
 */
export const ham_action_notify_signal: (
  condition: number,
  aname: string,
  nd: number,
  topid: number,
  signum: number,
  code: number,
  value: number,
  flags: number,
) => number = signal;
/** ham_action_notify_signal, on the board with this name. */
export const ham_action_notify_signal_node: (
  condition: number,
  aname: string,
  nodename: string | null,
  topid: number,
  signum: number,
  code: number,
  value: number,
  flags: number,
) => number = signal;

/** Forgets the heartbeats that were missed: after the high mark the watch goes on only so. */
export const ham_action_heartbeat_healthy: (
  condition: number,
  aname: string,
  flags: number,
) => number = call(OPERATIONS.healthy);

/**
 * Writes a line into the manager's log when ham_verbose() is at `verbosity` or above; unless
 * `attachprefix` is 0, after "entity/condition/action: ".
 */
export const ham_action_log: (
  condition: number,
  aname: string,
  msg: string,
  attachprefix: number,
  verbosity: number,
  flags: number,
) => number = call(OPERATIONS.log);

/** Takes an action away. Its condition goes with the last one, but for HCONDKEEPONEMPTY. */
export const ham_action_remove: (action: number, flags: number) => number = call(
  OPERATIONS.actionRemove,
);

/** The handle of an action, or -ENOENT. */
export const ham_action_handle: (
  nd: number,
  ename: string,
  cname: string,
  aname: string,
  flags: number,
) => number = actionHandle;
/** ham_action_handle, on the board with this name. */
export const ham_action_handle_node: (
  nodename: string | null,
  ename: string,
  cname: string,
  aname: string,
  flags: number,
) => number = actionHandle;

/** As ham_entity_control, of an action; flags: all but HACTIONDONOW. */
export const ham_action_control: (action: number, command: number, flags: number) => number = call(
  OPERATIONS.actionControl,
);

/** When `action` fails, starts a task that has the name `aname`. */
export const ham_action_fail_execute: (
  action: number,
  aname: string,
  path: string,
  flags: number,
) => number = call(OPERATIONS.failExecute);

/** When `action` fails, waits for a service, or a time. -EEXIST (the name), -EINVAL (the delay). */
export const ham_action_fail_waitfor: (
  action: number,
  aname: string,
  path: string,
  delay_ms: number,
  flags: number,
) => number = call(OPERATIONS.failWaitfor);

/** When `action` fails, sends a pulse. */
export const ham_action_fail_notify_pulse: (
  action: number,
  aname: string,
  nd: number,
  topid: number,
  chid: number,
  pulsecode: number,
  value: number,
  flags: number,
) => number = failPulse;
/** ham_action_fail_notify_pulse, on the board with this name. */
export const ham_action_fail_notify_pulse_node: (
  action: number,
  aname: string,
  nodename: string | null,
  topid: number,
  chid: number,
  pulsecode: number,
  value: number,
  flags: number,
) => number = failPulse;

/** When `action` fails, tells a task to leave, or ends it. */
export const ham_action_fail_notify_signal: (
  action: number,
  aname: string,
  nd: number,
  topid: number,
  signum: number,
  code: number,
  value: number,
  flags: number,
) => number = failSignal;
/** ham_action_fail_notify_signal, on the board with this name. */
export const ham_action_fail_notify_signal_node: (
  action: number,
  aname: string,
  nodename: string | null,
  topid: number,
  signum: number,
  code: number,
  value: number,
  flags: number,
) => number = failSignal;

/** When `action` fails, writes a line into the manager's log. */
export const ham_action_fail_log: (
  action: number,
  aname: string,
  msg: string,
  attachprefix: number,
  verbosity: number,
  flags: number,
) => number = call(OPERATIONS.failLog);

/** Takes one away from an action's list; -ENOENT: there is none with this name. */
export const ham_action_fail_remove: (action: number, aname: string, flags: number) => number =
  call(OPERATIONS.failRemove);
