/**
 * One reading of everything that must stay flat, and of what was counted so far.
 */
import { readdirSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { System } from "reattach/node";

/** What is read. */
export interface Sample {
  /** Seconds since the start. */
  readonly at_s: number;
  /** Of the clients, which live as long as the soak. */
  readonly messages: number;
  readonly kills: number;
  readonly hangs: number;
  readonly restarts: number;
  readonly recoveries: number;
  readonly rss_bytes: number;
  /** Of the main thread, after a collection. */
  readonly heapUsed_bytes: number;
  readonly channels: number;
  readonly connections: number;
  readonly names: number;
  readonly pulses: number;
  /** What keeps the event loop alive, and open file descriptors (0 where they cannot be seen). */
  readonly resources: number;
  readonly descriptors: number;
}

let collect: (() => void) | null = null;

/** A reading between two collections would say how long ago the last one was. */
function collectGarbage(): void {
  if (collect === null) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as () => void;
  }
  collect();
}

function countDescriptors(): number {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return 0;
  }
}

/** Reads everything. `counted` are the numbers that events have brought. */
export function takeSample(
  system: System,
  at_s: number,
  counted: { readonly kills: number; readonly hangs: number },
): Sample {
  const view = system.view();
  const { channels, connections, names, pulses } = system.usage();
  collectGarbage();
  const { rss, heapUsed } = process.memoryUsage();
  const clients = view.filter(({ name }) => name.startsWith("client"));
  const total = (counter: "sent" | "recoveries"): number =>
    clients.reduce((sum, { counters }) => sum + counters[counter], 0);
  return {
    at_s,
    messages: total("sent"),
    kills: counted.kills,
    hangs: counted.hangs,
    restarts: view.reduce((sum, { restarts }) => sum + restarts, 0),
    recoveries: total("recoveries"),
    rss_bytes: rss,
    heapUsed_bytes: heapUsed,
    channels: channels.used,
    connections: connections.used,
    names: names.used,
    pulses: pulses.used,
    resources: process.getActiveResourcesInfo().length,
    descriptors: countDescriptors(),
  };
}
