/**
 * The workers of all tasks of a board: what the manager works through (src/manager/task-host.ts).
 *
 * The main VM cannot wait for a worker, so look() is called at every tick. The rules:
 * - A death is reported, and its place used again, only after its worker was terminated: it cannot
 *   run any more.
 * - A worker that does not leave cannot be ended without danger to all others: the board restarts.
 */
import { isDebugged } from "reattach/moddable/native";
import type { TaskEvents, TaskHost } from "../../src/manager/task-host.js";
import type { TaskSpec } from "../../src/manager/supervise/task-spec.js";
import { reportDeath, reportExit } from "../../src/kernel/death/death.js";
import { lastWordsOf } from "../../src/kernel/death/last-words.js";
import * as L from "../../src/arena/layout.js";
import type { Vm } from "../../src/arena/vm.js";
import { store } from "../../src/arena/atomic.js";
import { claimTask, poison } from "../../src/kernel/task/task.js";
import { TRACE_START, trace as record } from "../../src/kernel/inspect/trace.js";
import { traceLend } from "../../src/kernel/trace/points.js";
import type { DeathCause } from "../../src/manager/status.js";
import { application } from "./application.js";
import type { StartMessage } from "./protocol.js";
import { hasModule } from "reattach/moddable/native";
import { TaskWorker } from "./task-worker.js";

/** What a task host has done with the board, or by it. */
export interface BoardOrders {
  /** Has look() called before the next tick. */
  lookSoon(): void;
  /** A policy asks for it. */
  reboot(reason: string): void;
  /** A worker cannot be ended: nothing but a restart of the board helps. `task` is its name. */
  giveUp(reason: string, task: string): never;
}

/** The workers of one place. */
class Place {
  readonly index: number;
  spec: TaskSpec | null = null;
  /** An incarnation is to be started, as soon as the place of the last one is free. */
  isDue = false;
  /** The manager has been told that there is an incarnation; */
  isStarted = false;
  /** and that its program runs. */
  isReady = false;
  pid = 0;
  current: TaskWorker | null = null;
  spare: TaskWorker | null = null;
  isSpareReady = false;

  constructor(index: number) {
    this.index = index;
  }

  get task(): number {
    return L.TASKS_AT + (this.index << L.TASK_SHIFT);
  }
}

export class DeviceTaskHost implements TaskHost {
  /** The manager; set before anything is launched. */
  events!: TaskEvents;
  readonly #vm: Vm;
  readonly #board: BoardOrders;
  /** Null at one that has had no task yet: most boards have room for more than they run. */
  readonly #places: (Place | null)[] = [];
  /** What nextDue() says; NaN: it has to be found out again. */
  #due_ms = NaN;

  constructor(vm: Vm, board: BoardOrders) {
    this.#vm = vm;
    this.#board = board;
    for (let index = 0; index < $words[L.HEAD_PLACES]!; index++) {
      this.#places.push(null);
    }
  }

  now(): number {
    return this.#vm.port.now();
  }

  log(text: string): void {
    this.#vm.port.log(text);
  }

  report(error: unknown): void {
    let text = "something that cannot be shown";
    try {
      text = error instanceof Error ? (error.stack ?? String(error)) : String(error);
    } catch {
      // Then it stays that.
    }
    this.log(`a listener threw: ${text}`);
  }

  hasModule(module: string): boolean {
    return hasModule(module);
  }

  launch(index: number, spec: TaskSpec): void {
    const place = this.#placeOf(index);
    this.#due_ms = NaN;
    place.spec = spec;
    place.isDue = true;
    this.#launch(place);
  }

  leave(index: number): void {
    const place = this.#placeOf(index);
    this.#due_ms = NaN;
    if (place.isDue) {
      place.isDue = false;
      this.events.gone(index, 0, null, "");
    } else if (place.current !== null && !place.current.isOver) {
      // Blocked in the kernel it sees the poison; idle in its event loop, the message.
      poison(place.task, L.POISON_STOP);
      place.current.leave(this.now());
      this.#board.lookSoon();
    }
  }

  /** A worker cannot be ended from outside: it is told to leave. */
  kill(index: number): void {
    this.leave(index);
  }

  hang(index: number): void {
    const place = this.#places[index];
    if (place?.current) poison(place.task, L.POISON_HANG);
  }

  nudge(index: number): void {
    const current = this.#places[index]?.current;
    if (current && !current.isOver) current.nudge();
  }

  isDebugged(): boolean {
    return isDebugged();
  }

