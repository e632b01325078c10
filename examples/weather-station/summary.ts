/**
 * Statistics of one day, in whole tenths: fields of a message, and a row of numbers in the store's
 * stable memory, with 16 bits to each.
 *
 * That is room enough for the sums of 24 hours, up to 136 °C, and up to 136 hPa above or below
 * PRESSURE_BASE: so they are kept exactly, and not as means.
 */
import { i16 } from "reattach/service";

/** The fields of a summary in a message. */
export const SUMMARY = Object.freeze({
  /** Hours that are summed up; 0 when nothing is known of the day. */
  count: i16,
  /** Of what each reading is above PRESSURE_BASE. */
  pressureSum: i16,
  temperatureSum: i16,
  temperatureMin: i16,
  temperatureMax: i16,
  windMax: i16,
});

export type Summary = { -readonly [N in keyof typeof SUMMARY]: number };

const FIELDS = Object.freeze(Object.keys(SUMMARY)) as readonly (keyof Summary)[];
/** Numbers in a row. */
export const SUMMARY_FIELDS = FIELDS.length;

/** 1,000 hPa. */
export const PRESSURE_BASE = 10_000;

const INT16_MAX = 0x7fff;
const INT16_MIN = -0x8000;

/** A summary that is not sent: that of no reading. */
export function createSummary(): Summary {
  const summary = {
    count: 0,
    pressureSum: 0,
    temperatureSum: 0,
    temperatureMin: 0,
    temperatureMax: 0,
    windMax: 0,
  };
  clearSummary(summary);
  return summary;
}

/** Makes it the summary of no reading. */
export function clearSummary(summary: Summary): void {
  summary.count = summary.pressureSum = summary.temperatureSum = summary.windMax = 0;
  summary.temperatureMin = INT16_MAX;
  summary.temperatureMax = INT16_MIN;
}

/** What is measured in an hour, in tenths of hPa, of °C, of m/s. */
export interface Measurements {
  readonly pressure: number;
  readonly temperature: number;
  readonly wind: number;
}

/** Adds an hour. */
export function addReading(summary: Summary, { pressure, temperature, wind }: Measurements): void {
  summary.count += 1;
  summary.pressureSum += pressure - PRESSURE_BASE;
  summary.temperatureSum += temperature;
  if (temperature < summary.temperatureMin) summary.temperatureMin = temperature;
  if (temperature > summary.temperatureMax) summary.temperatureMax = temperature;
  if (wind > summary.windMax) summary.windMax = wind;
}

/** Are all their numbers the same? */
export function isSameSummary(one: Summary, other: Summary): boolean {
  return FIELDS.every((name) => one[name] === other[name]);
}

/** Writes a summary as row `index` of a table. */
export function writeRow(table: Int16Array, index: number, summary: Readonly<Summary>): void {
  for (let i = 0; i < SUMMARY_FIELDS; i++) {
    table[index * SUMMARY_FIELDS + i] = summary[FIELDS[i]!];
  }
}

/** Reads row `index` of a table. */
export function readRow(table: Int16Array, index: number, summary: Summary): void {
  for (let i = 0; i < SUMMARY_FIELDS; i++) {
    summary[FIELDS[i]!] = table[index * SUMMARY_FIELDS + i]!;
  }
}
