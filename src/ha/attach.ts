/**
 * ha_attach, ha_detach and ha_connection_ctrl: what recovers a connection, and how often it may.
 */
import { areFlags, isInt32 } from "../kernel/argument.js";
import { entryOf } from "../kernel/connection/connection.js";
import { EBADF, EEXIST, EINVAL } from "../kernel/errno.js";
import { requireAttached, type Vm } from "../arena/vm.js";

/** ha_attach: replace the recovery function of a connection that has one. */
export const HAREPLACERECOVERYFN = 0x0001;

/** ha_connection_ctrl: set the most recoveries in the connection's life; negative: no limit. */
export const HA_RECOVERY_ACOUNT = 1;
/** ha_connection_ctrl: set the most tries for one failure; negative: no limit. */
export const HA_RECOVERY_ICOUNT = 2;
/** ha_connection_ctrl: switch recovery off; the connection behaves as a plain one. */
export const HA_RECOVERY_SUSPEND = 3;
/** ha_connection_ctrl: switch recovery on again. */
export const HA_RECOVERY_ENABLE = 4;
/** ha_connection_ctrl: forget the tries of the failure that goes on. */
export const HA_RECOVERY_RESET_ICOUNT = 5;
/** ha_connection_ctrl: forget the recoveries so far. */
export const HA_RECOVERY_RESET_ACOUNT = 6;

const NO_LIMIT = -1;

/**
 * A client's recovery function: makes the lost connection `coid` work again, under the same number,
 * and returns that number; anything else gives the sender the original error.
 */
export type RecoveryFunction = (coid: number, handle: unknown) => number;

/** How a connection is recovered. Connections that ha_dup made of one share it. */
export interface RecoveryPlan {
  rfn: RecoveryFunction;
  handle: unknown;
  /** Switched off: the connections behave as plain ones. */
  isSuspended: boolean;
  /**
   * HA_RECOVERY_ACOUNT: the most recoveries of its life, -1 for any number; and how many it had.
   */
  recoveriesMax: number;
  recoveries: number;
  /** HA_RECOVERY_ICOUNT: the most tries for one failure, -1 for any number; and how many it had. */
  iterationsMax: number;
  iterations: number;
}

/** What is kept of one HA-aware coid of the VM. */
export interface Recovery {
  readonly plan: RecoveryPlan;
  /** The function is running: a send on the same coid inside it is a plain one. */
  isRunning: boolean;
  /** The function has returned, and the message is transmitted again. */
  isRetrying: boolean;
  /** SLOT_FIRST of the next transmission: 0 while no server can have seen the message. */
  first: number;
  /** Its coid while the trace says that it is recovering; else -1. */
  shown: number;
}

/** What client recovery keeps in a VM. */
interface RecoveryState {
  /** HA-aware connections, by coid. */
  readonly recoveries: Map<number, Recovery>;
  /** How many recovery functions are running, one inside the other. */
  depth: number;
}

/** True for what ha_attach takes. */
export function isAttachable(rfn: unknown, flags: number): rfn is RecoveryFunction {
  return typeof rfn === "function" && areFlags(flags, HAREPLACERECOVERYFN);
}

/**
 * Makes a connection HA-aware: when a MsgSend*() on it fails because its server died (EBADF or
 * ESRCH), `rfn(coid, handle)` is called to connect again under the same number, and the same
 * message is transmitted again. Callable at any time, also from a recovery function and from a
 * handler of pulses: the next recovery uses what is attached then. Does not block.
 *
 * Returns 0, or -EBADF (no such coid), -EINVAL (no function, or an unknown flag), -EEXIST (it has
 * one already and HAREPLACERECOVERYFN is not given). With that flag the limits and counts of
 * ha_connection_ctrl stay, and connections made by ha_dup get the new function too.
 */
export function ha_attach(
  coid: number,
  rfn: RecoveryFunction,
  handle: unknown,
  flags: number,
): number {
  requireAttached();
  if (!isAttachable(rfn, flags)) return -EINVAL;
  if (entryOf(coid) === 0) return -EBADF;
  const recovery = recoveryOf(coid);
  if (recovery === undefined) {
    addRecovery(coid, {
      rfn,
      handle,
      isSuspended: false,
      recoveriesMax: NO_LIMIT,
      recoveries: 0,
      iterationsMax: NO_LIMIT,
      iterations: 0,
    });
    return 0;
  }
  if ((flags & HAREPLACERECOVERYFN) === 0) return -EEXIST;
  recovery.plan.rfn = rfn;
  recovery.plan.handle = handle;
  return 0;
}

/** Makes a connection a plain one again. Returns 0, or -EBADF when it was not HA-aware. */
export function ha_detach(coid: number): number {
  requireAttached();
  return dropRecovery(coid) ? 0 : -EBADF;
}

/**
 * Controls the recovery of an HA-aware connection: `command` is an HA_RECOVERY_ constant, `args`
 * the count for ACOUNT and ICOUNT (a whole number; the others ignore it).
 *
 * ACOUNT counts recoveries of which the message got through. ICOUNT counts calls of the recovery
 * function for one failure, and starts again when the message has got through. When either is used
 * up, a lost connection gives its sender the original error. Both are without a limit at first.
 *
 * Returns 0, or -EBADF (no such coid, or not HA-aware), -EINVAL (command, or count). Does not
 * block.
 */
export function ha_connection_ctrl(coid: number, command: number, args?: number | null): number {
  requireAttached();
  const plan = recoveryOf(coid)?.plan;
  if (plan === undefined) return -EBADF;
  if (command === HA_RECOVERY_ACOUNT || command === HA_RECOVERY_ICOUNT) {
    if (!isInt32(args)) return -EINVAL;
    const most = args < 0 ? NO_LIMIT : args;
    if (command === HA_RECOVERY_ACOUNT) plan.recoveriesMax = most;
    else plan.iterationsMax = most;
  } else if (command === HA_RECOVERY_SUSPEND) {
    plan.isSuspended = true;
  } else if (command === HA_RECOVERY_ENABLE) {
    plan.isSuspended = false;
  } else if (command === HA_RECOVERY_RESET_ICOUNT) {
    plan.iterations = 0;
  } else if (command === HA_RECOVERY_RESET_ACOUNT) {
    plan.recoveries = 0;
  } else {
    return -EINVAL;
  }
  return 0;
}

/** What is kept of an HA-aware coid. */
export function recoveryOf(coid: number): Recovery | undefined {
  return recoveryState($vm)?.recoveries.get(coid);
}

/** Makes a coid HA-aware by a plan that is its own, or shared. */
export function addRecovery(coid: number, plan: RecoveryPlan): void {
  const state = recoveryState($vm) ?? ($vm.recovery = { recoveries: new Map(), depth: 0 });
  state.recoveries.set(coid, { plan, isRunning: false, isRetrying: false, first: 0, shown: -1 });
}

/** Makes a coid a plain one; false when it was. The plan lives as long as a coid has it. */
export function dropRecovery(coid: number): boolean {
  return recoveryState($vm)?.recoveries.delete(coid) === true;
}

/** What a VM keeps; null before its first HA-aware connection. */
export function recoveryState(vm: Vm): RecoveryState | null {
  return vm.recovery as RecoveryState | null;
}
