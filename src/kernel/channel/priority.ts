/**
 * The priority of a server: that of what it received last, so that work for an urgent client is not
 * put off by work for another. Writes TASK_PRIORITY of the own task.
 */
import * as L from "../../arena/layout.js";
import { PRIORITY_MAX, PRIORITY_MIN } from "../task/task.js";
import { _NTO_CHF_FIXED_PRIORITY } from "./channel.js";

/** The receiver goes on at the priority of what it received. */
export function takePriority(channel: number, priority: number): void {
  if (($words[channel + L.CHANNEL_FLAGS] & _NTO_CHF_FIXED_PRIORITY) !== 0) return;
  // A client writes its own priority, and a wrong one must not become its server's.
  if (!(priority >= PRIORITY_MIN && priority <= PRIORITY_MAX)) return;
  // Not written when it is the same: others look at this cache line whenever they ring.
  if ($own[L.TASK_PRIORITY] !== priority) $own[L.TASK_PRIORITY] = priority;
}
