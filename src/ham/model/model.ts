/**
 * The model of QNX's high availability manager: what happens to entities, and what that sets off.
 *
 * It lives in the main VM and never blocks. The supervisor tells it what happens to tasks and calls
 * poll(); clients change it by messages (server.ts). QNX does not say in which order a restart goes
 * on; here: the actions of the death, then, when the successor runs, those of CONDRESTART, then
 * what is not to be kept goes.
 */
import * as L from "../../arena/layout.js";
import { MAIN_PID } from "../../kernel/task/task.js";
import type { Ending } from "../../manager/extension.js";
import { type Heart, HEART_HIGH, HEART_LOW } from "../../manager/monitor/heartbeat.js";
import type { WatchListener } from "../../manager/monitor/monitor.js";
import type { TaskControl } from "../../manager/task-control.js";
import * as C from "../protocol/constants.js";
import { type JobListener, Jobs, JOBS_MAX, REPORTED_JOBS_MAX } from "./jobs.js";
import { forgetMaker, forgetUnder, inherit } from "./makers.js";
import { isTriggered } from "./match.js";
import { Registry } from "./registry.js";
import type { Condition, Entity, EntityKind } from "./tree.js";

export class HamModel implements JobListener, WatchListener {
  readonly control: TaskControl;
  readonly registry: Registry;
  readonly jobs: Jobs;
  /** The level of ham_verbose(). */
  verbosity = 0;
  #isStopped = false;
  #isPolling = false;

  /** Each task is an entity that is always there. */
  constructor(control: TaskControl, tasks: readonly { readonly name: string }[]) {
    this.control = control;
    const now = control.now();
    this.registry = new Registry(now, this);
    this.jobs = new Jobs(control, this.registry, this);
    for (const { name } of tasks) {
      this.registry.addEntity(name, "declared", 0, MAIN_PID, now).task = name;
    }
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  // -------------------------------------------------------------------------------------------
  // What the supervisor tells.

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
    }
  }

  /** The program of a task is loaded. A heart that it gives itself beats from then on. */
  ready(_name: string, _pid: number): void {}

  /**
   * The task with this pid has gone, and what it has made goes with it. What it has put under its
   * own entity fires first, and stays when it is to be restarted: succeed() sees to that.
   */
  gone(name: string, pid: number, ending: Ending): void {
    if (this.#isStopped) return;
    const { entities } = this.registry;
    const made = entities.filter((entity) => entity.maker === pid && entity.task !== name);
    // From the last one on: an entity may go with its task.
    for (let i = entities.length - 1; i >= 0; i--) {
      if (isOf(entities[i], name, pid)) this.#lose(entities[i], pid, ending);
    }
    for (const entity of made) this.detach(entity);
    forgetMaker(this.registry, pid, name);
  }

  /** A task of the manifest has missed heartbeats. */
  missed(name: string, marks: number): void {
    const entity = this.registry.entityNamed(name);
    if (!this.#isStopped && entity !== undefined) this.marksReached(entity, marks);
  }

  /** ham_stop(): nothing is watched any more, and nothing done. */
  stop(): void {
    this.#isStopped = true;
    this.jobs.clear();
    this.control.stop();
  }

  /**
   * Carries out what is due. Called from inside itself, by a board that tells of a death while it
   * is being asked to bring it about, it leaves all to the outer call.
   */
  poll(now: number): void {
    if (this.#isStopped || this.#isPolling || this.jobs.isEmpty) return;
    this.#isPolling = true;
    try {
      this.jobs.poll(now);
    } finally {
      this.#isPolling = false;
    }
  }

  /** When poll() has something to do again, at the latest; Infinity for never. */
  nextDue(): number {
    return this.#isStopped || this.jobs.isEmpty ? Infinity : this.jobs.nextDue(this.control.now());
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
  }

  /** Begins to watch an entity's heart; null ends that. */
  watch(entity: Entity, heart: Heart | null): void {
    const { monitor } = this.control;
    if (entity.heart !== null) monitor.remove(entity);
    entity.heart = heart;
    if (heart === null) return;
    monitor.add(entity);
    monitor.begin(entity, this.control.now());
  }

  /** Ends the watch over an entity: it goes, with all below it. */
  detach(entity: Entity): void {
    entity.isDetached = true;
    this.fire(entity, C.CONDDETACH);
    this.#remove(entity);
  }

  #remove(entity: Entity): void {
    this.watch(entity, null);
    this.registry.removeEntity(entity);
  }

  /** The successor of its task runs. */
  #succeed(entity: Entity, pid: number): void {
    const before = entity.lastPid;
    this.#setPid(entity, pid);
    entity.restarts++;
    this.fire(entity, C.CONDRESTART);
    this.#prune(entity);
    inherit(entity, before, pid);
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
    entity.ending = ending;
    // What the next incarnation beats is for it to say, by attaching itself.
    this.watch(entity, null);
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

  /**
   * Unless somebody starts its task again, the entity goes, or stays without what the task has put
   * under it: one of the manifest, and one that is to stay.
   */
  #leave(entity: Entity): void {
    if (this.control.isRestartedAfter(entity.task, entity.ending)) return;
    const isDeclared = entity.kind === "declared";
    if (!isDeclared && (entity.flags & C.HENTITYKEEPONDEATH) === 0) {
      this.#remove(entity);
      return;
    }
    forgetUnder(this.registry, entity, entity.lastPid, false);
    if (isDeclared) return;
    entity.kind = "placeholder";
    entity.task = "";
    entity.hasDied = false;
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
      this.control.log(`ham: ${name}/${condition.name}: dropped, ${JOBS_MAX} others wait`);
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
