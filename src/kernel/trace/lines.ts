/**
 * Records as lines of text: what a board prints of its rings when it is asked to, into a log that
 * has other lines too. `reattach trace decode` reads them.
 *
 * A line says all that it needs to be read: the whole time, and a sum that tells when a character
 * of it was lost on a serial line. No regular expression: they cannot be linked into flash.
 */
import { RingReader, type TraceEntry } from "./entry.js";
import { ringsIn } from "./ring.js";

/** How each line begins, wherever in a line of a log. */
export const LINE_MARK = "reattach-trace";
/** The second word: a ring begins; a record. */
export const LINE_RING = "ring";
export const LINE_RECORD = "rec";

const SUM_MODULUS = 65_521;
const SUM_FACTOR = 31;

/** A sum of the characters of a text, in which their order counts. */
export function sumOf(text: string): number {
  let sum = 1;
  for (let i = 0; i < text.length; i++) {
    sum = (sum * SUM_FACTOR + text.charCodeAt(i)) % SUM_MODULUS;
  }
  return sum;
}

function withSum(text: string): string {
  return `${LINE_MARK} ${text} ${sumOf(text)}`;
}

/** place, name, records lost before the first, records torn. */
function ringLine(place: number, name: string, lost: number, torn: number): string {
  return withSum(`${LINE_RING} ${place} ${name} ${lost} ${torn}`);
}

/** place, number, microseconds, kind, peer, value, message: all as numbers. */
function recordLine({ place, number, time_us, kind, peer, value, message }: TraceEntry): string {
  return withSum(
    `${LINE_RECORD} ${place} ${number} ${time_us} ${kind} ${peer} ${value} ${message}`,
  );
}

/**
 * Calls `print` with a line for each ring, by the name of its task, and for each record that is in
 * it, but only the last `most`. Tasks may go on meanwhile. Allocates: for people.
 */
export function printRings(
  memory: SharedArrayBuffer,
  names: readonly string[],
  print: (line: string) => void,
  most = Infinity,
): void {
  const places = ringsIn(memory);
  for (let place = 0; place < places; place++) {
    // A reader of its own: it begins with the oldest record that is there. The last one, which a
    // task may be writing, is left out: torn is what was not finished before it.
    const { entries, lost, torn } = new RingReader(memory, place).read();
    if (entries.length === 0) continue;
    const first = entries.length > most ? entries.length - most : 0;
    print(ringLine(place, names[place] ?? `task-${place}`, lost + first, torn));
    for (let i = first; i < entries.length; i++) print(recordLine(entries[i]!));
  }
}
