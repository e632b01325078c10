/**
 * What the manager does about what its lookout finds: it says that tasks wait for each other for
 * ever, and ends one of them where the manifest says so; it ends a server that does not answer; it
 * tells `ps` who is silent and who recovers.
 */
import { isCalm, lookAt, type Vitals } from "../kernel/inspect/vitals.js";
import { Lookout, type LookoutListener } from "./monitor/lookout.js";
import type { Judgement, Monitor } from "./monitor/monitor.js";
import { Nudger } from "./monitor/nudger.js";
import { victimOf } from "./monitor/victim.js";
import type { ManagedTask } from "./supervise/managed-task.js";
import type { DeadlockPolicy } from "./supervise/policy.js";
import type { Supervisor } from "./supervise/supervisor.js";
import type { TaskHost } from "./task-host.js";

/** What it is made of. */
export interface LifeOptions {
  readonly host: TaskHost;
  readonly supervisor: Supervisor;
  readonly monitor: Monitor;
  /** Tasks that there is room for. */
  readonly places: number;
  readonly policy: DeadlockPolicy;
  /** Told of a deadlock, when all is done about it: each waits for the next. */
  readonly deadlocked: (names: readonly string[]) => void;
}

/** What `ps` shows of it. */
export interface LifeStatus {
  readonly silent_ms: number;
  readonly recovering_ms: number;
  readonly deadlock: readonly string[] | null;
}

export class Life implements LookoutListener<ManagedTask>, Judgement {
  readonly #options: LifeOptions;
  readonly #nudger: Nudger;
  readonly #lookout: Lookout<ManagedTask>;

  constructor(options: LifeOptions) {
    this.#options = options;
    const { host, supervisor, monitor, places } = options;
    // The main VM has a place too.
    const nudger = new Nudger(places + 1, host);
    this.#lookout = new Lookout(supervisor.tasks, places + 1, nudger, this);
    this.#nudger = nudger;
    monitor.use(this);
  }

  /** Looks, when it is time. Allocates nothing while all is well. */
  poll(now: number): void {
    this.#lookout.poll(now);
  }

  /** When the next look is due; Infinity while no task runs. */
  nextDue(): number {
    return this.#lookout.nextDue();
  }

  statusOf({ place, pid }: ManagedTask, now: number): LifeStatus {
    const { activity } = this.#lookout;
    return {
      silent_ms: activity.silent_ms(place, pid, now),
      recovering_ms: activity.recovering_ms(place, pid, now),
      deadlock: this.#lookout.ringOf(pid)?.map(({ name }) => name) ?? null,
    };
  }

  /** Nobody is found to hang while a debugger may hold a task, or heartbeats are suspended. */
  isLenient(): boolean {
    return this.#options.monitor.isSuspended || this.isDebugged();
  }

  isDebugged(): boolean {
    return this.#options.host.isDebugged();
  }

  nudge(pid: number, vitals: Vitals): void {
    this.#nudger.nudge(pid, vitals);
  }

  /** Does the task with this pid wait in a ring? */
  isInRing(pid: number): boolean {
    return this.#lookout.ringOf(pid) !== null;
  }

  /** Is it the one of its ring whose heartbeat misses, so that one is ended and no more? */
  isVictim(pid: number): boolean {
    const { policy, monitor } = this.#options;
    if (policy === "break") return false;
    const ring = this.#lookout.ringOf(pid) ?? [];
    return victimOf(ring.filter((task) => monitor.isWatched(task.pid)))?.pid === pid;
  }

  isCalm(): boolean {
    return isCalm();
  }

  lookAt(pid: number, into: Vitals): boolean {
    return lookAt(pid, into);
  }

  deadlocked(ring: readonly ManagedTask[]): void {
    const { host, supervisor, policy, deadlocked } = this.#options;
    const names = ring.map(({ name }) => name);
    const text = `deadlock: ${[...names, names[0]].join(" > ")}`;
    host.log(`${text}: each waits for the next, for ever`);
    const victim = policy === "break" ? victimOf(ring) : null;
    if (victim !== null) {
      host.log(`${victim.name} is ended: the least urgent of them, or of equals the youngest`);
      void supervisor.kill(victim, "deadlock", text);
    }
    deadlocked(names);
  }

  overdue(server: ManagedTask, clientPid: number, held_ms: number): void {
    const { supervisor } = this.#options;
    const client = supervisor.byPid(clientPid)?.name ?? "main";
    const text = `did not answer ${client} within ${server.spec.answer_ms} ms`;
    void supervisor.kill(server, "hung", `${text}: for ${Math.round(held_ms)} ms so far`);
  }
}
