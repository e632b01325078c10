/**
 * The model of QNX's high availability manager: what happens to entities, and what that sets off.
 *
 * It lives in the main VM and never blocks. The supervisor tells it what happens to tasks and calls
 * poll(); clients change it by messages (server.ts). QNX does not say in which order a restart goes
 * on; here: the actions of the death, then, when the successor runs, those of CONDRESTART, then
 * what is not to be kept goes.
 */
import { EEXIST } from "../../kernel/errno.js";
import * as L from "../../arena/layout.js";
import type { Board, Ending } from "./task-control.js";
import * as C from "../protocol/constants.js";
import { createHeart, HEART_HIGH, HEART_LOW } from "../../manager/monitor/heartbeat.js";
import { type JobListener, Jobs, JOBS_MAX, REPORTED_JOBS_MAX } from "./jobs.js";
import { isTriggered } from "./match.js";
import type { Condition, Entity, EntityKind } from "./tree.js";
import { Registry } from "./registry.js";
import type { WatchStatus } from "../../manager/status.js";
import { Watch, type WatchListener } from "../../manager/monitor/monitor.js";

/** The heartbeat of a task of the manifest. */
export interface DeclaredHeartbeat {
  readonly period_ms: number;
  /** Periods in a row without a sign of life until CONDHBEATMISSEDLOW; 0 for never. */
  readonly low: number;
  /** Until CONDHBEATMISSEDHIGH and Board.hung(); 0 for never. */
  readonly high: number;
}

export interface ModelOptions {
  /** ManagerPort.startService(), as the supervisor does it. */
  readonly startService: (service: string) => number;
}

export class HamModel implements JobListener, WatchListener {
  readonly board: Board;
  readonly registry: Registry;
  readonly jobs: Jobs;
  readonly watch: Watch;
  readonly startService: (service: string) => number;
  /** The level of ham_verbose(). */
  verbosity = 0;
  #isStopped = false;
  #isPolling = false;

  constructor(board: Board, options: ModelOptions) {
    this.board = board;
    this.startService = options.startService;
    this.registry = new Registry(board.now());
    this.jobs = new Jobs(board, this.registry, this);
    this.watch = new Watch(board, this.registry.entities, this);
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  // -------------------------------------------------------------------------------------------
  // What the supervisor tells.

  /** A task of the manifest: an entity that is always there. 0, or -EEXIST. */
  declare(name: string, heartbeat: DeclaredHeartbeat | null): number {
    if (this.registry.entityNamed(name) !== undefined) return -EEXIST;
    const entity = this.registry.addEntity(name, "declared", 0, this.board.now());
    entity.task = name;
    if (heartbeat === null) return 0;
    entity.heart = createHeart(heartbeat.period_ms, heartbeat.low, heartbeat.high, false);
    return 0;
  }

  /** A task of this name runs. Call it before its program does. */
  started(name: string, pid: number): void {
    if (this.#isStopped) return;
    const { entities } = this.registry;
    for (let i = 0; i < entities.length; i++) {
      const entity = entities[i];
      if (entity.task !== name || entity.pid === pid || isEarlier(pid, entity.lastPid)) continue;
      // Its end was not told. It has one: two tasks never have the same name.
      if (entity.pid !== 0) this.#lose(entity, entity.pid, "abnormal");
      if (entity.hasDied) this.#succeed(entity, pid);
      else this.join(entity, entity.kind, name, pid);
      this.watch.beginLoading(entity, this.board.now());
    }
  }

  /** Its program is loaded: from now on it must show life. */
  ready(name: string, pid: number): void {
    if (this.#isStopped) return;
    const { entities } = this.registry;
    const now = this.board.now();
    for (let i = 0; i < entities.length; i++) {
      const entity = entities[i];
      if (entity.task === name && entity.pid === pid) this.watch.begin(entity, now);
    }
  }

  /** The task with this pid has gone. Nothing happens when it is not the one that runs. */
  gone(name: string, pid: number, ending: Ending): void {
    if (this.#isStopped) return;
    const { entities } = this.registry;
    // From the last one on: an entity may go with its task.
    for (let i = entities.length - 1; i >= 0; i--) {
      if (isOf(entities[i], name, pid)) this.#lose(entities[i], pid, ending);
    }
  }

  /** ham_stop(): nothing is watched any more, and nothing done. */
  stop(): void {
    this.#isStopped = true;
    this.jobs.clear();
    this.board.stopped();
  }

  /**
   * Looks at heartbeats and carries out what is due. Called from inside itself, by a board that
   * tells of a death while it is being asked to bring it about, it leaves all to the outer call.
   */
  poll(now: number): void {
    if (this.#isStopped || this.#isPolling) return;
    this.#isPolling = true;
    try {
      this.watch.poll(now);
      this.jobs.poll(now);
    } finally {
      this.#isPolling = false;
    }
  }

  /** When poll() has something to do again, at the latest; Infinity for never. */
  nextDue(): number {
    if (this.#isStopped) return Infinity;
    return Math.min(this.watch.nextDue(), this.jobs.nextDue(this.board.now()));
  }

  /** The heartbeat of a task of the manifest; null when nobody watches for one. */
  watchOf(task: string): WatchStatus | null {
    const heart = this.registry.entityNamed(task)?.heart ?? null;
    return heart === null ? null : { period_ms: heart.period_ms, missed: heart.missed };
  }

  // -------------------------------------------------------------------------------------------
  // What happens to an entity.

  /** Its task runs, and begins to be watched. */
  join(entity: Entity, kind: EntityKind, task: string, pid: number): void {
    entity.kind = kind;
    entity.task = task;
    this.#setPid(entity, pid);
    this.fire(entity, C.CONDATTACH);
  }

  #setPid(entity: Entity, pid: number): void {
    entity.pid = pid;
    entity.lastPid = pid;
    entity.hasDied = false;
    entity.isStarting = false;
    entity.state = 0;
    this.watch.begin(entity, this.board.now());
  }

  /** The successor of its task runs. */
  #succeed(entity: Entity, pid: number): void {
    this.#setPid(entity, pid);
    entity.restarts++;
    this.fire(entity, C.CONDRESTART);
    this.#prune(entity);
  }

  /** What is not re-armed goes. What has been set off already is still carried out. */
  #prune({ conditions }: Entity): void {
    for (let i = conditions.length - 1; i >= 0; i--) {
      const condition = conditions[i];
      const { actions } = condition;
      if ((condition.flags & C.HREARMAFTERRESTART) === 0) {
        this.registry.removeCondition(condition);
        continue;
      }
      for (let j = actions.length - 1; j >= 0; j--) {
        if ((actions[j].flags & C.HREARMAFTERRESTART) === 0) this.registry.removeAction(actions[j]);
      }
    }
  }

  #lose(entity: Entity, pid: number, ending: Ending): void {
    entity.pid = 0;
    entity.lastPid = pid;
    entity.isStarting = false;
    // What the next incarnation beats is for it to say, by attaching itself.
    if (entity.kind === "self-attached") entity.heart = null;
    if (ending === "stopped") {
      this.fire(entity, C.CONDDETACH);
      this.#leave(entity);
      return;
    }
    entity.hasDied = true;
    this.fire(entity, C.CONDDEATH);
    if (ending === "abnormal") this.fire(entity, C.CONDABNORMALDEATH);
    if (entity.deathJobs === 0) this.#settle(entity);
  }

  /** All actions of a death are done: does the entity go? */
  #settle(entity: Entity): void {
    if (entity.pid === 0 && entity.hasDied && !entity.isStarting) this.#leave(entity);
  }

  /** Nobody is going to start its task: the entity goes, unless it is to stay. */
  #leave(entity: Entity): void {
    if (entity.kind === "declared" || this.board.isSupervised(entity.task)) return;
    if ((entity.flags & C.HENTITYKEEPONDEATH) === 0) {
      this.registry.removeEntity(entity);
      return;
    }
    entity.kind = "placeholder";
    entity.task = "";
    entity.hasDied = false;
    entity.heart = null;
  }

