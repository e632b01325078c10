/**
 * Main on XS: how much of its heaps a task uses that does nothing, and a bare worker likewise; and
 * what a booted system adds to the main VM's.
 */
import { application } from "../../../../hosts/moddable/application.js";
import { workerOptions } from "../../../../hosts/moddable/worker-options.js";
import { boot } from "reattach/moddable";
import Timer from "timer";
import { codeBytes, exit, stackPeak } from "xs";
import NativeWorker from "xs/worker";
import { countFootprint } from "./count-footprint.js";
import { type Footprint, MARK } from "./results.js";

/** By then all that the start has made for itself is gone. */
const SETTLED_MS = 500;

function report(results: object): void {
  trace(`${MARK}${JSON.stringify(results)}\n`);
}

function measureWorker(): void {
  const spec = application.tasks[0]!;
  const worker = new NativeWorker("bare", workerOptions(spec));
  worker.onmessage = (bare: Footprint): void => {
    report({ bare });
    exit(0);
  };
  worker.postMessage("count");
}

function measureSystem(): void {
  const before = countFootprint();
  // What is preloaded on a device has been loaded here: not on this stack, there.
  stackPeak(true);
  const system = boot();
  // The task tells what it found in its log: it has no message to main.
  const measure = (): void => {
    const { slots, chunkBytes } = countFootprint();
    const main = { slots: slots - before.slots, chunkBytes: chunkBytes - before.chunkBytes };
    const hamCodeBytes = codeBytes("reattach/ham");
    const serviceCodeBytes = codeBytes("reattach/service");
    const arenaBytes = system.layout.totalBytes;
    report({
      main,
      mainStackSlots: stackPeak(),
      arenaBytes,
      codeBytes: codeBytes("reattach") - hamCodeBytes - serviceCodeBytes,
      hamCodeBytes,
      serviceCodeBytes,
    });
    measureWorker();
  };
  system.on("ready", () => Timer.set(measure, SETTLED_MS));
  system.start();
}

// When this module is loaded, and what loaded it is no longer in use.
Timer.set(measureSystem);
