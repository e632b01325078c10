/**
 * A task that sleeps and waits, again and again, and writes down what took other than it should.
 */
import {
  _NTO_TIMEOUT_RECEIVE,
  ChannelCreate,
  delay,
  ETIMEDOUT,
  MsgReceive,
  name_attach,
  TimerTimeout,
  uptime,
} from "reattach";
import { MARK } from "./results.js";

const PAUSE_MS = 10;

interface Args {
  readonly name: string;
  /** Until its own uptime() is so much more than at its start. */
  readonly lasts_ms: number;
}

export function main({ name, lasts_ms }: Args): void {
  const chid = ChannelCreate(0);
  const first = uptime();
  let longest = 0;
  const clock = { now: first };
  const passed = (what: string): void => {
    const then = clock.now;
    clock.now = uptime();
    const took = clock.now - then;
    // A tick of the clock may be nearly over.
    if (took < PAUSE_MS - 2) trace(`${MARK}${JSON.stringify({ name, problem: what, took })}\n`);
    if (took > longest) longest = took;
  };
  while (clock.now - first < lasts_ms) {
    delay(PAUSE_MS);
    passed("delay");
    TimerTimeout(_NTO_TIMEOUT_RECEIVE, PAUSE_MS);
    const status = MsgReceive(chid, null, 0, null);
    passed(status === -ETIMEDOUT ? "MsgReceive" : `MsgReceive returned ${status}`);
  }
  trace(`${MARK}${JSON.stringify({ name, first, last: clock.now, longest })}\n`);
  name_attach(null, name, 0);
}
