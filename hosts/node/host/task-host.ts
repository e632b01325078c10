/**
 * The threads of all tasks of a system: what the manager works through (src/manager/task-host.ts).
 * What a thread is, and what time, is given to it: real ones, or those of a simulation (simulate/).
 *
 * A place has at most one incarnation, and one thread that stands by. The next incarnation is
 * started only when the thread of the last one has exited.
 */
import type { Creation } from "../../../src/manifest/creation.js";
import type { DeathCause } from "../../../src/manager/status.js";
import type { TaskEvents, TaskHost } from "../../../src/manager/task-host.js";
import type { TaskSpec } from "../../../src/manager/supervise/task-spec.js";
import { reportExit } from "../../../src/kernel/death/death.js";
import * as L from "../../../src/arena/layout.js";
import { use, type Vm } from "../../../src/arena/vm.js";
import { claimTask, poison } from "../../../src/kernel/task/task.js";
import { TRACE_START, trace } from "../../../src/kernel/inspect/trace.js";
import type { Program } from "../compile/compile.js";
import { deathText } from "../compile/source-maps.js";
import { InputError } from "../input-error.js";
import type { MessagePoints } from "../trace/message-points.js";
import type { Programs } from "./programs.js";
import { Place, type ThreadRequest } from "./place.js";
import type { HostThread, ThreadEvents } from "./task-thread.js";

/** How soon to try again when the place of the predecessor is not free yet. */
const PLACE_RETRY_MS = 1;

/** A thread that is to be started. */
export interface ThreadOrder {
  /** Of its task. */
  readonly name: string;
  /** `data:` URL of its program. */
  readonly program: string;
  /** 0 for one that stands by until it is called. */
  readonly pid: number;
  readonly args: unknown;
  readonly creation: Creation | undefined;
  /** One that stands by: is its program loaded only when it is called, in an attached thread? */
  readonly loadsLate: boolean;
}

/** What a host is made of. */
export interface NodeTaskHostOptions {
  readonly vm: Vm;
  readonly programs: Pick<Programs, "has" | "of">;
  /** How long a task may take to leave after it was told to. */
  readonly stop_ms: number;
  /** Starts a thread; throws when there can be none. */
  readonly startThread: (order: ThreadOrder, events: ThreadEvents) => HostThread;
  /** Calls back later. */
  readonly after: (ms: number, act: () => void) => void;
  /** A line of the manager. */
  readonly warn: (text: string) => void;
  readonly reboot: (reason: string) => void;
  /** Is there a debugger that may hold tasks? */
  readonly isDebugged: () => boolean;
  /** Where faults strike at a message; null where nothing is traced. */
  readonly points: Pick<MessagePoints, "reached"> | null;
  /** Its threads do not keep the process alive. */
  readonly isBackground: boolean;
}

/** A thread that may take the place of the one that stands by. */
export interface Candidate {
  /** Resolves to "" when it can, else to why it cannot. */
  readonly stands: Promise<string>;
  /** It takes the place, unless it is gone. */
  take(): void;
  /** It is ended. */
  drop(): void;
}

/** Who waits for a candidate. */
interface Candidacy {
  /** It stands by. */
  stands(): void;
  /** It is gone. */
  lost(why: string): void;
}

/** Why one that was to stand by is gone. */
function endOf(cause: DeathCause | null, text: string): string {
  return text === "" ? `it has ended: ${cause ?? "by itself"}` : text;
}

export class NodeTaskHost implements TaskHost {
  /** The manager; set before anything is launched. */
  events!: TaskEvents;
  readonly #options: NodeTaskHostOptions;
  readonly #places = new Map<number, Place>();
  /** All whose threads Node.js has not taken down yet. */
  readonly #threads = new Set<HostThread>();

  constructor(options: NodeTaskHostOptions) {
    this.#options = options;
  }

  now(): number {
    return this.#options.vm.port.now();
  }

  log(text: string): void {
    this.#options.warn(text);
  }

  report(error: unknown): void {
    // It is uncaught: it ends the process, if nobody has a say.
    process.nextTick(() => {
      throw error;
    });
  }

  hasModule(module: string): boolean {
    return this.#options.programs.has(module);
  }

  launch(index: number, spec: TaskSpec): void {
    const place = this.#place(index);
    place.launch = { spec };
    void this.#launch(place, place.launch);
  }

