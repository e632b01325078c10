/**
 * The tables of the model: which entities, conditions and actions there are, and their handles.
 *
 * A handle is a serial number and a kind. Serials are not used again (but after half a billion
 * objects of a kind), so a handle of what is gone is noticed, and does not hit what came after it.
 */
import { EEXIST, EINVAL, ENOENT, ENOMEM } from "../../kernel/errno.js";
import { MAIN_PID } from "../../kernel/task/task.js";
import { HAM_GLOBAL_ENTITY, HCONDKEEPONEMPTY } from "../protocol/constants.js";
import { nameError } from "../protocol/entity-names.js";
import type { WatchListener } from "../../manager/monitor/monitor.js";
import {
  KIND_ACTION,
  KIND_BITS,
  KIND_CONDITION,
  KIND_ENTITY,
  KIND_MASK,
} from "../protocol/handles.js";
import type { Action, Condition, ActionSpec, Entity, EntityKind, Step } from "./tree.js";

/** Beside the tasks of the manifest and the global one: as many as a big board runs tasks. */
const ENTITIES_MAX = 32;
/** About 400 bytes each on XS: 26 KB when all are in use. */
const CONDITIONS_MAX = 64;
/** Two to a condition, those of action-fail lists included. */
const ACTIONS_MAX = 128;

/** A handle is a positive 32-bit number. */
const SERIAL_MAX = 0x7fff_ffff >> KIND_BITS;

type Node = Entity | Condition | Action;

export class Registry {
  /** In the order in which they were added; the global one is not among them. */
  readonly entities: Entity[] = [];
  readonly global: Entity;
  conditions = 0;
  actions = 0;
  #undeclared = 0;
  readonly #listener: WatchListener;
  readonly #nodes = new Map<number, Node>();
  /** By kind: the serial given out last, and the highest one ever. */
  readonly #last = [0, 0, 0, 0];
  readonly #highest = [0, 0, 0, 0];

  /** `listener` is told of the marks of entities that have attached themselves. */
  constructor(now: number, listener: WatchListener) {
    this.#listener = listener;
    this.global = this.#createEntity(HAM_GLOBAL_ENTITY, "global", 0, MAIN_PID, now);
  }

