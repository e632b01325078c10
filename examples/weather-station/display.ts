/**
 * The display: asks the store for the days it knows, one after the other, and shows the first of
 * each month.
 */
import { delay, errnoName, MsgSend } from "reattach";
import { openService } from "./connection.js";
import { DAY, GET, MESSAGE_BYTES, STORE, createMessage } from "./protocol.js";
import {
  COUNT,
  PRESSURE_BASE,
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

/** Whole tenths, or a mean of them, as a person reads them. */
function inTenths(value: number): string {
  return (value / 10).toFixed(1);
}

function show(day: number, words: Int32Array): void {
  const count = words[COUNT]!;
  trace(
    `day ${day + 1}: ${inTenths(words[TEMPERATURE_SUM]! / count)} °C ` +
      `(${inTenths(words[TEMPERATURE_MIN]!)} to ${inTenths(words[TEMPERATURE_MAX]!)}), ` +
      `${inTenths(PRESSURE_BASE + words[PRESSURE_SUM]! / count)} hPa, ` +
      `wind up to ${inTenths(words[WIND_MAX]!)} m/s\n`,
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
