/**
 * What clients ask of entities. Each function returns what the call of that name does (api.ts);
 * nothing has changed when it is an error. Numbers are 32-bit, but for periods; all else is
 * checked here.
 */
import { EAGAIN, EINVAL, ENOENT, EPERM, ESRCH } from "../../kernel/errno.js";
import { createHeart, isText } from "../../manager/for-extensions.js";
import * as C from "../protocol/constants.js";
import {
  type Caller,
  makerError,
  managerError,
  observerError,
  reporterError,
  restarterError,
} from "./authority.js";
import { isBy } from "./makers.js";
import type { HamModel } from "./model.js";
import type { Entity } from "./tree.js";

const NANOSECONDS_IN_MS = 1_000_000;

/** ham_entity */
export function addEntity(model: HamModel, caller: Caller, name: string, flags: number): number {
  if ((flags & C.HENTITYKEEPONDEATH) !== flags) return -EINVAL;
  const error = managerError(caller) || model.registry.entityError(name);
  return error === 0 ? placeFor(model, caller, name, flags).handle : error;
}

/** ham_entity_handle */
export function entityHandle(model: HamModel, caller: Caller, name: string): number {
  return observerError(caller) || (model.registry.entityNamed(name)?.handle ?? -ENOENT);
}

/** 0 when a task may join under this name: it is new, or that of a placeholder. */
function joinError({ registry }: HamModel, name: string): number {
  const isPlaceholder = registry.entityNamed(name)?.kind === "placeholder";
  return isPlaceholder ? 0 : registry.entityError(name);
}

/** The placeholder with this name, or a new one; it is the caller's from now on. */
function placeFor(
  { registry, control }: HamModel,
  { pid }: Caller,
  name: string,
  flags: number,
): Entity {
  const entity = registry.entityNamed(name);
  if (entity === undefined) {
    return registry.addEntity(name, "placeholder", flags, pid, control.now());
  }
  entity.flags |= flags;
  entity.maker = pid;
  return entity;
}

/** ham_attach */
export function attach(
  model: HamModel,
  caller: Caller,
  name: string,
  pid: number,
  line: string,
  flags: number,
): number {
  const { control } = model;
  if ((flags & C.HENTITYKEEPONDEATH) !== flags || !isText(line)) return -EINVAL;
  if (pid <= 0 && line === "") return -EINVAL;
  const task = pid > 0 ? control.nameOf(pid) : "";
  const authority = pid > 0 ? restarterError(caller, task) : managerError(caller);
  const error = authority || joinError(model, name);
  if (error !== 0) return error;
  if (pid > 0) {
    if (task === "") return -ESRCH;
    const entity = placeFor(model, caller, name, flags);
    model.join(entity, "attached", task, pid);
    return entity.handle;
  }
  const status = control.start(name, line);
  if (status < 0) return status;
  const entity = placeFor(model, caller, name, flags);
  entity.kind = "attached";
  entity.task = name;
  entity.isStarting = true;
  const running = control.pidOf(name);
  if (running > 0) model.join(entity, "attached", name, running);
  return entity.handle;
}

/** ham_attach_self */
export function attachSelf(
  model: HamModel,
  caller: Caller,
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
  if (own !== undefined && own.pid === caller.pid && own.kind !== "declared") {
    own.kind = "self-attached";
    own.flags = flags;
    own.maker = caller.pid;
    model.watch(own, heart);
    return own.handle;
  }
  const error = joinError(model, name) || secondError(model, caller, name);
  if (error !== 0) return error;
  if (caller.task === "") return -ESRCH;
  const entity = placeFor(model, caller, name, flags);
  model.join(entity, "self-attached", caller.task, caller.pid);
  model.watch(entity, heart);
  return entity.handle;
}

/** -EPERM: it stands there already, and who cannot manage has one name. */
function secondError({ registry }: HamModel, caller: Caller, name: string): number {
  if (caller.abilities.mayManage) return 0;
  const hasOther = registry.entities.some(
    (entity) =>
      entity.name !== name &&
      (entity.kind === "self-attached" || entity.kind === "placeholder") &&
      isBy(caller, entity),
  );
  return hasOther ? -EPERM : 0;
}

/** Ends the watch over an entity that has not attached itself. */
function leave(model: HamModel, caller: Caller, entity: Entity): number {
  const { kind } = entity;
  const error = makerError(caller, entity);
  if (error !== 0) return error;
  if (kind === "global" || kind === "declared" || kind === "self-attached") return -EINVAL;
  model.detach(entity);
  return 0;
}

/** ham_detach */
export function detach(model: HamModel, caller: Caller, handle: number): number {
  const entity = model.registry.entityOf(handle);
  return typeof entity === "number" ? entity : leave(model, caller, entity);
}

/** ham_detach_self */
export function detachSelf(model: HamModel, caller: Caller, handle: number): number {
  const entity = model.registry.entityOf(handle);
  if (typeof entity === "number") return entity;
  if (entity.kind !== "self-attached" || entity.pid !== caller.pid) return -EINVAL;
  model.detach(entity);
  return 0;
}

/** ham_detach_name */
export function detachName(model: HamModel, caller: Caller, name: string): number {
  const entity = model.registry.entityNamed(name);
  return entity === undefined ? managerError(caller) || -ENOENT : leave(model, caller, entity);
}

/** ham_entity_condition_state */
export function reportState(model: HamModel, caller: Caller, handle: number, to: number): number {
  const entity = model.registry.entityOf(handle);
  if (typeof entity === "number") return entity;
  const error = reporterError(caller, entity);
  if (error !== 0) return error;
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
  caller: Caller,
  handle: number,
  type: number,
  grade: number,
  severity: number,
): number {
  const entity = model.registry.entityOf(handle);
  if (typeof entity === "number") return entity;
  const error = reporterError(caller, entity);
  if (error !== 0) return error;
  if (!model.hasRoomFor(entity, C.CONDRAISE, type, grade, severity)) return -EAGAIN;
  model.fire(entity, C.CONDRAISE, type, grade, severity);
  return 0;
}
