/**
 * What the tasks of the weather station ask each other.
 *
 * Measurements are whole tenths (16.4 °C = 164), so that sums are exact wherever they are added up.
 */
import { bool, call, defineService, i16, oneOf, u16, u32, u8 } from "reattach/service";
import { SUMMARY } from "./summary.js";

/** What ends with a reading. */
export const NOTHING = 0;
export const DAY = 1;
export const YEAR = 2;

/** The sensor: answers with a reading, and with its number, so that a wrong answer is noticed. */
export const Sensor = defineService("sensor", {
  read: call(
    { number: u32 },
    {
      number: u32,
      /** Of the year, from 0. */
      day: u16,
      ends: oneOf(u8, NOTHING, DAY, YEAR),
      /** Tenths of hPa, of °C, of m/s. */
      pressure: i16,
      temperature: i16,
      wind: i16,
    },
  ),
});

/** The store: a day that is put counts once. One that it does not know has a count of 0. */
export const Store = defineService("store", {
  put: call({ day: u16, ...SUMMARY }, {}, { once: true }),
  get: call({ day: u16 }, SUMMARY),
  /** The days and hours that were ever put, each once. */
  totals: call({}, { days: u32, hours: u32 }),
});

/** The station: how it is getting on, and an order to stop at the end of its year. */
export const Station = defineService("station", {
  status: call(
    {},
    {
      sent: u32,
      answered: u32,
      wrong: u32,
      lost: u32,
      years: u32,
      day: u16,
      /** It has come to the end of its last year. */
      isFinished: bool,
      /** Of a round trip, in microseconds. */
      p50_us: u32,
      p99_us: u32,
    },
  ),
  finish: call({}, {}),
});
