/**
 * The death of a task: one function, called by whoever learns of it first, and by everybody else.
 *
 * The task's own last act, its exit event, the host's restart: each may report the same death, at
 * the same time, from different VMs, and a reporter may itself die half way. So every step is a
 * compare-exchange on the incarnation that died, or harmless when done again, and no step is
 * skipped because somebody else seems to have done it. It takes no lock. A task must be reported
 * only when it cannot run any more: a zombie that still writes would break every invariant.
 */
import { cas, load } from "./atomic.js";
import { channelAt, closeChannel } from "./channel.js";
import { dropConnections } from "./connection.js";
import * as L from "./layout.js";
import { dropNames } from "./name-record.js";
import { dropPulseClaims } from "./pulse.js";
import { dropShared } from "./shared.js";
import { pidAt, placeOf } from "./task.js";
import { TRACE_DEATH, trace } from "./trace.js";
import { releasePlace } from "./transfer.js";

/**
 * Reports that the task with this pid is dead. Its clients get -ESRCH, later sends -EBADF; its
 * channels, connections, names, shared buffers and its place are freed (the place possibly later,
 * when a server's claim on its message ends). Idempotent; a pid of an earlier incarnation does
 * nothing. Does not block.
 */
export function reportDeath(deadPid: number): void {
  const task = placeOf(deadPid);
  if (task === 0 || pidAt(task) !== deadPid) return;
  const generation = load($words, task + L.TASK_LIFE) & ~L.LIFE_MASK;
  if ((generation >>> L.LIFE_BITS) << L.PID_INDEX_BITS !== (deadPid & ~L.PID_INDEX_MASK)) return;
  const alive = generation | L.LIFE_ALIVE;
  const dead = generation | L.LIFE_DEAD;
  if (cas($words, task + L.TASK_LIFE, alive, dead) === alive) trace(TRACE_DEATH, deadPid);
  if ((load($words, task + L.TASK_LIFE) & ~L.LIFE_MASK) !== generation) return;
  // Channels first: their clients are waiting.
  for (let index = 0; index < $words[L.HEAD_CHANNELS]; index++) {
    closeChannel(channelAt(index), deadPid);
  }
  dropConnections(deadPid);
  dropNames(deadPid);
  dropShared(deadPid);
  dropPulseClaims(deadPid);
  cas($words, task + L.TASK_LIFE, dead, generation | L.LIFE_DRAINED);
  releasePlace(task);
}
