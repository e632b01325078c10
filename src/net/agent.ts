/**
 * Agents: tasks of the arena without a VM of their own. The main VM acts for them, so that a task
 * of another board has what one of this board has: a pid, connections, one message outstanding, a
 * priority, and a death.
 */
import { createVm, use, type Vm } from "../arena/vm.js";
import type { HostPort } from "../host.js";
import { reportDeath } from "../kernel/death/death.js";
import * as L from "../arena/layout.js";
import { claimTask, PRIORITY_MIN } from "../kernel/task/task.js";

export class Agent {
  readonly vm: Vm;
  readonly #main: Vm;

  /** Use claimAgent(). */
  constructor(vm: Vm, main: Vm) {
    this.vm = vm;
    this.#main = main;
  }

  /** Does something as this agent: calls of the kernel are its own. They must not block. */
  act<Result>(act: () => Result): Result {
    use(this.vm);
    try {
      return act();
    } finally {
      use(this.#main);
    }
  }

  /** Messages and pulses that it sends from now on have this priority. */
  set priority(priority: number) {
    const { own } = this.vm;
    own[L.TASK_PRIORITY] = priority;
    own[L.TASK_BASE_PRIORITY] = (own[L.TASK_BASE_PRIORITY]! & ~L.BASE_PRIORITY_MASK) | priority;
  }

  /** It dies: what it held is freed, and its servers learn of it. */
  die(): void {
    use(this.#main);
    reportDeath(this.vm.pid);
  }
}

/** Who listens to the doorbells of agents. */
export interface AgentListener {
  claimed(agent: Agent): void;
  died(agent: Agent): void;
}

/** How many agents the arena of this main VM has places for. */
export function agentPlaces({ words }: Vm): number {
  return words[L.HEAD_PLACES]! - 1 - words[L.HEAD_TASKS]!;
}

/**
 * The agent at a place, from 0 on; null while the one before it is not gone: a server is just
 * writing its answer.
 */
export function claimAgent(main: Vm, place: number): Agent | null {
  return claimPlace(main, main.words[L.HEAD_TASKS]! + 1 + place);
}

/** The agent at any place, also one of a task that has no thread. Null as claimAgent. */
export function claimPlace(main: Vm, place: number): Agent | null {
  use(main);
  const pid = claimTask(place, PRIORITY_MIN);
  if (pid < 0) return null;
  return new Agent(createVm(main.words, portOf(main), pid), main);
}

/** The common case of messages is made for one VM a thread; agents take the general one. */
function portOf({ port }: Vm): HostPort {
  return port.createMessages === undefined
    ? port
    : (Object.create(port, { createMessages: { value: undefined } }) as HostPort);
}
