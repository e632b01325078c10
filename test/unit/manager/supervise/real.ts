/**
 * The manager's clients on real kernel messages, in one thread: while a client's send waits, it
 * looks at its clock, and then the main VM gets its turn.
 */
import { createVitals } from "../../../../src/kernel/inspect/vitals.js";
import { openManagerChannel } from "../../../../src/kernel/channel/channel.js";
import type { Limits } from "../../../../src/arena/limits.js";
import { use, type Vm } from "../../../../src/arena/vm.js";
import { ManagerClient } from "../../../../src/ham/client.js";
import { HamServer } from "../../../../src/ham/server.js";
import { as, Bench, portOf } from "../../kernel/vms.js";
import { Stage } from "../../ham/fake-task-control.js";

export class RealStage extends Stage {
  readonly bench: Bench;
  readonly server: HamServer;
  /** Does the main VM get its turns? */
  isPolling = true;
  #places = 0;

  constructor(limits: Partial<Limits> = {}) {
    super();
    this.bench = new Bench(limits);
    const { main } = this.bench;
    this.server = as(main, () => new HamServer(this.model, openManagerChannel()));
    const call = (request: Uint8Array, bytes: number): number =>
      this.server.handle(main.pid, request, bytes);
    portOf(main).manager = { serviceLost() {}, startService: () => 0, call };
  }

  /** A task that may block, on the arena and on the board, where it has the same pid. */
  client(name: string): Vm {
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
