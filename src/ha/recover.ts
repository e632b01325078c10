/**
 * One recovery: called by the covers when the kernel has found a connection lost.
 */
import { LOST } from "../kernel/lost.js";
import * as L from "../kernel/layout.js";
import type { Recovery } from "../kernel/records.js";
import { disarm, rearm } from "../kernel/timeout.js";
import { TRACE_RECOVERED, TRACE_RECOVERY_THREW, trace } from "../kernel/trace.js";
import { STOPPED } from "../kernel/wait.js";

/** recover(): the connection works again; transmit the message once more. */
export const RETRANSMIT = 0;

/**
 * Recovers a connection after a send returned `lost` (below -LOST). Returns RETRANSMIT, or the
 * original error (-EBADF, -ESRCH) when the connection is plain, its function is already running, or
 * did not bring the same coid back. Blocks as long as the recovery function does.
 */
export function recover(coid: number, lost: number): number {
  const original = lost + LOST;
  // The limit of the call that goes on; what the recovery function does is not limited by it.
  const states = $vm.armedStates;
  const until = $vm.armedUntil;
  disarm();
  const recovery = $vm.recoveries?.get(coid);
  if (recovery === undefined || recovery.isRunning) return original;
  if (runRecovery(recovery, coid) !== coid) return original;
  rearm(states, until);
  return RETRANSMIT;
}

/**
 * Calls the recovery function; one that throws counts as -1, and its text goes to the host's log.
 */
export function runRecovery(recovery: Recovery, coid: number): number {
  recovery.isRunning = true;
  try {
    const result = recovery.rfn(coid, recovery.handle);
    if (result === coid) {
      $own[L.TASK_RECOVERIES]++;
      trace(TRACE_RECOVERED, coid);
    }
    return result;
  } catch (error) {
    if (error === STOPPED) throw error;
    trace(TRACE_RECOVERY_THREW, coid);
    $vm.port.log(`recovery function of coid ${coid} threw: ${String(error)}`);
    return -1;
  } finally {
    recovery.isRunning = false;
  }
}