  #takeHandle(kind: number, node: (handle: number) => Node): void {
    let handle: number;
    do {
      const serial = this.#last[kind] === SERIAL_MAX ? 1 : this.#last[kind] + 1;
      this.#last[kind] = serial;
      if (serial > this.#highest[kind]) this.#highest[kind] = serial;
      handle = (serial << KIND_BITS) | kind;
    } while (this.#nodes.has(handle));
    this.#nodes.set(handle, node(handle));
  }

  /** The node with this handle; -ENOENT when it is gone, -EINVAL when it never was. */
  #find(handle: number, kind: number): Node | number {
    if ((handle | 0) !== handle || handle <= 0 || (handle & KIND_MASK) !== kind) return -EINVAL;
    const serial = handle >> KIND_BITS;
    if (serial === 0 || serial > this.#highest[kind]) return -EINVAL;
    return this.#nodes.get(handle) ?? -ENOENT;
  }

  entityOf(handle: number): Entity | number {
    return this.#find(handle, KIND_ENTITY) as Entity | number;
  }

  conditionOf(handle: number): Condition | number {
    return this.#find(handle, KIND_CONDITION) as Condition | number;
  }

  actionOf(handle: number): Action | number {
    return this.#find(handle, KIND_ACTION) as Action | number;
  }

  /** The entity with this name. */
  entityNamed(name: string): Entity | undefined {
    if (name === HAM_GLOBAL_ENTITY) return this.global;
    return findNamed(this.entities, name);
  }

  #createEntity(name: string, kind: EntityKind, flags: number, maker: number, now: number): Entity {
    let entity: Entity | undefined;
    this.#takeHandle(KIND_ENTITY, (handle) => {
      entity = {
        handle,
        name,
        listener: this.#listener,
        kind,
        flags,
        maker,
        isEnabled: true,
        task: "",
        pid: 0,
        lastPid: 0,
        hasDied: false,
        ending: "normal",
        isStarting: false,
        isDetached: false,
        deathJobs: 0,
        state: 0,
        restarts: 0,
        created_ms: now,
        heart: null,
        conditions: [],
      };
      return entity;
    });
    return entity as Entity;
  }

  /** 0 when an entity with this name may be added; else the errno. */
  entityError(name: string): number {
    const error = nameError(name, 0);
    if (error !== 0) return error;
    if (this.entityNamed(name) !== undefined) return -EEXIST;
    return this.#undeclared === ENTITIES_MAX ? -ENOMEM : 0;
  }

  /** Adds an entity whose name has been checked. */
  addEntity(name: string, kind: EntityKind, flags: number, maker: number, now: number): Entity {
    const entity = this.#createEntity(name, kind, flags, maker, now);
    this.entities.push(entity);
    if (kind !== "declared") this.#undeclared++;
    return entity;
  }

  /** Adds a condition. Returns it, or -EINVAL, -ENAMETOOLONG, -EEXIST, -ENOMEM. */
  addCondition(
    entity: Entity,
    name: string,
    type: number,
    flags: number,
    maker: number,
    first = 0,
    second = 0,
    third = 0,
  ): Condition | number {
    const error = nameError(name, entity.name.length + 1);
    if (error !== 0) return error;
    if (findNamed(entity.conditions, name) !== undefined) return -EEXIST;
    if (this.conditions === CONDITIONS_MAX) return -ENOMEM;
    this.#takeHandle(KIND_CONDITION, (handle) => {
      const condition: Condition = {
        handle,
        entity,
        name,
        type,
        flags,
        maker,
        isEnabled: true,
        isRemoved: false,
        first,
        second,
        third,
        actions: [],
      };
      entity.conditions.push(condition);
      return condition;
    });
    this.conditions++;
    return entity.conditions[entity.conditions.length - 1];
  }

  /** 0 when this condition may have another action with this name; else the errno. */
  actionError(condition: Condition, name: string): number {
    const error = nameError(name, condition.entity.name.length + condition.name.length + 2);
    if (error !== 0) return error;
    if (findNamed(condition.actions, name) !== undefined) return -EEXIST;
    return this.actions === ACTIONS_MAX ? -ENOMEM : 0;
  }

  /** Adds an action whose name has been checked. */
  addAction(
    condition: Condition,
    name: string,
    spec: ActionSpec,
    flags: number,
    maker: number,
  ): Action {
    this.#takeHandle(KIND_ACTION, (handle) => {
      const isEnabled = true;
      const rest = { isEnabled, isRemoved: false, fails: [] };
      const action: Action = { handle, condition, name, spec, flags, maker, ...rest };
      condition.actions.push(action);
      return action;
    });
    this.actions++;
    return condition.actions[condition.actions.length - 1];
  }

  /** Adds to an action-fail list. Returns 0, or -EINVAL, -ENAMETOOLONG, -EEXIST, -ENOMEM. */
  addFail(action: Action, name: string, spec: ActionSpec, flags: number, maker: number): number {
    const { condition } = action;
    const above = condition.entity.name.length + condition.name.length + action.name.length + 3;
    const error = nameError(name, above);
    if (error !== 0) return error;
    if (findNamed(action.fails, name) !== undefined) return -EEXIST;
    if (this.actions === ACTIONS_MAX) return -ENOMEM;
    action.fails.push({ name, spec, flags, maker, isRemoved: false });
    this.actions++;
    return 0;
  }

  removeEntity(entity: Entity): void {
    if (!take(this.entities, entity)) return;
    for (const condition of entity.conditions) this.#forgetCondition(condition);
    entity.conditions.length = 0;
    this.#nodes.delete(entity.handle);
    this.#undeclared--;
  }

  removeCondition(condition: Condition): void {
    if (take(condition.entity.conditions, condition)) this.#forgetCondition(condition);
  }

  #forgetCondition(condition: Condition): void {
    for (const action of condition.actions) this.#forgetAction(action);
    condition.actions.length = 0;
    this.#nodes.delete(condition.handle);
    this.conditions--;
  }

  /** Its condition goes with its last action, unless it is to stay. */
  removeAction(action: Action): void {
    const { condition } = action;
    if (!take(condition.actions, action)) return;
    this.#forgetAction(action);
    const isEmpty = condition.actions.length === 0;
    if (isEmpty && (condition.flags & HCONDKEEPONEMPTY) === 0) this.removeCondition(condition);
  }

  #forgetAction(action: Action): void {
    this.#nodes.delete(action.handle);
    this.actions -= 1 + action.fails.length;
  }

  /** Of an action that has gone but is still being carried out it is not counted any more. */
  removeFail(action: Action, step: Step): void {
    if (take(action.fails, step) && this.#nodes.has(action.handle)) this.actions--;
  }
}

export function findNamed<Named extends { readonly name: string }>(
  list: readonly Named[],
  name: string,
): Named | undefined {
  for (let i = 0; i < list.length; i++) if (list[i].name === name) return list[i];
  return undefined;
}

/** Takes an item out of a list; false when it is not in it. */
function take<Item>(list: Item[], item: Item): boolean {
  const index = list.indexOf(item);
  if (index < 0) return false;
  list.splice(index, 1);
  return true;
}
