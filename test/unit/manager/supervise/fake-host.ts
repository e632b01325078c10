/**
 * A board with fake time: VMs start when the test says, and die when it says.
 */
import { readReattach } from "../../../../src/manifest/reattach.js";
import { seededRandom } from "../../../../src/manager/supervise/random.js";
import type { DeathCause } from "../../../../src/manager/status.js";
import { Supervisor } from "../../../../src/manager/supervise/supervisor.js";
import type { TaskHost } from "../../../../src/manager/task-host.js";
import type { TaskSpec } from "../../../../src/manager/supervise/task-spec.js";

/** How the VMs of this board behave. */
export interface FakeSettings {
  /** From launch to a running program. */
  readonly start_ms?: number;
  /** From an order to leave to being gone. */
  readonly leave_ms?: number;
  /** An order to leave calls off a start that has no VM yet, at once, as in Node.js. */
  readonly cancels?: boolean;
  readonly reboots?: number;
  readonly board?: object;
}

export class FakeHost implements TaskHost {
  readonly supervisor: Supervisor;
  /** What happened, as "1050 start sensor". */
  readonly events: string[] = [];
  readonly logged: string[] = [];
  readonly rebooted: string[] = [];
  /** Called when the host is told to launch a task, and when a listener is told something. */
  launched: (name: string) => void = () => undefined;
  listen: (line: string) => void = () => undefined;
  /** Services, as "pid name". */
  readonly attached = new Set<string>();
  /** Programs that fail to load, with the cause. */
  readonly broken = new Map<string, DeathCause>();
  readonly #settings: Required<Omit<FakeSettings, "board">>;
  #now = 1_000;
  #pid = 1_000;
  readonly #pids = new Map<number, number>();
  readonly #later: { readonly at: number; readonly act: () => void }[] = [];

  constructor(tasks: Record<string, object>, settings: FakeSettings = {}) {
    this.#settings = {
      start_ms: 30,
      leave_ms: 0,
      reboots: 0,
      cancels: false,
      ...settings,
    };
    const problems: string[] = [];
    const config = readReattach({ tasks, board: settings.board }, null, problems);
    if (problems.length > 0) throw new Error(problems.join("\n"));
    this.supervisor = new Supervisor({
      host: this,
      tasks: config.tasks,
      board: config.board,
      places: config.limits.tasks,
      reboots: () => this.#settings.reboots,
      random: seededRandom(1),
      isAttached: (pid, service) => this.attached.has(`${pid} ${service}`),
      collect: () => undefined,
      events: {
        ordered: ({ name }, order) => this.#note(`order ${order} ${name}`),
        started: ({ name }) => this.#note(`start ${name}`),
        ready: ({ name }) => this.#note(`ready ${name}`),
        died: ({ name }, { cause }) => this.#note(`death ${name} ${cause}`),
        ended: ({ name }, _pid, isStopped) => this.#note(`${isStopped ? "stop" : "end"} ${name}`),
        stuck: ({ name }) => this.#note(`stuck ${name}`),
      },
    });
  }

  now(): number {
    return this.#now;
  }

  log(text: string): void {
    this.logged.push(text);
  }

  report(error: unknown): void {
    this.logged.push(`a listener threw: ${String(error)}`);
  }

  hasModule(): boolean {
    return true;
  }

  launch(place: number, spec: TaskSpec): void {
    this.launched(spec.name);
    const pid = ++this.#pid;
    this.#pids.set(place, pid);
    const isSpare = this.supervisor.tasks.some(
      (task) => task.place === place && task.standby === "ready",
    );
    if (isSpare) this.supervisor.spare(place, "none", "");
    this.#after(0, () => {
      if (this.#pids.get(place) === pid) this.supervisor.started(place, pid);
    });
    this.#after(isSpare ? 0 : this.#settings.start_ms, () => {
      if (this.#pids.get(place) !== pid) return;
      const cause = this.broken.get(spec.name);
      if (cause === undefined) this.supervisor.ready(place, pid);
      else this.#end(place, cause);
    });
  }

  leave(place: number): void {
    if (this.#settings.cancels && this.supervisor.byPid(this.#pids.get(place) ?? 0) === null) {
      this.#pids.delete(place);
      this.supervisor.gone(place, 0, null, "");
      return;
    }
    this.#after(this.#settings.leave_ms, () => this.#end(place, null));
  }

  kill(place: number): void {
    this.#after(0, () => this.#end(place, "killed"));
  }

  hang(): void {}

  nudge(): void {}

  isDebugged(): boolean {
    return false;
  }

  standBy(place: number, spec: TaskSpec): void {
    this.supervisor.spare(place, "starting", "");
    this.#after(this.#settings.start_ms, () => {
      const cause = this.broken.get(spec.name);
      if (cause === undefined) this.supervisor.spare(place, "ready", "");
      else this.supervisor.spare(place, "none", cause);
    });
  }

  dismiss(place: number): void {
    this.supervisor.spare(place, "none", "");
  }

  reboot(reason: string): void {
    this.rebooted.push(reason);
  }

  /** A task dies of its own doing; null: its main() returns. */
  die(name: string, cause: DeathCause | null): void {
    this.#end(this.supervisor.lookUp(name)!.place, cause);
  }

  /** pid of a task, 0 for none. */
  pidOf(name: string): number {
    return this.supervisor.lookUp(name)!.pid;
  }

  /** Lets time pass, a millisecond at a time; the manager polls at each. */
  pass(ms: number): void {
    const end = this.#now + ms;
    this.#run();
    while (this.#now < end) {
      this.#now++;
      this.#run();
    }
  }

  /** What happened since the last look. */
  taken(): string[] {
    return this.events.splice(0);
  }

  #run(): void {
    for (;;) {
      const i = this.#later.findIndex(({ at }) => at <= this.#now);
      if (i < 0) break;
      this.#later.splice(i, 1)[0]!.act();
    }
    this.supervisor.poll();
    if (this.#later.some(({ at }) => at <= this.#now)) this.#run();
  }

  #after(ms: number, act: () => void): void {
    this.#later.push({ at: this.#now + ms, act });
  }

  #end(place: number, cause: DeathCause | null): void {
    const pid = this.#pids.get(place);
    if (pid === undefined) return;
    this.#pids.delete(place);
    this.supervisor.gone(place, pid, cause, "");
  }

  #note(event: string): void {
    this.events.push(`${this.#now} ${event}`);
    this.listen(event);
  }
}
