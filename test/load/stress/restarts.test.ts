/**
 * Restarts of every task, again and again: memory stays flat, and the arena clean. RESTARTS says
 * how many; npm run verify makes it a thousand of each.
 */
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import test from "tape";
import { boot } from "reattach/node";
import { PATIENT } from "../../patient-board.js";

const restarts = Number(process.env["RESTARTS"] ?? 30);
/** Caches have filled by then. */
const WARM_UP = Math.ceil(restarts / 5);
/**
 * Of the main thread's heap, over all restarts together. A leak of one thread's bookkeeping, a few
 * kilobytes, would be several times as much after a thousand of each task.
 */
const GROWTH_MAX_BYTES = 1_500_000;

function module(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

function heapBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

test(`restarts: ${restarts} of each task leave memory flat and the arena clean`, async (t) => {
  const bystander = { module: "bystander", restart: { backoff_ms: 0, minRun_ms: 0 } };
  const names = ["plain", "spared", "dependent"];
  const system = await boot({
    modules: { bystander: module("../../unit/manager/supervise/bystander") },
    config: {
      reattach: {
        board: PATIENT,
        tasks: {
          plain: { ...bystander, args: { name: "plain" } },
          spared: { ...bystander, args: { name: "spared" }, standby: true },
          dependent: { ...bystander, args: { name: "dependent" }, dependsOn: ["plain"] },
        },
      },
    },
  });
  let running = 0;
  let isReady = (): void => {};
  system.on("ready", () => {
    running++;
    if (running === names.length) isReady();
  });
  const round = async (): Promise<void> => {
    running = 0;
    const ready = new Promise<void>((resolve) => (isReady = resolve));
    await Promise.all(names.map((name) => system.kill(name)));
    await ready;
  };
  const first = once(system, "ready");
  await system.start();
  await first;
  while (!names.every((name) => system.isRunning(name))) await once(system, "ready");
  for (let i = 0; i < WARM_UP; i++) await round();
  const before = heapBytes();
  for (let i = WARM_UP; i < restarts; i++) await round();
  const grown = heapBytes() - before;
  t.ok(grown < GROWTH_MAX_BYTES, `the heap has grown by ${grown} bytes`);
  for (const { name, restarts: count } of system.ps())
    t.equal(count, restarts, `${name}: restarts`);
  await system.stop();
  const { channels, connections, names: registered, pulses } = system.usage();
  t.equal(channels.used + connections.used + registered.used + pulses.used, 0, "nothing is left");
});
