/**
 * A thread of a task, as its host has it (host/task-thread.ts), in the virtual world: a participant
 * that is admitted a little later, and that dies where the seed says.
 */
import type { DeathCause } from "../../../../src/manager/status.js";
import { mapStack } from "../../compile/source-maps.js";
import type { ThreadOrder } from "../../host/task-host.js";
import type { HostThread, ThreadEvents } from "../../host/task-thread.js";
import * as baton from "../baton/baton.js";
import type { VirtualGrant, VirtualHardware } from "./hardware.js";
import type { LifeListener, LastWord, World } from "./world.js";

/** What a thread takes to start, in virtual time: from half of it to one and a half. */
const START_MS = 30;
/** One that is killed dies at one of its next so many points. */
const FUSE_POINTS_MAX = 300;
/** An exit is heard of so much later, at the most. */
const EXIT_MS = 3;

/** What a life is started with beside its order. */
export interface Setting {
  readonly world: World;
  readonly hardware: VirtualHardware | null;
  readonly arena: SharedArrayBuffer;
  readonly dir: string;
  readonly points: SharedArrayBuffer;
  readonly trace: SharedArrayBuffer | null;
  readonly allowsIo: boolean;
}

export class LifeThread implements HostThread, LifeListener {
  readonly program: string;
  readonly name: string;
  isLoaded = false;
  readonly isPaused = false;
  readonly exited: Promise<void>;
  readonly ended: Promise<boolean>;
  readonly #world: World;
  readonly #events: ThreadEvents;
  /** 0 before it is admitted. */
  #participant = 0;
  #seat: VirtualGrant | null = null;
  /** Its pid; 0 as long as it stands by. */
  #called = 0;
  #isOver = false;
  #isTold = false;
  #isLeaving = false;
  #cause: DeathCause = "killed";
  #text = "ended from outside";
  #resolveExited: () => void = () => undefined;

  constructor(order: ThreadOrder, setting: Setting, events: ThreadEvents) {
    const { world, hardware, arena, dir, points, trace, allowsIo } = setting;
    this.program = order.program;
    this.#called = order.pid;
    this.name = order.name;
    this.#world = world;
    this.#events = events;
    this.exited = new Promise((resolve) => (this.#resolveExited = resolve));
    this.ended = this.exited.then(() => true);
    const seed = Math.floor(baton.random() * 0x1_0000_0000);
    const { name, pid, program, args } = order;
    const task = { type: "task", name, pid, program, args } as const;
    const start = { ...task, arena, points, trace, dir, seed, allowsIo };
    world.agenda.after(START_MS * (0.5 + baton.random()), () => {
      if (this.#isOver) return;
      this.#participant = world.nextParticipant();
      this.#seat = hardware?.seat(name, this.#participant) ?? null;
      const transfer = this.#seat === null ? [] : [this.#seat.seat.port];
      world.admit(this.#participant, { ...start, seat: this.#seat?.seat ?? null }, transfer, this);
      if (pid === 0 && this.#called !== 0) baton.call(this.#participant, this.#called);
    });
  }

  call(pid: number): void {
    this.#called = pid;
    if (this.#participant !== 0) baton.call(this.#participant, pid);
  }

  leave(stop_ms: number): void {
    if (this.#isLeaving || this.#isOver) return;
    this.#isLeaving = true;
    if (this.#participant !== 0) baton.order(this.#participant, baton.ORDER_STOP);
    this.#world.agenda.after(stop_ms, () => {
      if (this.#isOver) return;
      this.#cause = "stuck";
      this.#text = `did not leave within ${stop_ms} ms`;
      this.#strike();
    });
  }

  nudge(): void {
    if (this.#participant !== 0) baton.order(this.#participant, baton.ORDER_NUDGE);
  }

  /** It comes to a point, and looks, by itself. */
  look(): void {}

  /** The real threads of a simulation never keep the process alive. */
  unref(): void {}

  /** It dies at one of its next points, or where it sleeps. */
  kill(): void {
    if (this.#isOver) return;
    if (this.#participant === 0) return this.#strike();
    baton.setFuse(this.#participant, 1 + Math.floor(baton.random() * FUSE_POINTS_MAX));
    this.#world.agenda.after(this.#world.killPatience(), () => this.#strike());
  }

  /** Has it a pid, and lives? */
  get isCurrent(): boolean {
    return !this.#isOver && this.#called !== 0;
  }

  exhaust(): void {
    this.#cause = "memory";
    this.#text = "it needs more memory than its creation gives (a fault of the simulation)";
    this.kill();
  }

  hear(events: number, lastWord: LastWord | null): void {
    if ((events & baton.LOADED) !== 0) {
      this.isLoaded = true;
      this.#events.loaded();
    }
    if ((events & baton.KILLED) !== 0)
      this.#world.agenda.after(baton.random() * EXIT_MS, this.#end);
    if ((events & (baton.STOPPED | baton.ENDED)) !== 0) this.#tell(null, "");
    if (lastWord !== null) this.#tell(lastWord.cause, mapStack(lastWord.text, this.program));
    if ((events & baton.GONE) === 0) return;
    this.#isOver = true;
    if ((events & baton.KILLED) === 0) this.#resolveExited();
  }

  hearPoint(point: number): void {
    if (!this.#isOver) this.#events.point(point);
  }

  /** Ends it where it stands. */
  #strike(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#participant !== 0) baton.strike(this.#participant);
    else this.#world.agenda.after(0, this.#end);
  }

  readonly #end = (): void => {
    this.#tell(this.#cause, this.#text);
    this.#resolveExited();
  };

  /** The proof of death; told once. */
  #tell(cause: DeathCause | null, text: string): void {
    if (this.#isTold) return;
    this.#isTold = true;
    // Before anybody hears of it: a successor opens what this one has had.
    this.#seat?.leave();
    this.#events.gone(cause, text);
  }
}
