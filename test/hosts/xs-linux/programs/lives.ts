/**
 * A task whose module does at its top level what its name says, and that lives on when it is
 * loaded all the same.
 */
import { ChannelCreate, MsgReceive, name_attach } from "reattach";
import Time from "time";

/** Longer than a successor takes to be called. */
const LOADING_MS = 600;

/** A VM that stands by is no task yet. */
if (globalThis.$vm === undefined) {
  const start = Time.ticks;
  while (Time.delta(start) < LOADING_MS);
  throw new Error("it cannot stand by");
}

export function main({ service }: { service: string }): void {
  const chid = service === "" ? ChannelCreate(0) : name_attach(null, service, 0);
  for (;;) MsgReceive(chid, null, 0, null);
}
