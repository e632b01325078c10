/**
 * The manager's clients on real kernel messages, in one thread: while a client's send waits, it
 * looks at its clock, and then the main VM gets its turn.
 */
import { createVitals } from "../../../../src/kernel/inspect/vitals.js";
import { openManagerChannel } from "../../../../src/kernel/channel/channel.js";
import type { Limits } from "../../../../src/arena/limits.js";
import { use, type Vm } from "../../../../src/arena/vm.js";
import { ManagerClient } from "../../../../src/manager/client.js";
import { ManagerServer } from "../../../../src/manager/server.js";
import { type Abilities, ALL_ABILITIES } from "../../../../src/manager/abilities.js";
import { ENOENT, EOK } from "../../../../src/kernel/errno.js";
import { as, Bench, portOf } from "../../kernel/vms.js";
import { Stage } from "../../ham/fake-task-control.js";

export class RealStage extends Stage {
  readonly bench: Bench;
  readonly server: ManagerServer;
  /** Does the main VM get its turns? */
  isPolling = true;
  #places = 0;

  constructor(limits: Partial<Limits> = {}) {
    super();
    this.bench = new Bench(limits);
    const { main } = this.bench;
    const target = {
      startService: (service: string): number => (service === "known" ? EOK : -ENOENT),
      perform: this.model.perform.bind(this.model),
    };
    this.server = as(main, () => new ManagerServer(target, openManagerChannel()));
    const call = (request: Uint8Array, bytes: number): number =>
      this.server.handle(main.pid, request, bytes);
    portOf(main).manager = { serviceLost() {}, startService: () => 0, call };
  }

  /**
   * A task that may block, on the arena and on the board, where it has the same pid. It may do
   * everything, unless it is said what.
   */
  client(name: string, abilities: Abilities = ALL_ABILITIES): Vm {
    this.board.abilities.set(name, abilities);
    const vm = this.bench.start(++this.#places, 10, true);
    const port = portOf(vm);
    port.manager = new ManagerClient();
    const now = port.now.bind(port);
    port.now = () => {
      if (this.isPolling) this.#poll(vm);
      return now();
    };
    const task = { ...createVitals(), pid: vm.pid };
    this.board.tasks.set(name, task);
    this.model.started(name, vm.pid);
    this.model.ready(name, vm.pid);
    return vm;
  }

  #poll(vm: Vm): void {
    this.isPolling = false;
    use(this.bench.main);
    this.server.poll();
    use(vm);
    this.isPolling = true;
  }
}
