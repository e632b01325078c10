/**
 * Name records: where they are, and what frees them beside their owner's name_detach.
 */
import { cas, load } from "../../arena/atomic.js";
import * as L from "../../arena/layout.js";

/** Address of the n-th record. */
export function nameAt(index: number): number {
  return $words[L.HEAD_NAMES_AT] + index * L.NAME_WORDS;
}

/** Frees the names of a dead task. Idempotent: a record's state counts only with its owner. */
export function dropNames(owner: number): void {
  for (let i = 0; i < $words[L.HEAD_NAMES]; i++) {
    const at = nameAt(i) + L.NAME_OWNER;
    if ($words[at] === owner) cas($words, at, owner, 0);
  }
}

/** Frees the names of a channel that its owner closes. */
export function dropChannelNames(channel: number, owner: number): void {
  for (let i = 0; i < $words[L.HEAD_NAMES]; i++) {
    const record = nameAt(i);
    if (load($words, record + L.NAME_OWNER) !== owner) continue;
    if ($words[record + L.NAME_CHANNEL] !== channel) continue;
    // State before owner: the same task may claim the record next, and must not find itself
    // registered under the old name.
    cas($words, record + L.NAME_STATE, owner, 0);
    cas($words, record + L.NAME_OWNER, owner, 0);
  }
}
