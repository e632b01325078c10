/**
 * Who may do what: the abilities of a task's manifest, and what belongs to whom. Pure questions;
 * 0 or -EPERM. QNX asks whether a process is root's; here each task has the abilities it needs.
 *
 * Every task may attach itself and say how it is. One that may observe can look at all entities and
 * be told of what happens to them, by a pulse to itself or a line in the log. One that may restart
 * a task can end it and start it again, as its manifest declares it. All else is to manage.
 */
import { EPERM } from "../../kernel/errno.js";
import { MAIN_PID } from "../../kernel/task/task.js";
import type { Abilities } from "../../manager/abilities.js";
import type { TaskControl } from "../../manager/task-control.js";
import type { Condition, ActionSpec, Entity } from "./tree.js";

/** Who asks. */
export interface Caller {
  readonly pid: number;
  /** Name of its task; "" for the main VM, and when it has gone meanwhile. */
  readonly task: string;
  readonly abilities: Abilities;
}

/** The sender of a request, by its pid. Allocates. */
export function callerOf(control: TaskControl, pid: number): Caller {
  const task = pid === MAIN_PID ? "" : control.nameOf(pid);
  return { pid, task, abilities: control.abilitiesOf(pid) };
}

const errorUnless = (may: boolean): number => (may ? 0 : -EPERM);

/** May it do everything? */
export const managerError = ({ abilities }: Caller): number => errorUnless(abilities.mayManage);

/** May it look at everything? */
export const observerError = ({ abilities }: Caller): number =>
  errorUnless(abilities.mayObserve || abilities.mayManage);

function mayRestart({ abilities }: Caller, task: string): boolean {
  return abilities.mayManage || (task !== "" && abilities.mayRestart.includes(task));
}

/** May it end and start this task? */
export const restarterError = (caller: Caller, task: string): number =>
  errorUnless(mayRestart(caller, task));

/** Has it made this, or may it manage? */
export const makerError = (caller: Caller, { maker }: { readonly maker: number }): number =>
  errorUnless(maker === caller.pid || caller.abilities.mayManage);

/** Is this entity the caller's own task? */
export function isOwn({ pid }: Caller, entity: Entity): boolean {
  return entity.pid === pid;
}

/** May it say how this entity is? */
export const reporterError = (caller: Caller, entity: Entity): number =>
  isOwn(caller, entity) ? 0 : makerError(caller, entity);

/** May it put a condition under this entity? */
export const conditionError = (caller: Caller, entity: Entity): number =>
  isOwn(caller, entity) ? 0 : observerError(caller);

/** May it have this done when the condition fires? */
export function specAuthorityError(
  control: TaskControl,
  caller: Caller,
  { entity, maker }: Condition,
  name: string,
  spec: ActionSpec,
): number {
  if (caller.abilities.mayManage) return 0;
  if (maker !== caller.pid) return -EPERM;
  switch (spec.kind) {
    case "log":
      return 0;
    case "notify_pulse":
      return errorUnless(spec.pid === caller.pid);
    case "notify_signal":
      return restarterError(caller, control.nameOf(spec.pid));
    case "heartbeat_healthy":
      return errorUnless(isOwn(caller, entity) || mayRestart(caller, entity.task));
    case "waitfor":
      return restarterError(caller, entity.task);
    case "restart":
      return errorUnless(
        mayRestart(caller, entity.task) && control.isDeclared(entity.task, spec.line),
      );
    case "execute":
      return errorUnless(mayRestart(caller, name) && control.isDeclared(name, spec.line));
  }
}
