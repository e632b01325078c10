/**
 * The archive that mcrun makes of a mod, as far as it concerns whoever replaces one: is it whole,
 * is it for this engine, and which modules has it.
 *
 * It is a tree of atoms: a length of 32 bits, big endian, which counts itself; four letters; then
 * what the letters say. XS_A holds all others: VERS, SIGN, NAME, SYMB, IDEN, MAPS, MODS, RSRC.
 */

/** Of an atom: its length and its letters. */
export const ATOM_BYTES = 8;
/** What comes first, and says what the rest is: XS_A and VERS. */
export const HEADER_BYTES = 20;

const ARCHIVE = 0x58535f41;
const VERSION = 0x56455253;
const MODULES = 0x4d4f4453;
const PATH = 0x50415448;

/** Reads bytes of an archive, by their offset. */
export type Read = (offset: number, count: number) => ArrayBuffer;

interface Atom {
  readonly bytes: number;
  readonly letters: number;
}

function atomIn(header: DataView, offset: number): Atom {
  return { bytes: header.getUint32(offset), letters: header.getUint32(offset + 4) };
}

/** Bytes of the whole archive that begins with this header; 0 when it is no archive. */
export function archiveBytesOf(header: DataView): number {
  const { bytes, letters } = atomIn(header, 0);
  return letters === ARCHIVE && bytes >= HEADER_BYTES ? bytes : 0;
}

/**
 * Why an archive that begins with this header cannot be put into a room of `room` bytes, for an
 * engine of version `engine` (256 times major, plus minor); "" when it can.
 */
export function problemOf(header: DataView, room: number, engine: number): string {
  const bytes = archiveBytesOf(header);
  if (bytes === 0) return "it is no archive of mcrun";
  if (bytes > room) return `found ${bytes} bytes, there is room for ${room}`;
  if (atomIn(header, ATOM_BYTES).letters !== VERSION) return "it does not say its version of XS";
  const version = header.getUint16(2 * ATOM_BYTES);
  if (version === engine) return "";
  return `found one for XS ${wordOf(version)}, this board has ${wordOf(engine)}`;
}

function wordOf(version: number): string {
  return `${version >> 8}.${version & 0xff}`;
}

/** Names of its modules; none where there is no archive. */
export function modulesIn(read: Read): string[] {
  const bytes = archiveBytesOf(new DataView(read(0, HEADER_BYTES)));
  const names: string[] = [];
  for (let at = ATOM_BYTES; at + ATOM_BYTES <= bytes;) {
    const atom = atomIn(new DataView(read(at, ATOM_BYTES)), 0);
    // What is damaged has no end.
    if (atom.bytes < ATOM_BYTES || at + atom.bytes > bytes) break;
    if (atom.letters === MODULES) readPaths(read, at + ATOM_BYTES, at + atom.bytes, names);
    at += atom.bytes;
  }
  return names;
}

function readPaths(read: Read, start: number, end: number, names: string[]): void {
  for (let at = start; at + ATOM_BYTES <= end;) {
    const atom = atomIn(new DataView(read(at, ATOM_BYTES)), 0);
    if (atom.bytes < ATOM_BYTES || at + atom.bytes > end) return;
    // Its last byte is the zero of C.
    const length = atom.bytes - ATOM_BYTES - 1;
    if (atom.letters === PATH && length > 0) names.push(textOf(read(at + ATOM_BYTES, length)));
    at += atom.bytes;
  }
}

function textOf(bytes: ArrayBuffer): string {
  return String.fromCharCode(...new Uint8Array(bytes));
}
