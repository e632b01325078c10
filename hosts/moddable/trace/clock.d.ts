/**
 * Types of clock.js, "reattach/trace/clock".
 */
/** Microseconds since some moment, in all VMs of the board the same. Allocates nothing. */
export function microseconds(): number;
