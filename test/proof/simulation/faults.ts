/**
 * The fault plan: storms, in which everybody asks and tasks come to grief in every way, and long
 * calms between them. All of it comes from the seed.
 */
import type { ManagedTask } from "../../../src/manager/supervise/managed-task.js";
import type { Place } from "./host.js";
import type { World } from "./world.js";

/** Calms and storms last from, and up to as much more. */
const CALM_MS = 20_000;
const CALM_MORE_MS = 1_100_000;
const STORM_MS = 300;
const STORM_MORE_MS = 1_500;
/** Faults of a storm. */
const FAULTS_MAX = 8;
/** After a storm, whoever is held is released. */
const RELEASE_MS = 5_000;
const JUMP_MS = 600_000;

type Fault = (plan: FaultPlan, task: ManagedTask, place: Place) => void;

/** What can happen, and how often among a hundred. */
const FAULTS: readonly (readonly [share: number, name: string, fault: Fault])[] = [
  [38, "kill", (plan, task) => plan.kill(task)],
  [12, "throw", (plan, _, place) => plan.crash(place)],
  [7, "hang", (plan, task, place) => plan.hang(task, place)],
  [9, "starts fail", (plan, task, place) => plan.failStarts(task, place)],
  [6, "slow start", (plan, task, place) => plan.slowStart(task, place)],
  [8, "again and again", (plan, task) => plan.killAgain(task, 4 + plan.upTo(9))],
  [4, "everybody", (plan) => plan.killAll()],
  [6, "standby", (plan, _, place) => plan.killSpare(place)],
  [3, "clock", (plan) => plan.jump()],
  [3, "hold", (plan, task) => plan.hold(task)],
  [4, "restart", (plan, task) => plan.restart(task)],
];

export class FaultPlan {
  /** Faults so far. */
  count = 0;
  readonly #world: World;
  #isOver = false;

  constructor(world: World) {
    this.#world = world;
    this.#calm();
  }

  /** No more of it; what lies in wait is taken back. */
  end(): void {
    this.#isOver = true;
    this.#world.storm = { from_ms: 0, to_ms: 0 };
    for (const { boots } of this.#world.board.host.places) boots.fails = boots.slow = 0;
    this.#release();
  }

  /** A whole number below this. */
  upTo(count: number): number {
    return Math.floor(this.#world.random() * count);
  }

  kill(task: ManagedTask): void {
    void this.#world.manager.supervisor.kill(task);
  }

  crash({ current }: Place): void {
    if (current === null) return;
    current.isToCrash = true;
    current.isCutOff = this.upTo(3) === 0;
  }

  hang(task: ManagedTask, { current }: Place): void {
    if (current !== null && !current.isBusy) this.#world.manager.supervisor.hang(task);
  }

  failStarts(task: ManagedTask, place: Place): void {
    place.boots.fails = 1 + this.upTo(4);
    this.kill(task);
  }

  slowStart(task: ManagedTask, place: Place): void {
    place.boots.slow = 1;
    this.kill(task);
  }

  /** Whenever it runs again, so many times. */
  killAgain(task: ManagedTask, times: number): void {
    if (this.#isOver || times === 0) return;
    const isUp = task.isReady;
    if (isUp) this.kill(task);
    this.#world.clock.after(20 + this.upTo(200), () => {
      this.killAgain(this.#same(task), isUp ? times - 1 : times);
    });
  }

  killAll(): void {
    for (const task of this.#world.manager.supervisor.tasks) this.kill(task);
  }

  killSpare(place: Place): void {
    this.#world.board.host.killSpare(place.index);
  }

  /** The main thread stood still, or the machine slept. */
  jump(): void {
    this.#world.clock.now_ms += this.upTo(JUMP_MS);
  }

  hold(task: ManagedTask): void {
    this.#world.manager.supervisor.hold(task);
    this.kill(task);
  }

  restart(task: ManagedTask): void {
    this.#world.policies.restarted(task.name);
    void this.#world.manager.supervisor.restart(task);
  }

  #calm(): void {
    if (this.#isOver) return;
    const { clock } = this.#world;
    const from_ms = clock.now_ms + CALM_MS + this.upTo(CALM_MORE_MS);
    const to_ms = from_ms + STORM_MS + this.upTo(STORM_MORE_MS);
    this.#world.storm = { from_ms, to_ms };
    for (let i = this.upTo(FAULTS_MAX); i > 0; i--) {
      clock.after(from_ms - clock.now_ms + this.upTo(to_ms - from_ms), () => this.#strike());
    }
    clock.after(to_ms - clock.now_ms, () => this.#calm());
    clock.after(to_ms - clock.now_ms + RELEASE_MS, () => this.#release());
  }

  #strike(): void {
    if (this.#isOver) return;
    const { supervisor } = this.#world.manager;
    // The bank more often than others: what it does counts once.
    const task =
      this.upTo(4) === 0
        ? supervisor.lookUp("bank")!
        : supervisor.tasks[this.upTo(supervisor.tasks.length)]!;
    let left = this.upTo(100);
    for (const [share, name, fault] of FAULTS) {
      left -= share;
      if (left >= 0) continue;
      this.count++;
      this.#world.journal.note(`fault: ${name} ${task.name}`);
      fault(this, task, this.#world.board.host.places[task.place]!);
      return;
    }
  }

  #release(): void {
    for (const task of this.#world.manager.supervisor.tasks) {
      if (!task.isHeld) continue;
      this.#world.policies.forget(task.name);
      this.#world.manager.supervisor.release(task);
    }
  }

  /** The same task on the board that runs now. */
  #same({ name }: ManagedTask): ManagedTask {
    return this.#world.manager.supervisor.lookUp(name)!;
  }
}
