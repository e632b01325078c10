/**
 * What belongs to nobody: records whose owner is no task that lives.
 *
 * A death report frees what says that it is the dead task's. A task that writes over the owner of
 * its own records hides them from it; so after each report the main VM looks for records of nobody.
 * It alone starts tasks: a pid that is nobody's when it looks stays nobody's while it does. A task
 * whose death is just being reported elsewhere counts as nobody too: each step here is the report's
 * own, and may be done twice. It looks by plain reads, as death.ts does.
 */
import { cellsEnd, channelAt, channelOfCell, entriesEnd, entryAt } from "../../arena/address.js";
import { cas, load } from "../../arena/atomic.js";
import { claimantIn } from "../channel/ticket.js";
import { closeChannel, sweepPulses } from "../channel/channel.js";
import { disconnect } from "../connection/connection.js";
import * as L from "../../arena/layout.js";
import { nameAt } from "../channel/name-record.js";
import { aliveTask, pidAt, placeOf } from "../task/task.js";
import { sharedOwnerAt } from "../task/claim.js";

/** Frees every record of nobody. Main VM only. */
export function dropOrphans(): void {
  const words = $words;
  for (let i = 0; i < words[L.HEAD_CHANNELS]; i++) dropChannel(channelAt(i));
  const entriesTo = entriesEnd();
  for (let entry = entryAt(0); entry < entriesTo; entry += L.CONNECTION_WORDS) {
    if (words[entry + L.CONNECTION_OWNER] !== 0) dropEntry(entry);
  }
  for (let i = 0; i < $words[L.HEAD_NAMES]; i++) dropOwner(nameAt(i) + L.NAME_OWNER);
  for (let i = 0; i < $words[L.HEAD_SHARED_BUFFERS]; i++) {
    dropBuffer(sharedOwnerAt(i));
  }
  const cellsTo = cellsEnd();
  for (let cell = words[L.HEAD_PULSES_AT]; cell < cellsTo; cell += L.PULSE_WORDS) {
    if (words[cell + L.PULSE_STATE] !== 0) dropCell(cell);
  }
}

/** True for what is no pid, or one of nobody who lives. */
function isNobody(pid: number): boolean {
  return aliveTask(pid) === 0;
}

function dropOwner(at: number): void {
  const owner = $words[at];
  if (owner !== 0 && isNobody(owner)) cas($words, at, owner, 0);
}

/** That of a task which is dead, and whose place is not free yet, may still be written into. */
function dropBuffer(at: number): void {
  // One look, as above: by the next the buffer may be somebody else's who is leaving.
  const owner = $words[at];
  if (owner === 0 || !isNobody(owner)) return;
  const task = placeOf(owner);
  if (task !== 0 && pidAt(task) === owner && !isFree(task)) return;
  cas($words, at, owner, 0);
}

function isFree(task: number): boolean {
  return (load($words, task + L.TASK_LIFE) & L.LIFE_MASK) === L.LIFE_FREE;
}

function dropChannel(channel: number): void {
  const owner = $words[channel + L.CHANNEL_OWNER];
  if (owner !== 0) {
    if (!isNobody(owner)) return;
    closeChannel(channel, owner);
  }
  // Open, and nobody's: its owner has written over that.
  const life = load($words, channel + L.CHANNEL_LIFE);
  if ((life & L.LIFE_MASK) !== L.LIFE_ALIVE) return;
  if (cas($words, channel + L.CHANNEL_OWNER, 0, $vm.pid) === 0) closeChannel(channel, $vm.pid);
}

/** A claim of nobody, or a pulse for a channel that nobody has. */
function dropCell(cell: number): void {
  // One look: a cell that is claimed may be full by the next.
  const state = $words[cell + L.PULSE_STATE];
  if (state > 0) {
    if (isNobody(claimantIn(state))) cas($words, cell + L.PULSE_STATE, state, 0);
    return;
  }
  const channel = channelOfCell(cell);
  const life = load($words, channel + L.CHANNEL_LIFE);
  if (load($words, channel + L.CHANNEL_OWNER) !== 0) return;
  if ((life & L.LIFE_MASK) !== L.LIFE_ALIVE) sweepPulses(channel, life);
}

/** A client's entry ends as at its death; one that lingers for a server that is gone is free. */
function dropEntry(entry: number): void {
  const holder = $words[entry + L.CONNECTION_OWNER];
  if (holder === 0) return;
  if (holder > 0) {
    if (!isNobody(holder)) return;
    if ($words[entry + L.CONNECTION_ROOT] === entry) disconnect(entry, holder);
    else cas($words, entry + L.CONNECTION_OWNER, holder, 0);
    return;
  }
  const server = -holder;
  if (!isNobody(server) || !isNobody(server - L.PID_TOLD)) return;
  cas($words, entry + L.CONNECTION_OWNER, holder, 0);
}
