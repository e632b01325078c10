/**
 * Why a task has died, on its way to the main VM, for hosts whose workers cannot tell it otherwise:
 * Moddable's queues are short, and what lies in one is lost when its worker is terminated.
 *
 * A task that has thrown sends and receives nothing any more, so its own two buffers are free: the
 * text lies there, from the start of the send buffer to the end of the reply buffer, and its length
 * in SLOT_SENT. The stage says so (STAGE_SAID), which is written after the text; main reads it
 * before it reports the death, and so before the place has a successor.
 *
 * Each UTF-16 unit takes one to three bytes, as in CESU-8: any string comes back as it was, as far
 * as there is room.
 */
import { load } from "../../arena/atomic.js";
import * as L from "../../arena/layout.js";
import { sendBufferAt } from "../../arena/vm.js";

/** The longest encoding of one UTF-16 unit. */
const UNIT_BYTES_MAX = 3;
const ONE_BYTE_END = 0x80;
const TWO_BYTES_END = 0x800;
const SIX_BITS = 0x3f;

/** Bytes of the two buffers of a task. */
function roomOf(): number {
  return 2 * $words[L.HEAD_BUFFER_STRIDE];
}

/**
 * Leaves as much of a text as there is room for, as the last act of the own task. False when it
 * cannot be left: the task has a message outstanding, which its server may be reading.
 */
export function leaveLastWords(text: string): boolean {
  const slot = load($own, L.SLOT_STATE) & L.SLOT_STATE_MASK;
  if (slot === L.SLOT_SEND || slot === L.SLOT_REPLY || slot === L.SLOT_CLAIMED) return false;
  const { bytes, sendAtByte } = $vm;
  const end = sendAtByte + roomOf() - UNIT_BYTES_MAX;
  let at = sendAtByte;
  for (let i = 0; i < text.length && at <= end; i++) {
    const unit = text.charCodeAt(i);
    if (unit < ONE_BYTE_END) {
      bytes[at++] = unit;
    } else if (unit < TWO_BYTES_END) {
      bytes[at++] = 0xc0 | (unit >> 6);
      bytes[at++] = 0x80 | (unit & SIX_BITS);
    } else {
      bytes[at++] = 0xe0 | (unit >> 12);
      bytes[at++] = 0x80 | ((unit >> 6) & SIX_BITS);
      bytes[at++] = 0x80 | (unit & SIX_BITS);
    }
  }
  $own[L.SLOT_SENT] = at - sendAtByte;
  return true;
}

/** What the task at this address has left. Whatever lies there, it is a text. Allocates. */
export function lastWordsOf(task: number): string {
  const { bytes } = $vm;
  const start = sendBufferAt(task);
  const sent = $words[task + L.SLOT_SENT];
  const end = start + (sent >= 0 && sent <= roomOf() ? sent : 0);
  let text = "";
  for (let at = start; at < end;) {
    const first = bytes[at++]!;
    let unit = first;
    if (first >= 0xe0) {
      unit = ((first & 0x0f) << 12) | ((bytes[at]! & SIX_BITS) << 6) | (bytes[at + 1]! & SIX_BITS);
      at += 2;
    } else if (first >= 0xc0) {
      unit = ((first & 0x1f) << 6) | (bytes[at]! & SIX_BITS);
      at += 1;
    }
    text += String.fromCharCode(unit);
  }
  return text;
}
