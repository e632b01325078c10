/**
 * Types of reattach-traced-messages.js, "reattach/trace/messages".
 */
export * from "../native/reattach-messages.js";
/** record() of src/kernel/trace/record.ts. Allocates nothing. */
export function record(kind: number, task: number, value: number, message: number): void;
