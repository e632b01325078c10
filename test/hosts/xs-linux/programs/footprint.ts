/**
 * Main on XS: how much of its heaps a task uses that does nothing, and a bare worker likewise.
 */
import { application } from "../../../../hosts/moddable/application.js";
import { workerOptions } from "../../../../hosts/moddable/worker-options.js";
import { boot } from "reattach/moddable";
import { codeBytes, exit } from "xs";
import NativeWorker from "xs/worker";
import { type Footprint, MARK } from "./results.js";

const system = boot();
const spec = application.tasks[0]!;
const worker = new NativeWorker("bare", workerOptions(spec));
worker.onmessage = (bare: Footprint): void => {
  // The task tells what it found in its log: it has no message to main.
  trace(`${MARK}${JSON.stringify({ bare })}\n`);
  system.on("ready", () => {
    const hamCodeBytes = codeBytes("reattach/ham");
    const sizes = {
      arenaBytes: system.layout.totalBytes,
      codeBytes: codeBytes("reattach") - hamCodeBytes,
      hamCodeBytes,
    };
    trace(`${MARK}${JSON.stringify(sizes)}\n`);
    exit(0);
  });
  system.start();
};
worker.postMessage("count");
