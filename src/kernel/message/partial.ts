/**
 * Messages of which only a part was received: how much, for MsgInfo. A receiver knows, and nobody
 * else has to; so it is kept in the VM, from the first such message on.
 */
import * as L from "../../arena/layout.js";

/** Numbers that are kept of each client: the rcvid, and the bytes. */
const NUMBERS = 2;

/** Notes that `count` bytes of a task's message were received, and not all. */
export function notePart(task: number, rcvid: number, count: number): void {
  const at = ((task - L.TASKS_AT) >> L.TASK_SHIFT) * NUMBERS;
  const parts = ($vm.parts ??= new Float64Array($words[L.HEAD_PLACES] * NUMBERS));
  parts[at] = rcvid;
  parts[at + 1] = count;
}

/** How many of the `sent` bytes of this message were received. */
export function receivedBytes(task: number, rcvid: number, sent: number): number {
  const { parts } = $vm;
  if (parts === null) return sent;
  const at = ((task - L.TASKS_AT) >> L.TASK_SHIFT) * NUMBERS;
  return parts[at] === rcvid ? parts[at + 1] : sent;
}