  standBy(index: number, spec: TaskSpec): void {
    const place = this.#placeOf(index);
    if (place.spare !== null) return;
    store($words, $words[L.HEAD_SPARES_AT]! + index - 1, 0);
    place.isSpareReady = false;
    try {
      place.spare = new TaskWorker(spec, index, this.#startOf(spec, -index));
      this.events.spare(index, "starting", "");
    } catch (error) {
      this.events.spare(index, "none", `there is no memory for it: ${String(error)}`);
    }
  }

  dismiss(index: number): void {
    const spare = this.#places[index]?.spare;
    if (!spare || spare.isOver) return;
    this.#due_ms = NaN;
    spare.leave(this.now());
  }

  reboot(reason: string): void {
    this.#board.reboot(reason);
  }

  /** Is there no worker at all? */
  get isIdle(): boolean {
    return this.#places.every((place) => !place?.current && !place?.spare);
  }

  /** When look() has something to do though no worker has said anything; -Infinity: at once. */
  nextDue(): number {
    if (this.#due_ms !== this.#due_ms) this.#due_ms = this.#findDue();
    return this.#due_ms;
  }

  #findDue(): number {
    let due = Infinity;
    for (let i = 1; i < this.#places.length; i++) {
      const place = this.#places[i];
      if (!place) continue;
      const { isDue, isStarted, current, spare } = place;
      if (isDue || (current !== null && !isStarted)) return -Infinity;
      if (current !== null && current.due_ms < due) due = current.due_ms;
      if (spare !== null && spare.due_ms < due) due = spare.due_ms;
    }
    return due;
  }

  /** Main's look at all workers, when one of them has said something or is expected to. */
  look(): void {
    const now = this.now();
    this.#due_ms = NaN;
    // Not for…of: it makes an iterator, a hundred times a second.
    for (let i = 1; i < this.#places.length; i++) {
      const place = this.#places[i];
      if (!place) continue;
      if (place.isDue) this.#launch(place);
      else if (place.current !== null) this.#look(place, place.current, now);
      if (place.spare !== null) this.#lookAtSpare(place, place.spare, now);
    }
  }

  #placeOf(index: number): Place {
    return (this.#places[index] ??= new Place(index));
  }

  #look(place: Place, worker: TaskWorker, now: number): void {
    const { stage } = worker;
    if (!place.isStarted) {
      place.isStarted = true;
      this.events.started(place.index, place.pid);
    }
    if (worker.isOver) return this.#bury(place, worker, stage);
    if (stage >= L.STAGE_STOPPED) {
      worker.isOver = true;
      this.#board.lookSoon();
    } else if (worker.patience_ms !== 0 && now > worker.patience_ms) {
      this.#giveUp(place);
    } else if (stage === L.STAGE_RUNNING && !place.isReady) {
      place.isReady = true;
      this.events.ready(place.index, place.pid);
    }
  }

  #lookAtSpare(place: Place, worker: TaskWorker, now: number): void {
    const { stage } = worker;
    if (worker.isOver) {
      worker.terminate();
      place.spare = null;
      this.events.spare(place.index, "none", stage === L.STAGE_STOPPED ? "" : "the log says why");
    } else if (stage >= L.STAGE_STOPPED) {
      worker.isOver = true;
    } else if (worker.patience_ms !== 0 && now > worker.patience_ms) {
      this.#giveUp(place);
    } else if (stage === L.SPARE_READY && !place.isSpareReady) {
      place.isSpareReady = true;
      this.events.spare(place.index, "ready", "");
    }
  }

  #giveUp({ spec }: Place): never {
    const { stop_ms } = application.board;
    const name = spec?.name ?? "";
    return this.#board.giveUp(`task ${name} did not leave within ${stop_ms} ms`, name);
  }

  #startOf({ name, module, args }: TaskSpec, pid: number): StartMessage {
    const arena = this.#vm.words.buffer as SharedArrayBuffer;
    const start = { arena, pid, name, module };
    traceLend(start);
    return args === undefined ? start : { ...start, args };
  }

  #launch(place: Place): void {
    const spec = place.spec!;
    const { index } = place;
    const pid = claimTask(index, spec.priority);
    // Else a server still holds a claim on the last message of the predecessor: the next tick.
    if (pid < 0) return;
    place.isDue = false;
    place.isStarted = false;
    place.isReady = false;
    place.pid = pid;
    // The manager is told by look(), which is due now: here the stack is deep already.
    this.#due_ms = NaN;
    record(TRACE_START, pid);
    const { spare } = place;
    if (spare !== null && spare.stage < L.STAGE_STOPPED && spare.patience_ms === 0) {
      this.#call(place, spare);
      return;
    }
    try {
      place.current = new TaskWorker(spec, index, this.#startOf(spec, pid));
    } catch (error) {
      reportDeath(pid);
      place.pid = 0;
      this.events.gone(index, 0, "memory", `there is no memory for its worker: ${String(error)}`);
    }
  }

  /** The worker that stands by becomes the incarnation. */
  #call(place: Place, spare: TaskWorker): void {
    place.current = spare;
    place.spare = null;
    this.events.spare(place.index, "none", "");
    spare.call(place.index, place.pid);
  }

  /** It had said that it is over at the look before this one: nothing of it runs any more. */
  #bury(place: Place, worker: TaskWorker, stage: number): void {
    const { index, pid } = place;
    worker.terminate();
    const text = textOf(stage, place.task);
    place.current = null;
    place.pid = 0;
    reportExit(pid);
    this.events.gone(index, pid, causeOf(stage), text);
  }
}

function causeOf(stage: number): DeathCause | null {
  if (stage === L.STAGE_MEMORY) return "memory";
  return stage === L.STAGE_THREW || stage === L.STAGE_SAID ? "throw" : null;
}

/** Why it is over. Before its death is reported: then its place may be another's. */
function textOf(stage: number, task: number): string {
  if (stage === L.STAGE_SAID) return lastWordsOf(task);
  if (stage === L.STAGE_MEMORY) return "its VM has no memory left";
  return stage === L.STAGE_THREW ? "the log says why" : "";
}
