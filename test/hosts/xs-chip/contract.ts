/**
 * What of the contract suite is not played on the emulated chip.
 */

/** It takes longer than all others together, and what it counts is the same everywhere. */
export const LONG: readonly string[] = [
  "ChannelCreate: 20,000 times, with everything on it: nothing leaks",
];
