/**
 * Writes an archive into the memory that holds the mod, piece by piece as it comes.
 *
 * Whatever ends it in between, a loss of power too, leaves no mod, and never a part of one: the
 * first block is erased first, and the eight bytes that make an archive of it are written last. A
 * VM that starts meanwhile finds no mod.
 */
import { ATOM_BYTES, archiveBytesOf, HEADER_BYTES, problemOf } from "./archive.js";

/** The memory that holds the mod: a partition of the flash. */
export interface Partition {
  /** Its length; 0 where there is none. */
  byteLength(): number;
  /** What is erased at once. */
  blockBytes(): number;
  /** 256 times the major version of XS, plus the minor one. */
  engine(): number;
  read(offset: number, count: number): ArrayBuffer;
  /** Erases a block, given by its number. */
  erase(block: number): void;
  /** Writes to what has been erased. */
  write(offset: number, bytes: Uint8Array, start: number, count: number): void;
  /** From here on new VMs have the mod that has been written. Throws when XS cannot take it. */
  map(): void;
}

export class ModWriter {
  readonly #partition: Partition;
  readonly #header = new Uint8Array(HEADER_BYTES);
  /** How much has been given. */
  #given = 0;
  /** Length of the archive, when that is known. */
  #bytes = 0;
  /** How many blocks have been erased. */
  #erased = 0;

  constructor(partition: Partition) {
    this.#partition = partition;
  }

  /** Is the mod that was there still there? */
  get isUntouched(): boolean {
    return this.#erased === 0;
  }

  /** Takes the next piece. Throws for what is no mod or does not fit: before anything is lost. */
  write(piece: Uint8Array): void {
    let start = 0;
    if (this.#given < HEADER_BYTES) {
      start = Math.min(piece.length, HEADER_BYTES - this.#given);
      this.#header.set(piece.slice(0, start), this.#given);
      this.#given += start;
      if (this.#given < HEADER_BYTES) return;
      this.#begin();
    }
    const count = piece.length - start;
    if (this.#given + count > this.#bytes) {
      throw new Error(`mod: found more than the ${this.#bytes} bytes that it says it has`);
    }
    this.#put(this.#given, piece, start, count);
    this.#given += count;
  }

  /** Makes a mod of what has been written. Throws when something is missing. */
  finish(): void {
    if (this.#given < HEADER_BYTES || this.#given < this.#bytes) {
      const all = this.#bytes === 0 ? HEADER_BYTES : this.#bytes;
      throw new Error(`mod: it is cut off: found ${this.#given} of ${all} bytes`);
    }
    this.#partition.write(0, this.#header, 0, ATOM_BYTES);
    this.#partition.map();
  }

  #begin(): void {
    const partition = this.#partition;
    const header = new DataView(this.#header.buffer);
    const problem = problemOf(header, partition.byteLength(), partition.engine());
    if (problem !== "") throw new Error(`mod: ${problem}`);
    this.#bytes = archiveBytesOf(header);
    this.#put(ATOM_BYTES, this.#header, ATOM_BYTES, HEADER_BYTES - ATOM_BYTES);
  }

  #put(offset: number, bytes: Uint8Array, start: number, count: number): void {
    if (count === 0) return;
    const end = offset + count;
    while (this.#erased * this.#partition.blockBytes() < end) {
      this.#partition.erase(this.#erased++);
    }
    this.#partition.write(offset, bytes, start, count);
  }
}
