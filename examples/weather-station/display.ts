/**
 * The display: asks the store for the days it knows, one after the other, and shows the first of
 * each month.
 */
import { delay, errnoName, MsgSend } from "reattach";
import { openService } from "./connection.js";
import { DAY, GET, MESSAGE_BYTES, STORE, createMessage } from "./protocol.js";
import {
  COUNT,
  PRESSURE_SUM,
  TEMPERATURE_MAX,
  TEMPERATURE_MIN,
  TEMPERATURE_SUM,
  WIND_MAX,
} from "./summary.js";

const DAYS = 365;
/** Days of a month are told by its first, roughly: a display is no calendar. */
const DAYS_A_MONTH = 30;
/** A person cannot read faster. */
const PAUSE_MS = 20;

function show(day: number, words: Int32Array): void {
  const count = words[COUNT]!;
  const mean = (sum: number): string => (sum / count / 10).toFixed(1);
  trace(
    `day ${day + 1}: ${mean(words[TEMPERATURE_SUM]!)} °C ` +
      `(${words[TEMPERATURE_MIN]! / 10} to ${words[TEMPERATURE_MAX]! / 10}), ` +
      `${mean(words[PRESSURE_SUM]!)} hPa, wind up to ${words[WIND_MAX]! / 10} m/s\n`,
  );
}

/** Shows the year for ever. A day that is not known yet is asked for again. */
export function main(): void {
  const request = createMessage();
  const reply = createMessage();
  const store = openService(STORE);
  for (let day = 0; ;) {
    request.words[0] = GET;
    request.words[DAY] = day;
    const status = MsgSend(store, request.bytes, MESSAGE_BYTES, reply.bytes, MESSAGE_BYTES);
    if (status < 0) throw new Error(`display: MsgSend: ${errnoName(status)}`);
    if (status === 0) {
      if (day % DAYS_A_MONTH === 0) show(day, reply.words);
      day = (day + 1) % DAYS;
    }
    delay(PAUSE_MS);
  }
}
