/**
 * One worker of a task: an incarnation, or the one that stands by to be the next.
 *
 * Nobody is told when a worker crashes; it writes a stage into the arena, its last act, and main
 * looks. FreeRTOS deletes a task wherever it is, asleep in Atomics.wait (its waiter record would
 * dangle) or holding a lock (every VM would hang): so a worker is terminated only after it has said
 * that it is over, which it does last, and has had two ticks of FreeRTOS to get out of its code.
 */
import Worker from "worker";
import type { TaskSpec } from "../../src/manager/supervise/task-spec.js";
import { load } from "../../src/arena/atomic.js";
import * as L from "../../src/arena/layout.js";
import { application } from "./application.js";
import { workerOptions } from "./worker-options.js";
import { type CallMessage, NUDGE, type StartMessage, type StopMessage } from "./protocol.js";

export class TaskWorker {
  /** When patience with it ends; 0 while it has not been told to leave. */
  patience_ms = 0;
  /** Has it said that it is over? Then it is terminated at the next look. */
  isOver = false;
  readonly #worker: Worker;
  /** Address of the word that has its stage. */
  #stageAt: number;
  /** Of the word that it wrote while it stood by; 0 for one that never has. */
  #spareAt = 0;

  /** Starts a worker. With a pid below 0 it stands by. Throws when there is no memory for it. */
  constructor(spec: TaskSpec, place: number, start: StartMessage) {
    this.#stageAt = start.pid < 0 ? $words[L.HEAD_SPARES_AT]! + place - 1 : stageOfPlace(place);
    this.#worker = new Worker("reattach/moddable/worker", workerOptions(spec));
    this.#worker.postMessage(start);
  }

  /** When it has to be looked at, whatever it says; -Infinity: at the next tick. */
  get due_ms(): number {
    if (this.isOver) return -Infinity;
    return this.patience_ms === 0 ? Infinity : this.patience_ms;
  }

  /** A STAGE_, or 0. */
  get stage(): number {
    const stage = load($words, this.#stageAt) & L.STAGE_MASK;
    if (stage !== 0 || this.#spareAt === 0) return stage;
    // It was called, and may have failed to load just before it heard of that. Once it has said
    // anything as the incarnation, its old word is the next spare's.
    const before = load($words, this.#spareAt) & L.STAGE_MASK;
    return before >= L.STAGE_STOPPED ? before : 0;
  }

  /** Makes the worker that stands by the incarnation with this pid. */
  call(place: number, pid: number): void {
    this.#spareAt = this.#stageAt;
    this.#stageAt = stageOfPlace(place);
    this.#worker.postMessage({ call: pid } satisfies CallMessage);
  }

  /** Has its event loop show that it goes round. */
  nudge(): void {
    this.#worker.postMessage(NUDGE);
  }

  /** Tells it to leave, for one that is idle in its event loop. */
  leave(now: number): void {
    if (this.patience_ms !== 0) return;
    this.patience_ms = now + application.board.stop_ms;
    this.#worker.postMessage({ stop: true } satisfies StopMessage);
  }

  /** Only when it is over, and has had time to get out of its code. */
  terminate(): void {
    this.#worker.terminate();
  }
}

function stageOfPlace(place: number): number {
  return L.TASKS_AT + (place << L.TASK_SHIFT) + L.TASK_STAGE;
}
