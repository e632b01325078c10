/**
 * Two services with the same calls, and the same types of messages: so a client of the first can be
 * answered by the second.
 */
import { call, defineService, oneOf, u8 } from "reattach/service";

/** Who has answered. */
export const PRIMARY = 1;
export const SPARE = 2;

const CALLS = Object.freeze({ ask: call({}, { by: oneOf(u8, PRIMARY, SPARE) }) });
const TYPES = Object.freeze({ type: 0x1000 });

export const Primary = defineService("primary", CALLS, TYPES);
export const Spare = defineService("spare", CALLS, TYPES);
