/**
 * A system with fake time: boards are made and ended, and VMs start, leave and die, when the test
 * says, at once or late, inside the call that asks for it or after it.
 */
import { use, type Vm } from "../../../src/arena/vm.js";
import { reportExit } from "../../../src/kernel/death/death.js";
import { createArena } from "../../../src/kernel/task/boot.js";
import { claimTask } from "../../../src/kernel/task/task.js";
import type { BoardKeeper, BoardParts, BoardPort } from "../../../src/manager/board-port.js";
import type { BootMemory } from "../../../src/manager/boot-count.js";
import type { DeathCause } from "../../../src/manager/status.js";
import { type BoardEvents, SystemFacade } from "../../../src/manager/system.js";
import type { TaskSpec } from "../../../src/manager/supervise/task-spec.js";
import type { TaskEvents, TaskHost } from "../../../src/manager/task-host.js";
import { readReattach, type ReattachConfig } from "../../../src/manifest/reattach.js";
import { createTestPort } from "../kernel/vms.js";

/** How long things take, in fake milliseconds; 0: done inside the call that asks for it. */
export interface Delays {
  readonly launch: number;
  readonly leave: number;
  readonly kill: number;
  readonly clear: number;
  readonly rest: number;
}

/** What is to be done later. */
interface Later {
  readonly at: number;
  readonly act: () => void;
}

/** The clock, and what is to be done. */
class FakeTime {
  now = 1_000;
  readonly #later: Later[] = [];

  after(ms: number, act: () => void): void {
    if (ms === 0) act();
    else this.#later.push({ at: this.now + ms, act });
  }

  /** Does what is due; false when nothing was. */
  run(): boolean {
    const due = this.#later.findIndex(({ at }) => at <= this.now);
    if (due < 0) return false;
    this.#later.splice(due, 1)[0]!.act();
    return true;
  }
}

/** Everything of one board: its VMs end with it, and it tells nothing then. */
class FakeTaskHost implements TaskHost {
  events!: TaskEvents;
  readonly #vm: Vm;
  readonly #time: FakeTime;
  readonly #delays: Delays;
  readonly #reboot: (reason: string) => void;
  /** place -> pid; 0 for one that is being launched. */
  readonly running = new Map<number, number>();
  /** What must not happen. */
  readonly wrong: string[];
  isOver = false;

  constructor(
    vm: Vm,
    time: FakeTime,
    delays: Delays,
    wrong: string[],
    reboot: (reason: string) => void,
  ) {
    this.#vm = vm;
    this.#time = time;
    this.#delays = delays;
    this.wrong = wrong;
    this.#reboot = reboot;
  }

  now(): number {
    return this.#time.now;
  }

  log(): void {}

  report(error: unknown): void {
    throw error;
  }

  hasModule(): boolean {
    return true;
  }

  isDebugged(): boolean {
    return false;
  }

  nudge(): void {}

  launch(place: number, spec: TaskSpec): void {
    if (this.isOver) this.wrong.push(`${spec.name} is launched on a board that is over`);
    if (this.running.has(place)) this.wrong.push(`${spec.name} is launched twice`);
    this.running.set(place, 0);
    this.#time.after(this.#delays.launch, () => {
      if (this.isOver || this.running.get(place) !== 0) return;
      use(this.#vm);
      const pid = claimTask(place, spec.priority);
      this.running.set(place, pid);
      this.events.started(place, pid);
      if (this.running.get(place) === pid) this.events.ready(place, pid);
    });
  }

  leave(place: number): void {
    this.#time.after(this.#delays.leave, () => this.end(place, null));
  }

  kill(place: number): void {
    this.#time.after(this.#delays.kill, () => this.end(place, "killed"));
  }

  hang(): void {}

  standBy(): void {}

  dismiss(): void {}

  reboot(reason: string): void {
    this.#reboot(reason);
  }

  /** Its VM ends, of what it says; does nothing when there is none. */
  end(place: number, cause: DeathCause | null): void {
    const pid = this.running.get(place);
    if (this.isOver || pid === undefined) return;
    this.running.delete(place);
    use(this.#vm);
    if (pid !== 0) reportExit(pid);
    this.events.gone(place, pid, cause, "");
  }

  endAll(): void {
    this.isOver = true;
    this.running.clear();
  }
}

