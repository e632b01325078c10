/**
 * Names in the arena, for a watcher: by the channel that they stand for, or by their owner.
 */
import * as L from "../../arena/layout.js";
import { nameAt } from "../channel/name-record.js";

/**
 * The name that the channel behind a connection had, also when its owner is gone: the record keeps
 * it until somebody registers another. "" when it is not known.
 */
export function nameLost(entry: number): string {
  const channel = $words[entry + L.CONNECTION_CHANNEL];
  const life = $words[entry + L.CONNECTION_CHANNEL_LIFE];
  for (let i = 0; i < $words[L.HEAD_NAMES]; i++) {
    const record = nameAt(i);
    if ($words[record + L.NAME_CHANNEL] !== channel) continue;
    if ($words[record + L.NAME_CHANNEL_LIFE] === life) return textOf(record);
  }
  return "";
}

/** Is a name registered in this record? */
function isRegisteredIn(record: number): boolean {
  const owner = $words[record + L.NAME_OWNER];
  return owner !== 0 && $words[record + L.NAME_STATE] === owner;
}

/** The name that is registered for a channel, the first of several, or "". */
export function nameOf(channel: number): string {
  return namesIn(L.NAME_CHANNEL, channel)[0] ?? "";
}

/** The names that are registered for a channel. */
export function namesOfChannel(channel: number): string[] {
  return namesIn(L.NAME_CHANNEL, channel);
}

/** The names that a task has registered. */
export function namesOf(pid: number): string[] {
  return namesIn(L.NAME_OWNER, pid);
}

/** The names of the records in which this field has this value. */
function namesIn(field: number, value: number): string[] {
  const names: string[] = [];
  for (let i = 0; i < $words[L.HEAD_NAMES]; i++) {
    const record = nameAt(i);
    if (isRegisteredIn(record) && $words[record + field] === value) names.push(textOf(record));
  }
  return names;
}

function textOf(record: number): string {
  const at = (record + L.NAME_TEXT) * L.WORD_BYTES;
  const length = $words[record + L.NAME_LENGTH] & L.NAME_LENGTH_MASK;
  let name = "";
  for (let j = 0; j < length && j < L.NAME_BYTES_MAX; j++) {
    name += String.fromCharCode($vm.bytes[at + j]);
  }
  return name;
}
