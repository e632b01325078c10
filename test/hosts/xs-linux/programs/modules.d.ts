/**
 * Types of the modules that only the test host has (hosts/xs-linux).
 */
declare module "xs/worker" {
  export { default } from "worker";
}

/** The test's own window. Nothing here allocates in the VM's heap. */
declare module "xs" {
  /** What the program was called with. */
  export const args: readonly string[];
  /** Ends the process. */
  export function exit(code: number): never;
  /** Slots in use in this VM; only grows between two collections. */
  export function slots(): number;
  /** Bytes of chunks in use in this VM; only grows between two collections. */
  export function chunkBytes(): number;
  /** Collections of this VM so far. */
  export function collections(): number;
  /** Bytecodes this VM has executed. */
  export function bytecodes(): number;
  /** Bytecode, as in flash, of the modules whose names start so. */
  export function codeBytes(prefix: string): number;
  /** The deepest that the stack of this VM has been, in slots; it can be counted anew from here. */
  export function stackPeak(isAnew?: boolean): number;
  /** Nanoseconds that the chip has worked and not slept; -1 where nobody counts. */
  export function busy(): number;
  /** Collects garbage in this VM. */
  export function collect(): void;
}

declare module "xs/preference" {
  export { default } from "preference";
}
