/**
 * The story that the main VM tells, on a board as in the simulator: it asks the station how it is
 * getting on, lets it finish its year, and compares every daily summary in the store with what the
 * recording says. The host starts the tasks, kills some of them, and shows what it is given here.
 *
 * The main VM never waits for a message: it sends with sendAsync and does other things meanwhile.
 */
import {
  ENOENT,
  errnoName,
  ha_attach,
  name_open,
  restartRecovery,
  sendAsync,
  uptime,
} from "reattach";
import {
  DAY,
  FINISH,
  GET,
  type Message,
  STATION,
  STATION_ANSWERED,
  STATION_DAY,
  STATION_IS_FINISHED,
  STATION_LOST,
  STATION_P50,
  STATION_P99,
  STATION_SENT,
  STATION_WRONG,
  STATION_YEARS,
  STATUS,
  STORE,
  TOTAL_DAYS,
  TOTAL_HOURS,
  TOTALS,
  createMessage,
} from "./protocol.js";
import { Readings } from "./readings.js";
import { addReading, clearSummary, SUMMARY_FIELDS } from "./summary.js";

const STATUS_EVERY_MS = 250;
/** A station that has been told to finish is asked more often. */
const FINISH_EVERY_MS = 25;

/** What the story needs of the host. */
export interface Host {
  /** A look at every task. */
  view(): readonly { readonly counters: { readonly recoveries: number; readonly saves: number } }[];
  /** Resolves after a while, without blocking. */
  wait(ms: number): Promise<void>;
  /** What the sensor reads from. */
  readonly recording: Uint8Array;
}

/** How it went. */
export interface Report {
  readonly years: number;
  readonly sent: number;
  readonly answered: number;
  readonly crashes: number;
  readonly recoveries: number;
  readonly lost: number;
  readonly wrong: number;
  /** Days, and their hours, that the store counted more than once; less than 0: not at all. */
  readonly repeated: number;
  readonly repeatedHours: number;
  /** Of a round trip. 0 where the clock has whole milliseconds only and most take less than one. */
  readonly p50_us: number;
  readonly p99_us: number;
  readonly saves: number;
}

/** MsgSend from the main VM, as a promise. */
function send(coid: number, message: Message, reply: Message): Promise<number> {
  return new Promise((resolve) => {
    const { bytes } = message;
    const error = sendAsync(coid, bytes, bytes.length, reply.bytes, reply.bytes.length, resolve);
    if (error !== 0) resolve(error);
  });
}

export class Story {
  /** Deaths of tasks; the host counts them. */
  crashes = 0;
  readonly #host: Host;
  readonly #message = createMessage();
  readonly #reply = createMessage();
  #station = -1;
  /** Of the recorded year. */
  #days = 0;
  #hours = 0;
  /** Called when the next task is ready. */
  #isReady: (() => void) | null = null;

  constructor(host: Host) {
    this.#host = host;
  }

  /** The host says that a task is ready: the services that the manifest names are attached. */
  ready(): void {
    this.#isReady?.();
    this.#isReady = null;
  }

