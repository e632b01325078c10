/**
 * Reads the clock. When its server has died it does not have the connection recovered, but opens
 * the service again: the old connection has to be closed.
 */
import { delay, EOK, errnoName } from "reattach";
import { type Client, open } from "reattach/service";
import { Clock } from "./services.js";

type ClockClient = Client<NonNullable<typeof Clock.members>>;

const PERIOD_MS = 10;

/** Reads for ever. `close` is given the connection that is of no use any more. */
export function watch(close: (clock: ClockClient) => void): never {
  const connect = (): ClockClient => open(Clock, { timeout_ms: Infinity, recovery: () => -1 });
  let clock = connect();
  for (;;) {
    delay(PERIOD_MS);
    if (clock.connection.status !== EOK) {
      trace(`no clock: ${errnoName(clock.connection.status)}\n`);
    }
    if (clock.read.send() === EOK) {
      trace(`${clock.read.reply.time_ms} ms\n`);
    } else {
      close(clock);
      clock = connect();
    }
  }
}

export function main(): never {
  return watch((clock) => void clock.connection.close());
}
