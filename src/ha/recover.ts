/**
 * One recovery: called by the covers when the kernel has found a connection lost.
 *
 * Who can die or be late in it: the server again, any number of times (the loop of the cover); the
 * client itself, killed in its recovery function (nothing of a recovery is in the arena but
 * counters, what is shown to watchers, and SLOT_FIRST: the next incarnation begins without); the
 * function, which may not come back before the call's time is over (limitCalls bounds what it
 * blocks in), may throw, or may return without having connected.
 */
import { entryOf, isOpen } from "../kernel/connection/connection.js";
import { EAGAIN, ESRCH, ETIMEDOUT, LOST } from "../kernel/errno.js";
import * as L from "../arena/layout.js";
import { nextFirst } from "../kernel/message/transfer.js";
import { disarm, limitCalls, rearm, SEND_STATES, STATES } from "../kernel/time/timeout.js";
import { beginRecovering, showRecovering } from "../kernel/inspect/vitals.js";
import {
  TRACE_RECOVERED,
  TRACE_RECOVERING,
  TRACE_RECOVERY_FAILED,
  TRACE_RECOVERY_THREW,
  trace,
} from "../kernel/inspect/trace.js";
import { STOPPED } from "../kernel/task/doorbell.js";
import { traceRecovered, traceRecovering, traceRecoveryOver } from "../kernel/trace/points.js";
import { dropRecovery, recoveryOf, recoveryState } from "./attach.js";
import type { Recovery, RecoveryPlan } from "./attach.js";

const LOST_ESRCH = -(LOST + ESRCH);

/** recover(): the connection works again; transmit the message once more. */
export const RETRANSMIT = 0;

/**
 * How many recovery functions may run one inside the other: a function that sends on another
 * HA-aware connection, whose server is gone too. Each takes about 190 slots of an XS stack.
 */
const RECOVERY_DEPTH_MAX = 2;

/**
 * Recovers a connection after a send returned `lostStatus` (below -LOST); the call's first
 * transmission returned `first`. Returns RETRANSMIT, or what the call returns: that of the first
 * (-EBADF, -ESRCH: a server may have seen it), whatever became of later ones, when the connection
 * is plain or suspended, its function is already running, has been asked as often as it may be, or
 * did not bring the same coid back; -ETIMEDOUT when the call's time is over. Blocks as long as the
 * recovery function does.
 */
export function recover(coid: number, lostStatus: number, first: number): number {
  const original = first + LOST;
  // The limit of the call that goes on. It has to do for the recovery too.
  const states = $vm.armedStates & SEND_STATES;
  const until = $vm.armedUntil;
  disarm();
  const recovery = recoveryOf(coid);
  if (recovery === undefined || recovery.isRunning) return original;
  if (lostStatus === LOST_ESRCH) noteTransmission(recovery);
  const state = recoveryState($vm)!;
  if (state.depth === RECOVERY_DEPTH_MAX || !mayRecover(recovery.plan)) {
    return giveUp(recovery, original);
  }
  const outerStates = $vm.limitStates;
  const outerUntil = $vm.limitUntil;
  if (states !== 0) limitCalls(STATES, until);
  state.depth++;
  const result = runRecovery(recovery, coid);
  state.depth--;
  limitCalls(outerStates, outerUntil);
  if (states !== 0 && $vm.port.now() >= until) return giveUp(recovery, -ETIMEDOUT);
  if (result !== coid) return giveUp(recovery, original);
  if (states !== 0) rearm(states, until);
  return retry(recovery);
}

/** A server may have seen the message that was lost: the next transmission will say so. */
export function noteTransmission(recovery: Recovery): void {
  recovery.first = nextFirst(recovery.first);
}

/** False when recovery is switched off, or has been tried as often as it may be. */
export function mayRecover(plan: RecoveryPlan): boolean {
  if (plan.isSuspended) return false;
  if (plan.recoveriesMax >= 0 && plan.recoveries >= plan.recoveriesMax) return false;
  return plan.iterationsMax < 0 || plan.iterations < plan.iterationsMax;
}

/** The message is to be transmitted again, and says that it has been. */
export function retry(recovery: Recovery): number {
  recovery.isRetrying = true;
  $own[L.SLOT_FIRST] = recovery.first;
  return RETRANSMIT;
}

/** The call ends with this error; the next one on this connection is another message. */
export function giveUp(recovery: Recovery, error: number): number {
  if (recovery.shown >= 0) endShow(recovery, TRACE_RECOVERY_FAILED);
  recovery.isRetrying = false;
  recovery.first = 0;
  return error;
}

/**
 * What a transmission after a recovery has returned: it has got through, or is lost again. The
 * status goes back to the cover.
 */
export function retried(coid: number, status: number): number {
  $own[L.SLOT_FIRST] = 0;
  const recovery = recoveryOf(coid);
  // Else the function has detached what it belonged to.
  if (recovery === undefined || status < -LOST) return status;
  if (recovery.isRetrying) {
    recovery.plan.recoveries++;
    recovery.plan.iterations = 0;
  }
  recovery.isRetrying = false;
  recovery.first = 0;
  return status;
}

/**
 * Calls the recovery function, once. Returns what it does; -1 when it throws, and its text goes to
 * the host's log.
 */
export function runRecovery(recovery: Recovery, coid: number): number {
  const before = entryOf(coid);
  const channel = before === 0 ? 0 : $words[before + L.CONNECTION_CHANNEL];
  const life = before === 0 ? 0 : $words[before + L.CONNECTION_CHANNEL_LIFE];
  const { plan } = recovery;
  recovery.isRunning = true;
  const outer = beginRecovering(before);
  traceRecovering(coid);
  try {
    plan.iterations++;
    show(recovery, coid);
    const result = plan.rfn(coid, plan.handle);
    if (result !== coid) {
      // On the main VM it is asked again, many times a second: that is one recovery.
      if (result !== -EAGAIN || $vm.port.mayBlock) endShow(recovery, TRACE_RECOVERY_FAILED);
      return result;
    }
    traceRecovered(coid);
    // It is asked again, and again: somebody should know why this task is busy.
    if (plan.iterations === 1 && !isConnectedAgain(entryOf(coid), channel, life)) {
      $vm.port.log(`recovery function of coid ${coid} returned it without connecting it again`);
    }
    $own[L.TASK_RECOVERIES]++;
    endShow(recovery, TRACE_RECOVERED);
    return result;
  } catch (error) {
    if (error === STOPPED) throw error;
    endShow(recovery, TRACE_RECOVERY_THREW);
    $vm.port.log(`recovery function of coid ${coid} threw: ${String(error)}`);
    return -1;
  } finally {
    traceRecoveryOver(coid);
    recovery.isRunning = false;
    showRecovering(outer);
    if (entryOf(coid) === 0) dropRecovery(coid);
  }
}

/** Tells the trace that this recovery begins, unless it has been told. */
function show(recovery: Recovery, coid: number): void {
  if (recovery.shown === coid) return;
  recovery.shown = coid;
  trace(TRACE_RECOVERING, coid);
}

function endShow(recovery: Recovery, event: number): void {
  trace(event, recovery.shown);
  recovery.shown = -1;
}

/** Open, or at least not to the channel that was lost: a new server may have died at once. */
function isConnectedAgain(entry: number, channel: number, life: number): boolean {
  if (entry === 0) return false;
  if (isOpen(entry)) return true;
  const isSame = $words[entry + L.CONNECTION_CHANNEL] === channel;
  return !isSame || $words[entry + L.CONNECTION_CHANNEL_LIFE] !== life;
}
