/**
 * Types of native.js, "reattach/moddable/native": what a board has in C for its main VM and for the
 * threads of tasks.
 */
/** HostPort.copy: any two byte arrays, checked ranges. Allocates nothing. */
export function copy(
  target: Uint8Array,
  targetStart: number,
  source: Uint8Array,
  sourceStart: number,
  count: number,
): void;
/** How many cores the chip has. */
export function cores(): number;
/** What a module exports; loads it when it is not there. Throws as import() rejects. */
export function loadModule(name: string): Record<string, unknown>;
/** Is there a module of this name? Loads nothing. */
export function hasModule(name: string): boolean;
/**
 * Is xsbug connected, which may hold any VM at a breakpoint? Never in a release build.
 */
export function isDebugged(): boolean;
/**
 * Runs nothing more in the calling worker, which is to be terminated: it is suspended, and in the
 * simulators it is back in its event loop.
 */
export function park(): never;
/** False after the power was off, or the chip was reset by hand, or slept deeply. */
export function restarted(): boolean;
/**
 * What retain() was given before the restart, if there was one, else "". undefined where the chip
 * has no memory that a reset leaves alone.
 */
export function retained(): string | undefined;
/** Keeps up to 250 ASCII characters where a reset leaves them alone. */
export function retain(text: string): void;
/**
 * Restarts the board when feed() is not called for `ms` milliseconds, and leaves `record` where
 * boot-memory.ts looks for it, unless it is ""; 0 ends the watch. Does nothing in the simulators
 * and in debug builds, where a breakpoint stops the main VM.
 */
export function guard(ms: number, record: string): void;
/** The main VM runs. */
export function feed(): void;
/** Restarts the board. In the simulators it ends the process with exit code 43. */
export function restart(): never;
