/**
 * Reports now and then, and shows in any case that it is there.
 */
import { _NTO_TIMEOUT_REPLY, _NTO_TIMEOUT_SEND, delay, EOK, TimerTimeout } from "reattach";
import { open } from "reattach/service";
import { Uplink } from "./services.js";

const PERIOD_MS = 500;
const LIMIT_MS = 500;
const ATTEMPTS = 3;
const PAUSE_MS = 100;

/** One report: the status of the uplink. */
export type Report = (value: number) => number;

/** Reports for ever. `deliver` is given one report, and what sends it. */
export function work(deliver: (value: number, report: Report) => void): never {
  const { report } = open(Uplink, { timeout_ms: Infinity });
  const send = (value: number): number => {
    report.request.value = value;
    TimerTimeout(_NTO_TIMEOUT_SEND | _NTO_TIMEOUT_REPLY, LIMIT_MS);
    return report.send();
  };
  for (let value = 1; ; value++) {
    trace(`alive ${value}\n`);
    deliver(value, send);
    delay(PERIOD_MS);
  }
}

export function main(): never {
  return work((value, report) => {
    for (let attempt = 0; attempt < ATTEMPTS && report(value) !== EOK; attempt++) delay(PAUSE_MS);
  });
}
