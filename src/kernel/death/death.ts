/**
 * The death of a task: one function, called by whoever learns of it first, and by everybody else.
 *
 * The task's own last act, its exit event, the host's restart: each may report the same death, at
 * the same time, from different VMs, and a reporter may itself die half way. So every step is a
 * compare-exchange on the incarnation that died, or harmless when done again, and no step is
 * skipped because somebody else seems to have done it. It takes no lock. A task must be reported
 * only when it cannot run any more: a zombie that still writes would break every invariant.
 *
 * What the dead task held is found by plain reads: it was ended before, so all that it has written
 * can be seen. They cost a tenth of atomic ones on a device, and there are some hundred records.
 */
import { cas, load, store } from "../../arena/atomic.js";
import { channelAt } from "../../arena/address.js";
import { closeChannel } from "../channel/channel.js";
import { dropConnections } from "../connection/connection.js";
import * as L from "../../arena/layout.js";
import { dropNames } from "../channel/name-record.js";
import { dropOrphans } from "./orphans.js";
import { dropPulseClaims } from "../pulse/pulse.js";
import { isAlive, pidAt, placeOf } from "../task/task.js";
import { TRACE_DEATH, trace } from "../inspect/trace.js";
import { releasePlace } from "../task/claim.js";
import { ring } from "../task/doorbell.js";

/**
 * Reports that the task with this pid is dead. Its clients get -ESRCH, later sends -EBADF; its
 * channels, connections and names are freed, its place and its shared buffers too (these two
 * possibly later, when a server's claim on its message ends). Idempotent; a pid of an earlier
 * incarnation does nothing. Does not block.
 */
export function reportDeath(deadPid: number): void {
  const task = placeOf(deadPid);
  if (task !== 0 && pidAt(task) === deadPid) endTask(task, deadPid);
  if ($me === L.TASKS_AT) dropOrphans();
}

/**
 * The host's own report of a VM that it has started and that is gone: true whatever the record of
 * the task says, which that task may have written over. Main VM only.
 */
export function reportExit(deadPid: number): void {
  const task = placeOf(deadPid);
  if (task === 0) return;
  const generation = deadPid >>> L.PID_INDEX_BITS;
  const life = load($words, task + L.TASK_LIFE);
  const next = (generation + 1) & L.TASK_GENERATION_MASK || 1;
  const isFreed = life === ((next << L.LIFE_BITS) | L.LIFE_FREE);
  const kind = life & L.LIFE_MASK;
  if (!isFreed && (life >>> L.LIFE_BITS !== generation || kind === L.LIFE_FREE)) {
    store($words, task + L.TASK_LIFE, (generation << L.LIFE_BITS) | L.LIFE_ALIVE);
  }
  reportDeath(deadPid);
}

function endTask(task: number, deadPid: number): void {
  const generation = load($words, task + L.TASK_LIFE) & ~L.LIFE_MASK;
  if ((generation >>> L.LIFE_BITS) << L.PID_INDEX_BITS !== (deadPid & ~L.PID_INDEX_MASK)) return;
  const alive = generation | L.LIFE_ALIVE;
  const dead = generation | L.LIFE_DEAD;
  if (cas($words, task + L.TASK_LIFE, alive, dead) === alive) trace(TRACE_DEATH, deadPid);
  if ((load($words, task + L.TASK_LIFE) & ~L.LIFE_MASK) !== generation) return;
  // Channels first: their clients are waiting.
  for (let index = 0; index < $words[L.HEAD_CHANNELS]; index++) {
    const channel = channelAt(index);
    if ($words[channel + L.CHANNEL_OWNER] === deadPid) closeChannel(channel, deadPid);
  }
  // The message before the connections: a server that has its disconnect pulse holds nothing of
  // this client any more.
  releasePlace(task);
  dropConnections(deadPid);
  dropNames(deadPid);
  dropPulseClaims(deadPid);
  ringAll();
  cas($words, task + L.TASK_LIFE, dead, generation | L.LIFE_DRAINED);
  releasePlace(task);
}

/**
 * The dead may have been about to ring somebody: its answer, or its pulse, is there, and nobody
 * would look before the slice is over. Whoever it was is among the living.
 */
function ringAll(): void {
  for (let index = 0; index < $words[L.HEAD_PLACES]; index++) {
    const task = L.TASKS_AT + (index << L.TASK_SHIFT);
    if (isAlive(task)) ring(task);
  }
}
