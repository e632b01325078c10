/**
 * Measures a fleet: many boards at one broker, each with a service, and a client of another one's.
 * They connect, call, lose their broker, and lose many of them at once.
 */
import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { BOARDS_EACH, Crowds, type FleetState } from "./crowds.js";
import { FleetError } from "./fleet-error.js";
import { Mosquitto } from "./mosquitto.js";
import { forget, greet } from "./visit.js";

const SIGNALS = ["SIGINT", "SIGTERM"];
const LOOK_MS = 20;
/** Longer than any of it lasts on a busy machine; then something is wrong. */
const PATIENCE_MS = 300_000;
/** With so few there is one process: nobody is left who would learn of its end. */
const BOARDS_FOR_WILLS = BOARDS_EACH;

export interface FleetOptions {
  readonly boards: number;
  /** How often each board makes a call, in milliseconds. */
  readonly period_ms: number;
  /** How long calls are measured. */
  readonly measure_ms: number;
  /** The broker to use; null: a mosquitto of its own, which is restarted, too. */
  readonly broker: string | null;
  readonly prefix: string;
}

/** How long it took until so many boards had got there, in milliseconds. */
export interface Spread {
  readonly half_ms: number;
  readonly most_ms: number;
  readonly all_ms: number;
}

/** What a fleet came to. */
export interface FleetFigures {
  readonly boards: number;
  /** From the first connection to so many boards with an answer from another one. */
  readonly connect: Spread;
  /** Calls a second of all boards, and how long they took, in milliseconds. */
  readonly calls: {
    readonly perSecond: number;
    readonly p50_ms: number;
    readonly p99_ms: number;
    readonly max_ms: number;
    readonly failed: number;
  };
  /** Of a processor, while calls were measured; of the broker null where that is not ours. */
  readonly boardsCpu: number;
  readonly brokerCpu: number | null;
  /** Resident memory for each board, in bytes. */
  readonly boardBytes: number;
  readonly brokerBytes: number | null;
  /** From the start of a broker that knows nothing any more to an answer. */
  readonly restart: Spread | null;
  /** A process with boards is ended: until all that use one of them know. Null with one process. */
  readonly wills: {
    readonly boards: number;
    readonly users: number;
    readonly spread: Spread;
  } | null;
}

export class Fleet {
  readonly #options: FleetOptions;
  readonly #say: (text: string) => void;
  readonly #crowds: Crowds;
  readonly #mosquitto: Mosquitto | null;
  readonly #ended = new AbortController();

  private constructor(
    options: FleetOptions,
    mosquitto: Mosquitto | null,
    say: (text: string) => void,
  ) {
    this.#options = options;
    this.#say = say;
    this.#mosquitto = mosquitto;
    this.#crowds = new Crowds(options.boards);
  }

  /**
   * Measures one. `say` is told what is done. Rejects with a UsageError without a mosquitto, and
   * with a FleetError for a broker that is not there, when it is ended by a signal, or never ends.
   * No process of it is left.
   */
  static async measure(options: FleetOptions, say: (text: string) => void): Promise<FleetFigures> {
    if (options.broker !== null) await greet(options.broker);
    const mosquitto = options.broker === null ? await Mosquitto.start() : null;
    const fleet = new Fleet(options, mosquitto, say);
    const stop = (): void => fleet.#ended.abort();
    for (const name of SIGNALS) process.on(name, stop);
    try {
      return await fleet.#measure(mosquitto?.url ?? options.broker!);
    } catch (error) {
      throw fleet.#ended.signal.aborted ? new FleetError("ended by a signal") : error;
    } finally {
      for (const name of SIGNALS) process.off(name, stop);
      await fleet.#crowds.close();
      if (options.broker !== null) await fleet.#forget(options.broker);
      await mosquitto?.remove();
    }
  }