  /** Shows a line now and then, for so long. */
  async watch(duration_ms: number, show: (text: string) => void): Promise<void> {
    const end_ms = uptime() + duration_ms;
    if (this.#station < 0) this.#station = await this.#open(STATION);
    while (uptime() < end_ms) {
      await this.#host.wait(STATUS_EVERY_MS);
      await this.#ask(STATUS);
      show(this.#status());
    }
  }

  /** Lets the station finish its year. */
  async finish(): Promise<void> {
    await this.#ask(FINISH);
    while (this.#reply.words[STATION_IS_FINISHED] !== 1) {
      await this.#host.wait(FINISH_EVERY_MS);
      await this.#ask(STATUS);
    }
  }

  /** Compares what the store has with the recording. After finish(). */
  async judge(): Promise<Report> {
    const store = await this.#open(STORE);
    const wrongDays = await this.#countWrongDays(store);
    const counted = await this.#totals(store);
    await this.#ask(STATUS);
    const { words } = this.#reply;
    return {
      years: words[STATION_YEARS]!,
      sent: words[STATION_SENT]!,
      answered: words[STATION_ANSWERED]!,
      crashes: this.crashes,
      recoveries: this.#total("recoveries"),
      lost: words[STATION_LOST]! + words[STATION_SENT]! - words[STATION_ANSWERED]!,
      wrong: words[STATION_WRONG]! + wrongDays,
      repeated: counted.days - words[STATION_YEARS]! * this.#days,
      repeatedHours: counted.hours - words[STATION_YEARS]! * this.#hours,
      p50_us: words[STATION_P50]!,
      p99_us: words[STATION_P99]!,
      saves: this.#total("saves"),
    };
  }

  /** Opens a service for the main VM, which may not wait: it goes on when a task is ready. */
  async #open(name: string): Promise<number> {
    let coid = name_open(name, 0);
    while (coid === -ENOENT) {
      await new Promise<void>((resolve) => (this.#isReady = resolve));
      coid = name_open(name, 0);
    }
    if (coid < 0) throw new Error(`${name}: name_open: ${errnoName(coid)}`);
    ha_attach(coid, restartRecovery(name), null, 0);
    return coid;
  }

  /** Asks the station; its counts are then in the reply. */
  async #ask(type: number): Promise<void> {
    this.#message.words[0] = type;
    const status = await send(this.#station, this.#message, this.#reply);
    if (status !== 0) throw new Error(`station: ${errnoName(status)}`);
  }

  /** The number of days that are not in the store as the recording has them. */
  async #countWrongDays(store: number): Promise<number> {
    const readings = new Readings(this.#host.recording);
    const expected = new Int32Array(SUMMARY_FIELDS);
    let wrong = 0;
    for (let number = 0; number < readings.count;) {
      clearSummary(expected, 0);
      do {
        readings.read(number);
        addReading(expected, 0, readings.pressure, readings.temperature, readings.wind);
      } while (!readings.endsDay(number++) && number < readings.count);
      this.#message.words[0] = GET;
      this.#message.words[DAY] = readings.day;
      const status = await send(store, this.#message, this.#reply);
      if (status !== 0 || !this.#isReply(expected)) wrong++;
      this.#days++;
    }
    this.#hours = readings.count;
    return wrong;
  }

  /** What the store has ever been given. */
  async #totals(store: number): Promise<{ days: number; hours: number }> {
    this.#message.words[0] = TOTALS;
    const status = await send(store, this.#message, this.#reply);
    if (status !== 0) throw new Error(`store: ${errnoName(status)}`);
    const { words } = this.#reply;
    return { days: words[TOTAL_DAYS]!, hours: words[TOTAL_HOURS]! };
  }

  #isReply(expected: Int32Array): boolean {
    for (let i = 0; i < SUMMARY_FIELDS; i++) {
      if (this.#reply.words[i] !== expected[i]) return false;
    }
    return true;
  }

  #status(): string {
    const { words } = this.#reply;
    return (
      `year ${words[STATION_YEARS]! + 1} day ${words[STATION_DAY]! + 1} · ` +
      `${words[STATION_ANSWERED]} answers · ${this.crashes} crashes · ` +
      `${this.#total("recoveries")} recoveries · ${words[STATION_LOST]} lost`
    );
  }

  /** Sums one counter over all tasks that were not killed themselves. */
  #total(counter: "recoveries" | "saves"): number {
    return this.#host.view().reduce((sum, { counters }) => sum + counters[counter], 0);
  }
}

/** True when nothing was lost, wrong or done twice. */
export function isGood({ lost, wrong, repeated, repeatedHours }: Report): boolean {
  return lost === 0 && wrong === 0 && repeated === 0 && repeatedHours === 0;
}

/** A report for people, with a line end after each line. */
export function describe(report: Report): string {
  const { p50_us, p99_us } = report;
  const trip = p50_us === 0 ? "p50 below 1 ms" : `p50 ${p50_us} µs`;
  const verdict = isGood(report)
    ? "Nothing was lost or counted twice, and every daily summary is right."
    : "FAILED: see lost, wrong and repeated.";
  return `The weather station went through ${report.years} year(s) of hourly readings.

  messages            ${report.sent}
  answers             ${report.answered}
  crashes             ${report.crashes}
  recoveries          ${report.recoveries}
  lost                ${report.lost}
  wrong               ${report.wrong}
  repeated            ${report.repeated} days, ${report.repeatedHours} hours
  round trip          ${trip}, p99 ${p99_us} µs
  saved by backstop   ${report.saves} sleeps

${verdict}
`;
}
