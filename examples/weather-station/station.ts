/**
 * The station: asks the sensor for every reading of the year, sums up each day and sends the
 * summary to the store; then the year begins again, until it is told to finish.
 *
 * It keeps the summaries that the store has acknowledged, and gives them to a new store in its
 * recovery function.
 */
import {
  _NTO_TIMEOUT_RECEIVE,
  delay,
  EINVAL,
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
import * as P from "./protocol.js";
import { addReading, clearSummary, copySummary, COUNT, SUMMARY_WORDS } from "./summary.js";

const DAYS_MAX = 366;

const request = P.createMessage();
const reply = P.createMessage();
const question = P.createMessage();
const answer = P.createMessage();
const days = new Int32Array(DAYS_MAX * SUMMARY_WORDS);
const today = new Int32Array(SUMMARY_WORDS);
const latency = new Latency();

/** Counts of messages, and where in the year it is. */
let sent = 0;
let answered = 0;
let wrong = 0;
let lost = 0;
let years = 0;
let day = 0;
let isFinishing = false;
let isFinished = false;

/** Sends `request`, measured and counted. */
function send(coid: number): boolean {
  sent++;
  const start = uptime();
  const status = MsgSend(coid, request.bytes, P.MESSAGE_BYTES, reply.bytes, P.MESSAGE_BYTES);
  latency.add(uptime() - start);
  if (status === 0) answered++;
  else lost++;
  return status === 0;
}

/**
 * Gives a new store all days that an earlier one has acknowledged; false when it dies meanwhile.
 */
function rebuildStore(coid: number): boolean {
  const message = P.createMessage();
  for (let known = 0; known < DAYS_MAX; known++) {
    if (days[known * SUMMARY_WORDS + COUNT] === 0) continue;
    message.words[0] = P.PUT;
    message.words[P.DAY] = known;
    copySummary(days, known * SUMMARY_WORDS, message.words, P.SUMMARY);
    if (MsgSend(coid, message.bytes, P.MESSAGE_BYTES, null, 0) !== 0) return false;
  }
  message.words[0] = P.COMPLETE;
  return MsgSend(coid, message.bytes, P.MESSAGE_BYTES, null, 0) === 0;
}

function storeToday(store: number): void {
  request.words[0] = P.PUT;
  request.words[P.DAY] = day;
  copySummary(today, 0, request.words, P.SUMMARY);
  if (send(store)) copySummary(today, 0, days, day * SUMMARY_WORDS);
}

/** Reads one hour into today's summary; returns what ends with it. */
function readHour(sensor: number, number: number): number {
  request.words[0] = P.READ;
  request.words[P.READ_NUMBER] = number;
  if (!send(sensor)) return P.ENDS_NOTHING;
  const { words } = reply;
  if (words[P.READING_NUMBER] !== number) {
    wrong++;
    return P.ENDS_NOTHING;
  }
  day = words[P.READING_DAY]!;
  addReading(
    today,
    0,
    words[P.READING_PRESSURE]!,
    words[P.READING_TEMPERATURE]!,
    words[P.READING_WIND]!,
  );
  return words[P.READING_ENDS]!;
}

function answerStatus(rcvid: number): void {
  const { words } = answer;
  words[P.STATION_SENT] = sent;
  words[P.STATION_ANSWERED] = answered;
  words[P.STATION_WRONG] = wrong;
  words[P.STATION_LOST] = lost;
  words[P.STATION_YEARS] = years;
  words[P.STATION_DAY] = day;
  words[P.STATION_P50] = latency.quantile(0.5);
  words[P.STATION_P99] = latency.quantile(0.99);
  words[P.STATION_IS_FINISHED] = isFinished ? 1 : 0;
  MsgReply(rcvid, 0, answer.bytes, P.MESSAGE_BYTES);
}

/** Answers what has been asked meanwhile; does not wait. */
function serve(chid: number): void {
  for (;;) {
    TimerTimeout(_NTO_TIMEOUT_RECEIVE, 0);
    const rcvid = MsgReceive(chid, question.bytes, P.MESSAGE_BYTES, null);
    if (rcvid <= 0) return;
    if (question.words[0] === P.FINISH) isFinishing = true;
    if (question.words[0] === P.FINISH || question.words[0] === P.STATUS) answerStatus(rcvid);
    else MsgError(rcvid, EINVAL);
  }
}

/** Goes through the year again and again; after FINISH to its end, and then only answers. */
export function main(): void {
  const chid = name_attach(null, P.STATION, 0);
  if (chid < 0) throw new Error(`station: name_attach: ${chid}`);
  const sensor = openService(P.SENSOR, () => true);
  const store = openService(P.STORE, rebuildStore);
  clearSummary(today, 0);
  for (let number = 0; !isFinished; number++) {
    const end = readHour(sensor, number);
    if (end === P.ENDS_NOTHING) continue;
    storeToday(store);
    clearSummary(today, 0);
    serve(chid);
    if (end === P.ENDS_YEAR) {
      years++;
      isFinished = isFinishing;
    }
  }
  for (;;) {
    serve(chid);
    delay(1);
  }
}
