/**
 * A running system on a device: the arena, the main VM and one worker for each declared task.
 *
 * What it does is SystemFacade, which it shares with the simulator. This adds listeners.
 */
import Timer from "timer";
import * as L from "../../src/arena/layout.js";
import { Listeners } from "../../src/manager/listeners.js";
import { type BoardEvents, SystemFacade } from "../../src/manager/system.js";
import { application } from "./application.js";
import { DeviceBoardPort } from "./board-port.js";

export type { TaskView } from "../../src/manager/system.js";

/**
 * The events of a system. "reboot" comes soon after boot(): why Reattach restarted the board the
 * last time. It is also in the log.
 */
export type SystemEvents = BoardEvents;

/** A system that has been booted. */
export class System extends SystemFacade {
  readonly #listeners: Listeners<SystemEvents>;

  /** Use boot(). */
  constructor() {
    const port = new DeviceBoardPort();
    super(port, application);
    this.#listeners = new Listeners((error) => port.report(error));
    const reason = this.bootReason;
    if (reason === "") return;
    trace(`reattach: the board was restarted: ${reason}\n`);
    Timer.set(() => this.tell("reboot", reason));
  }

  /** Calls `listener` whenever the event happens, from the main VM's timer. */
  on<Name extends keyof SystemEvents>(
    event: Name,
    listener: (...values: SystemEvents[Name]) => void,
  ): void {
    this.#listeners.add(event, listener);
  }

  /** Takes back an on(). */
  off<Name extends keyof SystemEvents>(
    event: Name,
    listener: (...values: SystemEvents[Name]) => void,
  ): void {
    this.#listeners.remove(event, listener);
  }

  protected override tell<Name extends keyof SystemEvents>(
    event: Name,
    ...values: SystemEvents[Name]
  ): void {
    this.#listeners.tell(event, ...values);
  }
}

/**
 * Boots the system that the application's manifest declares in `config.reattach`. Once, in the main
 * VM, before anything else of "reattach" is called. The tasks do not run yet: system.start().
 * Throws in a task.
 */
export function boot(): System {
  if (isTask()) throw new Error("boot() is for the main VM: this is a task");
  return new System();
}

/** Is this the VM of a task, or of one that stands by to be one? */
function isTask(): boolean {
  return globalThis.$spareAt !== undefined || (globalThis.$me !== undefined && $me !== L.TASKS_AT);
}