  jobEnded(entity: Entity, type: number): void {
    if (type !== C.CONDDEATH && type !== C.CONDABNORMALDEATH) return;
    entity.deathJobs--;
    if (entity.deathJobs === 0) this.#settle(entity);
  }

  marksReached(entity: Entity, marks: number): void {
    if ((marks & HEART_LOW) !== 0) this.fire(entity, C.CONDHBEATMISSEDLOW);
    if ((marks & HEART_HIGH) === 0) return;
    this.fire(entity, C.CONDHBEATMISSEDHIGH);
    if (entity.kind === "declared") this.board.hung(entity.name);
  }

  // -------------------------------------------------------------------------------------------
  // Conditions that fire.

  /** Sets off the conditions for an event of an entity: its own, then those of the global one. */
  fire(entity: Entity, type: number, x = 0, y = 0, z = 0): void {
    const { global } = this.registry;
    this.#fireOf(entity, entity, type, x, y, z);
    if (entity !== global) this.#fireOf(global, entity, type, x, y, z);
  }

  #fireOf(owner: Entity, entity: Entity, type: number, x: number, y: number, z: number): void {
    if (!owner.isEnabled) return;
    for (let i = 0; i < owner.conditions.length; i++) {
      const condition = owner.conditions[i];
      if (willRun(condition) && isTriggered(condition, type, x, y, z)) {
        this.#run(entity, condition, type);
      }
    }
  }

  #run(entity: Entity, condition: Condition, type: number): void {
    if (!this.jobs.add(entity, condition, type, condition.actions.slice())) {
      const { name } = condition.entity;
      this.board.log(`ham: ${name}/${condition.name}: dropped, ${JOBS_MAX} others wait`);
    } else if (type === C.CONDDEATH || type === C.CONDABNORMALDEATH) {
      entity.deathJobs++;
    }
  }

  /** Is there room for what a client's report would set off? */
  hasRoomFor(entity: Entity, type: number, x: number, y: number, z: number): boolean {
    const { global } = this.registry;
    let count = countTriggered(entity, type, x, y, z);
    if (entity !== global) count += countTriggered(global, type, x, y, z);
    return count === 0 || this.jobs.count + count <= REPORTED_JOBS_MAX;
  }
}

/** Is there something to do when it fires? */
function willRun({ isEnabled, actions }: Condition): boolean {
  return isEnabled && actions.length > 0;
}

function countTriggered(owner: Entity, type: number, x: number, y: number, z: number): number {
  if (!owner.isEnabled) return 0;
  let count = 0;
  for (let i = 0; i < owner.conditions.length; i++) {
    const condition = owner.conditions[i];
    if (willRun(condition) && isTriggered(condition, type, x, y, z)) count++;
  }
  return count;
}

/**
 * Is this the task of the entity? Also when it has gone before anybody said that it runs: then the
 * pid is a new one.
 */
function isOf(entity: Entity, task: string, pid: number): boolean {
  if (entity.task !== task) return false;
  if (entity.pid !== 0) return entity.pid === pid;
  return pid !== entity.lastPid && !isEarlier(pid, entity.lastPid);
}

/** Of two pids of one place: does the first belong to an earlier incarnation? */
function isEarlier(pid: number, than: number): boolean {
  const isSamePlace = (pid & L.PID_INDEX_MASK) === (than & L.PID_INDEX_MASK);
  return isSamePlace && pid < than;
}
