/**
 * The station: asks the sensor for every reading of the year, sums up each day and sends the
 * summary to the store; then the year begins again, until it is told to finish.
 *
 * It keeps no day but today: what the store has acknowledged is the store's. All that the station
 * needs is made when it starts: on a device a message costs no memory.
 */
import { _NTO_TIMEOUT_RECEIVE, EOK, errnoName, TimerTimeout, uptime } from "reattach";
import { open, type ReplyOf, Server } from "reattach/service";
import { Latency } from "./latency.js";
import { NOTHING, Sensor, Station, Store, YEAR } from "./services.js";
import { addReading, clearSummary } from "./summary.js";

class Recorder {
  readonly #server = new Server(Station, {
    status: (_request, reply) => this.#tell(reply),
    finish: () => void (this.#isFinishing = true),
  });
  readonly #sensor = open(Sensor);
  readonly #store = open(Store);
  /** Today's summary, where it will be sent from: a request keeps what it holds. */
  readonly #today = this.#store.put.request;
  readonly #latency = new Latency();
  /** Counts of messages, and of years. */
  #sent = 0;
  #answered = 0;
  #wrong = 0;
  #lost = 0;
  #years = 0;
  #isFinishing = false;
  #isFinished = false;

  constructor() {
    clearSummary(this.#today);
  }

  /** Goes through the year again and again; when it is told to finish, to its end. */
  run(): void {
    for (let number = 0; !this.#isFinished; number++) {
      const end = this.#readHour(number);
      if (end === NOTHING) continue;
      this.#send(this.#store.put);
      clearSummary(this.#today);
      this.#answer();
      if (end === YEAR) {
        this.#years++;
        this.#isFinished = this.#isFinishing;
      }
    }
    this.#server.run();
  }

  /** Reads one hour into today's summary; returns what ends with it. */
  #readHour(number: number): number {
    const { read } = this.#sensor;
    read.request.number = number;
    if (!this.#send(read)) return NOTHING;
    if (read.reply.number !== number) {
      this.#wrong++;
      return NOTHING;
    }
    this.#today.day = read.reply.day;
    addReading(this.#today, read.reply);
    return read.reply.ends;
  }

  /** Sends a request, measured and counted. */
  #send(call: { send(): number }): boolean {
    this.#sent++;
    const start = uptime();
    const status = call.send();
    this.#latency.add(uptime() - start);
    if (status === EOK) {
      this.#answered++;
      return true;
    }
    this.#lost++;
    trace(`a message is lost: ${errnoName(status)}\n`);
    return false;
  }

  /** Answers what has been asked meanwhile; does not wait. */
  #answer(): void {
    do TimerTimeout(_NTO_TIMEOUT_RECEIVE, 0);
    while (this.#server.receive() === EOK);
  }

  #tell(reply: ReplyOf<typeof Station, "status">): void {
    reply.sent = this.#sent;
    reply.answered = this.#answered;
    reply.wrong = this.#wrong;
    reply.lost = this.#lost;
    reply.years = this.#years;
    reply.day = this.#today.day;
    reply.isFinished = this.#isFinished;
    reply.p50_us = this.#latency.quantile(0.5);
    reply.p99_us = this.#latency.quantile(0.99);
  }
}

/** Runs for ever. */
export function main(): void {
  new Recorder().run();
}
