/**
 * Moddable's Worker, with a back door: the test reaches the worker of a task by the task's name.
 *
 * The tests map the module "worker" to this one. Nothing else of hosts/moddable is replaced.
 */
import NativeWorker from "xs/worker";
import type { HostMessage } from "../../../../hosts/moddable/protocol.js";

declare global {
  /** The newest worker of each task. Not a variable of this module, which is preloaded. */
  var workersByTask: Map<string, NativeWorker> | undefined;
}

export default class Worker extends NativeWorker {
  override postMessage(message: HostMessage): void {
    // A nudge comes all the time, and this module is preloaded: no string literal before that.
    if (message instanceof Object && "arena" in message) {
      globalThis.workersByTask ??= new Map();
      globalThis.workersByTask.set(message.name, this);
    }
    super.postMessage(message);
  }
}

/** The worker of a task that has been started. */
export function workerOf(task: string): NativeWorker {
  const worker = globalThis.workersByTask?.get(task);
  if (worker === undefined) throw new Error(`task ${task} has no worker`);
  return worker;
}
