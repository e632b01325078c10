/**
 * TimerTimeout: the one-shot time limit of the next blocking call. It is private to the VM.
 */
import { areFlags, isTime } from "../argument.js";
import { EINVAL } from "../errno.js";
import { requireAttached } from "../../arena/vm.js";
import { FOREVER } from "../task/doorbell.js";

/** Limit the time SEND-blocked: sent, not received yet (1 << STATE_SEND). */
export const _NTO_TIMEOUT_SEND = 1 << 4;
/** Limit the time RECEIVE-blocked (1 << STATE_RECEIVE). */
export const _NTO_TIMEOUT_RECEIVE = 1 << 5;
/** Limit the time REPLY-blocked: received, not answered yet (1 << STATE_REPLY). */
export const _NTO_TIMEOUT_REPLY = 1 << 6;

/** The states that MsgSend*() passes through. */
export const SEND_STATES = _NTO_TIMEOUT_SEND | _NTO_TIMEOUT_REPLY;
/** All there are. */
export const STATES = SEND_STATES | _NTO_TIMEOUT_RECEIVE;

/**
 * Limits the next blocking call: it returns -ETIMEDOUT when it is still in one of `states`
 * (_NTO_TIMEOUT_ bits) `ms` milliseconds from now. 0 = do not block in these states at all. The
 * limit is used up by the next MsgSend*() or MsgReceive*(), whether it blocked or not; states = 0
 * takes it back. Does not block.
 *
 * Returns the states that were armed before, or -EINVAL for an unknown state or a time that is not
 * a number from 0 on.
 */
export function TimerTimeout(states: number, ms: number): number {
  requireAttached();
  if (!areFlags(states, STATES) || !isTime(ms)) return -EINVAL;
  const before = $vm.armedStates;
  const until = states === 0 ? FOREVER : $vm.port.now() + ms;
  rearm(states | $vm.limitStates, until < $vm.limitUntil ? until : $vm.limitUntil);
  return before;
}

/**
 * Limits all blocking calls from now on, until it is called with what limitStates and limitUntil
 * were before: the calls of a recovery function have no more time than the call that they recover.
 */
export function limitCalls(states: number, until: number): void {
  $vm.limitStates = states;
  $vm.limitUntil = until;
  disarm();
}

/** The limit of a call that goes on: it holds for all of it, recovery included. */
export function rearm(states: number, until: number): void {
  $vm.armedStates = states;
  $vm.armedUntil = until;
  $vm.messages?.arm(states);
}

/** The limit is used up; its reader keeps the values it read before. */
export function disarm(): void {
  rearm($vm.limitStates, $vm.limitUntil);
}
