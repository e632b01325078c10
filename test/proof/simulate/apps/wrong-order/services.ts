/**
 * A journal, kept by two servers: the spare is for when the primary does not answer.
 */
import { call, defineService, u32 } from "reattach/service";

const MEMBERS = { write: call({ number: u32 }, {}) };

export const Primary = defineService("primary", MEMBERS);
export const Spare = defineService("spare", MEMBERS);
