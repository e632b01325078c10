/**
 * What the client of the board check asks the server, and what it tells the main VM.
 */
import { call, defineService, i32, oneOf, u32, u8 } from "reattach/service";

/** How a server ends that has answered: not at all, by an error, or out of memory. */
export const NOT = 0;
export const THROW = 1;
export const FILL = 2;

/** The server. */
export const Adder = defineService("adder", {
  /** The value and 1. */
  add: call({ value: i32, end: oneOf(u8, NOT, THROW, FILL) }, { sum: i32 }),
  /** Is answered too late: not before the next add. */
  late: call({}, {}),
});

/** What the client checks, in this order. */
export const MESSAGES = 0;
export const TIMEOUT = 1;
export const THROWS = 2;
export const MEMORY = 3;
export const KILLS = 4;

/** The main VM: takes what the client has found. */
export const Findings = defineService("findings", {
  /** Of a check: how many messages, how many of them went wrong, how long it took. */
  tell: call({ check: u8, sent: u32, wrong: u32, elapsed_ms: u32 }, {}),
  /** From now on the server is to be killed, until KILLS is told. */
  beginKills: call({}, {}),
});
