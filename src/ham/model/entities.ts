/**
 * What clients ask of entities. Each function returns what the call of that name does (api.ts);
 * nothing has changed when it is an error. Numbers are 32-bit, but for periods; all else is
 * checked here.
 */
import { EAGAIN, EINVAL, ENOENT, ESRCH } from "../../kernel/errno.js";
import * as C from "../protocol/constants.js";
import { createHeart } from "../../manager/monitor/heartbeat.js";
import type { HamModel } from "./model.js";
import { isText } from "../protocol/entity-names.js";
import type { Entity } from "./tree.js";

const NANOSECONDS_IN_MS = 1_000_000;

/** ham_entity */
export function addEntity(model: HamModel, name: string, flags: number): number {
  if ((flags & C.HENTITYKEEPONDEATH) !== flags) return -EINVAL;
  const error = model.registry.entityError(name);
  if (error !== 0) return error;
  return model.registry.addEntity(name, "placeholder", flags, model.board.now()).handle;
}

/** ham_entity_handle */
export function entityHandle(model: HamModel, name: string): number {
  return model.registry.entityNamed(name)?.handle ?? -ENOENT;
}

/** 0 when a task may join under this name: it is new, or that of a placeholder. */
function joinError({ registry }: HamModel, name: string): number {
  const isPlaceholder = registry.entityNamed(name)?.kind === "placeholder";
  return isPlaceholder ? 0 : registry.entityError(name);
}

/** The placeholder with this name, or a new one. */
function placeFor({ registry, board }: HamModel, name: string, flags: number): Entity {
  const entity = registry.entityNamed(name);
  if (entity === undefined) return registry.addEntity(name, "placeholder", flags, board.now());
  entity.flags |= flags;
  return entity;
}

/** ham_attach */
export function attach(
  model: HamModel,
  name: string,
  pid: number,
  line: string,
  flags: number,
): number {
  const { board } = model;
  if ((flags & C.HENTITYKEEPONDEATH) !== flags || !isText(line)) return -EINVAL;
  if (pid <= 0 && line === "") return -EINVAL;
  const error = joinError(model, name);
  if (error !== 0) return error;
  if (pid > 0) {
    const task = board.nameOf(pid);
    if (task === "") return -ESRCH;
    const entity = placeFor(model, name, flags);
    model.join(entity, "attached", task, pid);
    return entity.handle;
  }
  const status = board.start(name, line);
  if (status < 0) return status;
  const entity = placeFor(model, name, flags);
  entity.kind = "attached";
  entity.task = name;
  entity.isStarting = true;
  const running = board.pidOf(name);
  if (running > 0) model.join(entity, "attached", name, running);
  return entity.handle;
}

/** ham_attach_self */
export function attachSelf(
  model: HamModel,
  caller: number,
  name: string,
  period_ns: number,
  low: number,
  high: number,
  flags: number,
): number {
  if ((flags & C.HENTITYKEEPONDEATH) !== flags || low < 0 || high < 0) return -EINVAL;
  if (period_ns !== 0 && !(period_ns >= C.HAMHBEATMIN)) return -EINVAL;
  if (high !== 0 && low > high) return -EINVAL;
  const period_ms = period_ns / NANOSECONDS_IN_MS;
  const heart = period_ns === 0 ? null : createHeart(period_ms, low, high, true);
  const own = model.registry.entityNamed(name);
  if (own !== undefined && own.pid === caller && own.kind !== "declared") {
    own.kind = "self-attached";
    own.flags = flags;
    own.heart = heart;
    model.watch.begin(own, model.board.now());
    return own.handle;
  }
  const error = joinError(model, name);
  if (error !== 0) return error;
  const task = model.board.nameOf(caller);
  if (task === "") return -ESRCH;
  const entity = placeFor(model, name, flags);
  entity.heart = heart;
  model.join(entity, "self-attached", task, caller);
  return entity.handle;
}

/** Ends the watch over an entity. */
function leave(model: HamModel, entity: Entity): number {
  if (entity.kind === "global" || entity.kind === "declared") return -EINVAL;
  entity.isDetached = true;
  model.fire(entity, C.CONDDETACH);
  model.registry.removeEntity(entity);
  return 0;
}

/** ham_detach */
export function detach(model: HamModel, handle: number): number {
  const entity = model.registry.entityOf(handle);
  return typeof entity === "number" ? entity : leave(model, entity);
}

/** ham_detach_self */
export function detachSelf(model: HamModel, caller: number, handle: number): number {
  const entity = model.registry.entityOf(handle);
  if (typeof entity === "number") return entity;
  if (entity.kind !== "self-attached" || entity.pid !== caller) return -EINVAL;
  return leave(model, entity);
}

/** ham_detach_name */
export function detachName(model: HamModel, name: string): number {
  const entity = model.registry.entityNamed(name);
  return entity === undefined ? -ENOENT : leave(model, entity);
}

/** ham_entity_condition_state */
export function reportState(model: HamModel, handle: number, to: number): number {
  const entity = model.registry.entityOf(handle);
  if (typeof entity === "number") return entity;
  if (to < 0 || entity.kind === "global") return -EINVAL;
  const from = entity.state;
  if (!model.hasRoomFor(entity, C.CONDSTATE, from, to, 0)) return -EAGAIN;
  entity.state = to;
  model.fire(entity, C.CONDSTATE, from, to);
  return 0;
}

/** ham_entity_condition_raise */
export function raise(
  model: HamModel,
  handle: number,
  type: number,
  grade: number,
  severity: number,
): number {
  const entity = model.registry.entityOf(handle);
  if (typeof entity === "number") return entity;
  if (!model.hasRoomFor(entity, C.CONDRAISE, type, grade, severity)) return -EAGAIN;
  model.fire(entity, C.CONDRAISE, type, grade, severity);
  return 0;
}
