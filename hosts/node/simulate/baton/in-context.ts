/**
 * The same as atomics.ts in a task's context: the baton belongs to the thread, which has it as a
 * global while it runs the kernel's script.
 */
declare const $baton: typeof import("./atomics.js");

export const { add, and, compareExchange, load, notify, or, store, wait } = $baton;
