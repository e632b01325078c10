/**
 * Kills as many tasks as can be killed, on any host: each as soon as it has served a few messages,
 * or has had its time.
 */
import { seededRandom } from "../../../src/manager/supervise/random.js";
import { viewPlace } from "../../../src/kernel/inspect/view.js";
import { SERVICES } from "./protocol.js";

/** A life may serve so many messages: from one on. */
const SERVED_MAX = 12;
/** Who serves nobody lives up to this. */
const LIFE_MS = 100;
/** And who never rests, so that threads can start meanwhile. */
const BUSY_LIFE_MS = 15;
/** Of lives that are ended before their program is loaded, and when: it is cheap, and happens. */
const UNBORN_SHARE = 0.35;
const UNBORN_MS = 30;
/** And who has a standby long enough for one to be made, sometimes. */
const SPARED_LIFE_MS = 300;

/** What it needs of a host's system. */
export interface Killable {
  isRunning(name: string): boolean;
  kill(name: string): Promise<unknown>;
}

interface Target {
  readonly name: string;
  /** Its index in the arena. */
  readonly place: number;
  readonly isSpared: boolean;
  readonly life_ms: number;
  /** Of the life that it knows. */
  pid: number;
  phase: "loading" | "running" | "ended";
  /** It is killed then, or when it has served so many messages. */
  until_ms: number;
  served: number;
}

export class Killer {
  readonly #system: Killable;
  readonly #targets: Target[];
  readonly #random: () => number;

  /** `tasks` are all tasks of the manifest, in its order. */
  constructor(
    system: Killable,
    tasks: readonly string[],
    mortal: readonly string[],
    spared: readonly string[],
    seed: number,
  ) {
    this.#system = system;
    this.#random = seededRandom(seed);
    this.#targets = mortal.map((name) => ({
      name,
      place: tasks.indexOf(name) + 1,
      isSpared: spared.includes(name),
      life_ms: lifeOf(name, spared),
      pid: 0,
      phase: "ended",
      until_ms: 0,
      served: 0,
    }));
  }

  /** Kills whoever is due. The system must be the one in use. */
  look(now_ms: number): void {
    for (const target of this.#targets) {
      const { pid, isAlive, counters } = viewPlace(target.place);
      if (!isAlive) continue;
      if (pid !== target.pid) this.#meet(target, pid, now_ms);
      if (target.phase === "loading" && this.#system.isRunning(target.name)) {
        this.#greet(target, now_ms);
      }
      if (target.phase === "ended") continue;
      if (now_ms < target.until_ms && counters.received < target.served) continue;
      target.phase = "ended";
      void this.#system.kill(target.name);
    }
  }

  /** A new life. */
  #meet(target: Target, pid: number, now_ms: number): void {
    const isUnborn = this.#random() < UNBORN_SHARE;
    target.pid = pid;
    target.phase = "loading";
    target.until_ms = isUnborn ? now_ms + this.#random() * UNBORN_MS : Infinity;
    target.served = Infinity;
  }

  /** Its program is loaded. */
  #greet(target: Target, now_ms: number): void {
    target.phase = "running";
    target.until_ms = now_ms + this.#random() * target.life_ms;
    target.served = target.isSpared ? Infinity : 1 + Math.floor(this.#random() * SERVED_MAX);
  }
}

/** The longest life of a task. */
function lifeOf(name: string, spared: readonly string[]): number {
  if (spared.includes(name)) return SPARED_LIFE_MS;
  return SERVICES.includes(name) ? LIFE_MS : BUSY_LIFE_MS;
}
