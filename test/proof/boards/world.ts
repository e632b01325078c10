/**
 * Boards, their network, and all that happens to them, from one seed.
 */
import { seededRandom } from "../../../src/manager/supervise/random.js";
import { Board, CLIENTS, type DeathPoint } from "./board.js";
import { type Memory, Network, type Weather } from "./network.js";
import { Oracle } from "./oracle.js";

const STEP_MS = 5;
/** Who asks whom: each board has clients of the next ones. */
const BOARDS: Readonly<Record<string, readonly string[]>> = {
  attic: ["cellar"],
  cellar: ["attic", "shed"],
  shed: ["cellar", "attic"],
};
const WEATHERS: readonly Weather[] = [
  { delayMax_ms: 2, loss: 0, twice: 0 },
  { delayMax_ms: 40, loss: 0.05, twice: 0.05 },
  { delayMax_ms: 400, loss: 0.2, twice: 0.2 },
];
const MEMORIES: readonly Memory[] = ["all", "none", "old"];
const POINTS: readonly DeathPoint[] = ["before", "committed", "answered"];

/** Mean milliseconds between two of each. */
export interface Rates {
  readonly kill_ms: number;
  readonly power_ms: number;
  readonly broker_ms: number;
  readonly cut_ms: number;
  readonly weather_ms: number;
}

export const RATES: Rates = {
  kill_ms: 700,
  power_ms: 9_000,
  broker_ms: 13_000,
  cut_ms: 11_000,
  weather_ms: 7_000,
};

export class World {
  readonly oracle = new Oracle();
  readonly network: Network;
  readonly boards = new Map<string, Board>();
  kills = 0;
  powerCycles = 0;
  brokerRestarts = 0;
  cuts = 0;
  readonly #random: () => number;
  #clients = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.network = new Network(this.#random);
    for (const name of Object.keys(BOARDS)) this.#boot(name);
  }

  #boot(name: string): void {
    const board = new Board(name, BOARDS[name]!, this.network, this.oracle, this.#clients);
    this.#clients += CLIENTS;
    this.boards.set(name, board);
  }

  #powerCycle(board: Board): void {
    this.powerCycles++;
    board.cut();
    for (const { id } of board.clients) this.oracle.forget(id);
    this.#boot(board.name);
  }

  /** One step in a hundred that last a second has one that comes each second. */
  #comes(mean_ms: number): boolean {
    return this.#random() < STEP_MS / mean_ms;
  }

  #pick<T>(all: readonly T[]): T {
    return all[Math.floor(this.#random() * all.length)]!;
  }

  #strike(rates: Rates): void {
    const boards = [...this.boards.values()];
    if (this.#comes(rates.kill_ms)) {
      this.kills++;
      const { server } = this.#pick(boards);
      if (this.#random() < 0.2) server?.kill();
      else if (server !== null) server.deathPoint = this.#pick(POINTS);
    }
    if (this.#comes(rates.power_ms)) this.#powerCycle(this.#pick(boards));
    if (this.#comes(rates.broker_ms)) {
      this.brokerRestarts++;
      this.network.restartBroker(this.#random() * 6_000, this.#pick(MEMORIES));
    }
    if (this.#comes(rates.cut_ms)) {
      this.cuts++;
      this.network.cut(this.#pick(boards).name, this.#random() * 8_000);
    }
    if (this.#comes(rates.weather_ms)) this.network.weather = this.#pick(WEATHERS);
  }

  /** So much time passes; `rates` null: and nothing happens. */
  run(ms: number, rates: Rates | null): void {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      if (rates !== null) this.#strike(rates);
      this.network.advance(STEP_MS);
      for (const board of this.boards.values()) board.poll();
    }
  }

  /** No faults for a while: then all that was asked has been answered, again and again. */
  rest(): void {
    this.network.weather = WEATHERS[0]!;
    this.run(30_000, null);
    const before = this.oracle.answers;
    this.run(1_000, null);
    if (this.oracle.answers - before < 10) {
      const rest = this.oracle.answers - before;
      this.oracle.problem(`lost: at rest there are ${rest} answers in a second`);
    }
  }
}
