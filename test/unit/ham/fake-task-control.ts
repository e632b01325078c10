/**
 * A board with fake time and fake tasks, and a model of the manager on it.
 */
import { createVitals, type Vitals } from "../../../src/kernel/inspect/vitals.js";
import { MAIN_PID } from "../../../src/kernel/task/task.js";
import { EEXIST, EOK, ESRCH } from "../../../src/kernel/errno.js";
import {
  type Abilities,
  ALL_ABILITIES,
  DEFAULT_ABILITIES,
  NO_ABILITIES,
} from "../../../src/manager/abilities.js";
import type { Ending } from "../../../src/manager/extension.js";
import { type Heart, HEART_HIGH } from "../../../src/manager/monitor/heartbeat.js";
import { Monitor } from "../../../src/manager/monitor/monitor.js";
import { TaskHearts } from "../../../src/manager/monitor/task-hearts.js";
import type { HeartbeatSpec } from "../../../src/manager/supervise/task-spec.js";
import type { TaskControl } from "../../../src/manager/task-control.js";
import { type Caller, callerOf } from "../../../src/ham/model/authority.js";
import { addAction, addCondition } from "../../../src/ham/model/conditions.js";
import { addEntity } from "../../../src/ham/model/entities.js";
import { Ham } from "../../../src/ham/extension.js";
import type { ActionSpec } from "../../../src/ham/model/tree.js";
import { procText, procTree } from "../../../src/ham/model/proc.js";

/** Pids of one place: the next incarnation's is one generation later. */
const GENERATION = 512;

interface FakeTask extends Vitals {
  pid: number;
}

/** The main VM: it may do everything. */
export const MAIN: Caller = { pid: MAIN_PID, task: "", abilities: ALL_ABILITIES };

class FakeControl implements TaskControl {
  readonly monitor = new Monitor((pid, into) => this.#lookAt(pid, into));
  time = 0;
  readonly logged: string[] = [];
  /** What was asked of it: "start x line", "end 513", … */
  readonly asked: string[] = [];
  readonly supervised = new Set<string>();
  /** Of tasks that have other abilities than the default. */
  readonly abilities = new Map<string, Abilities>();
  /** Of who is no task of this board. */
  strangers = NO_ABILITIES;
  /** The hearts of the tasks that are declared, by their names. */
  readonly hearts = new Map<string, TaskHearts>();
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
  abilitiesOf(pid: number): Abilities {
    if (pid === MAIN_PID) return ALL_ABILITIES;
    const task = this.nameOf(pid);
    return task === "" ? this.strangers : (this.abilities.get(task) ?? DEFAULT_ABILITIES);
  }
  isRestartedAfter(task: string, ending: Ending): boolean {
    return this.supervised.has(task) && ending === "abnormal";
  }
  isDeclared(task: string, line: string): boolean {
    return this.hearts.has(task) && (line === "" || line === task);
  }
  heartOf(task: string): Heart | null {
    return this.hearts.get(task)?.of(task) ?? null;
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
  isRegistered(service: string): boolean {
    return this.services.has(service);
  }
  sendPulse(nd: number, pid: number, chid: number, code: number, value: number): number {
    this.asked.push(`pulse ${nd} ${pid} ${chid} ${code} ${value}`);
    return this.pulseResult;
  }
  #lookAt(pid: number, into: Vitals): boolean {
    const task = this.tasks.get(this.nameOf(pid));
    if (task === undefined) return false;
    Object.assign(into, task);
    return true;
  }
  stop(): void {
    this.isStopped = true;
  }
}

/** A board and a model on it, with what a supervisor would do. */
export class Stage {
  readonly board = new FakeControl();
  readonly model = new Ham(this.board, []);

  /** A task of the manifest. */
  declare(name: string, heartbeat: HeartbeatSpec | null): void {
    const { board, model } = this;
    const tell = (task: string, marks: number): void => {
      model.missed(task, marks);
      if ((marks & HEART_HIGH) === 0) return;
      board.asked.push(`hung ${task}`);
      board.atEnd(board.pidOf(task));
    };
    board.hearts.set(name, new TaskHearts(board.monitor, [{ name, heartbeat }], tell));
    model.registry.addEntity(name, "declared", 0, MAIN_PID, board.time).task = name;
  }

  /** Starts a task's next incarnation, and says so. */
  start(name: string): number {
    const pid = this.board.run(name);
    this.started(name, pid);
    this.ready(name, pid);
    return pid;
  }

  started(name: string, pid: number): void {
    this.board.hearts.get(name)?.started(name, pid, this.board.time);
    this.model.started(name, pid);
  }

  ready(name: string, pid: number): void {
    this.board.hearts.get(name)?.ready(name, pid, this.board.time);
    this.model.ready(name, pid);
  }

  /** What the task with this pid may do. */
  as(pid: number): Caller {
    return callerOf(this.board, pid);
  }

  /** Periods in a row that a task has missed. */
  missed(name: string): number {
    const heart = this.model.registry.entityNamed(name)?.heart ?? this.board.heartOf(name);
    if (heart === null) throw new Error(`nobody watches ${name}`);
    return heart.missed;
  }

  /** When there is something to do again. */
  nextDue(): number {
    return Math.min(this.board.monitor.nextDue(), this.model.nextDue());
  }

  /** Ends a task, says so, and has the model do what is due now. */
  end(name: string, ending: Ending = "abnormal"): void {
    const pid = this.board.pidOf(name);
    this.board.tasks.delete(name);
    this.board.hearts.get(name)?.gone(name, pid);
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
    if (!this.model.isStopped) this.board.monitor.poll(ms);
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
    return addEntity(this.model, MAIN, name, flags);
  }

  condition(entity: number, type: number, name = "c", flags = 0): number {
    return addCondition(this.model, MAIN, entity, type, name, flags);
  }

  action(condition: number, name: string, spec: ActionSpec, flags = 0): number {
    return addAction(this.model, MAIN, condition, name, spec, flags);
  }

  /** A condition with one action that logs `text`. */
  logs(entity: number, type: number, text: string, flags = 0): number {
    const condition = this.condition(entity, type, text, flags);
    this.action(condition, "log", log(text), flags & 1);
    return condition;
  }
}

export function log(text: string): ActionSpec {
  return { kind: "log", text, hasPrefix: false, verbosity: 0 };
}

export function execute(line = "module"): ActionSpec {
  return { kind: "execute", line };
}

export function restart(line = "module"): ActionSpec {
  return { kind: "restart", line };
}

export function waitfor(path: string, delay_ms: number): ActionSpec {
  return { kind: "waitfor", path, delay_ms };
}
