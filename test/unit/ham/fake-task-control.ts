/**
 * A board with fake time and fake tasks, and a model of the manager on it.
 */
import { createVitals, type Vitals } from "../../../src/kernel/inspect/vitals.js";
import { EEXIST, ENOENT, EOK, ESRCH } from "../../../src/kernel/errno.js";
import type { Board, Ending } from "../../../src/ham/model/task-control.js";
import { addAction, addCondition } from "../../../src/ham/model/conditions.js";
import { addEntity } from "../../../src/ham/model/entities.js";
import { HamModel } from "../../../src/ham/model/model.js";
import type { Deed } from "../../../src/ham/model/tree.js";
import { procText, procTree } from "../../../src/ham/model/proc.js";

/** Pids of one place: the next incarnation's is one generation later. */
const GENERATION = 512;

interface FakeTask extends Vitals {
  pid: number;
}

class FakeBoard implements Board {
  time = 0;
  readonly logged: string[] = [];
  /** What was asked of it: "start x line", "end 513", … */
  readonly asked: string[] = [];
  readonly supervised = new Set<string>();
  readonly services = new Set<string>();
  /** What start() and the others return. */
  startResult = EOK;
  pulseResult = EOK;
  isStopped = false;
  /** Called by end() and hung(): a host that ends a task at once. */
  atEnd: (pid: number) => void = () => undefined;
  readonly tasks = new Map<string, FakeTask>();
  readonly #lastPids = new Map<string, number>();

  /** A task's next incarnation: its pid. */
  run(name: string): number {
    const last = this.#lastPids.get(name) ?? this.#lastPids.size + 1;
    const pid = last + GENERATION;
    this.#lastPids.set(name, pid);
    this.tasks.set(name, { ...createVitals(), pid });
    return pid;
  }

  now(): number {
    return this.time;
  }
  log(text: string): void {
    this.logged.push(text);
  }
  pidOf(task: string): number {
    return this.tasks.get(task)?.pid ?? 0;
  }
  nameOf(pid: number): string {
    for (const [name, task] of this.tasks) if (task.pid === pid) return name;
    return "";
  }
  isSupervised(task: string): boolean {
    return this.supervised.has(task);
  }
  start(task: string, line: string): number {
    this.asked.push(`start ${task} ${line}`.trimEnd());
    if (this.startResult !== EOK) return this.startResult;
    return this.tasks.has(task) ? -EEXIST : EOK;
  }
  end(pid: number, isForced: boolean): number {
    this.asked.push(`${isForced ? "kill" : "end"} ${pid}`);
    if (this.nameOf(pid) === "") return -ESRCH;
    this.atEnd(pid);
    return EOK;
  }
  hung(task: string): void {
    this.asked.push(`hung ${task}`);
    this.atEnd(this.pidOf(task));
  }
  isRegistered(service: string): boolean {
    return this.services.has(service);
  }
  sendPulse(nd: number, pid: number, chid: number, code: number, value: number): number {
    this.asked.push(`pulse ${nd} ${pid} ${chid} ${code} ${value}`);
    return this.pulseResult;
  }
  lookAt(pid: number, into: Vitals): boolean {
    const task = this.tasks.get(this.nameOf(pid));
    if (task === undefined) return false;
    Object.assign(into, task);
    return true;
  }
  stopped(): void {
    this.isStopped = true;
  }
}

/** A board and a model on it, with what a supervisor would do. */
export class Stage {
  readonly board = new FakeBoard();
  readonly model = new HamModel(this.board, {
    startService: (service) => (service === "known" ? EOK : -ENOENT),
  });

  /** Starts a task's next incarnation, and says so. */
  start(name: string): number {
    const pid = this.board.run(name);
    this.model.started(name, pid);
    this.model.ready(name, pid);
    return pid;
  }

  /** Ends a task, says so, and has the model do what is due now. */
  end(name: string, ending: Ending = "abnormal"): void {
    const pid = this.board.pidOf(name);
    this.board.tasks.delete(name);
    this.model.gone(name, pid, ending);
    this.model.poll(this.board.time);
  }

  task(name: string): FakeTask {
    const task = this.board.tasks.get(name);
    if (task === undefined) throw new Error(`task ${name} does not run`);
    return task;
  }

  /** Goes to a time, and polls there. */
  at(ms: number): void {
    this.board.time = ms;
    this.model.poll(ms);
  }

  /** What the board was asked since the last time. */
  asked(): string[] {
    return this.board.asked.splice(0);
  }

  logged(): string[] {
    return this.board.logged.splice(0);
  }

  tree(): string {
    return procText(procTree(this.model));
  }

  entity(name: string, flags = 0): number {
    return addEntity(this.model, name, flags);
  }

  condition(entity: number, type: number, name = "c", flags = 0): number {
    return addCondition(this.model, entity, type, name, flags);
  }

  action(condition: number, name: string, deed: Deed, flags = 0): number {
    return addAction(this.model, condition, name, deed, flags);
  }

  /** A condition with one action that logs `text`. */
  logs(entity: number, type: number, text: string, flags = 0): number {
    const condition = this.condition(entity, type, text, flags);
    this.action(condition, "log", log(text), flags & 1);
    return condition;
  }
}

export function log(text: string): Deed {
  return { kind: "log", text, hasPrefix: false, verbosity: 0 };
}

export function execute(line = "module"): Deed {
  return { kind: "execute", line };
}

export function restart(line = "module"): Deed {
  return { kind: "restart", line };
}

export function waitfor(path: string, delay_ms: number): Deed {
  return { kind: "waitfor", path, delay_ms };
}
