/**
 * Addresses of tasks, channels and connection entries, and whether a word is one.
 *
 * What stands in a task's slot, in its connections and names, was written by that task and may be
 * anything. Whoever follows such a word has to end up in a record of its kind: an address from
 * elsewhere would have it read, or even write, somebody else's words, and XS makes a name of every
 * negative index that it is asked for.
 */
import * as L from "./layout.js";

/** Index of the place of the task at this address: 0 is the main VM. */
export function taskIndex(task: number): number {
  return (task - L.TASKS_AT) >> L.TASK_SHIFT;
}

/** Address of a channel record. */
export function channelAt(index: number): number {
  return $words[L.HEAD_CHANNELS_AT] + index * $words[L.HEAD_CHANNEL_WORDS];
}

/** Number of a channel record. */
export function channelIndex(channel: number): number {
  return (channel - $words[L.HEAD_CHANNELS_AT]) / $words[L.HEAD_CHANNEL_WORDS];
}

/** Address of the channel that a pulse cell belongs to. */
export function channelOfCell(cell: number): number {
  const index = (cell - $words[L.HEAD_PULSES_AT]) / ($words[L.HEAD_PULSES] * L.PULSE_WORDS);
  return channelAt(Math.floor(index));
}

/** Address behind the last pulse cell of all channels. */
export function cellsEnd(): number {
  const cells = $words[L.HEAD_CHANNELS] * $words[L.HEAD_PULSES];
  return $words[L.HEAD_PULSES_AT] + cells * L.PULSE_WORDS;
}

/** Address behind the last connection entry. */
export function entriesEnd(): number {
  return entryAt($words[L.HEAD_CONNECTIONS]);
}

/** Address of a channel's first pulse cell. */
export function cellsAt(channel: number): number {
  return $words[L.HEAD_PULSES_AT] + channelIndex(channel) * $words[L.HEAD_PULSES] * L.PULSE_WORDS;
}

/** The address if it is that of a channel, the manager's included; else 0. */
export function channelIn(address: number): number {
  // channelIndex(), without its frame: this is called where a task's stack is deepest. Whole
  // numbers throughout: V8 calls a function of C for the rest of a division.
  const offset = address - $words[L.HEAD_CHANNELS_AT];
  const size = $words[L.HEAD_CHANNEL_WORDS];
  const index = (offset / size) | 0;
  return index >= 0 && index <= $words[L.HEAD_CHANNELS] && index * size === offset ? address : 0;
}

/** Address of the n-th connection entry. */
export function entryAt(index: number): number {
  return $words[L.HEAD_CONNECTIONS_AT] + index * L.CONNECTION_WORDS;
}

/** Number of a connection entry. */
export function entryIndex(entry: number): number {
  return (entry - $words[L.HEAD_CONNECTIONS_AT]) / L.CONNECTION_WORDS;
}

/** The address if it is that of a connection entry, else 0. */
export function entryIn(address: number): number {
  const offset = address - $words[L.HEAD_CONNECTIONS_AT];
  const index = (offset / L.CONNECTION_WORDS) | 0;
  const isEntry = index >= 0 && index < $words[L.HEAD_CONNECTIONS];
  return isEntry && index * L.CONNECTION_WORDS === offset ? address : 0;
}