class FakeBoardPort implements BoardPort {
  readonly extension = null;
  readonly memory: BootMemory = {
    writesMax: Infinity,
    read: () => this.#text,
    write: (text) => (this.#text = text),
  };
  readonly time = new FakeTime();
  readonly wrong: string[] = [];
  readonly reported: string[] = [];
  keeper!: BoardKeeper;
  host!: FakeTaskHost;
  isAwake = false;
  readonly #config: ReattachConfig;
  readonly #delays: Delays;
  #text: string | undefined;

  constructor(config: ReattachConfig, delays: Delays) {
    this.#config = config;
    this.#delays = delays;
  }

  random(): number {
    return 0.5;
  }

  warn(): void {}

  report(error: unknown): void {
    this.reported.push(String(error));
  }

  assemble(keeper: BoardKeeper): BoardParts {
    const port = createTestPort(false);
    const vm = createArena(this.#config.limits, port);
    this.keeper = keeper;
    this.host = new FakeTaskHost(vm, this.time, this.#delays, this.wrong, (reason) =>
      keeper.restart(reason, ""),
    );
    return { vm, host: this.host, port };
  }

  wake(): void {
    this.isAwake = true;
  }

  rest(): Promise<boolean> {
    if (this.host.running.size > 0) this.wrong.push("it rests, and tasks run");
    this.isAwake = false;
    return this.#after(this.#delays.rest);
  }

  clear(): Promise<boolean> {
    this.isAwake = false;
    this.host.endAll();
    return this.#after(this.#delays.clear);
  }

  guard(): void {}

  readonly tick_ms = 0;

  feed(): void {}

  look(): void {}

  nextDue(): number {
    return Infinity;
  }

  acted(): void {}

  #after(ms: number): Promise<boolean> {
    return new Promise((resolve) => this.time.after(ms, () => resolve(true)));
  }
}

/** What a test names tasks by, and what stands for them in a manifest. */
export function configOf(tasks: Record<string, object>, board: object = {}): ReattachConfig {
  const declared = Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [name, { module: "m", ...task }]),
  );
  const problems: string[] = [];
  const config = readReattach({ tasks: declared, board }, null, problems);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return config;
}

export class FakeSystem extends SystemFacade {
  readonly port: FakeBoardPort;
  readonly #names: readonly string[];
  /** Called with the name of each event. */
  listener: (event: keyof BoardEvents, ...values: unknown[]) => void = () => {};

  constructor(config: ReattachConfig, delays: Delays) {
    const port = new FakeBoardPort(config, delays);
    super(port, config);
    this.port = port;
    this.#names = config.tasks.map(({ name }) => name);
  }

  protected override tell<Name extends keyof BoardEvents>(
    event: Name,
    ...values: BoardEvents[Name]
  ): void {
    try {
      this.listener(event, ...values);
    } catch (error) {
      this.port.report(error);
    }
  }

  /** Names of the tasks that have a VM. */
  get up(): string[] {
    return this.#names.filter((_name, i) => this.port.host.running.has(i + 1));
  }

  /** A task of this system dies, or ends by itself, if it runs. */
  die(name: string, cause: DeathCause | null): void {
    this.port.host.end(this.#names.indexOf(name) + 1, cause);
  }

  /** Lets fake time pass, and lets whoever waits go on. */
  async pass(ms: number): Promise<void> {
    const end = this.port.time.now + ms;
    for (;;) {
      while (this.port.time.run());
      if (this.port.isAwake) this.poll();
      await new Promise((resolve) => setImmediate(resolve));
      if (this.port.time.now >= end) return;
      this.port.time.now = Math.min(end, this.port.time.now + 5);
    }
  }
}
