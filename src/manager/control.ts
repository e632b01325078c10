/**
 * TaskControl on a real board: what an extension asks about tasks and has done to them.
 */
import { ConnectAttach, ConnectDetach } from "../kernel/connection/connect-attach.js";
import { _NTO_SIDE_CHANNEL } from "../kernel/connection/connection.js";
import { EAGAIN, EEXIST, EINVAL, ENOENT, ESRCH, LOST } from "../kernel/errno.js";
import { isRegistered } from "../kernel/name/name.js";
import { sendPulse } from "../kernel/pulse/pulse.js";
import { MAIN_PID } from "../kernel/task/task.js";
import { type Abilities, ALL_ABILITIES, NO_ABILITIES } from "./abilities.js";
import type { Ending } from "./extension.js";
import type { Heart } from "./monitor/heartbeat.js";
import type { Monitor } from "./monitor/monitor.js";
import type { TaskHearts } from "./monitor/task-hearts.js";
import { extraSpec } from "./supervise/managed-task.js";
import type { Supervisor } from "./supervise/supervisor.js";
import type { TaskControl } from "./task-control.js";
import type { TaskHost } from "./task-host.js";

/** What a control works on. */
export interface ControlParts {
  readonly host: TaskHost;
  readonly supervisor: Supervisor;
  readonly monitor: Monitor;
  readonly hearts: TaskHearts;
  /** The manager is to end its watch. */
  stop(): void;
}

/** Who orders what an extension has done, for those who watch. */
const HAM = "ham";

export class SupervisorControl implements TaskControl {
  readonly monitor: Monitor;
  readonly #parts: ControlParts;

  constructor(parts: ControlParts) {
    this.monitor = parts.monitor;
    this.#parts = parts;
  }

  now(): number {
    return this.#parts.host.now();
  }

  log(text: string): void {
    this.#parts.host.log(text);
  }

  pidOf(task: string): number {
    return this.#parts.supervisor.lookUp(task)?.pid ?? 0;
  }

  nameOf(pid: number): string {
    return this.#parts.supervisor.byPid(pid)?.name ?? "";
  }

  abilitiesOf(pid: number): Abilities {
    if (pid === MAIN_PID) return ALL_ABILITIES;
    return this.#parts.supervisor.byPid(pid)?.spec.abilities ?? NO_ABILITIES;
  }

  isRestartedAfter(task: string, ending: Ending): boolean {
    const known = this.#parts.supervisor.lookUp(task);
    if (known === null || known.isExtra || ending === "stopped") return false;
    const { when } = known.spec.restart;
    return when === "always" || (when === "crash" && ending === "abnormal");
  }

  isDeclared(task: string, line: string): boolean {
    const known = this.#parts.supervisor.lookUp(task);
    if (known === null || known.isExtra) return false;
    return line === "" || line === known.declared.module;
  }

  heartOf(task: string): Heart | null {
    return this.#parts.hearts.of(task);
  }

  start(name: string, line: string): number {
    const { supervisor, host } = this.#parts;
    const known = supervisor.lookUp(name);
    if (known !== null && (known.isUp || known.isWanted)) return -EEXIST;
    let task = known;
    if (line !== "") {
      const blank = line.indexOf(" ");
      const module = blank < 0 ? line : line.slice(0, blank);
      let args: unknown;
      try {
        args = blank < 0 ? undefined : JSON.parse(line.slice(blank + 1));
      } catch {
        return -EINVAL;
      }
      if (!host.hasModule(module)) return -ENOENT;
      if (task === null) task = supervisor.add(extraSpec(name, module, args));
      else task.spec = { ...task.spec, module, args };
      if (task === null) return -EAGAIN;
    }
    if (task === null) return -EINVAL;
    supervisor.announceOrder("start", task, HAM);
    supervisor.revive(task);
    return 0;
  }

  end(pid: number, isForced: boolean): number {
    const { supervisor } = this.#parts;
    const task = supervisor.byPid(pid);
    if (task === null) return -ESRCH;
    supervisor.announceOrder(isForced ? "kill" : "stop", task, HAM);
    if (isForced) void supervisor.kill(task);
    else supervisor.terminate(task);
    return 0;
  }

  isRegistered(service: string): boolean {
    return isRegistered(service);
  }

  sendPulse(nd: number, pid: number, chid: number, code: number, value: number): number {
    const coid = ConnectAttach(nd, pid, chid, _NTO_SIDE_CHANNEL, 0);
    if (coid < 0) return coid;
    const status = sendPulse(coid, -1, code, value);
    ConnectDetach(coid);
    return status < -LOST ? status + LOST : status;
  }

  stop(): void {
    this.#parts.stop();
  }
}
