/**
 * Statistics of one day, in whole tenths, as a row of small numbers: the same row travels in the
 * words of a message and is kept in the store's stable memory, with 16 bits to a number.
 *
 * That is room enough for the sums of 24 hours, up to 136 °C, and up to 136 hPa above or below
 * PRESSURE_BASE: so they are kept exactly, and not as means.
 */

export const COUNT = 0;
/** Of what each reading is above PRESSURE_BASE. */
export const PRESSURE_SUM = 1;
export const TEMPERATURE_SUM = 2;
export const TEMPERATURE_MIN = 3;
export const TEMPERATURE_MAX = 4;
export const WIND_MAX = 5;
export const SUMMARY_FIELDS = 6;

/** 1,000 hPa. */
export const PRESSURE_BASE = 10_000;

const INT16_MAX = 0x7fff;
const INT16_MIN = -0x8000;

/** Where a summary may stand: in a message, or in the store. */
export type Row = Int32Array | Int16Array;

/** Makes the summary at `at` that of no reading. */
export function clearSummary(row: Row, at: number): void {
  row.fill(0, at, at + SUMMARY_FIELDS);
  row[at + TEMPERATURE_MIN] = INT16_MAX;
  row[at + TEMPERATURE_MAX] = INT16_MIN;
}

/** Adds a reading to the summary at `at`. */
export function addReading(
  row: Row,
  at: number,
  pressure: number,
  temperature: number,
  wind: number,
): void {
  row[at + COUNT]! += 1;
  row[at + PRESSURE_SUM]! += pressure - PRESSURE_BASE;
  row[at + TEMPERATURE_SUM]! += temperature;
  if (temperature < row[at + TEMPERATURE_MIN]!) row[at + TEMPERATURE_MIN] = temperature;
  if (temperature > row[at + TEMPERATURE_MAX]!) row[at + TEMPERATURE_MAX] = temperature;
  if (wind > row[at + WIND_MAX]!) row[at + WIND_MAX] = wind;
}

/** Copies a summary. */
export function copySummary(from: Row, fromAt: number, to: Row, toAt: number): void {
  for (let i = 0; i < SUMMARY_FIELDS; i++) to[toAt + i] = from[fromAt + i]!;
}
