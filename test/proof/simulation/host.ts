/**
 * The VMs of a simulated board: what the manager works through, as hosts/node/host/task-host.ts
 * is for threads. Starts, ends and reports take time, which is drawn from the seed; a death is
 * reported late, twice, or by somebody else, and a stale report comes when the successor runs.
 */
import type { TaskEvents, TaskHost } from "../../../src/manager/task-host.js";
import type { TaskSpec } from "../../../src/manager/supervise/task-spec.js";
import type { DeathCause } from "../../../src/manager/status.js";
import { reportDeath } from "../../../src/kernel/death/death.js";
import * as L from "../../../src/arena/layout.js";
import { claimTask, poison } from "../../../src/kernel/task/task.js";
import { use, type Vm } from "../../../src/arena/vm.js";
import type { Clock } from "./clock.js";
import type { Journal } from "./journal.js";
import { Thread, type ThreadEnd, type ThreadWorld } from "./thread.js";

const COMPILE_MS = 2;
const LOAD_MS = 60;
/** A start that is slow takes so many times as long. */
const SLOW = 100;
const STOP_GRACE_MS = 500;
/** How late a death is reported. */
const REPORT_MS = 3;
/** Of deaths that are reported once more, later. */
const STALE_SHARE = 0.3;
const STALE_MS = 400;
/** A kill strikes within so many looks at the port, or after this. */
const FUSE_MAX = 12;
const KILL_MS = 5;

/** What a board's threads come from, and what is told of them. */
export interface HostOptions {
  readonly main: Vm;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly world: ThreadWorld;
  readonly random: () => number;
  readonly reboot: (reason: string) => void;
  /** A thread runs nothing any more; nobody has been told yet. */
  readonly ended: (thread: Thread) => void;
  /** The manager is about to be told that a task is gone. */
  readonly going: (place: Place, cause: DeathCause | null) => void;
  readonly launched: (spec: TaskSpec) => void;
}

/** How the next starts of a task go wrong. */
export interface BootFaults {
  /** So many fail. */
  fails: number;
  /** So many are slow. */
  slow: number;
}

export class Place {
  readonly index: number;
  readonly boots: BootFaults = { fails: 0, slow: 0 };
  pid = 0;
  current: Thread | null = null;
  spare: Thread | null = null;
  isLaunching = false;
  /** What the manager has ordered first: the end of one that was told to leave is no death. */
  order: "none" | "leave" | "kill" = "none";
  /** Tells an old start from a new one. */
  launches = 0;

  constructor(index: number) {
    this.index = index;
  }
}

export class SimHost implements TaskHost {
  events!: TaskEvents;
  readonly places: Place[] = [];
  /** All that may run. */
  threads: Thread[] = [];
  kills = 0;
  /** Reports about a predecessor, and those of them that came when the successor ran. */
  stale = 0;
  staleOnSuccessor = 0;
  readonly #options: HostOptions;
  #isClosed = false;

  constructor(options: HostOptions, places: number) {
    this.#options = options;
    for (let index = 0; index <= places; index++) this.places.push(new Place(index));
  }

  now(): number {
    return this.#options.clock.now_ms;
  }

  log(text: string): void {
    this.#options.world.log(text);
  }

  report(error: unknown): void {
    throw error;
  }

  hasModule(): boolean {
    return true;
  }

  launch(index: number, spec: TaskSpec): void {
    const place = this.places[index]!;
    const launch = ++place.launches;
    place.isLaunching = true;
    place.order = "none";
    this.#options.launched(spec);
    this.#after(this.#upTo(COMPILE_MS), () => this.#claim(place, spec, launch));
  }

