/**
 * Writing a record on a device: in C. The tracing build puts this file in the place of
 * src/kernel/trace/record.ts.
 */
export { record } from "reattach/trace/messages";
