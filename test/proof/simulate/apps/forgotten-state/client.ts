/**
 * Sets the scale, also of each successor of the meter, and reads.
 */
import { delay, EOK, restartRecovery } from "reattach";
import { type Client, open } from "reattach/service";
import { Meter } from "./services.js";

const SCALE = 7;

/** Sets the scale and reads for ever. */
export function watch({ setScale, read }: Client<NonNullable<typeof Meter.members>>): never {
  setScale.request.scale = SCALE;
  if (setScale.send() !== EOK) throw new Error("the scale was not set");
  for (;;) {
    if (read.send() !== EOK) throw new Error("the meter does not answer");
    trace(`value ${read.reply.value}\n`);
    delay(20);
  }
}

export function main(): never {
  const rebuild = (): boolean => {
    meter.setScale.request.scale = SCALE;
    return meter.setScale.send() === EOK;
  };
  const meter = open(Meter, { recovery: restartRecovery("meter", { rebuild }) });
  return watch(meter);
}