  async #forget(broker: string): Promise<void> {
    const { prefix } = this.#options;
    await forget(broker, prefix, this.#crowds.names).catch((error: Error) => {
      this.#say(`the broker may keep statuses below ${prefix}: ${error.message}`);
    });
  }

  async #measure(broker: string): Promise<FleetFigures> {
    const { boards, prefix, period_ms } = this.#options;
    const crowds = this.#crowds;
    crowds.make(broker, prefix, period_ms);
    await this.#until(() => crowds.isReady, "the boards are made");
    const emptyBroker = this.#mosquitto?.use() ?? null;
    this.#say(`${boards} boards connect`);
    crowds.connect();
    const connect = await this.#spread(boards, ({ done }) => done);
    const measured = await this.#calls();
    const { boardsRss } = crowds.state();
    const fullBroker = this.#mosquitto?.use() ?? null;
    const brokerBytes =
      emptyBroker && fullBroker && Math.round((fullBroker.rss - emptyBroker.rss) / boards);
    return {
      boards,
      connect,
      ...measured,
      boardBytes: Math.round(boardsRss / boards),
      brokerBytes,
      restart: await this.#restart(),
      wills: await this.#wills(),
    };
  }

  async #calls(): Promise<Pick<FleetFigures, "calls" | "boardsCpu" | "brokerCpu">> {
    const { measure_ms } = this.#options;
    this.#say(`their calls are measured for ${measure_ms / 1e3} s`);
    const times: number[] = [];
    const before = this.#crowds.state();
    const brokerBefore = this.#mosquitto?.use() ?? null;
    const begin = performance.now();
    this.#crowds.timed = (some) => void times.push(...some);
    await this.#pause(measure_ms);
    this.#crowds.timed = () => undefined;
    const ms = performance.now() - begin;
    const after = this.#crowds.state();
    const brokerAfter = this.#mosquitto?.use() ?? null;
    times.sort((a, b) => a - b);
    const at = (part: number): number => times[Math.floor(part * (times.length - 1))] ?? NaN;
    return {
      calls: {
        perSecond: (times.length / ms) * 1e3,
        p50_ms: at(0.5),
        p99_ms: at(0.99),
        max_ms: at(1),
        failed: after.failed - before.failed,
      },
      boardsCpu: (after.cpu_ms - before.cpu_ms) / ms,
      brokerCpu: brokerBefore && brokerAfter && (brokerAfter.cpu_ms - brokerBefore.cpu_ms) / ms,
    };
  }

  async #restart(): Promise<Spread | null> {
    const mosquitto = this.#mosquitto;
    if (mosquitto === null) return null;
    this.#say("the broker is ended with -9, and started again with nothing kept");
    await mosquitto.kill();
    await this.#until(({ connected }) => connected === 0, "all boards have lost the broker");
    await mosquitto.start();
    this.#crowds.mark();
    return this.#spread(this.#options.boards, ({ done }) => done);
  }

  async #wills(): Promise<FleetFigures["wills"]> {
    if (this.#options.boards <= BOARDS_FOR_WILLS) return null;
    const { boards, users } = await this.#crowds.killFirst();
    this.#say(`${boards} boards are ended with -9`);
    return { boards, users, spread: await this.#spread(users, ({ peersGone }) => peersGone) };
  }

  /** When half, 99 in 100 and all of `count` boards are there. */
  async #spread(count: number, of: (state: FleetState) => number): Promise<Spread> {
    const begin = performance.now();
    const when = async (part: number): Promise<number> => {
      const wanted = Math.ceil(count * part);
      await this.#until((state) => of(state) >= wanted, `${wanted} of ${count} boards are there`);
      return performance.now() - begin;
    };
    return { half_ms: await when(0.5), most_ms: await when(0.99), all_ms: await when(1) };
  }

  async #until(isSo: (state: FleetState) => boolean, what: string): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while (!isSo(this.#crowds.state())) {
      if (performance.now() > end) throw new FleetError(`it never came to this: ${what}`);
      await this.#pause(LOOK_MS);
    }
  }

  /** Rejects at once when the fleet is ended. */
  #pause(ms: number): Promise<void> {
    return delay(ms, undefined, { signal: this.#ended.signal });
  }
}
