/**
 * The station: asks the sensor for every reading of the year, sums up each day and sends the
 * summary to the store; then the year begins again, until it is told to finish.
 *
 * It keeps no day but today: what the store has acknowledged is the store's. All that the station
 * needs is made when it starts: on a device a message costs no memory.
 */
import {
  _NTO_TIMEOUT_RECEIVE,
  EINVAL,
  errnoName,
  MsgError,
  MsgReceive,
  MsgReply,
  MsgSend,
  name_attach,
  TimerTimeout,
  uptime,
} from "reattach";
import { openService } from "./connection.js";
import { Latency } from "./latency.js";
import {
  DAY,
  ENDS_NOTHING,
  ENDS_YEAR,
  FINISH,
  MESSAGE_BYTES,
  PUT,
  READ,
  READING_DAY,
  READING_ENDS,
  READING_NUMBER,
  READING_PRESSURE,
  READING_TEMPERATURE,
  READING_WIND,
  READ_NUMBER,
  SENSOR,
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
  SUMMARY,
  createMessage,
} from "./protocol.js";
import { addReading, clearSummary, copySummary, SUMMARY_FIELDS } from "./summary.js";

class Station {
  readonly #request = createMessage();
  readonly #reply = createMessage();
  readonly #question = createMessage();
  readonly #answer = createMessage();
  readonly #today = new Int32Array(SUMMARY_FIELDS);
  readonly #latency = new Latency();
  readonly #chid: number;
  readonly #sensor: number;
  readonly #store: number;
  /** Counts of messages, and where in the year it is. */
  #sent = 0;
  #answered = 0;
  #wrong = 0;
  #lost = 0;
  #years = 0;
  #day = 0;
  #isFinishing = false;
  #isFinished = false;

  constructor() {
    this.#chid = name_attach(null, STATION, 0);
    if (this.#chid < 0) throw new Error(`station: name_attach: ${this.#chid}`);
    this.#sensor = openService(SENSOR);
    this.#store = openService(STORE);
    clearSummary(this.#today, 0);
  }

  /** Goes through the year again and again; after FINISH to its end, and then only answers. */
  run(): never {
    for (let number = 0; !this.#isFinished; number++) {
      const end = this.#readHour(number);
      if (end === ENDS_NOTHING) continue;
      this.#storeToday();
      this.#serve();
      if (end === ENDS_YEAR) {
        this.#years++;
        this.#isFinished = this.#isFinishing;
      }
    }
    for (;;) this.#answerNext();
  }

  /** Sends the request, measured and counted. */
  #send(coid: number): boolean {
    this.#sent++;
    const { bytes } = this.#request;
    const start = uptime();
    const status = MsgSend(coid, bytes, MESSAGE_BYTES, this.#reply.bytes, MESSAGE_BYTES);
    this.#latency.add(uptime() - start);
    if (status === 0) {
      this.#answered++;
      return true;
    }
    this.#lost++;
    trace(`a message is lost: ${errnoName(status)}\n`);
    return false;
  }

  /** Sends today's summary to the store, and begins another day. */
  #storeToday(): void {
    const { words } = this.#request;
    words[0] = PUT;
    words[DAY] = this.#day;
    copySummary(this.#today, 0, words, SUMMARY);
    this.#send(this.#store);
    clearSummary(this.#today, 0);
  }

  /** Reads one hour into today's summary; returns what ends with it. */
  #readHour(number: number): number {
    this.#request.words[0] = READ;
    this.#request.words[READ_NUMBER] = number;
    if (!this.#send(this.#sensor)) return ENDS_NOTHING;
    const { words } = this.#reply;
    if (words[READING_NUMBER] !== number) {
      this.#wrong++;
      return ENDS_NOTHING;
    }
    this.#day = words[READING_DAY]!;
    addReading(
      this.#today,
      0,
      words[READING_PRESSURE]!,
      words[READING_TEMPERATURE]!,
      words[READING_WIND]!,
    );
    return words[READING_ENDS]!;
  }

  /** Answers what has been asked meanwhile; does not wait. */
  #serve(): void {
    do TimerTimeout(_NTO_TIMEOUT_RECEIVE, 0);
    while (this.#answerNext());
  }

  /** Waits for a question and answers it; false when none has come in time. */
  #answerNext(): boolean {
    const { bytes, words } = this.#question;
    const rcvid = MsgReceive(this.#chid, bytes, MESSAGE_BYTES, null);
    if (rcvid <= 0) return false;
    if (words[0] === FINISH) this.#isFinishing = true;
    if (words[0] === FINISH || words[0] === STATUS) this.#answerStatus(rcvid);
    else MsgError(rcvid, EINVAL);
    return true;
  }

  #answerStatus(rcvid: number): void {
    const { words, bytes } = this.#answer;
    words[STATION_SENT] = this.#sent;
    words[STATION_ANSWERED] = this.#answered;
    words[STATION_WRONG] = this.#wrong;
    words[STATION_LOST] = this.#lost;
    words[STATION_YEARS] = this.#years;
    words[STATION_DAY] = this.#day;
    words[STATION_P50] = this.#latency.quantile(0.5);
    words[STATION_P99] = this.#latency.quantile(0.99);
    words[STATION_IS_FINISHED] = this.#isFinished ? 1 : 0;
    MsgReply(rcvid, 0, bytes, MESSAGE_BYTES);
  }
}

/** Runs for ever. */
export function main(): void {
  new Station().run();
}
