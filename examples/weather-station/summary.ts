/**
 * Statistics of one day, in whole tenths, as a row of words: so they travel in a message as they
 * are.
 */

export const COUNT = 0;
export const PRESSURE_SUM = 1;
export const TEMPERATURE_SUM = 2;
export const TEMPERATURE_MIN = 3;
export const TEMPERATURE_MAX = 4;
export const WIND_SUM = 5;
export const WIND_MAX = 6;
export const SUMMARY_WORDS = 7;

/** Makes the summary at `at` that of no reading. */
export function clearSummary(words: Int32Array, at: number): void {
  words.fill(0, at, at + SUMMARY_WORDS);
  words[at + TEMPERATURE_MIN] = 0x7fff_ffff;
  words[at + TEMPERATURE_MAX] = -0x8000_0000;
}

/** Adds a reading to the summary at `at`. */
export function addReading(
  words: Int32Array,
  at: number,
  pressure: number,
  temperature: number,
  wind: number,
): void {
  words[at + COUNT]! += 1;
  words[at + PRESSURE_SUM]! += pressure;
  words[at + TEMPERATURE_SUM]! += temperature;
  words[at + WIND_SUM]! += wind;
  if (temperature < words[at + TEMPERATURE_MIN]!) words[at + TEMPERATURE_MIN] = temperature;
  if (temperature > words[at + TEMPERATURE_MAX]!) words[at + TEMPERATURE_MAX] = temperature;
  if (wind > words[at + WIND_MAX]!) words[at + WIND_MAX] = wind;
}

/** Copies a summary. */
export function copySummary(from: Int32Array, fromAt: number, to: Int32Array, toAt: number): void {
  for (let i = 0; i < SUMMARY_WORDS; i++) to[toAt + i] = from[fromAt + i]!;
}
