/**
 * The display: asks the store for the days it knows, one after the other, and shows the first of
 * each month.
 */
import { delay, errnoName, MsgSend } from "reattach";
import { openService } from "./connection.js";
import * as P from "./protocol.js";
import * as S from "./summary.js";

const DAYS = 365;
/** Days of a month are told by its first, roughly: a display is no calendar. */
const DAYS_A_MONTH = 30;
/** A person cannot read faster. */
const PAUSE_MS = 20;

const request = P.createMessage();
const reply = P.createMessage();

function show(day: number): void {
  const { words } = reply;
  const count = words[S.COUNT]!;
  const mean = (sum: number): string => (sum / count / 10).toFixed(1);
  console.log(
    `day ${day + 1}: ${mean(words[S.TEMPERATURE_SUM]!)} °C ` +
      `(${words[S.TEMPERATURE_MIN]! / 10} to ${words[S.TEMPERATURE_MAX]! / 10}), ` +
      `${mean(words[S.PRESSURE_SUM]!)} hPa, wind up to ${words[S.WIND_MAX]! / 10} m/s`,
  );
}

/** Shows the year for ever. A day that is not known yet is asked for again. */
export function main(): void {
  const store = openService(P.STORE, () => true);
  for (let day = 0; ;) {
    request.words[0] = P.GET;
    request.words[P.DAY] = day;
    const status = MsgSend(store, request.bytes, P.MESSAGE_BYTES, reply.bytes, P.MESSAGE_BYTES);
    if (status < 0) throw new Error(`display: MsgSend: ${errnoName(status)}`);
    if (status === 0) {
      if (day % DAYS_A_MONTH === 0) show(day);
      day = (day + 1) % DAYS;
    }
    delay(PAUSE_MS);
  }
}
