/**
 * The kernel's own pulses: unblock, disconnect, coid death.
 *
 * They need no cell: each is a fact of the arena (a client's flag, a lingering connection, a coid
 * whose channel is gone) that has not been told yet, and CHANNEL_NOTICE says that there may be
 * some. So they cannot be lost to a full ring, are told once, and an unblock that the reply has
 * overtaken is gone by itself. They go before everything else that waits on the channel.
 */
import { and, load, or } from "../../arena/atomic.js";
import { takeDeadCoid, takeDisconnect } from "../connection/connection.js";
import * as L from "../../arena/layout.js";
import {
  _PULSE_CODE_COIDDEATH,
  _PULSE_CODE_DISCONNECT,
  _PULSE_CODE_UNBLOCK,
} from "../pulse/pulse.js";
import { rcvidOf } from "./rcvid.js";
import { priorityOf } from "../task/task.js";
import { claim, endClaim } from "../task/claim.js";
import { takePriority } from "../channel/priority.js";

/**
 * Puts the next of these notices of an own channel into the VM's pulse record; false when there is
 * none.
 */
export function takeNotice(channel: number, notices: number): boolean {
  if ((notices & L.NOTICE_DISCONNECT) !== 0 && takeOne(channel, L.NOTICE_DISCONNECT)) return true;
  if ((notices & L.NOTICE_COIDDEATH) !== 0 && takeOne(channel, L.NOTICE_COIDDEATH)) return true;
  return (notices & L.NOTICE_UNBLOCK) !== 0 && takeOne(channel, L.NOTICE_UNBLOCK);
}

/**
 * Clears the notice, then looks for its facts: one that appears after the look posts the notice
 * again. When one was found there may be more, so the notice stays up.
 */
function takeOne(channel: number, notice: number): boolean {
  and($words, channel + L.CHANNEL_NOTICE, ~notice);
  if (!findFact(channel, notice)) return false;
  or($words, channel + L.CHANNEL_NOTICE, notice);
  return true;
}

function findFact(channel: number, notice: number): boolean {
  $vm.pulse.priority = $own[L.TASK_PRIORITY];
  $vm.pulse.scoid = 0;
  $vm.pulse.value = 0;
  if (notice === L.NOTICE_UNBLOCK) return findUnblock(channel);
  if (notice === L.NOTICE_DISCONNECT) {
    $vm.pulse.code = _PULSE_CODE_DISCONNECT;
    $vm.pulse.scoid = takeDisconnect(channel);
    return $vm.pulse.scoid !== 0;
  }
  $vm.pulse.code = _PULSE_CODE_COIDDEATH;
  $vm.pulse.scoid = -1;
  $vm.pulse.value = takeDeadCoid();
  return $vm.pulse.value !== -1;
}

/** A client that still waits for this channel's reply and asked to be unblocked. */
function findUnblock(channel: number): boolean {
  for (let index = 0; index < $words[L.HEAD_PLACES]; index++) {
    const task = L.TASKS_AT + (index << L.TASK_SHIFT);
    const state = load($words, task + L.SLOT_STATE);
    if ((state & L.SLOT_STATE_MASK) !== L.SLOT_REPLY) continue;
    if ($words[task + L.SLOT_CHANNEL] !== channel) continue;
    if ($words[task + L.SLOT_CHANNEL_LIFE] !== $words[channel + L.CHANNEL_LIFE]) continue;
    const flags = load($words, task + L.SLOT_FLAGS);
    if ((flags & L.SLOT_FLAG_UNBLOCK) === 0 || (flags & L.SLOT_FLAG_UNBLOCK_TOLD) !== 0) continue;
    // Claimed, so that it is this message's flag: its client may have died, and another in its
    // place be asking another server.
    if (!claim(task, state)) continue;
    or($words, task + L.SLOT_FLAGS, L.SLOT_FLAG_UNBLOCK_TOLD);
    endClaim(task, state, L.SLOT_REPLY);
    $vm.pulse.code = _PULSE_CODE_UNBLOCK;
    $vm.pulse.value = rcvidOf(task, state);
    $vm.pulse.priority = priorityOf(task);
    takePriority(channel, $vm.pulse.priority);
    return true;
  }
  return false;
}
