/**
 * The clock of traces on a device: microseconds, which all its VMs count alike. clock.d.ts has its
 * type.
 */
export const microseconds = native("xs_reattach_microseconds");
