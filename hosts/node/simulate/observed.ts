/**
 * An application in a simulation as its checks see it.
 */
import type { TaskStatus } from "../../../src/manager/status.js";
import { stableOf } from "../../../src/kernel/stable.js";
import type { Members, Service } from "../../../src/service/index.js";
import type { Answer, CallName, Death, Line, Request, Rested } from "../checks/checks.js";
import { keep, taskIndex } from "../checks/observing.js";
import { callService } from "../checks/service-call.js";
import { BY_FAULTS } from "../faults/kinds.js";
import { Strikes } from "../faults/strikes.js";
import type { SimulatedHardware } from "../hardware/hardware.js";
import { UsageError } from "../input-error.js";
import type { AppManifest } from "../manifest/read.js";
import type { Simulation } from "./main/simulation.js";
import { virtualStage } from "./stage.js";

/** How often a call looks whether its service is there, in virtual time. */
const PAUSE_MS = 5;

export class ObservedSimulation implements Rested {
  readonly log: Line[] = [];
  readonly deaths: Death[] = [];
  readonly simulation: Simulation;
  readonly #manifest: AppManifest;
  /** What faults do to it. */
  readonly strikes: Strikes;
  /** Tasks that an order has struck, and that have not died of it yet. */
  readonly #struck = new Set<string>();

  constructor(simulation: Simulation, manifest: AppManifest) {
    this.simulation = simulation;
    this.strikes = new Strikes(virtualStage(simulation));
    this.#manifest = manifest;
    simulation.on("log", (line) => keep(this.log, line));
    simulation.on("order", (_order, name, by) => {
      if (by === BY_FAULTS) this.#struck.add(name);
    });
    simulation.on("reboot", () => this.#struck.clear());
    simulation.on("death", ({ name, pid, cause, text }) => {
      const isInjected = this.#struck.delete(name) || this.strikes.hasStruck(name, pid);
      keep(this.deaths, { at_ms: simulation.now_ms, name, pid, cause, text, isInjected });
    });
  }

  get now_ms(): number {
    return this.simulation.now_ms;
  }

  get tasks(): readonly TaskStatus[] {
    return this.simulation.system.ps();
  }

  task(name: string): TaskStatus {
    return this.tasks[this.#indexOf(name)]!;
  }

  stable(name: string): DataView {
    this.simulation.system.use();
    // The main VM has the first place. Nobody else runs, so nobody commits meanwhile.
    const bytes = stableOf(this.#indexOf(name) + 1)!;
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get hardware(): SimulatedHardware {
    const { hardware } = this.simulation;
    if (hardware !== null) return hardware;
    throw new UsageError("hardware: the manifest describes no board: docs/hardware.md");
  }

  call<M extends Members, N extends CallName<M>>(
    service: Service<M>,
    name: N,
    request?: Request<M, N>,
  ): Promise<Answer<M, N>> {
    const { simulation } = this;
    const caller = {
      use: () => simulation.system.use(),
      pause: () => simulation.advance(PAUSE_MS),
    };
    return simulation.settled(callService(caller, service, name, request));
  }

  #indexOf(name: string): number {
    return taskIndex(this.#manifest, name);
  }
}
