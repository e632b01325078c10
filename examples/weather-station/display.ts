/**
 * The display: asks the store for the days it knows, one after the other, and shows the first of
 * each month.
 */
import { delay, errnoName } from "reattach";
import { open } from "reattach/service";
import { Store } from "./services.js";
import { PRESSURE_BASE, type Summary } from "./summary.js";

const DAYS = 365;
/** Days of a month are told by its first, roughly: a display is no calendar. */
const DAYS_A_MONTH = 30;
/** A person cannot read faster. */
const PAUSE_MS = 20;

/** Whole tenths, or a mean of them, as a person reads them. */
function inTenths(value: number): string {
  return (value / 10).toFixed(1);
}

function show(day: number, summary: Readonly<Summary>): void {
  const { count, temperatureMin, temperatureMax, windMax } = summary;
  trace(
    `day ${day + 1}: ${inTenths(summary.temperatureSum / count)} °C ` +
      `(${inTenths(temperatureMin)} to ${inTenths(temperatureMax)}), ` +
      `${inTenths(PRESSURE_BASE + summary.pressureSum / count)} hPa, ` +
      `wind up to ${inTenths(windMax)} m/s\n`,
  );
}

/** Shows the year for ever. A day that is not known yet is asked for again. */
export function main(): void {
  const { get } = open(Store);
  for (let day = 0; ;) {
    get.request.day = day;
    const status = get.send();
    if (status < 0) throw new Error(`the store does not answer: ${errnoName(status)}`);
    if (get.reply.count > 0) {
      if (day % DAYS_A_MONTH === 0) show(day, get.reply);
      day = (day + 1) % DAYS;
    }
    delay(PAUSE_MS);
  }
}