  leave(index: number): void {
    const place = this.#place(index);
    if (place.current === null) return this.#cancel(place);
    use(this.#options.vm);
    // Blocked in the kernel it sees the poison; idle in its event loop, the message.
    poison(place.task, L.POISON_STOP);
    place.current.leave(this.#options.stop_ms);
  }

  kill(index: number): void {
    const place = this.#place(index);
    if (place.current === null) this.#cancel(place);
    else place.current.kill();
  }

  hang(index: number): void {
    use(this.#options.vm);
    this.#place(index).order(L.POISON_HANG);
  }

  /**
   * For fault injection: gives the incarnation with this pid the order `next` in the place of
   * `order` (POISON_HOLD, fault-orders.ts, or 0 for none). False when it is gone, or has another.
   */
  changeOrder(pid: number, order: number, next: number): boolean {
    use(this.#options.vm);
    return this.#place(pid & L.PID_INDEX_MASK).changeOrder(pid, order, next);
  }

  nudge(index: number): void {
    this.#place(index).current?.nudge();
  }

  isDebugged(): boolean {
    return this.#options.isDebugged();
  }

  /** Does a debugger hold the incarnation? False where nobody looks. */
  isPaused(index: number): boolean {
    return this.#place(index).current?.isPaused === true;
  }

  standBy(index: number, spec: TaskSpec): void {
    const place = this.#place(index);
    if (place.standby !== null) return;
    place.standby = { spec };
    this.events.spare(index, "starting", "");
    void this.#standBy(place, place.standby);
  }

  dismiss(index: number): void {
    const place = this.#place(index);
    if (place.standby === null) return;
    this.#discard(place);
    this.events.spare(index, "none", "");
  }

  /**
   * Starts a thread with this program that is to stand by for the next incarnation; until it is
   * taken, whoever stands by now still does. That of a task without a standby loads its program
   * when it is called, as the top level of its modules may need a task.
   */
  prepare(index: number, spec: TaskSpec, program: Program): Candidate {
    const place = this.#place(index);
    let thread: HostThread | null = null;
    let settle!: (why: string) => void;
    const stands = new Promise<string>((resolve) => (settle = resolve));
    const lost = (why: string): void => {
      thread = null;
      settle(why);
    };
    try {
      const candidacy = { stands: () => settle(""), lost };
      thread = this.#start(place, spec, program.url, 0, candidacy);
    } catch (error) {
      lost(`there is no thread for it: ${deathText(error)}`);
    }
    return {
      stands,
      take: () => {
        if (thread === null) return;
        place.spare?.kill();
        place.standby = { spec };
        place.spare = thread;
        this.events.spare(index, "ready", "");
      },
      drop: () => {
        thread?.kill();
        lost("it was given up");
      },
    };
  }

  reboot(reason: string): void {
    this.#options.reboot(reason);
  }

  /**
   * Ends all threads, whatever they do; they report nothing. Resolves to true when they are gone,
   * to false when one of them cannot be ended: it may come back, so the arena stays its own.
   */
  async killAll(): Promise<boolean> {
    const events: TaskEvents = {
      started: () => undefined,
      ready: () => undefined,
      gone: () => undefined,
      stuck: () => undefined,
      spare: () => undefined,
    };
    this.events = events;
    for (const place of this.#places.values()) {
      place.launch = null;
      place.standby = null;
    }
    // Those too that have told their last word, and are still there.
    for (const thread of this.#threads) thread.kill();
    const ends = await Promise.all([...this.#threads].map((thread) => thread.ended));
    return ends.every((hasEnded) => hasEnded);
  }

  #place(index: number): Place {
    const known = this.#places.get(index);
    if (known !== undefined) return known;
    const place = new Place(index);
    this.#places.set(index, place);
    return place;
  }

  /** Gives up a start that has not come to a thread yet. */
  #cancel(place: Place): void {
    if (place.launch === null) return;
    place.launch = null;
    this.events.gone(place.index, 0, null, "");
  }

  /** The program's URL, or null when it does not compile, which ends the launch. */
  async #compile(spec: TaskSpec, fail: (text: string) => void): Promise<string | null> {
    try {
      return (await this.#options.programs.of(spec.module)).url;
    } catch (error) {
      fail(error instanceof InputError ? error.message : deathText(error));
      return null;
    }
  }

  async #launch(place: Place, launch: ThreadRequest): Promise<void> {
    const { spec } = launch;
    const fail = (cause: DeathCause, text: string): void => {
      // Another one may have been asked for since, of another program.
      if (place.launch !== launch) return;
      place.launch = null;
      this.events.gone(place.index, 0, cause, text);
    };
    const program = await this.#compile(spec, (text) => fail("syntax", text));
    if (program === null || place.launch !== launch) return;
    use(this.#options.vm);
    const pid = claimTask(place.index, spec.priority);
    if (pid < 0) {
      // A server still holds a claim on the last message of the predecessor.
      this.#options.after(PLACE_RETRY_MS, () => void this.#launch(place, launch));
      return;
    }
    trace(TRACE_START, pid);
    // One that was edited since is not what is wanted any more.
    if (place.spare !== null && place.spare.program !== program) this.dismiss(place.index);
    const { spare } = place;
    if (spare !== null) return this.#call(place, spare, pid);
    try {
      place.current = this.#start(place, spec, program, pid);
    } catch (error) {
      reportExit(pid);
      return fail("memory", `there is no thread for it: ${deathText(error)}`);
    }
    place.launch = null;
    place.pid = pid;
    this.events.started(place.index, pid);
  }

  /** The thread that stands by becomes the incarnation. */
  #call(place: Place, spare: HostThread, pid: number): void {
    place.launch = null;
    place.standby = null;
    place.spare = null;
    place.current = spare;
    place.pid = pid;
    spare.call(pid);
    this.events.spare(place.index, "none", "");
    this.events.started(place.index, pid);
    if (spare.isLoaded) this.events.ready(place.index, pid);
  }

  /** Ends the thread that stands by; what it tells is of no interest any more. */
  #discard(place: Place): void {
    place.standby = null;
    place.spare?.kill();
    place.spare = null;
  }

  async #standBy(place: Place, standby: ThreadRequest): Promise<void> {
    const fail = (text: string): void => {
      if (place.standby !== standby) return;
      place.standby = null;
      this.events.spare(place.index, "none", text);
    };
    const program = await this.#compile(standby.spec, fail);
    if (program === null || place.standby !== standby) return;
    try {
      place.spare = this.#start(place, standby.spec, program, 0);
    } catch (error) {
      fail(`there is no thread for it: ${deathText(error)}`);
    }
  }

  #start(
    place: Place,
    spec: TaskSpec,
    program: string,
    pid: number,
    candidacy?: Candidacy,
  ): HostThread {
    const { name, args } = spec;
    const loadsLate = candidacy !== undefined && !spec.standby;
    const creation = spec.creation as Creation | undefined;
    const order = { name, program, pid, args, creation, loadsLate };
    const thread: HostThread = this.#options.startThread(order, {
      waits: () => candidacy?.stands(),
      loaded: () => {
        if (thread === place.current) this.events.ready(place.index, place.pid);
        else if (thread === place.spare) this.events.spare(place.index, "ready", "");
        else candidacy?.stands();
      },
      point: (point) => {
        const isCurrent = thread === place.current;
        if (isCurrent && this.#options.points?.reached(point, place.pid) === true) return;
        if (isCurrent) this.changeOrder(place.pid, L.POISON_HOLD, 0);
      },
      gone: (cause, text) => {
        if (thread === place.current) this.#bury(place, cause, text);
        else if (thread === place.spare) this.#lose(place, cause, text);
        else candidacy?.lost(endOf(cause, text));
      },
      stuck: (text) => {
        if (thread === place.current) this.events.stuck(place.index, place.pid, text);
      },
    });
    if (this.#options.isBackground) thread.unref();
    this.#threads.add(thread);
    void thread.exited.then(() => this.#threads.delete(thread));
    return thread;
  }

  /** The thread is gone: the proof of death, whatever was reported before. */
  #bury(place: Place, cause: DeathCause | null, text: string): void {
    const { pid } = place;
    use(this.#options.vm);
    reportExit(pid);
    place.current = null;
    place.pid = 0;
    this.events.gone(place.index, pid, cause, text);
  }

  #lose(place: Place, cause: DeathCause | null, text: string): void {
    place.spare = null;
    place.standby = null;
    this.events.spare(place.index, "none", endOf(cause, text));
  }
}
