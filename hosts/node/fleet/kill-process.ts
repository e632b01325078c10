/** Ends a process at once, as when its machine is switched off, if it has not ended by itself. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/** Resolves when it has ended; null is none that would have to. */
export async function killProcess(child: ChildProcess | null): Promise<void> {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}
