/**
 * Types of partition.js, "reattach/mod/partition": the memory that holds the mod. For the main VM.
 * On an ESP32 it is the partition "xs" of its flash; in the simulators, 256 KB of memory, in front
 * of the mod that the simulator was started with.
 */
/** Its length in bytes; 0 where there is none. */
export function byteLength(): number;
/** What is erased at once, in bytes. */
export function blockBytes(): number;
/** 256 times the major version of XS, plus the minor one. */
export function engine(): number;
/** Throws when it does not lie in the partition. */
export function read(offset: number, count: number): ArrayBuffer;
/** Erases a block, given by its number. Throws when that fails. */
export function erase(block: number): void;
/** Writes to what has been erased. Throws when that fails. */
export function write(offset: number, bytes: Uint8Array, start: number, count: number): void;
/** From here on new VMs have the mod that has been written. Throws when XS cannot take it. */
export function map(): void;
