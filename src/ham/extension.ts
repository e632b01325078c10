/**
 * QNX's model as an extension of the manager: what a host hands to it.
 */
import { EBADF } from "../kernel/errno.js";
import type { ManagerExtension } from "../manager/extension.js";
import type { Request } from "../manager/request.js";
import type { HamDirectory } from "../manager/status.js";
import type { TaskControl } from "../manager/task-control.js";
import { perform } from "./handlers.js";
import { callerOf } from "./model/authority.js";
import { HamModel } from "./model/model.js";
import { procTree } from "./model/proc.js";

/** The model, as the manager sees it. */
export class Ham extends HamModel implements ManagerExtension {
  perform(caller: number, request: Request): number {
    return this.isStopped ? -EBADF : perform(this, callerOf(this.control, caller), request);
  }

  tree(): HamDirectory {
    return procTree(this);
  }
}

/** An ExtensionFactory. */
export function createHam(
  control: TaskControl,
  tasks: readonly { readonly name: string }[],
): ManagerExtension {
  return new Ham(control, tasks);
}
