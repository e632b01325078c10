/**
 * Which threads a debugger holds: for `ps`, and so that nobody is blamed for standing still.
 *
 * A session of its own with the inspector is told when a thread is paused and when it goes on. To
 * be told it takes part in holding the thread, so that it would stand at a `debugger` statement
 * though nobody has connected. Therefore it lets go for a moment: a thread that no other session
 * holds then goes on, and one that is held is told of again.
 */
import { open, Session, url } from "node:inspector";
import { InputError } from "../input-error.js";

/** How often a thread that is paused is looked at again. */
const LOOK_MS = 1_000;
/** The main thread was at a breakpoint itself, when a timer is so late. */
const LATE_MS = 2 * LOOK_MS;
/**
 * Who was paused, and whoever has waited, has this time to come round before it is judged again. As
 * long as a task may take to load, unless its manifest says otherwise.
 */
const GRACE_MS = 10_000;
/** Answers that are longer are not to a call of this session. */
const ANSWER_CHARS_MAX = 300;

const PAUSED = '{"method":"Debugger.paused"';
const RESUMED = '{"method":"Debugger.resumed"';

/** How Node.js calls a worker thread: "[worker 3] sensor". */
const TITLE = /^\[worker (\d+)\]/;

interface Thread {
  /** The session with it, by the main thread's. */
  readonly session: string;
  isPaused: boolean;
  /** Number of the call that ends the last look, and whether it was told of as paused since. */
  look: number;
  isSeen: boolean;
  /** It is to be ended: nothing holds it any more. */
  isEnding: boolean;
}

/** Opens Node.js' inspector on this machine, unless it is open. Throws an InputError. */
export function openInspector(port: number): void {
  if (url() !== undefined) return;
  open(port, "127.0.0.1");
  if (url() !== undefined) return;
  const problem = `inspect: found port ${port}, on which the inspector cannot listen: is it taken?`;
  throw new InputError(problem, [problem]);
}

export class Pauses {
  readonly #threads = new Map<number, Thread>();
  #session: Session | null = null;
  #timer: NodeJS.Timeout | undefined;
  #calls = 0;
  #isReleased = false;
  /** When the last pause ended, and when the main thread was last seen to run. */
  #ended_ms = -Infinity;
  #ran_ms = 0;

  /** Watches all threads that run, and those that are started. */
  begin(): void {
    this.#isReleased = false;
    if (this.#session !== null) return;
    this.#ran_ms = performance.now();
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
    const session = new Session();
    session.connect();
    session.on("NodeWorker.attachedToWorker", ({ params: { sessionId, workerInfo } }) => {
      const id = TITLE.exec(workerInfo.title)?.[1];
      if (id !== undefined) this.#watch(Number(id), sessionId);
    });
    session.on("NodeWorker.detachedFromWorker", ({ params: { sessionId } }) => {
      this.#forget(sessionId);
    });
    session.on("NodeWorker.receivedMessageFromWorker", ({ params: { sessionId, message } }) => {
      const thread = this.#bySession(sessionId);
      if (thread !== undefined) this.#hear(thread, message);
    });
    session.post("NodeWorker.enable", { waitForDebuggerOnStart: false });
    this.#session = session;
  }

  /** Watches nobody any more. */
  end(): void {
    clearInterval(this.#timer);
    this.#session?.disconnect();
    this.#session = null;
    this.#threads.clear();
  }

  /** Is the thread paused? */
  isPaused(threadId: number): boolean {
    return this.#threads.get(threadId)?.isPaused === true;
  }

  /**
   * Is nobody to be judged: is a thread paused, or was one a moment ago, the main thread among
   * them?
   */
  isHolding(): boolean {
    const now = performance.now();
    if (now - this.#ran_ms > LATE_MS) this.#ended_ms = now;
    if (now - this.#ended_ms < GRACE_MS) return true;
    for (const { isPaused } of this.#threads.values()) if (isPaused) return true;
    return false;
  }

  /** Lets a thread go that is to be ended: Node.js ends none that is paused. */
  release(threadId: number): void {
    const thread = this.#threads.get(threadId);
    if (thread === undefined || thread.isEnding) return;
    thread.isEnding = true;
    this.#post(thread, "Debugger.resume");
  }

  /** The same for all threads until end(): all is to be stopped. */
  releaseAll(): void {
    this.#isReleased = true;
    for (const id of this.#threads.keys()) this.release(id);
  }

  #watch(id: number, session: string): void {
    const thread: Thread = { session, isPaused: false, look: 0, isSeen: false, isEnding: false };
    this.#threads.set(id, thread);
    this.#takePart(thread);
  }

  #forget(session: string): void {
    for (const [id, thread] of this.#threads) {
      if (thread.session !== session) continue;
      this.#resumed(thread);
      this.#threads.delete(id);
    }
  }

  #bySession(session: string): Thread | undefined {
    for (const thread of this.#threads.values()) if (thread.session === session) return thread;
    return undefined;
  }

  /** Most messages are about scripts, each with its whole text: those are not read. */
  #hear(thread: Thread, message: string): void {
    if (message.startsWith(PAUSED)) return this.#paused(thread);
    if (message.startsWith(RESUMED)) return this.#resumed(thread);
    if (message.length > ANSWER_CHARS_MAX) return;
    const { id } = JSON.parse(message) as { id?: number };
    // It went on while nobody was told.
    if (id === thread.look && !thread.isSeen) this.#resumed(thread);
  }

  #paused(thread: Thread): void {
    thread.isSeen = true;
    if (thread.isEnding || this.#isReleased) return this.#post(thread, "Debugger.resume");
    if (thread.isPaused) return;
    thread.isPaused = true;
    this.#letGo(thread);
  }

  #resumed(thread: Thread): void {
    if (!thread.isPaused) return;
    thread.isPaused = false;
    this.#ended_ms = performance.now();
  }

  #look(): void {
    const now = performance.now();
    if (now - this.#ran_ms > LATE_MS) this.#ended_ms = now;
    this.#ran_ms = now;
    for (const thread of this.#threads.values()) if (thread.isPaused) this.#letGo(thread);
  }

  /** Lets go of a paused thread: if it is another session's, that is told at once. */
  #letGo(thread: Thread): void {
    thread.isSeen = false;
    this.#post(thread, "Debugger.disable");
    this.#takePart(thread);
    thread.look = this.#calls;
  }

  /** Is told of pauses from now on. Breakpoints are off as soon as all others have them off. */
  #takePart(thread: Thread): void {
    this.#post(thread, "Debugger.enable");
    this.#post(thread, "Debugger.setBreakpointsActive", { active: false });
  }

  /** A thread that has just ended hears nothing, which is all right. */
  #post({ session: sessionId }: Thread, method: string, params = {}): void {
    const message = JSON.stringify({ id: ++this.#calls, method, params });
    this.#session?.post("NodeWorker.sendMessageToWorker", { sessionId, message }, () => undefined);
  }
}