  leave(index: number): void {
    const place = this.places[index]!;
    const { current } = place;
    if (place.order === "none") place.order = "leave";
    if (current === null) return this.#cancel(place);
    poison(this.#task(place), L.POISON_STOP);
    this.#after(STOP_GRACE_MS, () => this.#end(place, current, "stuck"));
  }

  /** Strikes wherever it is: inside a call, or between two. */
  kill(index: number): void {
    const place = this.places[index]!;
    const { current } = place;
    if (place.order === "none") place.order = "kill";
    if (current === null) return this.#cancel(place);
    if (this.#options.random() < 0.7) {
      current.isFatal = true;
      current.fuse = 1 + Math.floor(this.#upTo(FUSE_MAX));
    }
    this.#after(this.#upTo(KILL_MS), () => this.#end(place, current, "killed"));
  }

  /** No task here goes back to an event loop. */
  nudge(): void {}

  isDebugged(): boolean {
    return false;
  }

  hang(index: number): void {
    poison(this.#task(this.places[index]!), L.POISON_HANG);
  }

  standBy(index: number, spec: TaskSpec): void {
    const place = this.places[index]!;
    if (place.spare !== null) return;
    const spare = new Thread(this.#options.world, spec);
    place.spare = spare;
    this.events.spare(index, "starting", "");
    this.#load(place, spare);
  }

  dismiss(index: number): void {
    const place = this.places[index]!;
    if (place.spare === null) return;
    place.spare.end();
    place.spare = null;
    this.events.spare(index, "none", "");
  }

  reboot(reason: string): void {
    this.#after(this.#upTo(20), () => this.#options.reboot(reason));
  }

  /** The board restarts: nothing of it runs or is told any more. */
  close(): void {
    this.#isClosed = true;
    for (const thread of this.threads) thread.end();
    this.threads = [];
  }

  /** Steps a thread, and does what follows when that was its last. */
  step(thread: Thread): void {
    const end = thread.step();
    if (end === null || this.#isClosed) return;
    const place = this.places.find(({ current }) => current === thread);
    if (place !== undefined) this.#over(place, thread, end);
  }

  /** Somebody kills the VM that stands by. */
  killSpare(index: number): void {
    const place = this.places[index]!;
    if (place.spare === null) return;
    this.#loseSpare(place, "it was killed");
  }

  #task(place: Place): number {
    return L.TASKS_AT + (place.index << L.TASK_SHIFT);
  }

  #upTo(ms: number): number {
    return this.#options.random() * ms;
  }

  #after(ms: number, act: () => void): void {
    this.#options.clock.after(ms, () => {
      if (this.#isClosed) return;
      const before = globalThis.$vm;
      use(this.#options.main);
      act();
      use(before);
    });
  }

  #cancel(place: Place): void {
    if (!place.isLaunching) return;
    place.isLaunching = false;
    this.#gone(place, 0, null, "");
  }

  #claim(place: Place, spec: TaskSpec, launch: number): void {
    if (!place.isLaunching || place.launches !== launch) return;
    const isFailing = place.boots.fails > 0 && place.spare === null;
    if (isFailing && this.#options.random() < 0.5) {
      place.boots.fails--;
      place.isLaunching = false;
      this.#gone(place, 0, "syntax", "it does not compile");
      return;
    }
    const pid = claimTask(place.index, spec.priority);
    if (pid < 0) {
      this.#after(1, () => this.#claim(place, spec, launch));
      return;
    }
    place.isLaunching = false;
    place.pid = pid;
    const { spare } = place;
    const thread = spare ?? new Thread(this.#options.world, spec);
    place.current = thread;
    place.spare = null;
    thread.attach(this.#options.main.words.buffer as SharedArrayBuffer, pid);
    this.threads.push(thread);
    this.#options.journal.note(`start ${spec.name}`, pid);
    this.events.started(place.index, pid);
    if (spare === null) return this.#load(place, thread);
    this.events.spare(place.index, "none", "");
    if (thread.isLoaded && !thread.isOver) this.events.ready(place.index, pid);
  }

  #load(place: Place, thread: Thread): void {
    let ms = LOAD_MS * (0.5 + this.#options.random());
    if (place.boots.slow > 0) {
      place.boots.slow--;
      ms *= SLOW;
    }
    this.#after(ms, () => {
      if (thread.isOver) return;
      if (place.boots.fails > 0) {
        place.boots.fails--;
        if (thread === place.spare) this.#loseSpare(place, "its module throws");
        else this.#end(place, thread, "throw");
        return;
      }
      thread.isLoaded = true;
      if (thread === place.spare) this.events.spare(place.index, "ready", "");
      else if (thread === place.current) this.events.ready(place.index, place.pid);
    });
  }

  #loseSpare(place: Place, text: string): void {
    place.spare?.end();
    place.spare = null;
    this.events.spare(place.index, "none", text);
  }

  /** Ended from outside; one that is inside a call does not come back from there. */
  #end(place: Place, thread: Thread, cause: DeathCause): void {
    if (thread.isOver || place.current !== thread) return;
    thread.end();
    this.#over(place, thread, { cause });
  }

  /** It runs nothing any more; that is known later. */
  #over(place: Place, thread: Thread, { cause }: ThreadEnd): void {
    const { pid } = place;
    this.threads.splice(this.threads.indexOf(thread), 1);
    if (cause === "killed") this.kills++;
    this.#options.ended(thread);
    this.#after(this.#upTo(REPORT_MS), () => {
      if (place.current !== thread) return;
      reportDeath(pid);
      place.current = null;
      place.pid = 0;
      this.#options.journal.note(`gone ${thread.spec.name} ${cause}`, pid);
      this.#gone(place, pid, cause, "");
      if (this.#options.random() < STALE_SHARE) this.#reportLater(place, pid);
    });
  }

  #gone(place: Place, pid: number, cause: DeathCause | null, text: string): void {
    this.#options.going(place, cause);
    this.events.gone(place.index, pid, cause, text);
  }

  /** The same death again, when it is old news: nothing may come of it. */
  #reportLater(place: Place, pid: number): void {
    this.#after(this.#upTo(STALE_MS), () => {
      const { journal, random } = this.#options;
      const task = this.#task(place);
      const life = $words[task + L.TASK_LIFE];
      const current = place.pid;
      const teller = this.threads[Math.floor(this.#upTo(this.threads.length))];
      // Whoever learns of a death reports it: main, or a task.
      if (random() < 0.5 && teller?.vm != null) use(teller.vm);
      reportDeath(pid);
      use(this.#options.main);
      this.events.ready(place.index, pid);
      this.events.gone(place.index, pid, "exit", "stale");
      this.stale++;
      if (current !== 0) this.staleOnSuccessor++;
      if (place.pid !== current || $words[task + L.TASK_LIFE] !== life) {
        journal.problem(`a stale report of ${pid} struck its successor ${current}`);
      }
    });
  }
}
