/**
 * Numbered events, and the two who write them down.
 */
import {
  _NTO_TIMEOUT_REPLY,
  _NTO_TIMEOUT_SEND,
  delay,
  stableCommit,
  stableRead,
  TimerTimeout,
} from "reattach";
import { open } from "reattach/service";
import { Primary, Spare } from "./services.js";

const PERIOD_MS = 20;
/** A server that takes longer is not there. */
const LIMIT_MS = 20;

/** Asks one of the two to write an event: 0 or a negative errno. */
export type Write = (number: number) => number;

function writerTo(service: typeof Primary): Write {
  const { write } = open(service, { timeout_ms: Infinity });
  return (number) => {
    write.request.number = number;
    TimerTimeout(_NTO_TIMEOUT_SEND | _NTO_TIMEOUT_REPLY, LIMIT_MS);
    return write.send();
  };
}

/** Has one event after the other for ever. A new life goes on behind the last that was begun. */
export function happen(handle: (number: number, primary: Write, spare: Write) => void): never {
  const state = new Uint32Array(1);
  const bytes = new Uint8Array(state.buffer);
  stableRead(bytes);
  const primary = writerTo(Primary);
  const spare = writerTo(Spare);
  for (;;) {
    state[0]!++;
    stableCommit(bytes, bytes.length);
    handle(state[0]!, primary, spare);
    delay(PERIOD_MS);
  }
}
