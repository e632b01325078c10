/**
 * Patience: how long a test waits for what it wants to see, on a machine that may be busy.
 *
 * Time in which a process was kept from running, because others had the processors, is not counted:
 * Linux tells of each thread how long it ran, and how long it stood in line. Of a stretch of time
 * counts the part that the threads got of what they asked for. A process that waits for what never
 * comes asks for nothing, and all of its time counts. So it does where nobody tells.
 */
import { readdirSync, readFileSync } from "node:fs";

/** How often to look: reading the files of all threads takes some 0.1 ms. */
const LOOK_MS = 200;
/** At least so much of the time counts: also on the busiest machine a test comes to its end. */
const SHARE_MIN = 0.05;

/** What a thread has got so far, in nanoseconds. */
interface Share {
  readonly ran: number;
  readonly stood: number;
}

function sharesOf(pid: number | "self"): Map<string, Share> {
  const shares = new Map<string, Share>();
  const folder = `/proc/${pid}/task`;
  try {
    for (const thread of readdirSync(folder)) {
      const [ran, stood] = readFileSync(`${folder}/${thread}/schedstat`, "utf8").split(" ");
      shares.set(thread, { ran: Number(ran), stood: Number(stood) });
    }
  } catch {
    // A thread has ended meanwhile, or this is not Linux: what was read so far will do.
  }
  return shares;
}

/** The part of a stretch of time that a process got, from 0 to 1; 1 if it asked for nothing. */
export function partOf(
  before: ReadonlyMap<string, Share>,
  after: ReadonlyMap<string, Share>,
): number {
  let [ran, stood] = [0, 0];
  for (const [thread, share] of after) {
    const past = before.get(thread) ?? { ran: 0, stood: 0 };
    ran += share.ran - past.ran;
    stood += share.stood - past.stood;
  }
  return ran + stood > 0 ? ran / (ran + stood) : 1;
}

/** A limit of time for a process. */
export class Patience {
  readonly #limit_ms: number;
  readonly #pid: number | "self";
  #spent_ms = 0;
  #looked_ms = performance.now();
  #shares: Map<string, Share>;

  /** Begins to count. `pid` is the process that is waited for. */
  constructor(limit_ms: number, pid: number | "self" = "self") {
    this.#limit_ms = limit_ms;
    this.#pid = pid;
    this.#shares = sharesOf(pid);
  }

  /** Has the process had all of the limit? */
  get isOver(): boolean {
    const now = performance.now();
    if (now - this.#looked_ms < LOOK_MS) return this.#spent_ms > this.#limit_ms;
    const shares = sharesOf(this.#pid);
    const part = Math.max(partOf(this.#shares, shares), SHARE_MIN);
    this.#spent_ms += (now - this.#looked_ms) * part;
    this.#looked_ms = now;
    this.#shares = shares;
    return this.#spent_ms > this.#limit_ms;
  }
}

/**
 * Calls `giveUp` once when the patience is over. Returns what ends the watch; call it, or the
 * process stays alive for it.
 */
export function watch(patience: Patience, giveUp: () => void): () => void {
  const timer = setInterval(() => {
    if (!patience.isOver) return;
    clearInterval(timer);
    giveUp();
  }, LOOK_MS);
  return () => clearInterval(timer);
}
