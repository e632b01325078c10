/**
 * The guardian's thread: looks whether the main thread's count goes on. It counts looks, not time:
 * a computer that sleeps stops both.
 *
 * A main thread that waits for whoever reads its output is not at fault, and is left alone. This
 * thread itself must not wait for them either: then it could not be ended.
 *
 * As it waits for nobody, it is also the one that ends the first slices of sleeps.
 */
import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { FirstSlices, LOOK_MS } from "../host/slices.js";
import { isBlocking, openNonBlocking, tryWrite } from "../log/output.js";

export interface GuardianStart {
  /** One word that grows while the main thread runs, and one that is 1 when it may stand still. */
  readonly words: Int32Array;
  readonly patience_ms: number;
  /** The words of the arena. */
  readonly arena: Int32Array;
}

/** What it tells the main thread, which hears it when it runs again. */
export interface Stall {
  readonly reason: string;
}

/** Looks at the main thread in the time that it may stand still. */
const LOOKS = 8;

/** What Linux calls write() and writev(), by processor: the numbers of the system calls. */
const WRITE_CALLS: Readonly<Record<string, readonly string[]>> = {
  x64: ["1", "20"],
  arm64: ["64", "66"],
  riscv64: ["64", "66"],
  ia32: ["4", "146"],
  arm: ["4", "146"],
};
/** Standard output and standard error, as the argument of a system call. */
const OUTPUTS: readonly (string | undefined)[] = ["0x1", "0x2"];

/**
 * Is the main thread inside a write to standard output or standard error, which nobody reads?
 * False where the system does not tell.
 */
function isWriting(): boolean {
  const calls = process.platform === "linux" ? WRITE_CALLS[process.arch] : undefined;
  if (calls === undefined) return false;
  try {
    // The first thread of a process has the number of the process.
    const file = `/proc/self/task/${process.pid}/syscall`;
    const [call = "", fd] = readFileSync(file, "utf8").split(" ");
    return calls.includes(call) && OUTPUTS.includes(fd);
  } catch {
    return false;
  }
}

const { words, patience_ms, arena } = workerData as GuardianStart;
const stallLook_ms = patience_ms / LOOKS;
const look_ms = Math.min(LOOK_MS, stallLook_ms);
/** So many looks at the sleepers for one at the main thread. */
const sleeperLooks = Math.ceil(stallLook_ms / look_ms);
const slices = new FirstSlices(arena);
const stderr = openNonBlocking(2);
/** Nobody ever rings here: it is for sleeping. */
const pillow = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

let seen = Atomics.load(words, 0);
let misses = 0;
for (let looks = 1; ; looks++) {
  Atomics.wait(pillow, 0, 0, look_ms);
  slices.look();
  if (looks % sleeperLooks !== 0) continue;
  const now = Atomics.load(words, 0);
  const isIdle = now === seen && Atomics.load(words, 1) === 0;
  misses = isIdle && !isWriting() ? misses + 1 : 0;
  seen = now;
  if (misses !== LOOKS) continue;
  const reason = `the main VM stood still for ${patience_ms} ms`;
  const line = `reattach: ${reason}: the board restarts when it runs again\n`;
  // Else it is told when the main thread runs again.
  if (!isBlocking(stderr)) tryWrite(stderr, Buffer.from(line));
  parentPort?.postMessage({ reason } satisfies Stall);
}
