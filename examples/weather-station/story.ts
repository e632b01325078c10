/**
 * The story that the main VM tells, on a board as in the simulator: it asks the station how it is
 * getting on, lets it finish its year, and compares every daily summary in the store with what the
 * recording says. The host starts the tasks, kills some of them, and shows what it is given here.
 *
 * The main VM never waits for a message: it sends with sendAsync and does other things meanwhile.
 */
import { EAGAIN, EOK, errnoName, uptime } from "reattach";
import { open } from "reattach/service";
import { Readings } from "./readings.js";
import { Station, Store } from "./services.js";
import { addReading, createSummary, isSameSummary } from "./summary.js";

const STATUS_EVERY_MS = 250;
/** A station that has been told to finish is asked more often; so is one that is not there yet. */
const SOON_MS = 25;

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

/** The host makes it when it has booted. */
export class Story {
  /** Deaths of tasks; the host counts them. */
  crashes = 0;
  readonly #host: Host;
  readonly #station = open(Station);
  readonly #store = open(Store);
  /** Of the recorded year. */
  #days = 0;
  #hours = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Shows a line now and then, for so long. */
  async watch(duration_ms: number, show: (text: string) => void): Promise<void> {
    const end_ms = uptime() + duration_ms;
    while (uptime() < end_ms) {
      await this.#host.wait(STATUS_EVERY_MS);
      await this.#ask(this.#station.status);
      show(this.#status());
    }
  }

  /** Lets the station finish its year. */
  async finish(): Promise<void> {
    const { finish, status } = this.#station;
    await this.#ask(finish);
    for (await this.#ask(status); !status.reply.isFinished; await this.#ask(status)) {
      await this.#host.wait(SOON_MS);
    }
  }

  /** Compares what the store has with the recording. After finish(). */
  async judge(): Promise<Report> {
    const wrongDays = await this.#countWrongDays();
    const { totals } = this.#store;
    await this.#ask(totals);
    const { status } = this.#station;
    await this.#ask(status);
    const { years, sent, answered, lost, wrong, p50_us, p99_us } = status.reply;
    return {
      years,
      sent,
      answered,
      crashes: this.crashes,
      recoveries: this.#total("recoveries"),
      lost: lost + sent - answered,
      wrong: wrong + wrongDays,
      repeated: totals.reply.days - years * this.#days,
      repeatedHours: totals.reply.hours - years * this.#hours,
      p50_us,
      p99_us,
      saves: this.#total("saves"),
    };
  }

  /** Sends a request; again where the service is not there yet, as the main VM may not wait. */
  async #ask(call: { sendAsync(): Promise<number> }): Promise<void> {
    let status = await call.sendAsync();
    while (status === -EAGAIN) {
      await this.#host.wait(SOON_MS);
      status = await call.sendAsync();
    }
    if (status !== EOK) throw new Error(`no answer: ${errnoName(status)}`);
  }

  /** The number of days that are not in the store as the recording has them. */
  async #countWrongDays(): Promise<number> {
    const { get } = this.#store;
    const readings = new Readings(this.#host.recording);
    const reading = { day: 0, pressure: 0, temperature: 0, wind: 0 };
    let wrong = 0;
    for (let number = 0; number < readings.count;) {
      const expected = createSummary();
      do {
        readings.read(number, reading);
        addReading(expected, reading);
      } while (!readings.endsDay(number++) && number < readings.count);
      get.request.day = reading.day;
      await this.#ask(get);
      if (!isSameSummary(get.reply, expected)) wrong++;
      this.#days++;
    }
    this.#hours = readings.count;
    return wrong;
  }

  #status(): string {
    const { years, day, answered, lost } = this.#station.status.reply;
    return (
      `year ${years + 1} day ${day + 1} · ${answered} answers · ${this.crashes} crashes · ` +
      `${this.#total("recoveries")} recoveries · ${lost} lost`
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
