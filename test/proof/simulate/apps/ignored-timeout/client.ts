/**
 * Asks with a limit of time, and tells what it was told: nothing, when that was nothing.
 */
import { _NTO_TIMEOUT_REPLY, _NTO_TIMEOUT_SEND, delay, EOK, TimerTimeout } from "reattach";
import { open } from "reattach/service";
import { Squares } from "./services.js";

/** A restart of the server takes longer, now and then. */
const LIMIT_MS = 20;
const NUMBERS = 1_000;

/** Asks for ever. `tell` is given the status too. */
export function ask(tell: (status: number, number: number, square: number) => void): never {
  const { of } = open(Squares, { timeout_ms: Infinity });
  for (let number = 1; ; number = (number % NUMBERS) + 1) {
    of.request.number = number;
    TimerTimeout(_NTO_TIMEOUT_SEND | _NTO_TIMEOUT_REPLY, LIMIT_MS);
    tell(of.send(), number, of.reply.square);
    delay(20);
  }
}

export function main(): never {
  return ask((status, number, square) => {
    trace(status === EOK ? `${number} squared is ${square}\n` : `nobody knows ${number}\n`);
  });
}
